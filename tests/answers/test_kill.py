"""SIGKILL under load, against the real process: what people were promised, the next start gives them, once.

What Slack had no ack for within its 3 s it tells people of itself. CALLINFO_SHUTDOWNS is how many times that is done on each database,
each time at another moment.
"""

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest

from bot.answers.deadlines import ACK_SECONDS
from bot.playground.scripted import Slow
from bot.playground.slack import Delivery
from tests.process import Process, process, process_between
from tests.test_shutdown import EVERYBODY, TIMES, UIDS, answered_in, asked_for, calls_of

pytestmark = pytest.mark.long

LATE = 4.5  # seconds that CometChat takes, past the second after which a command is promised its answer
PACE = 0.02  # seconds between two commands
PATIENCE = 3.0  # Slack's own
CUT_SHORT = "callinfo restarted while it was answering you."
SETTINGS = {"CALLINFO_ANSWER_WITHIN": "0.5", "CALLINFO_USER_MAP": json.dumps(UIDS)}


def promised(deliveries: list[Delivery], ids: list[str]) -> set[str]:
    """Return the calls that people were promised; all others were answered in the ack, or Slack said that they failed.

    An ack that comes as late as it may had no time to wait for the store (docs/security.md, "may be lost by a crash").
    """
    found = set()
    for delivery, session_id in zip(deliveries, ids, strict=True):
        if "This is taking" in str(delivery.message):
            found |= {session_id} if delivery.elapsed < ACK_SECONDS else set()
        elif delivery.message is None:
            assert delivery.error, "Slack tells the person"
    return found


def answers(bot: Process) -> Iterator[str]:
    """Yield the calls that were shown by `response_url`, each time that they were."""
    for received in bot.slack.received:
        if received.status == 200:
            yield from answered_in(received.body)


def cut_short(bot: Process) -> list[str]:
    """Return the people who were told that their answer may have been lost, or may have arrived."""
    return [who for who in EVERYBODY for each in bot.slack.seen_by(who) if CUT_SHORT in each.text]


@pytest.mark.parametrize("pause", [0.3 + 3.0 * time / TIMES for time in range(TIMES)])
async def test_sigkill_loses_no_answer_that_was_promised_and_gives_none_twice(
    url: str, pause: float, record_property: Callable[[str, object], None]
) -> None:
    async with process(patience=PATIENCE, DATABASE_URL=url, **SETTINGS) as bot:
        ids = calls_of(bot)
        for session_id in ids:
            bot.cometchat.script(session_id, Slow(LATE))
        asking = await asked_for(bot, ids, PACE)
        await asyncio.sleep(pause)
        bot.child.kill()
        deliveries = await asyncio.gather(*asking)
        expected = promised(deliveries, ids)
        for session_id in ids:
            bot.cometchat.script(session_id, Slow(0.0))
        async with process_between(
            bot.slack, bot.cometchat, bot.samples, DATABASE_URL=url, **SETTINGS
        ) as heir:
            with suppress(TimeoutError):
                async with asyncio.timeout(60):
                    # An answer that arrived just before the kill has both: counting them would end this too soon
                    while expected - set(answers(heir)) - in_doubt(heir, ids):  # noqa: ASYNC110 - two hundred people's doing
                        await asyncio.sleep(0.1)
            await asyncio.sleep(1.0)  # for an answer too many
            given = Counter(answers(heir))
            taken_over = [line for line in heir.lines if line["event"] == "promise taken over"]
    assert expected, "somebody was promised an answer"
    if not any(line["event"] == "database unavailable" for line in [*bot.lines, *heir.lines]):
        assert set(given.values()) <= {1}, "nobody is answered twice"
    outcomes = Counter(line.get("outcome", line["event"]) for line in heir.lines)
    assert not expected - set(given) - in_doubt(bot, ids), f"{outcomes} of {len(expected)}"
    record_property("promised", len(expected))
    record_property("taken_over", len(taken_over))
    record_property("in_doubt", len(cut_short(bot)))


def in_doubt(bot: Process, ids: list[str]) -> set[str]:
    """Return the calls of the people who were told that theirs may have arrived."""
    told: Any = set(cut_short(bot))
    return {session_id for who, session_id in zip(EVERYBODY, ids, strict=True) if who in told}
