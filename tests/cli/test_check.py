"""`python -m bot check`, as a person or a release phase runs it, between the stand-ins."""

import asyncio
import json
import logging
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import structlog

from bot.__main__ import main
from bot.playground.cometchat import StandInCometChat
from bot.playground.run import API_KEY, BOT_TOKEN, SIGNING_SECRET, playground
from bot.playground.samples import APP_ID
from bot.playground.slack import StandInSlack
from bot.settings import Settings
from tests.databases import PostgreSQL
from tests.process import between, environment

ROOT = Path(__file__).parents[2]
SCREEN = 24  # lines


@dataclass(frozen=True)
class Ended:
    status: int
    out: str
    err: str


Check = Callable[..., Awaitable[Ended]]


async def in_a_process(cwd: Path, *arguments: str, **variables: str) -> Ended:
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from bot.__main__ import main; sys.exit(main())"
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        code,
        "check",
        *arguments,
        cwd=cwd,
        env=environment(**variables),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await child.communicate()
    return Ended(child.returncode or 0, out.decode(), err.decode())


@pytest.fixture
def checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Check]:
    """Run it in a thread, beside the stand-ins: most of a process's time would go into its start."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)  # and so what the check sets is undone
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)

    def run(*arguments: str) -> int:
        try:
            return main(["check", *arguments])
        except SystemExit as ended:  # argparse's way to end
            return int(ended.code or 0)

    async def checked(*arguments: str, **variables: str) -> Ended:
        capsys.readouterr()
        with monkeypatch.context() as environment:
            for name, value in variables.items():
                environment.setenv(name, value)
            status = await asyncio.to_thread(run, *arguments)
        return Ended(status, *capsys.readouterr())

    yield checked
    logging.disable(logging.NOTSET)
    structlog.reset_defaults()


@asynccontextmanager
async def stand_ins() -> AsyncIterator[dict[str, str]]:
    """Run both; the variables of a bot between them."""
    slack = StandInSlack(signing_secret=SIGNING_SECRET, bot_token=BOT_TOKEN)
    cometchat = StandInCometChat(api_key=API_KEY, app_id=APP_ID)
    await slack.start()
    await cometchat.start()
    yield between(slack, cometchat)
    await slack.close()
    await cometchat.close()


async def test_where_all_is_well_it_says_so_and_ends_with_0(tmp_path: Path) -> None:
    async with stand_ins() as settings:
        ended = await in_a_process(tmp_path, **settings)
    assert (ended.status, ended.err) == (0, ""), ended.out
    assert "No problems found" in ended.out
    assert "✖" not in ended.out


async def test_a_line_of_the_dotenv_file_that_is_not_read_is_told_beside_what_is_then_missing(
    tmp_path: Path, checked: Check
) -> None:
    (tmp_path / ".env").write_text("PORT=3001\nSLACK_BOT_TOKEN: xoxb-s3cret\n", encoding="utf-8")
    ended = await checked(SLACK_API_URL="http://127.0.0.1:9")
    assert ended.err == "Line 2 of .env is ignored: it isn't NAME=value.\n"
    assert "SLACK_BOT_TOKEN is missing" in ended.out
    assert "s3cret" not in ended.out


async def test_without_any_setting_every_one_that_is_missing_is_told_in_one_screen_with_2(
    checked: Check,
) -> None:
    ended = await checked(SLACK_API_URL="http://127.0.0.1:9")
    assert (ended.status, ended.err) == (2, "")
    for name in ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "COMETCHAT_APP_ID", "COMETCHAT_REGION"):
        assert f"{name} is missing" in ended.out
    assert "✔ ok       Database" in ended.out
    assert "Next: Set COMETCHAT_API_KEY." in ended.out
    assert ended.out.count("\n") <= SCREEN


async def test_what_is_wrong_with_one_setting_keeps_the_others_from_nothing(checked: Check) -> None:
    async with stand_ins() as settings:
        ended = await checked(**settings | {"COMETCHAT_REGION": "mars", "PORT": "high"})
    assert ended.status == 2
    assert "COMETCHAT_REGION" in ended.out
    assert "PORT" in ended.out
    assert "✔ ok       Slack token" in ended.out
    assert "– skipped  CometChat       It needs COMETCHAT_REGION." in ended.out


async def test_a_wrong_user_of_the_webhook_s_is_the_only_problem_of_the_two_that_belong_together(
    checked: Check,
) -> None:
    webhook = {"COMETCHAT_WEBHOOK_USER": "a:b", "COMETCHAT_WEBHOOK_PASSWORD": "s3cret"}
    async with stand_ins() as settings:
        ended = await checked(**settings | webhook)
    assert ended.status == 2
    assert "COMETCHAT_WEBHOOK_USER must have no colon" in ended.out
    assert "COMETCHAT_WEBHOOK_PASSWORD" not in ended.out
    assert "✔ ok       Slack token" in ended.out


async def test_a_wrong_token_and_a_database_without_tables_are_told_together_with_1(
    postgresql: PostgreSQL, checked: Check
) -> None:
    async with stand_ins() as settings:
        changes = {"SLACK_BOT_TOKEN": "xoxb-wrong-s3cret", "DATABASE_URL": postgresql.create()}
        ended = await checked(**settings | changes)
    assert ended.status == 1
    assert "invalid_auth" in ended.out
    assert "lacks tables" in ended.out
    assert "Next: Install the Slack app" in ended.out
    assert "s3cret" not in ended.out + ended.err
    assert ended.out.count("\n") <= SCREEN


async def test_no_secret_is_shown_whatever_goes_wrong(checked: Check) -> None:
    secrets = {
        "SLACK_BOT_TOKEN": "xoxb-s3cret-1",
        "SLACK_SIGNING_SECRET": "s3cret-2",
        "COMETCHAT_API_KEY": "s3cret-3",
        "DATABASE_URL": "postgres://callinfo:s3cret-4@127.0.0.1:9/links?sslmode=disable",
    }
    async with stand_ins() as settings:
        for arguments in ([], ["--json"]):
            ended = await checked(*arguments, **settings | secrets)
            assert ended.status == 1
            assert "s3cret" not in ended.out + ended.err


async def test_its_own_advice_is_told_whole(checked: Check) -> None:
    ended = await checked(SLACK_API_URL="http://127.0.0.1:9", SLACK_BOT_TOKEN="t", SLACK_APP_TOKEN="a")
    for advice in ("begins with xoxb-.", "begins with xapp-."):
        assert advice in ended.out
    assert "redacted" not in ended.out
    ended = await checked("--json", SLACK_API_URL="http://127.0.0.1:9")
    assert "page Basic Information." in ended.out
    assert "redacted" not in ended.out


async def test_where_all_is_well_nothing_of_it_is_taken_for_a_secret(checked: Check) -> None:
    slack = StandInSlack(signing_secret="none", bot_token=BOT_TOKEN, app_token="xapp-ours")
    cometchat = StandInCometChat(api_key=API_KEY, app_id=APP_ID)
    await slack.start()
    await cometchat.start()
    ended = await checked(**between(slack, cometchat) | {"SLACK_APP_TOKEN": "xapp-ours"})
    await slack.close()
    await cometchat.close()
    assert ended.status == 0, ended.out
    assert "accepts SLACK_APP_TOKEN" in ended.out
    assert "redacted" not in ended.out


async def test_a_terminal_without_our_marks_has_the_words(tmp_path: Path) -> None:
    ended = await in_a_process(tmp_path, SLACK_API_URL="http://127.0.0.1:9", PYTHONIOENCODING="latin-1")
    assert (ended.status, ended.err) == (2, "")
    assert "? failed   Settings" in ended.out


async def test_json_is_for_machines(checked: Check) -> None:
    async with stand_ins() as settings:
        ended = await checked("--json", **settings)
    told = json.loads(ended.out)
    assert (ended.status, told["ok"], told["next"]) == (0, True, None)
    assert {"Settings", "CometChat", "Database"} <= {each["check"] for each in told["checks"]}


async def test_a_dotenv_file_that_can_not_be_read_is_told(tmp_path: Path, checked: Check) -> None:
    (tmp_path / ".env").write_bytes(b"\xff\xfe bad")
    ended = await checked()
    assert (ended.status, ended.err) == (2, "")
    assert ".env can't be read" in ended.out
    assert "Next: Save .env" in ended.out


async def test_an_address_that_is_none_is_wrong_usage(checked: Check) -> None:
    assert (await checked("--url", "my-app.example")).status == 2


async def test_a_bot_without_an_address_on_https_is_told_not_to_answer(checked: Check) -> None:
    async with playground() as ground, stand_ins() as settings:
        ended = await checked("--url", ground.bot_url.replace("http:", "https:"), **settings)
    assert ended.status == 1
    assert "Nothing answers at https://127.0.0.1" in ended.out
