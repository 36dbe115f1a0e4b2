"""What is cached of links, by the reads that it saves, and when it must not be."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import event

from bot.identity.links import CONFIRM_ANY, Link
from bot.storage.database import Work
from bot.storage.links import CACHED_SECONDS, StoredLinks
from bot.storage.store import Store, open_store
from tests.storage.people import link, user

pytestmark = pytest.mark.usefixtures("patient")


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def other(url: str) -> AsyncIterator[Store]:
    """Another process: its own connections, its own cache."""
    async with open_store(url) as store:
        yield store


@pytest.fixture
def reads(store: Store) -> list[str]:
    """Return the statements by which links were looked up, as they come."""
    seen: list[str] = []

    def see(_connection: Any, _cursor: Any, sql: str, *_: Any) -> None:
        if "links.user_id =" in sql and sql.startswith("SELECT"):
            seen.append(sql)

    event.listen(store.database.engine.sync_engine, "before_cursor_execute", see)
    return seen


async def test_a_look_up_is_one_read_and_the_next_within_seconds_none(
    store: Store, reads: list[str], clock: Clock
) -> None:
    links = StoredLinks(store.database, clock=clock)
    for _ in range(3):
        assert await links.get(user("U1")) is None
    assert len(reads) == 1
    clock.now += CACHED_SECONDS
    await links.get(user("U1"))
    assert len(reads) == 2


async def test_where_nobody_has_a_link_one_read_does_for_everybody_until_somebody_gets_one(
    store: Store, other: Store, reads: list[str], clock: Clock
) -> None:
    links = StoredLinks(store.database, clock=clock)
    for number in range(5):
        assert await links.get(user(f"U{number}")) is None
    assert len(reads) == 1
    await other.links.put(link("U7", "superhero7"))
    clock.now += CACHED_SECONDS
    assert await links.get(user("U7")) == link("U7", "superhero7")
    assert await links.get(user("U8")) is None
    assert len(reads) == 3
    await links.put(link("U8", "superhero8"))
    assert await links.get(user("U8")) == link("U8", "superhero8")


async def test_many_who_ask_at_once_each_get_their_own(store: Store) -> None:
    for number in range(0, 40, 2):
        await store.links.put(link(f"U{number}", f"superhero{number}"))
    links = StoredLinks(store.database)
    found = await asyncio.gather(*(links.get(user(f"U{number % 40}")) for number in range(300)))
    assert [each.uid if each else None for each in found] == [
        None if number % 2 else f"superhero{number % 40}" for number in range(300)
    ]


async def test_a_read_from_before_a_change_is_not_for_those_who_ask_after_it(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    original, go, began = store.database.read, asyncio.Event(), asyncio.Event()

    async def slow(work: Work[Link | None], *, within: float | None) -> Link | None:
        found = await original(work, within=within)
        began.set()
        await go.wait()
        return found

    monkeypatch.setattr(store.database, "read", slow)
    before = asyncio.create_task(store.links.get(user("U1")))
    await began.wait()
    monkeypatch.setattr(store.database, "read", original)
    await store.links.put(link("U1", "superhero1"))
    assert await store.links.get(user("U1")) == link("U1", "superhero1")
    go.set()
    assert await before is None
    assert await store.links.get(user("U1")) == link("U1", "superhero1")


async def test_own_changes_are_seen_at_once(store: Store) -> None:
    assert await store.links.get(user("U1")) is None
    await store.links.put(link("U1", "superhero1"))
    assert await store.links.get(user("U1")) == link("U1", "superhero1")
    await store.links.put(link("U1", "superhero2"))
    assert await store.links.get(user("U1")) == link("U1", "superhero2")
    await store.links.remove_team("T1")
    assert await store.links.get(user("U1")) is None


async def test_a_change_of_another_process_is_seen_within_5_seconds(
    store: Store, other: Store, clock: Clock
) -> None:
    links = StoredLinks(store.database, clock=clock)
    assert CACHED_SECONDS < 5
    assert await links.get(user("U1")) is None
    await other.links.put(link("U1", "superhero1"))
    clock.now += CACHED_SECONDS
    assert await links.get(user("U1")) == link("U1", "superhero1")
    await other.links.remove(user("U1"))
    clock.now += CACHED_SECONDS
    assert await links.get(user("U1")) is None


async def test_in_a_database_in_memory_too_several_may_have_a_uid_that_an_admin_confirmed() -> None:
    async with open_store("sqlite://") as store:
        await store.links.put(link("U1", "superhero1"))
        for user_id in ("U2", "U3"):
            await store.links.put(link(user_id, "superhero1"), confirmed=CONFIRM_ANY)
        assert (await store.links.page("T1")).total == 3
