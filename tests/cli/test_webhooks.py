"""`python -m bot webhooks` and its `install`, as a person at a terminal runs them."""

import asyncio
import io
import logging
import re
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest
import structlog
from aiohttp import web

from bot.__main__ import main
from bot.cometchat.events import TRIGGERS
from bot.settings import Settings
from tests.cli.management import Management, management

Shell = Callable[..., Awaitable[tuple[int, str, str]]]
URL = "https://my-app.example"
WHERE = ("--url", URL)
SETTINGS = {
    "SLACK_BOT_TOKEN": "xoxb-playground",
    "SLACK_SIGNING_SECRET": "secret",
    "COMETCHAT_APP_ID": "app1",
    "COMETCHAT_REGION": "eu",
    "COMETCHAT_API_KEY": "key",
    "COMETCHAT_WEBHOOK_USER": "hook",
    "COMETCHAT_WEBHOOK_PASSWORD": "hooks3cret",
}


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
async def api(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Management]:
    async with management() as api:
        monkeypatch.setattr("bot.cometchat.management.MANAGEMENT_URL", api.url)
        yield api


@pytest.fixture
def shell(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Iterator[Shell]:
    """Run `python -m bot webhooks …`, with `typed` from a pipe; return its exit status and what it printed."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)

    def run(*arguments: str) -> int:
        try:
            return main(["webhooks", *arguments])
        except SystemExit as ended:  # argparse's way to end
            return int(ended.code or 0)

    async def shell(*arguments: str, typed: str = "acc-key\nacc-s3cret\n") -> tuple[int, str, str]:
        capsys.readouterr()
        if not isinstance(sys.stdin, Terminal):
            monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        status = await asyncio.to_thread(run, *arguments)
        printed = capsys.readouterr()
        assert "s3cret" not in printed.out + printed.err
        return status, printed.out, printed.err

    yield shell
    logging.disable(logging.NOTSET)
    structlog.reset_defaults()


@pytest.mark.parametrize("given", [URL, f"{URL}/", f"{URL}/cometchat/events", f"{URL}/slack/events"])
async def test_it_prints_what_to_enter_and_no_password(shell: Shell, given: str) -> None:
    status, out, err = await shell("--url", given)
    assert (status, err) == (0, "")
    assert f"URL         {URL}/cometchat/events\n" in out
    assert "Username    hook\n" in out
    assert {each for each in TRIGGERS if each in out} == TRIGGERS
    assert max(map(len, out.splitlines())) <= 110


async def test_without_a_user_and_a_password_it_says_how_to_choose_them(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COMETCHAT_WEBHOOK_USER")
    monkeypatch.delenv("COMETCHAT_WEBHOOK_PASSWORD")
    status, out, err = await shell(*WHERE)
    assert (status, out) == (2, "")
    assert re.search(r"  COMETCHAT_WEBHOOK_USER=callinfo\n  COMETCHAT_WEBHOOK_PASSWORD=[0-9a-f]{48}\n", err)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("COMETCHAT_WEBHOOK_USER", "call-info"),
        ("COMETCHAT_WEBHOOK_USER", "u" * 51),
        ("COMETCHAT_WEBHOOK_PASSWORD", "hook_s3cret"),
        ("COMETCHAT_WEBHOOK_PASSWORD", "s3cret" * 20),
    ],
)
async def test_what_cometchat_would_not_take_is_told_at_once(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    status, _, err = await shell(*WHERE)
    assert status == 2
    assert "only letters and digits: at most 50" in err


@pytest.mark.parametrize(
    "url",
    ["http://my-app.example", "https://localhost", "https://10.0.0.1", "my-app", "https://u:p@x.example"],
)
async def test_an_address_that_cometchat_can_not_reach_is_wrong_usage(shell: Shell, url: str) -> None:
    status, _, err = await shell("--url", url)
    assert status == 2
    assert "which CometChat can reach" in err


async def test_an_address_longer_than_cometchat_takes_is_wrong_usage(shell: Shell) -> None:
    status, _, err = await shell("--url", f"{URL}/{'a' * 250}")
    assert (status, "255 characters" in err) == (2, True)


async def test_without_an_address_a_person_is_asked_and_a_script_told(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "--url https://my-app.example" in (await shell())[2]
    monkeypatch.setattr(sys, "stdin", Terminal(f" {URL}/ \n"))
    status, out, err = await shell()
    assert (status, f"{URL}/cometchat/events" in out) == (0, True)
    assert err.endswith("such as https://my-app.example: ")
    monkeypatch.setattr(sys, "stdin", Terminal("nonsense\n"))
    assert "It must be the bot's public address" in (await shell())[2]


async def test_install_makes_the_webhook_and_the_second_time_changes_what_differs(
    shell: Shell, api: Management
) -> None:
    status, out, err = await shell("install", *WHERE)
    assert (status, err) == (0, "")
    assert (
        "The webhook callinfo has been created. CometChat sends its events to https://my-app.example" in out
    )
    made = dict(api.webhooks["callinfo"])
    assert made["webhookURL"] == f"{URL}/cometchat/events"
    assert (made["useBasicAuth"], made["username"], made["password"]) == (True, "hook", "hooks3cret")
    assert (made["enabled"], made["retryOnFailure"]) == (True, True)
    assert api.triggers["callinfo"] == TRIGGERS

    status, out, _ = await shell("install", "--url", "https://other.example")
    assert (status, "already existed, and is up to date" in out) == (0, True)
    assert [each["webhookURL"] for each in api.webhooks.values()] == [
        "https://other.example/cometchat/events"
    ]
    assert api.triggers["callinfo"] == TRIGGERS


async def test_a_webhook_of_that_address_that_somebody_made_by_hand_is_taken_over(
    shell: Shell, api: Management
) -> None:
    api.webhooks["byhand"] = {"id": "byhand", "webhookURL": f"{URL}/cometchat/events", "enabled": False}
    api.triggers["byhand"] = {"message_sent", "call_ended"}
    assert (await shell("install", *WHERE))[0] == 0
    assert list(api.webhooks) == ["byhand"]
    assert api.webhooks["byhand"]["enabled"] is True
    assert api.triggers["byhand"] == TRIGGERS | {"message_sent"}


async def test_triggers_that_the_app_does_not_have_are_told_and_the_others_added(
    shell: Shell, api: Management
) -> None:
    api.unknown = frozenset({"call_busy", "call_rejected"})
    status, out, _ = await shell("install", *WHERE)
    assert status == 0
    assert "doesn't offer these triggers, which is fine: call_busy, call_rejected." in out
    assert api.triggers["callinfo"] == TRIGGERS - api.unknown


async def test_a_person_is_asked_for_key_and_secret_without_their_being_shown(
    shell: Shell, api: Management, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[str] = []
    given = iter(("acc-key", " acc-s3cret "))

    def ask(words: str) -> str:
        asked.append(words)
        return next(given)

    monkeypatch.setattr("bot.cli.webhooks.getpass", ask)
    monkeypatch.setattr(sys, "stdin", Terminal())
    status, out, err = await shell("install", *WHERE)
    assert (status, "has been created" in out) == (0, True)
    assert asked == ["Key of your CometChat account: ", "Secret of your CometChat account: "]
    assert "sales team gives them" in " ".join(err.split())
    assert not list(tmp_path.iterdir())  # noqa: ASYNC240 - a folder with nothing in it
    assert api.webhooks


@pytest.mark.parametrize(
    "typed", ["", "acc-key\n", "\nacc-s3cret\n", "acc key\nacc-s3cret\n", "k\u00e9y\nx\n"]
)
async def test_without_both_nothing_is_asked_of_cometchat(shell: Shell, api: Management, typed: str) -> None:
    status, _, err = await shell("install", *WHERE, typed=typed)
    assert (status, "Enter both the key and the secret" in err, api.asked) == (2, True, [])


def _json(status: int, code: str) -> web.Response:
    return web.json_response({"error": {"code": code, "message": "acc-s3cret"}}, status=status)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (_json(401, "AUTH_ERR_X"), "rejects this key or secret (status 401 AUTH_ERR_X)"),
        (web.Response(status=403, text="no"), "rejects this key or secret (status 403)"),
        (web.Response(status=404, text="<html>"), "has no app with that id (status 404)"),
        (_json(404, "ERR_APP_NOT_FOUND"), "has no app with that id (status 404 ERR_APP_NOT_FOUND)"),
        (_json(403, "ERR_PLAN_RESTRICTION"), "rejects this key or secret"),
        (_json(402, "ERR_PLAN_RESTRICTION"), "Your CometChat plan doesn't include this"),
        (_json(429, "ERR_TOO_MANY_REQUESTS"), "Try again in a minute"),
        (_json(500, "ERR_EXCEPTION"), "isn't responding (status 500 ERR_EXCEPTION)"),
        (web.Response(status=502, text="<html>"), "isn't responding (status 502)"),
        (_json(400, "ERR_BAD_REQUEST"), "didn't accept it (status 400 ERR_BAD_REQUEST)"),
        (web.Response(status=200, text="<html>"), "didn't accept it (status 200)"),
        (web.json_response({"data": "odd"}), "didn't accept it (status 200)"),
    ],
)
async def test_what_cometchat_refuses_is_told_in_our_words(
    shell: Shell, api: Management, answer: web.Response, told: str
) -> None:
    api.fails = answer
    status, out, err = await shell("install", *WHERE)
    assert (status, out) == (1, "")
    assert told in err


async def test_a_webhook_that_is_not_there_after_it_was_made_is_told(shell: Shell, api: Management) -> None:
    api.forgets = True
    status, _, err = await shell("install", *WHERE)
    assert (status, "not there after it was made" in err) == (1, True)


async def test_where_cometchat_can_not_be_reached_or_is_too_slow_it_says_so(
    shell: Shell, api: Management, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("bot.cometchat.management.MANAGEMENT_URL", "http://127.0.0.1:9")
        assert "isn't responding (ConnectError)" in (await shell("install", *WHERE))[2]
    monkeypatch.setattr("bot.cometchat.management.TIMEOUT_SECONDS", 0.0)
    assert "took too long" in (await shell("install", *WHERE))[2]
    assert not api.webhooks


@pytest.mark.parametrize(
    ("adding", "told"), [([500], "isn't responding"), ([400, 0, 401], "rejects this key")]
)
async def test_a_fault_while_triggers_are_added_is_no_refusal_of_a_trigger(
    shell: Shell, api: Management, adding: list[int], told: str
) -> None:
    api.adding = adding
    status, _, err = await shell("install", *WHERE)
    assert (status, told in err) == (1, True)
