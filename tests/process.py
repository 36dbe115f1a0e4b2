"""The bot as a real process, between stand-ins in the test's own."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from bot.playground.cometchat import StandInCometChat
from bot.playground.run import API_KEY, BOT_TOKEN, SIGNING_SECRET, USER_MAP
from bot.playground.samples import APP_ID, REGION, Sample, samples
from bot.playground.slack import Delivery, StandInSlack
from tests.plain_http import plain_http

NOW = 1_763_812_800
PROMISE = "The answer will appear here."
BUSY_MACHINE = {"database unavailable", "database is back", "audit not stored"}
"""What a bot may log when its machine has no time for a second or two: a read of the database takes too long then."""
ANSWERED_WITHIN = 15.0  # seconds after a promise; a bot on a busy machine is late with its acks


@dataclass
class Process:
    """A running `python -m bot`, its log so far, and the stand-ins around it."""

    slack: StandInSlack
    cometchat: StandInCometChat
    samples: tuple[Sample, ...]
    child: asyncio.subprocess.Process
    url: str = ""
    lines: list[dict[str, Any]] = field(default_factory=list)
    output: list[str] = field(default_factory=list)
    ready: asyncio.Event = field(default_factory=asyncio.Event)

    async def asked(self, user: str, text: str) -> str:
        """Send a command as that person; return the answer to it."""
        return await self.answer_to(await self.slack.command(user, text))

    async def answer_to(self, delivery: Delivery) -> str:
        """Return the answer to a command: its ack, or the message after it where the ack only promises one."""
        assert (delivery.status, delivery.error) == (200, None), f"{delivery} {self.output[-3:]}"
        said = str((delivery.message or {}).get("text"))
        if PROMISE not in said:
            return said
        key = delivery.payload["response_url"].rpartition("/")[2]
        followed = await self.slack.wait_for(
            lambda: [each for each in self.slack.received if (each.key, each.status) == (key, 200)],
            ANSWERED_WITHIN,
        )
        return str(followed[0].body.get("text"))

    async def until_upstream_holds(self, requests: int) -> None:
        """Wait until so many requests are in flight at CometChat."""
        async with asyncio.timeout(30):
            while self.cometchat.in_flight < requests:  # noqa: ASYNC110 - the stand-in tells nobody
                await asyncio.sleep(0.01)

    async def readyz(self) -> int:
        """Return the status of `/readyz`."""
        async with plain_http() as client:
            return (await client.get(f"{self.url}/readyz")).status_code

    async def follow(self) -> None:
        """Read the log until the process ends."""
        assert self.child.stdout
        async for raw in self.child.stdout:
            self.output.append(raw.decode())
            line = json.loads(raw)
            self.lines.append(line)
            if line["event"] == "ready":
                self.url = f"http://127.0.0.1:{line['port']}"
                self.ready.set()

    async def exited(self) -> int:
        """Wait for the end; return the exit status."""
        async with asyncio.timeout(30):
            return await self.child.wait()


def environment(**changes: str) -> dict[str, str]:
    """Return an environment with nothing of ours but `changes`."""
    wanted = ("PATH", "HOME", "LANG", "COVERAGE_")  # the last lets coverage.py follow into the process
    kept = {name: value for name, value in os.environ.items() if name.startswith(wanted)}
    return kept | {"PYTHONUNBUFFERED": "1"} | changes


def between(slack: StandInSlack, cometchat: StandInCometChat) -> dict[str, str]:
    """Return the variables of a bot between the two stand-ins."""
    return {
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "SLACK_API_URL": slack.web_api_url,
        "COMETCHAT_APP_ID": APP_ID,
        "COMETCHAT_REGION": REGION,
        "COMETCHAT_API_KEY": API_KEY,
        "COMETCHAT_BASE_URL": cometchat.base_url,
        "CALLINFO_USER_MAP": json.dumps(USER_MAP),
        "DATABASE_URL": "sqlite://",  # in memory, unless a test is about what stays
        "HOST": "127.0.0.1",
    }


@asynccontextmanager
async def process(*, patience: float = 3.0, **changes: str) -> AsyncIterator[Process]:
    """Run the bot on any free port, by Socket Mode where `changes` have an app token.

    `changes` are environment variables, `patience` the seconds that Slack waits.
    """
    calls = samples(NOW)
    slack = StandInSlack(
        signing_secret=SIGNING_SECRET,
        bot_token=BOT_TOKEN,
        app_token=changes.get("SLACK_APP_TOKEN"),
        patience=patience,
    )
    cometchat = StandInCometChat(api_key=API_KEY, app_id=APP_ID, samples=calls)
    await slack.start()
    await cometchat.start()
    try:
        async with process_between(slack, cometchat, calls, **changes) as running:
            yield running
    finally:
        await slack.close()
        await cometchat.close()


@asynccontextmanager
async def process_between(
    slack: StandInSlack, cometchat: StandInCometChat, calls: tuple[Sample, ...], **changes: str
) -> AsyncIterator[Process]:
    """Run the bot between these two, to which Slack speaks from now on."""
    settings = between(slack, cometchat) | {"PORT": "0", "LOG_FORMAT": "json"}
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", stdout=asyncio.subprocess.PIPE, env=environment(**(settings | changes))
    )
    running = Process(slack, cometchat, calls, child)
    following = asyncio.create_task(running.follow())
    try:
        async with asyncio.timeout(30):
            await running.ready.wait()
        slack.connect(f"{running.url}/slack/events")
        yield running
    finally:
        if child.returncode is None:
            child.kill()
        await child.wait()
        await following
