"""The bot by Socket Mode as a real process: it starts, it is stopped, and it tells nothing that it should not."""

import asyncio
import signal
import sys
from pathlib import Path

import pytest

from bot.playground.cometchat import StandInCometChat
from bot.playground.run import API_KEY, APP_TOKEN, BOT_TOKEN
from bot.playground.samples import APP_ID
from bot.playground.slack import StandInSlack
from tests.listeners.people import ALEX, STEVE, TONY, logged
from tests.process import BUSY_MACHINE, between, environment, process, process_between
from tests.test_process import run

pytestmark = pytest.mark.long

PATIENCE = 3.0
BY_SOCKET = {"SLACK_APP_TOKEN": APP_TOKEN, "SLACK_SIGNING_SECRET": ""}


async def test_sigterm_lets_all_that_is_under_way_be_acked_and_promises_kept_and_ends_with_0() -> None:
    async with process(patience=8, **BY_SOCKET, LOG_LEVEL="DEBUG", CALLINFO_ANSWER_WITHIN="2.8") as bot:
        await bot.asked(STEVE, bot.samples[2].session_id)  # the first answer of a process is a slow one
        bot.cometchat.held = asyncio.Event()
        ts = bot.slack.post(TONY, f"look at {bot.samples[1].session_id}")
        assert (await bot.slack.shortcut(TONY, ts)).ok
        assert await bot.readyz() == 200
        asking = [
            asyncio.create_task(bot.slack.command(who, bot.samples[0].session_id))
            for who in (TONY, STEVE, ALEX)
        ]
        await bot.until_upstream_holds(4)
        bot.child.send_signal(signal.SIGTERM)
        await logged(bot.lines, "draining")
        # Before anything else: the connection ends once all have their acks, with promises by then
        sending = asyncio.create_task(bot.slack.event("app_uninstalled"))
        late = await bot.slack.command(STEVE, "whoami")
        assert await bot.readyz() == 503
        bot.cometchat.held.set()
        for delivery in await asyncio.gather(*asking):
            assert "32 min" in await bot.answer_to(delivery)
            assert "32 min" in str(delivery.message) or delivery.elapsed >= 2.8  # on a busy machine
        event = await sending
        assert await bot.exited() == 0
        seen = [each.text for each in bot.slack.seen_by(TONY)]
    assert any("4 minutes 5 seconds" in text for text in seen)
    assert "callinfo is restarting" in str(late.message)  # nobody repeats what people do
    assert event.error == "operation_timeout"  # which Slack delivers again
    assert bot.slack.refusals == []
    assert bot.lines[-1]["event"] == "stopped"
    log = "".join(bot.output)
    for secret in (APP_TOKEN, BOT_TOKEN, "ticket", "/link/"):
        assert secret not in log


async def test_without_work_sigterm_ends_at_once() -> None:
    async with process(patience=PATIENCE, **BY_SOCKET) as bot:
        bot.child.send_signal(signal.SIGTERM)
        assert await bot.exited() == 0
    told = [line["event"] for line in bot.lines if line["event"] not in BUSY_MACHINE]
    assert told == ["connected", "ready", "draining", "stopped"]


async def test_the_log_says_ready_once_there_is_a_connection() -> None:
    slack = StandInSlack(signing_secret="none", bot_token=BOT_TOKEN, app_token=APP_TOKEN)
    cometchat = StandInCometChat(api_key=API_KEY, app_id=APP_ID)
    await slack.start()
    await cometchat.start()
    slack.fail("apps.connections.open", status=500)
    async with process_between(slack, cometchat, (), **BY_SOCKET) as bot:
        assert (await bot.slack.command(TONY, "help")).ok
        bot.child.send_signal(signal.SIGTERM)
        assert await bot.exited() == 0
    await slack.close()
    await cometchat.close()
    told = [line["event"] for line in bot.lines if line["event"] not in BUSY_MACHINE]
    assert [each for each in told if each != "interaction"] == [
        *("not connected", "connected", "ready", "draining", "stopped")
    ]


async def test_sigterm_before_there_is_a_connection_ends_it_without_a_ready() -> None:
    slack = StandInSlack(signing_secret="none", bot_token=BOT_TOKEN, app_token=APP_TOKEN)
    cometchat = StandInCometChat(api_key=API_KEY, app_id=APP_ID)
    await slack.start()
    await cometchat.start()
    slack.fail("apps.connections.open", times=1000, status=500)
    settings = environment(**between(slack, cometchat) | BY_SOCKET)
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", stdout=asyncio.subprocess.PIPE, env=settings | {"PORT": "0"}
    )
    assert child.stdout
    output = await child.stdout.readline()
    child.send_signal(signal.SIGTERM)
    output += await child.stdout.read()
    assert (await child.wait(), b'"ready"' in output, b'"stopped"' in output) == (0, False, True)
    await slack.close()
    await cometchat.close()


async def test_an_app_token_that_slack_refuses_ends_the_start_with_a_sentence_and_2(tmp_path: Path) -> None:
    slack = StandInSlack(signing_secret="none", app_token="xapp-another")
    await slack.start()
    ended = await asyncio.to_thread(
        run,
        cwd=tmp_path,
        SLACK_BOT_TOKEN=BOT_TOKEN,
        SLACK_APP_TOKEN=APP_TOKEN,
        SLACK_API_URL=slack.web_api_url,
        COMETCHAT_APP_ID="app1",
        COMETCHAT_REGION="eu",
        COMETCHAT_API_KEY="k",
        HOST="127.0.0.1",
        PORT="0",
    )
    await slack.close()
    assert ended.returncode == 2
    assert ended.stderr.startswith("callinfo can't start: Slack rejects SLACK_APP_TOKEN (invalid_auth). ")
    assert "connections:write" in ended.stderr
    assert "Traceback" not in ended.stderr + ended.stdout
    assert APP_TOKEN not in ended.stderr + ended.stdout
