"""SIGKILL between an event's 200 and Slack's answer, against the real process: each call is told once all the same.

What Slack was being sent at that moment is sent again, and Slack knows it. CALLINFO_SHUTDOWNS is how many times that is
done on each database, each time at another moment. The JUnit report (`--junit-xml`) has what was told before the kill, and
how many messages Slack got twice and knew.
"""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest

from bot.cometchat import Uid
from bot.identity import SlackUser
from bot.playground import webhooks
from bot.playground.samples import call_json
from bot.playground.samples.build import Person, never_answered
from bot.playground.slack.workspace import CHANNEL_ID, TEAM_ID
from bot.playground.webhooks import Webhook
from bot.storage.store import open_store
from bot.subscriptions.subscription import Subscription, Wanted, new_id
from tests.process import Process, process, process_between
from tests.test_shutdown import TIMES

pytestmark = pytest.mark.long

PEOPLE = {f"U0CROWD{number}": Person(f"crowd{number}", f"Number {number}") for number in range(24)}
CALLER = Person("natasha", "Natasha")
SLACK_TAKES = 0.15  # seconds for each message
PACE = 0.03  # seconds between two events
SETTINGS = {
    "CALLINFO_USER_MAP": json.dumps({who: person.uid for who, person in PEOPLE.items()}),
    "CALLINFO_POLL_SECONDS": "0",  # so that nothing but the stored events brings it about
    "COMETCHAT_WEBHOOK_USER": "cometchat",
    "COMETCHAT_WEBHOOK_PASSWORD": "password",
}


async def everybody_subscribes(url: str) -> None:
    """Let each person be told directly, and every fourth also in the channel."""
    async with open_store(url) as store:
        for number, (who, person) in enumerate(PEOPLE.items()):
            for channel_id in (None, CHANNEL_ID) if number % 4 == 0 else (None,):
                wanted = Wanted(missed=True, ended=True)
                made = Subscription(
                    new_id(),
                    SlackUser(None, TEAM_ID, who),
                    Uid(person.uid),
                    None,
                    channel_id,
                    wanted,
                    int(time.time()) - 60,
                    quiet_hours=False,
                )
                await store.subscriptions.add(made)


async def calls_come_in(bot: Process, stored: set[str]) -> None:
    """Let a call of each person end or be missed; add the sessions whose events got a 200 to `stored`."""
    webhook = Webhook(f"{bot.url}/cometchat/events", "cometchat", "password")
    now = int(time.time())
    for number, person in enumerate(PEOPLE.values()):
        sid = f"call-{number}-{now}"
        if number % 6 == 5:  # an event that names a session, and no user
            sides = {"initiator": CALLER.uid, "receiver": person.uid, "sessionId": sid}
            people = [{"uid": each.uid, "name": each.name, "isJoined": True} for each in (CALLER, person)]
            call = call_json(**sides, startedAt=now - 30, endedAt=now, participants=people)
            event = webhooks.ended(sid, (CALLER, person), now - 30, now)
        else:
            call = never_answered(CALLER, person, at=now, status="unanswered", state="unanswered", sid=sid)
            event = webhooks.rung("call_unanswered", CALLER.uid, person.uid, now)
        bot.cometchat.serve(sid, [call])
        if await webhook.send(event) == 200:
            stored.add(sid)
        await asyncio.sleep(PACE)


def told(bot: Process) -> Iterator[tuple[str, str]]:
    """Yield the place and the session of each message that there is."""
    for who in PEOPLE:
        for message in bot.slack.seen_by(who):
            for sid in set(_sessions(message.blocks)):
                if message.direct or who == "U0CROWD0":  # all see the channel; it counts once
                    yield message.channel_id, sid


def _sessions(block: Any) -> Iterator[str]:
    if isinstance(block, list):
        for each in block:
            yield from _sessions(each)
    elif isinstance(block, dict):
        if str(block.get("value", "")).startswith("call-"):
            yield block["value"].split()[0]
        yield from _sessions([each for each in block.values() if isinstance(each, dict | list)])


def places(sid: str) -> Iterator[tuple[str, str]]:
    """Yield where the call of that session is to be told."""
    number = int(sid.split("-")[1])
    yield f"D0CROWD{number}", sid
    if number % 4 == 0:
        yield CHANNEL_ID, sid


@pytest.mark.parametrize("pause", [0.5 + 2.5 * number / TIMES for number in range(TIMES)])
async def test_sigkill_loses_nothing_that_is_to_be_told_and_tells_nothing_twice(
    url: str, pause: float, record_property: Callable[[str, object], None]
) -> None:
    await everybody_subscribes(url)
    async with process(patience=3.0, DATABASE_URL=url, **SETTINGS) as bot:
        bot.slack.fail("chat.postMessage", status=None, delay=SLACK_TAKES, times=1_000)
        stored: set[str] = set()
        coming = asyncio.create_task(calls_come_in(bot, stored))
        async with asyncio.timeout(30):
            while not stored:  # noqa: ASYNC110 - the task's doing
                await asyncio.sleep(0.01)
        await asyncio.sleep(pause)
        bot.child.kill()
        await coming
        expected = {place for sid in stored for place in places(sid)}
        before = len(set(told(bot)))
        async with process_between(
            bot.slack, bot.cometchat, bot.samples, DATABASE_URL=url, **SETTINGS
        ) as heir:
            with suppress(TimeoutError):
                async with asyncio.timeout(75):
                    while expected - set(told(heir)):  # noqa: ASYNC110 - many people's doing
                        await asyncio.sleep(0.1)
            await asyncio.sleep(1.0)  # for a message too many
            given = Counter(told(heir))
    assert set(given.values()) <= {1}, "nobody is told twice"
    assert not expected - set(given), "nothing is lost"
    assert not [line for line in heir.lines if line["level"] in {"error", "critical"}]
    record_property("to_tell", len(expected))
    record_property("told_before_the_kill", before)
    keys = Counter(
        each.body["client_msg_id"] for each in heir.slack.received if each.target == "chat.postMessage"
    )
    record_property("sent_twice", sum(many > 1 for many in keys.values()))
