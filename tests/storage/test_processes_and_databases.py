"""Real bot processes on a real PostgreSQL, asked as Slack asks: what one knows of another, and what an outage does."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest

from tests.databases import PostgreSQL
from tests.listeners.people import ALEX, ROBIN, STEVE, TONY
from tests.process import Process, process

pytestmark = [pytest.mark.long, pytest.mark.own_server]

HOLDS_WITHIN = 5.0  # seconds until a change holds in all processes
RECOVERS_WITHIN = 10.0

THEIR_CALL = {TONY: "Iron Man (you)", ROBIN: "Wolverine (you)"}
NOT_LINKED = "An admin needs to connect you first."
TRY_AGAIN = "I can’t check who you are in CometChat right now."
LINKS = "superhero4"
NO_LINKS_NOW = "list of links isn’t available right now"

NO_WRONG_ANSWER = {
    TONY: (THEIR_CALL[TONY],),  # the map is no database: nothing else, at any time
    ROBIN: (THEIR_CALL[ROBIN], TRY_AGAIN),  # a link that can't be read is not a link that is not there
    STEVE: (NOT_LINKED, TRY_AGAIN),
    ALEX: (LINKS, NO_LINKS_NOW),
}


@pytest.fixture
async def address(postgresql: PostgreSQL) -> str:
    return await postgresql.emptied()


@pytest.fixture
def running(postgresql: PostgreSQL) -> Iterator[PostgreSQL]:
    """A server that runs again after the test, whatever it did."""
    yield postgresql
    postgresql.start()


@asynccontextmanager
async def bot_on(address: str) -> AsyncIterator[Process]:
    """Run a bot whose map names Tony and Alex, who is its admin; Steve and Robin need a link."""
    mapped = json.dumps({TONY: "superhero1", ALEX: "superhero3"})
    async with process(
        patience=15,
        DATABASE_URL=address,
        CALLINFO_USER_MAP=mapped,
        CALLINFO_ADMINS=ALEX,
        CALLINFO_RATE_LIMIT="1000000/minute",  # these people ask again and again
    ) as bot:
        yield bot


async def look_up(bot: Process, user: str) -> str:
    """Ask for the first sample call, which all four had a part in."""
    return await bot.asked(user, bot.samples[0].session_id)


async def reads_in_time(bot: Process, user: str, words: str) -> None:
    """Ask until that person reads those words; fail when a change should have held by the time they asked."""
    began = asked_at = time.monotonic()
    while words not in (answer := await look_up(bot, user)):
        assert asked_at - began < HOLDS_WITHIN, answer
        await asyncio.sleep(0.1)
        asked_at = time.monotonic()


async def test_a_link_made_replaced_or_removed_through_one_process_holds_in_the_other_within_5_s(
    address: str,
) -> None:
    async with bot_on(address) as one, bot_on(address) as other:
        assert NOT_LINKED in await look_up(other, ROBIN)  # and it remembers that for a while
        assert "is now linked" in await one.asked(ALEX, "link <@U0ROBIN|robin> superhero4")
        assert "Wolverine (you)" in await look_up(one, ROBIN)
        await reads_in_time(other, ROBIN, "Wolverine (you)")

        assert "Before: superhero4" in await other.asked(ALEX, "link <@U0ROBIN|robin> superhero2")
        await reads_in_time(one, ROBIN, "Captain America (you)")

        assert "is no longer linked" in await one.asked(ALEX, "unlink <@U0ROBIN|robin>")
        assert NOT_LINKED in await look_up(one, ROBIN)
        await reads_in_time(other, ROBIN, NOT_LINKED)
        assert NOT_LINKED in await look_up(other, ROBIN)


class Traffic:
    """Four people who ask all the time, none of whom may ever read a wrong answer; counts what they read."""

    def __init__(self, bot: Process) -> None:
        self._bot = bot
        self._stop = asyncio.Event()
        self.read: Counter[tuple[str, str]] = Counter()

    async def of(self, user: str) -> None:
        while not self._stop.is_set():
            answer = await (self._bot.asked(user, "links") if user == ALEX else look_up(self._bot, user))
            right = [words for words in NO_WRONG_ANSWER[user] if words in answer]
            assert right, f"{user}: {answer}"
            self.read[user, right[0]] += 1
            await asyncio.sleep(0.05)

    async def until(self, *expected: tuple[str, str], within: float) -> None:
        """Wait until each of those has been read, from now on; fail where that takes too long."""
        self.read.clear()
        async with asyncio.timeout(within):
            while not all(self.read[each] for each in expected):  # noqa: ASYNC110 - four people's doing
                await asyncio.sleep(0.02)

    def stop(self) -> None:
        self._stop.set()


async def test_a_database_killed_amid_traffic_costs_no_wrong_and_no_late_answer_and_no_restart(
    address: str, running: PostgreSQL
) -> None:
    all_is_well = [(user, answers[0]) for user, answers in NO_WRONG_ANSWER.items()]
    outage = [(user, answers[-1]) for user, answers in NO_WRONG_ANSWER.items()]
    async with bot_on(address) as bot:
        await bot.asked(ALEX, "link <@U0ROBIN|robin> superhero4")
        traffic = Traffic(bot)
        async with asyncio.TaskGroup() as people:
            for user in NO_WRONG_ANSWER:
                people.create_task(traffic.of(user))
            await traffic.until(*all_is_well, within=30)
            await asyncio.to_thread(running.kill)
            await traffic.until(*outage, within=30)  # what was read before is remembered for seconds
            assert NO_LINKS_NOW in await bot.asked(ALEX, "link <@U0STEVE|steve> superhero2")
            await asyncio.to_thread(running.start)
            await traffic.until(*all_is_well, within=RECOVERS_WITHIN)
            traffic.stop()
        assert "is now linked" in await bot.asked(ALEX, "link <@U0STEVE|steve> superhero2")
        assert "Captain America (you)" in await look_up(bot, STEVE)
        assert bot.child.returncode is None
        outages = [
            line["event"]
            for line in bot.lines
            if line["event"] in {"database unavailable", "database is back"}
        ]
        # A busy machine may make it look away more than once
        assert outages == ["database unavailable", "database is back"] * (len(outages) // 2)
        assert outages
        assert not [line for line in bot.lines if line.get("level") in {"error", "critical"}]
