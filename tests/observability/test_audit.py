"""Entries on their way into the store: in batches, in bounded numbers, and told where they are lost."""

import asyncio
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from bot.answers.tasks import Tasks
from bot.identity.links import StoreUnavailableError
from bot.observability import audit
from bot.observability.audit import BATCH, MOST_WAITING, Audit, Entry

ENTRY = Entry(1, "look_up", "T1", "U1", "found")


class Store:
    """A store that can be away, and held up."""

    def __init__(self) -> None:
        self.batches: list[tuple[Entry, ...]] = []
        self.away = False
        self.asked = asyncio.Event()
        self.free = asyncio.Event()
        self.free.set()

    async def insert(self, entries: tuple[Entry, ...]) -> None:
        self.asked.set()
        await self.free.wait()
        if self.away:
            raise StoreUnavailableError("ConnectionRefusedError")
        self.batches.append(entries)


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "GATHERING_SECONDS", 0.0)
    monkeypatch.setattr(audit, "PAUSE_SECONDS", 0.0)


def entries(number: int) -> list[Entry]:
    return [replace(ENTRY, at=at) for at in range(number)]


async def test_what_gathers_during_an_insert_is_the_next_one_in_order_and_a_shutdown_waits_for_it() -> None:
    store, tasks = Store(), Tasks()
    recorder = Audit(store, tasks)
    store.free.clear()
    recorder.record(ENTRY)
    await store.asked.wait()
    for entry in entries(BATCH + 5):
        recorder.record(entry)
    assert len(tasks._running) == 1
    store.free.set()
    assert await tasks.finish(5) == 0
    assert [len(batch) for batch in store.batches] == [1, BATCH, 5]
    assert [entry for batch in store.batches[1:] for entry in batch] == entries(BATCH + 5)
    recorder.record(ENTRY)
    await tasks.finish(5)
    assert store.batches[-1] == (ENTRY,)


async def test_what_comes_within_a_moment_is_one_insert_and_a_shutdown_does_not_wait_for_the_moment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(audit, "GATHERING_SECONDS", 60.0)
    store, tasks = Store(), Tasks()
    recorder = Audit(store, tasks)
    for entry in entries(3):
        recorder.record(entry)
        await asyncio.sleep(0)
    assert await tasks.finish(5) == 0
    assert store.batches == [tuple(entries(3))]


async def test_while_the_store_is_away_the_lines_are_there_and_the_lost_rows_are_told_by_number() -> None:
    store, tasks = Store(), Tasks()
    recorder = Audit(store, tasks)
    store.away = True
    with capture_logs() as logs:
        for entry in entries(30):
            recorder.record(entry)
        await tasks.finish(5)
    assert sum(line["event"] == "audit" for line in logs) == 30
    lost = [line for line in logs if line["event"] == "audit not stored"]
    assert [(line["entries"], line["reason"]) for line in lost] == [(30, "StoreUnavailableError")]


async def test_what_waits_is_bounded_and_what_comes_on_top_is_told_by_number() -> None:
    store, tasks = Store(), Tasks()
    recorder = Audit(store, tasks)
    store.free.clear()
    with capture_logs() as logs:
        for entry in entries(MOST_WAITING + 7):
            recorder.record(entry)
        store.free.set()
        await tasks.finish(5)
    assert sum(line["event"] == "audit" for line in logs) == MOST_WAITING + 7
    assert [line["entries"] for line in logs if line["event"] == "audit not stored"] == [7]
    assert sum(len(batch) for batch in store.batches) == MOST_WAITING


async def test_a_shutdown_that_is_cut_short_tells_how_many_were_not_stored() -> None:
    store, tasks = Store(), Tasks()
    recorder = Audit(store, tasks)
    store.free.clear()
    with capture_logs() as logs:
        for entry in entries(3):
            recorder.record(entry)
        assert await tasks.finish(0.05) == 1
    (lost,) = [line for line in logs if line["event"] == "audit not stored"]
    assert (lost["entries"], lost["reason"]) == (3, "shutdown")
