from dataclasses import replace
from typing import Any

from bot.audit import Entry
from bot.storage.audit import oldest_kept
from bot.storage.store import Store


def entry(at: int, **changes: Any) -> Entry:
    return replace(Entry(at, "look_up", "T1", "U1", "found"), **changes)


async def test_entries_come_back_whole_the_newest_first(store: Store) -> None:
    whole = Entry(3, "link", "T1", "UADMIN", "linked", "ref-1", "superhero1", "v1.eu.x.y", "U1")
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
