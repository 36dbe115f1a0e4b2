"""The audit's way into the store: all of a burst, in few changes, and nobody waits for it."""

import asyncio

from structlog.testing import capture_logs

from bot.audit import Audit, Entry
from bot.identity.links import StoreUnavailableError
from bot.tasks import Tasks


class Rows:
    """A store whose changes take a moment each, and which is away while `away`."""

    def __init__(self) -> None:
        self.stored: list[Entry] = []
        self.changes = 0
        self.away = False

    async def insert(self, entries: tuple[Entry, ...]) -> None:
        await asyncio.sleep(0.01)
        self.changes += 1
        if self.away:
            raise StoreUnavailableError("Timeout")
        self.stored += entries


def entry(number: int) -> Entry:
    return Entry(number, "look_up", "T1", "U1", "found", reference=f"R{number}")


async def test_a_burst_is_stored_whole_in_order_and_in_few_changes() -> None:
    rows, tasks = Rows(), Tasks()
    audit = Audit(rows, tasks)
    for number in range(1000):
        audit.record(entry(number))
    assert await tasks.finish(5) == 0
    assert rows.stored == [entry(number) for number in range(1000)]
    assert rows.changes < 10


async def test_what_could_not_be_stored_is_told_by_reference_and_what_comes_later_is_stored() -> None:
    rows, tasks = Rows(), Tasks()
    audit = Audit(rows, tasks)
    rows.away = True
    with capture_logs() as logs:
        audit.record(entry(1))
        audit.record(entry(2))
        await tasks.finish(5)
    (line,) = [each for each in logs if each["event"] == "audit not stored"]
    assert (line["references"], line["reason"]) == (["R1", "R2"], "StoreUnavailableError")
    rows.away = False
    audit.record(entry(3))
    await tasks.finish(5)
    assert rows.stored == [entry(3)]
