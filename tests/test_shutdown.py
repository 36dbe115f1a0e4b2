"""SIGTERM under load, against the real process: everybody is answered, nobody twice, and the process ends in time.

CALLINFO_SHUTDOWNS is how many times that is done on each database, each time at another moment: what goes wrong
there goes wrong rarely. What it took is in the JUnit report (`--junit-xml`), as `drain_seconds` and `slowest_ack`.
"""

import asyncio
import json
import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest

from bot.playground.run import USER_MAP
from bot.playground.samples import JsonObject
from bot.playground.scripted import Slow
from bot.playground.slack import Delivery
from tests.listeners.people import STEVE
from tests.process import Process, process

pytestmark = pytest.mark.long

TIMES = int(os.environ.get("CALLINFO_SHUTDOWNS", "1"))
COMMANDS = 200
EVERYBODY_IS = ("superhero1", "superhero2")
LATE, SOON = (
    3.5,
    1.2,
)  # seconds that CometChat takes: past a command's 2 s, well before its own 8; and within the 2
PACE = 0.01  # seconds between two commands
PATIENCE = 15.0  # Slack's 3 s are reported, not asserted: a busy machine is no loss of an answer
EVERYBODY = [f"U0CROWD{number}" for number in range(COMMANDS)]
UIDS = {who: EVERYBODY_IS[number % 2] for number, who in enumerate(EVERYBODY)}


def calls_of(bot: Process) -> list[str]:
    """Let CometChat know a call for each command, which it is slow to tell of; return their session ids."""
    (call,) = bot.samples[0].calls
    stem = bot.samples[0].session_id[:-6]
    ids = [f"{stem}{number:06x}" for number in range(COMMANDS)]
    for number, session_id in enumerate(ids):
        own: JsonObject = {**call, "sessionId": session_id}
        bot.cometchat.serve(session_id, [own])
        bot.cometchat.script(session_id, Slow(LATE if number < COMMANDS * 3 / 4 else SOON))
    return ids


async def asked_for(bot: Process, ids: list[str], pace: float = PACE) -> list[asyncio.Task[Delivery]]:
    """Let people ask for those calls, one soon after the other."""
    asking = []
    for number, session_id in enumerate(ids):
        asking.append(asyncio.create_task(bot.slack.command(EVERYBODY[number], session_id)))
        await asyncio.sleep(pace)
    return asking


def answered_in(message: Any) -> Iterator[str]:
    """Yield the session ids of the calls that a message shows, which its buttons carry."""
    for block in (message or {}).get("blocks") or []:
        for element in block.get("elements") or []:
            if element.get("action_id") == "call_details":
                yield element["value"]


async def until_upstream_has(bot: Process, requests: int) -> None:
    async with asyncio.timeout(60):
        while len(bot.cometchat.requests) < requests:  # noqa: ASYNC110 - the stand-in tells nobody
            await asyncio.sleep(0.01)


async def until_logged(bot: Process, event: str) -> None:
    async with asyncio.timeout(30):
        while not any(line["event"] == event for line in bot.lines):  # noqa: ASYNC110 - nor does the log
            await asyncio.sleep(0.01)


def seconds_between(bot: Process, first: str, last: str) -> float:
    at = {line["event"]: datetime.fromisoformat(line["timestamp"]) for line in bot.lines}
    return (at[last] - at[first]).total_seconds()


@pytest.mark.parametrize("pause", [2.5 * time / TIMES for time in range(TIMES)])
async def test_sigterm_with_200_commands_in_flight_leaves_nobody_without_an_answer_and_nobody_with_two(
    url: str, pause: float, record_property: Callable[[str, object], None]
) -> None:
    settings = {"DATABASE_URL": url, "CALLINFO_USER_MAP": json.dumps(UIDS | USER_MAP)}
    async with process(patience=PATIENCE, **settings) as bot:
        ids = calls_of(bot)
        asking = await asked_for(bot, ids[:-1])
        await until_upstream_has(bot, COMMANDS - 1)
        bot.cometchat.held = asyncio.Event()  # the last one keeps the bot there until it has refused another
        asking.append(asyncio.create_task(bot.slack.command(EVERYBODY[-1], ids[-1])))
        await until_upstream_has(bot, COMMANDS)
        await asyncio.sleep(pause)  # by then some have their answer, others the promise of one
        bot.child.send_signal(signal.SIGTERM)
        await until_logged(bot, "draining")
        assert await bot.readyz() == 503
        refused = await bot.slack.command(STEVE, ids[0])
        assert "callinfo is restarting" in str(refused.message)
        bot.cometchat.held.set()
        deliveries = await asyncio.gather(*asking)
        assert await bot.exited() == 0
    record_property("drain_seconds", seconds_between(bot, "draining", "stopped"))
    record_property("slowest_ack", max(delivery.elapsed for delivery in deliveries))

    assert {(delivery.status, delivery.error) for delivery in deliveries} == {(200, None)}
    in_the_ack = [each for delivery in deliveries for each in answered_in(delivery.message)]
    afterwards = [each for received in bot.slack.received for each in answered_in(received.body)]
    assert Counter(in_the_ack + afterwards) == Counter(ids)
    promised = [delivery for delivery in deliveries if "This is taking" in str(delivery.message)]
    assert len(promised) == len(afterwards) > COMMANDS // 2
    assert bot.slack.refusals == []
    assert bot.cometchat.peak_in_flight > COMMANDS // 8  # as fast as a busy machine takes them
    assert not [line for line in bot.lines if line["level"] in {"error", "critical"}]
    # The line is certain; the row in the store may be late on a busy machine, and is then told to be missing
    audited = Counter(line["session_id"] for line in bot.lines if line["event"] == "audit")
    assert audited == Counter(ids)
