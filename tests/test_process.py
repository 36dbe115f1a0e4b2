"""The bot as the platform starts and stops it: a real process."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

import pytest

from bot.cards.call_buttons import TRANSCRIPT
from bot.cards.kit.blocks import actions, button
from bot.playground.run import API_KEY, BOT_TOKEN, SIGNING_SECRET
from bot.playground.slack import StandInSlack, sign
from tests.listeners.people import ALEX, STEVE, TONY, logged
from tests.plain_http import plain_http
from tests.process import BUSY_MACHINE, PROMISE, environment, process

pytestmark = pytest.mark.long

REQUIRED = [
    "SLACK_BOT_TOKEN",
    "SLACK_SIGNING_SECRET",
    "COMETCHAT_APP_ID",
    "COMETCHAT_REGION",
    "COMETCHAT_API_KEY",
]


def run(*arguments: str, cwd: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    code = f"import sys; sys.path.insert(0, {str(Path.cwd())!r}); from bot.__main__ import main; sys.exit(main())"
    return subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        timeout=30,
        cwd=cwd,
        env=environment(**variables),
        check=False,
    )


async def test_sigterm_while_commands_still_wait_for_their_ack_answers_them_in_the_ack() -> None:
    async with process(patience=15, CALLINFO_ANSWER_WITHIN="2.8") as bot:
        await bot.asked("U0TONY", bot.samples[2].session_id)  # the first answer of a process is a slow one
        bot.cometchat.held = asyncio.Event()
        asking = [
            asyncio.create_task(bot.slack.command(who, bot.samples[0].session_id))
            for who in (TONY, STEVE, ALEX)
        ]
        await bot.until_upstream_holds(3)
        bot.child.send_signal(signal.SIGTERM)
        await logged(bot.lines, "draining")
        bot.cometchat.held.set()
        for delivery in await asyncio.gather(*asking):
            assert "32 min" in await bot.answer_to(delivery)
            assert "32 min" in str(delivery.message) or delivery.elapsed >= 2.8  # on a busy machine
        assert await bot.exited() == 0


async def test_without_work_sigint_ends_it_at_once_with_0_as_sigterm_does() -> None:
    async with process() as bot:
        bot.child.send_signal(signal.SIGINT)
        assert await bot.exited() == 0
    told = [line["event"] for line in bot.lines if line["event"] not in BUSY_MACHINE]
    assert told == ["ready", "draining", "stopped"]


async def test_the_log_of_a_process_tells_no_secret_and_no_address() -> None:
    async with process(patience=15, CALLINFO_ANSWER_WITHIN="0.1", LOG_LEVEL="DEBUG") as bot:
        for sample in bot.samples[:6]:
            bot.cometchat.held = asyncio.Event()
            delivery = await bot.slack.command("U0TONY", sample.session_id)
            assert PROMISE in str(delivery.message)
            bot.cometchat.held.set()
            await bot.answer_to(delivery)
        await bot.slack.wait_for(lambda: len(bot.slack.seen_by("U0TONY")) == 12)
        row = actions([button("Transcript", TRANSCRIPT, bot.samples[0].session_id)])
        await bot.slack.press("U0TONY", bot.slack.post(None, "a card", [row], bot=True), TRANSCRIPT)
        await bot.slack.wait_for(lambda: "The build is green" in str(bot.slack.modals("U0TONY")))
        bot.child.send_signal(signal.SIGTERM)
        assert await bot.exited() == 0
    log = "".join(bot.output)
    for secret in (
        BOT_TOKEN,
        SIGNING_SECRET,
        API_KEY,
        "/response/",
        "Iron Man",
        "The build is green",
        "transcript_",
    ):
        assert secret not in log
    for line in bot.lines:  # which call it was is for the audit alone
        assert line["event"] == "audit" or bot.samples[0].session_id not in str(line)


async def test_a_revoked_token_ends_the_start_with_slack_s_word_for_it(
    tmp_path: Path, slack: StandInSlack
) -> None:
    slack.revoke_token("token_revoked")
    ended = await asyncio.to_thread(
        run,
        cwd=tmp_path,
        SLACK_BOT_TOKEN=BOT_TOKEN,
        SLACK_SIGNING_SECRET="s",
        SLACK_API_URL=slack.web_api_url,
        COMETCHAT_APP_ID="app1",
        COMETCHAT_REGION="eu",
        COMETCHAT_API_KEY="k",
        HOST="127.0.0.1",
        PORT="0",
    )
    assert ended.returncode == 2
    assert "SLACK_BOT_TOKEN" in ended.stderr
    assert "token_revoked" in ended.stderr
    assert "Traceback" not in ended.stderr + ended.stdout


def test_missing_settings_end_the_start_with_one_message_and_2(tmp_path: Path) -> None:
    ended = run(cwd=tmp_path)
    assert ended.returncode == 2
    assert all(name in ended.stderr for name in REQUIRED)
    assert "Traceback" not in ended.stderr
    assert ended.stdout == ""


def test_a_port_that_is_taken_ends_the_start_with_a_sentence_and_1(tmp_path: Path) -> None:
    values = dict.fromkeys(REQUIRED, "x") | {"SLACK_BOT_TOKEN": "xoxb-x", "COMETCHAT_REGION": "eu"}
    ended = run(cwd=tmp_path, **values, HOST="203.0.113.1")
    assert ended.returncode == 1
    assert ended.stderr.startswith("callinfo can't start: ")
    assert "Traceback" not in ended.stderr


def test_a_port_that_somebody_else_has_is_told_with_what_to_do(tmp_path: Path) -> None:
    values = dict.fromkeys(REQUIRED, "x") | {"SLACK_BOT_TOKEN": "xoxb-x", "COMETCHAT_REGION": "eu"}
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ended = run(cwd=tmp_path, **values, HOST="127.0.0.1", PORT=port)
    assert (ended.returncode, f"port {port} is in use" in ended.stderr) == (1, True)


def test_without_the_packages_the_way_to_them_is_told(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-S", "-m", "bot", "check"],
        cwd=Path(__file__).parent.parent,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, "make install" in ended.stderr) == (2, True), ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    "arguments",
    [["frobnicate"], ["serve", "--what"], ["playground", "--port", "99999"], ["playground", "--port", "x"]],
)
def test_wrong_usage_ends_with_2(tmp_path: Path, arguments: list[str]) -> None:
    assert run(*arguments, cwd=tmp_path).returncode == 2


def test_help_and_version_need_no_settings(tmp_path: Path) -> None:
    assert "playground" in run("--help", cwd=tmp_path).stdout
    assert run("--version", cwd=tmp_path).stdout.startswith("callinfo ")


async def test_a_payload_that_bolt_stumbles_over_is_told_in_one_line_without_its_values() -> None:
    async with process() as bot:
        body = "payload=" + quote(
            '{"type": "block_actions", "user": 3, "team": "s3cret-value", "actions": [1]}'
        )
        headers = {"Content-Type": "application/x-www-form-urlencoded"} | sign(
            SIGNING_SECRET, body, time.time()
        )
        async with plain_http() as client:
            answer = await client.post(f"{bot.url}/slack/events", content=body, headers=headers)
        assert answer.status_code == 400
        bot.child.send_signal(signal.SIGTERM)
        assert await bot.exited() == 0
    log = "".join(bot.output)
    assert log.count("payload not understood: ") == 1
    assert "exception" not in log
    assert "s3cret-value" not in log


async def test_sentry_that_is_out_of_reach_costs_no_answer_and_no_clean_end() -> None:
    async with process(patience=15, SENTRY_DSN="http://publickey@127.0.0.1:9/1") as bot:
        assert "32 min" in await bot.asked("U0TONY", bot.samples[0].session_id)
        bot.child.send_signal(signal.SIGTERM)
        assert await bot.exited() == 0
    assert "publickey" not in "".join(bot.output)
