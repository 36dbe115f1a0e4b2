"""The Procfile's own line, started as a platform does: honcho, and only the run-time requirements."""

import asyncio
import os
import signal
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bot.playground.cometchat import StandInCometChat  # noqa: E402 - the path comes first
from bot.playground.run import API_KEY, BOT_TOKEN, SIGNING_SECRET  # noqa: E402 - as above
from bot.playground.samples import APP_ID, samples  # noqa: E402 - as above
from bot.playground.slack import StandInSlack  # noqa: E402 - as above
from tests.process import between  # noqa: E402 - as above

NOW = 1_763_812_800


async def test_the_procfile_s_web_process_serves_a_signed_command_and_ends_by_sigterm(
    unused_tcp_port: int,
) -> None:
    calls = samples(NOW)
    slack = StandInSlack(signing_secret=SIGNING_SECRET, bot_token=BOT_TOKEN)
    cometchat = StandInCometChat(api_key=API_KEY, app_id=APP_ID, samples=calls)
    await slack.start()
    await cometchat.start()
    environment = between(slack, cometchat) | {
        "PATH": f"{ROOT}/.venv/procfile/bin:{os.environ['PATH']}",
        "PYTHONUNBUFFERED": "1",
    }
    honcho = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "honcho",
        "start",
        "--no-prefix",
        "-p",
        str(unused_tcp_port),
        "web",
        cwd=ROOT,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
    )
    assert honcho.stdout
    async with asyncio.timeout(30):
        while b'"ready"' not in await honcho.stdout.readline():
            pass
    slack.connect(f"http://127.0.0.1:{unused_tcp_port}/slack/events")
    delivery = await slack.command("U0TONY", calls[0].session_id)
    assert "32 min" in str(delivery.message)
    honcho.send_signal(signal.SIGTERM)
    rest, _ = await honcho.communicate()
    assert b'"stopped"' in rest
    assert slack.refusals == []
    await slack.close()
    await cometchat.close()
