import asyncio
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert
from structlog.testing import capture_logs

from bot.observability.audit import Entry
from bot.storage.audit import oldest_kept
from bot.storage.store import Store, open_store
from bot.storage.tables import audit
from tests.databases import PostgreSQL
from tests.storage.people import link

pytestmark = pytest.mark.usefixtures("patient")


def entry(at: int, **changes: Any) -> Entry:
    return replace(Entry(at, "look_up", "T1", "U1", "found"), **changes)


async def test_entries_come_back_whole_the_newest_first(store: Store) -> None:
    whole = Entry(3, "link", "T1", "UADMIN", "linked", "ref-1", "superhero1", "v1.eu.x.y", "U1", "superhero0")
    await store.audit.insert((entry(1), entry(2)))
    await store.audit.insert((whole,))
    await store.audit.insert(())
    assert await store.audit.latest(2) == (whole, entry(2))


async def test_entries_of_one_second_stay_in_their_order(store: Store) -> None:
    await store.audit.insert(tuple(entry(7, reference=str(number)) for number in range(5)))
    assert [each.reference for each in await store.audit.latest(5)] == ["4", "3", "2", "1", "0"]


async def test_they_can_be_asked_for_by_workspace_and_by_user_doing_or_done_to(store: Store) -> None:
    await store.audit.insert((entry(1), entry(2, team_id="T2"), entry(3, user_id="UADMIN", subject="U1")))
    assert [each.at for each in await store.audit.latest(9, team_id="T1", user_id="U1")] == [3, 1]
    assert [each.at for each in await store.audit.latest(9, user_id="UADMIN")] == [3]


async def test_what_is_older_than_90_days_is_pruned(store: Store) -> None:
    now = 1_763_812_800
    kept = now - 90 * 86_400
    await store.audit.insert((entry(kept - 1), entry(kept), entry(now)))
    assert await store.audit.prune(oldest_kept(now)) == 1
    assert [each.at for each in await store.audit.latest(9)] == [now, kept]


async def test_sqlite_is_pruned_when_it_is_opened_and_nobody_waits_for_that(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/links.db"
    async with open_store(url) as store:
        await store.audit.insert((entry(1), entry(int(time.time()))))
    async with open_store(url) as store, asyncio.timeout(30):
        while len(await store.audit.latest(9)) > 1:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.01)


async def test_while_many_entries_are_pruned_others_change_the_database(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "bot.storage.audit._PRUNED_AT_ONCE", 100
    )  # so that it takes longer than a few changes
    rows = [
        {"at": at, "deed": "look_up", "team_id": "T1", "user_id": "U1", "outcome": "found"}
        for at in range(5_000)
    ]
    empty = dict.fromkeys(("reference", "uid", "session_id", "subject", "replaced"), "")
    await store.database.change(
        lambda connection: connection.execute(insert(audit), [row | empty for row in rows]), within=None
    )
    pruning = asyncio.create_task(store.audit.prune(5_000))
    for number in range(3):
        await store.links.put(link(f"U{number}", f"superhero{number}"))
    assert not pruning.done()
    assert await pruning == 5_000


async def test_an_entry_that_the_database_can_not_hold_takes_no_other_with_it(store: Store) -> None:
    batch = [entry(at) for at in range(20)]
    batch[3] = batch[4] = batch[17] = entry(99, session_id="half \ud800")
    with capture_logs() as logs:
        await store.audit.insert(tuple(batch))
    assert [each.at for each in reversed(await store.audit.latest(99))] == [
        at for at in range(20) if at not in {3, 4, 17}
    ]
    lost = [line for line in logs if line["event"] == "audit not stored"]
    assert [(line["entries"], line["reason"]) for line in lost] == [(1, "UnicodeEncodeError")] * 3
    assert "half" not in str(logs)
    assert {line["event"] for line in logs} == {"audit not stored", "database refused a value"}
    assert store.database.well


async def test_nul_takes_no_other_entry_with_it_on_postgresql(postgresql: PostgreSQL) -> None:
    async with open_store(await postgresql.emptied()) as store:
        with capture_logs() as logs:
            await store.audit.insert((entry(1), entry(2, session_id="a\0b"), entry(3)))
        assert [each.at for each in await store.audit.latest(9)] == [3, 1]
    assert {line["reason"] for line in logs} == {"DataError"}
