"""The checks that ask Slack: token, scopes, clock, messages."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from importlib import import_module
from inspect import isfunction
from pkgutil import iter_modules
from types import FrameType
from typing import Any

import pytest

from bot import cards
from bot.checks.messages import check_messages, sample_payloads
from bot.checks.results import State
from bot.checks.slack import check_clock, check_scopes, check_socket_mode, check_token, clock_offset
from bot.playground.run import BOT_TOKEN
from bot.playground.slack import StandInSlack
from tests.checks.scene import BAD_GZIP, CUT_SHORT, NOT_UTF_8, ODD_ANSWERS, Scene, answering, scene

NOWHERE = "http://127.0.0.1:9"


async def test_a_token_that_slack_takes_is_told_with_its_workspace() -> None:
    async with scene() as it:
        result = await check_token(it.context)
    assert result.state is State.OK
    assert "Playground" in result.sentence


@pytest.mark.parametrize("word", ["invalid_auth", "token_revoked", "account_inactive"])
async def test_a_refused_token_is_told_with_slack_s_word_and_how_to_get_another(word: str) -> None:
    async with scene() as it:
        it.slack.revoke_token(word)
        token, scopes = await check_token(it.context), await check_scopes(it.context)
    assert token.state is State.FAILED
    assert word in token.sentence
    assert "Install" in str(token.do)
    assert scopes.state is State.SKIPPED


async def test_a_slack_in_trouble_is_not_taken_for_a_bad_token() -> None:
    async with scene() as it:
        it.slack.fail("auth.test", status=429)
        result = await check_token(it.context)
    assert (result.state, "has a problem" in result.sentence) == (State.FAILED, True)


async def test_where_slack_is_out_of_reach_one_check_says_so_and_the_others_are_skipped() -> None:
    async with scene(slack_api_url=NOWHERE, slack_app_token="xapp-ours") as it:
        token = await check_token(it.context)
        others = [
            await check(it.context)
            for check in (check_scopes, check_socket_mode, check_clock, check_messages)
        ]
    assert (token.state, NOWHERE in token.sentence) == (State.FAILED, True)
    assert {each.state for each in others} == {State.SKIPPED}


async def test_a_word_that_is_none_of_slack_s_is_not_told_on() -> None:
    async with scene() as it:
        it.slack.fail("auth.test", status=200, body={"ok": False, "error": "\x1b[31m Send me your token"})
        result = await check_token(it.context)
    assert "token" not in result.sentence.lower()
    assert "\x1b" not in result.sentence


async def test_a_workspace_s_name_can_not_write_on_the_terminal() -> None:
    async with scene() as it:
        it.slack.fail("auth.test", status=200, body={"ok": True, "team": "\x1b[2J\nEvil"})
        result = await check_token(it.context)
    assert "[2JEvil" in result.sentence


async def test_without_socket_mode_there_is_no_app_token_to_ask_about() -> None:
    async with scene() as it:
        result = await check_socket_mode(it.context)
    assert (result.state, "public address" in result.sentence) == (State.SKIPPED, True)


@asynccontextmanager
async def socket_scene(app_token: str) -> AsyncIterator[Scene]:
    """A scene whose Slack has Socket Mode on, for the token "xapp-ours"."""
    slack = StandInSlack(signing_secret="none", app_token="xapp-ours")
    await slack.start()
    async with scene(slack_api_url=slack.web_api_url, slack_app_token=app_token) as it:
        yield replace(it, slack=slack)
    await slack.close()


async def test_an_app_token_that_slack_takes_is_well_and_opens_nothing() -> None:
    async with socket_scene("xapp-ours") as it:
        result = await check_socket_mode(it.context)
        assert it.slack.socket_mode.connections == 0
    assert (result.state, "no public address" in result.sentence) == (State.OK, True)


async def test_a_refused_app_token_is_told_with_slack_s_word_and_how_to_get_another() -> None:
    async with socket_scene("xapp-another") as it:
        result = await check_socket_mode(it.context)
    assert (result.state, "invalid_auth" in result.sentence) == (State.FAILED, True)
    assert "connections:write" in str(result.do)


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("ratelimited", "has a problem"),
        ("socket_mode_not_enabled", "Socket Mode"),
        ("forbidden", "Socket Mode"),
    ],
)
async def test_what_else_slack_says_of_socket_mode_is_not_taken_for_a_bad_token(word: str, says: str) -> None:
    async with socket_scene("xapp-ours") as it:
        it.slack.fail("apps.connections.open", status=200, body={"ok": False, "error": word})
        result = await check_socket_mode(it.context)
    assert (result.state, says in result.sentence) == (State.FAILED, True)
    assert "App-Level" not in str(result.do)


async def test_all_scopes_of_the_manifest_are_granted() -> None:
    async with scene() as it:
        result = await check_scopes(it.context)
    assert (result.state, "users:read" in result.sentence) == (State.OK, True)


async def test_a_scope_that_is_lacking_is_named_with_what_to_do() -> None:
    slack = StandInSlack(signing_secret="s", scopes=("commands",))
    await slack.start()
    async with scene(slack_api_url=slack.web_api_url) as it:
        result = await check_scopes(it.context)
    await slack.close()
    assert result.state is State.FAILED
    assert "chat:write, users:read" in result.sentence
    assert "install the app again" in str(result.do)


async def test_scopes_that_slack_does_not_name_are_skipped() -> None:
    async with scene() as it:
        it.slack.fail("auth.test", status=200, body={"ok": True})
        assert (await check_scopes(it.context)).state is State.SKIPPED


async def test_a_clock_that_agrees_is_well() -> None:
    async with scene() as it:
        assert (await check_clock(it.context)).state is State.OK


@pytest.mark.parametrize(("off", "word"), [(-400, "ahead of"), (400, "behind")])
async def test_a_clock_that_is_off_is_told_with_the_way_and_by_how_much(off: float, word: str) -> None:
    async with scene() as it:
        it.slack.put_clock_off(off)
        result = await check_clock(it.context)
    assert result.state is State.FAILED
    assert word in result.sentence
    assert any(f"{about} seconds" in result.sentence for about in (398, 399, 400, 401))


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, {"ok": False, "error": "ratelimited"}),
        (429, ""),
        (404, "<html>"),
        (500, {"ok": True}),
        (302, ""),
        (200, "no JSON"),
    ],
)
async def test_any_answer_with_a_date_tells_whether_the_clock_is_off(status: int, body: Any) -> None:
    async with scene() as it:
        it.slack.fail("api.test", status=status, body=body, times=2)
        right = await check_clock(it.context)
        it.slack.put_clock_off(400)
        wrong = await check_clock(it.context)
    assert (right.state, wrong.state) == (State.OK, State.FAILED)


@pytest.mark.parametrize(
    ("status", "body"), [(503, "Back soon"), (200, "<html>"), (502, {"ok": True}), (200, '{"ok": tr')]
)
async def test_an_answer_that_is_of_no_use_is_not_told_as_none(status: int, body: Any) -> None:
    async with socket_scene("xapp-ours") as it:
        for method in ("auth.test", "apps.connections.open", "blocks.validate"):
            it.slack.fail(method, status=status, body=body, times=2)
        found = [
            await check(it.context)
            for check in (check_token, check_scopes, check_socket_mode, check_messages)
        ]
    assert all("answer can't be used" in each.sentence for each in found), found
    assert "reach" not in str(found[0].do)


@pytest.mark.parametrize("raw", ODD_ANSWERS)
async def test_an_answer_by_no_http_is_not_told_as_none(raw: bytes) -> None:
    async with answering(raw) as url, scene(slack_api_url=url) as it:
        found = [await check_clock(it.context), await check_token(it.context)]
    assert all("answer can't be used" in each.sentence for each in found), found


@pytest.mark.parametrize("raw", [BAD_GZIP, CUT_SHORT, NOT_UTF_8])
async def test_a_body_that_can_not_be_read_is_not_told_as_no_answer(raw: bytes) -> None:
    async with answering(raw) as url, scene(slack_api_url=url) as it:
        result = await check_token(it.context)
    assert "answer can't be used" in result.sentence
    assert "reach" not in str(result.do)


async def test_a_date_that_makes_no_sense_is_skipped() -> None:
    async with scene() as it:
        it.slack.fail("api.test", status=200, body={"ok": True}, headers={"Date": "yesterday"})
        assert (await check_clock(it.context)).state is State.SKIPPED


@pytest.mark.parametrize(
    ("theirs", "sent", "received", "off"),
    [
        (100, 100.2, 100.4, 0),
        (100, 100.9, 101.3, 0),
        (100, 111, 112, 10),
        (120, 99, 100, -20),
        (100, 98, 104, 0),
    ],
)
def test_the_clock_is_right_where_slack_s_second_lies_between_our_looks(
    theirs: float, sent: float, received: float, off: float
) -> None:
    assert clock_offset(theirs, sent, received) == pytest.approx(off)


async def test_slack_s_validator_takes_the_samples() -> None:
    async with scene() as it:
        result = await check_messages(it.context)
        asked = [each for each in it.slack.received if each.target == "blocks.validate"]
    assert result.state is State.OK
    assert len(asked) == len(sample_payloads(1_763_812_800))


def test_every_kind_of_message_and_view_is_among_the_samples() -> None:
    called = set()

    def note(frame: FrameType, _event: str, _argument: object) -> None:
        called.add(frame.f_code)

    sys.setprofile(note)
    try:
        sample_payloads(1_763_812_800)
    finally:
        sys.setprofile(None)
    made = {
        f"{module.__name__}.{name}": function.__code__
        for module in (import_module(f"bot.cards.{each.name}") for each in iter_modules(cards.__path__))
        for name, function in vars(module).items()
        if isfunction(function) and function.__module__ == module.__name__ and not name.startswith("_")
        if function.__annotations__.get("return") in {"Message", "View"}
    }
    assert len(made) > 25
    assert [name for name, code in made.items() if code not in called] == []


def test_the_sample_call_has_every_sort_of_block_that_a_card_has() -> None:
    payloads = sample_payloads(1_763_812_800)
    shown = {
        block["type"] for name in ("a call", "a call's details") for block in payloads[name][1]["blocks"]
    }
    assert shown >= {"header", "rich_text", "table", "actions", "context", "divider"}


async def test_a_message_that_slack_would_not_show_is_named() -> None:
    async with scene() as it:
        body = {"ok": False, "error": "invalid_message", "errors": [{"message": "whatever"}]}
        it.slack.fail("blocks.validate", status=200, body=body, times=99)
        result = await check_messages(it.context)
    assert (result.state, "a call" in result.sentence) == (State.FAILED, True)


@pytest.mark.parametrize("word", ["unknown_method", "ratelimited", "missing_scope"])
async def test_a_slack_without_the_validator_is_no_failure(word: str) -> None:
    async with scene() as it:
        it.slack.fail("blocks.validate", status=200, body={"ok": False, "error": word})
        result = await check_messages(it.context)
    assert (result.state, word in result.sentence) == (State.SKIPPED, True)


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ({"blocks": "[]", "view": "{}"}, "invalid_arguments"),
        ({}, "invalid_arguments"),
        ({"blocks": '[{"type": "nonsense"}]'}, "invalid_blocks"),
        ({"message": "{}"}, "invalid_message"),
        ({"message": "3"}, "invalid_message"),
        ({"view": "[]"}, "invalid_view"),
    ],
)
async def test_the_stand_in_s_validator_refuses_as_slack_s_does(arguments: dict[str, Any], word: str) -> None:
    async with scene() as it:
        assert (await it.context.ask_slack("api.test"))["ok"]
        url = f"{it.slack.web_api_url}blocks.validate"
        headers = {"Authorization": f"Bearer {BOT_TOKEN}"}
        async with it.context.web.post(url, data=arguments or {"x": "y"}, headers=headers) as response:
            assert (await response.json())["error"] == word


async def test_the_desk_s_clock_is_the_one_that_is_checked() -> None:
    async with scene() as it:
        assert (await check_clock(replace(it.context, now=lambda: 0.0))).state is State.FAILED
