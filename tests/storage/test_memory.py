"""What is remembered of links, by the reads that it saves, and when it must not be."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest

from bot.identity.links import CONFIRM_ANY, Link
from bot.storage.connection import Connection, Row, Value
from bot.storage.database import Work
from bot.storage.links import REMEMBERED_SECONDS, StoredLinks
from bot.storage.remembered import Memory
from bot.storage.store import Store, open_links, open_store
from tests.databases import PostgreSQL
from tests.storage.people import link, user


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
    """Another process: its own connections, its own memory."""
    async with open_store(url) as store:
        yield store


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the statements by which links were looked up, as they come."""
    seen: list[str] = []
    original = Connection.rows

    async def see(self: Connection, sql: str, /, **values: Value | list[str]) -> Sequence[Row]:
        if "FROM links WHERE team_id IN" in sql:
            seen.append(sql)
        return await original(self, sql, **values)

    monkeypatch.setattr(Connection, "rows", see)
    return seen


async def test_a_look_up_is_one_read_and_the_next_within_seconds_none(
    store: Store, reads: list[str], clock: Clock
) -> None:
    links = StoredLinks(store.database, clock=clock)
    for _ in range(3):
        assert await links.get(user("U1")) is None
    assert len(reads) == 1
    clock.now += REMEMBERED_SECONDS
    await links.get(user("U1"))
    assert len(reads) == 2


async def test_those_who_ask_at_once_or_during_a_read_are_read_together_and_each_gets_their_own(
    store: Store, reads: list[str]
) -> None:
    for number in range(0, 40, 2):
        await store.links.put(link(f"U{number}", f"superhero{number}"))
    await store.links.put(link("U1", "stranger", "T2"))
    reads.clear()
    first = [asyncio.create_task(store.links.get(user(f"U{number}"))) for number in range(20)]
    await asyncio.sleep(0)
    second = [asyncio.create_task(store.links.get(user(f"U{number}"))) for number in range(20, 40)]
    third = asyncio.create_task(store.links.get(user("U1", "T2")))
    found = await asyncio.gather(*first, *second)
    assert [each.uid if each else None for each in found] == [
        None if number % 2 else f"superhero{number}" for number in range(40)
    ]
    assert (await third) == link("U1", "stranger", "T2")
    assert len(reads) <= 3


async def test_where_nobody_has_a_link_one_read_does_for_everybody_until_somebody_gets_one(
    store: Store, other: Store, reads: list[str], clock: Clock
) -> None:
    links = StoredLinks(store.database, clock=clock)
    for number in range(5):
        assert await links.get(user(f"U{number}")) is None
    assert len(reads) == 1
    await other.links.put(link("U7", "superhero7"))
    clock.now += REMEMBERED_SECONDS
    assert await links.get(user("U7")) == link("U7", "superhero7")
    assert await links.get(user("U8")) is None
    assert len(reads) == 3
    await links.put(link("U8", "superhero8"))
    assert await links.get(user("U8")) == link("U8", "superhero8")


async def test_a_link_of_one_s_own_making_is_there_at_once_though_nobody_had_one(store: Store) -> None:
    assert await store.links.get(user("U1")) is None
    await store.links.put(link("U2", "superhero2"))
    assert await store.links.get(user("U2")) == link("U2", "superhero2")


async def test_many_who_ask_for_the_same_at_once_cost_one_read(store: Store, reads: list[str]) -> None:
    assert set(await asyncio.gather(*(store.links.get(user("U1")) for _ in range(200)))) == {None}
    assert len(reads) == 1


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
    assert REMEMBERED_SECONDS < 5
    assert await links.get(user("U1")) is None
    await other.links.put(link("U1", "superhero1"))
    clock.now += REMEMBERED_SECONDS
    assert await links.get(user("U1")) == link("U1", "superhero1")
    await other.links.remove(user("U1"))
    clock.now += REMEMBERED_SECONDS
    assert await links.get(user("U1")) is None


async def test_a_change_of_another_process_is_seen_within_5_seconds_by_the_wall_clock(
    postgresql: PostgreSQL,
) -> None:
    url = await postgresql.emptied()
    async with open_links(url) as links, open_links(url) as others:
        assert await links.get(user("U1")) is None
        await others.put(link("U1", "superhero1"))
        async with asyncio.timeout(5):
            while await links.get(user("U1")) is None:  # noqa: ASYNC110 - another program's doing
                await asyncio.sleep(0.05)


def test_what_was_read_while_something_changed_is_not_remembered(clock: Clock) -> None:
    memory: Memory[str, int] = Memory(seconds=3, size=10, clock=clock)
    reading = memory.begin()
    memory.forget()
    memory.keep("a", 1, reading)
    assert memory.recall("a") is None


def test_a_slow_read_is_remembered_from_when_it_began(clock: Clock) -> None:
    memory: Memory[str, int] = Memory(seconds=3, size=10, clock=clock)
    reading = memory.begin()
    clock.now += 3
    memory.keep("a", 1, reading)
    assert memory.recall("a") is None


def test_no_more_is_remembered_than_there_is_room_for(clock: Clock) -> None:
    memory: Memory[int, int] = Memory(seconds=3, size=2, clock=clock)
    for number in range(3):
        memory.keep(number, number, memory.begin())
    assert [bool(memory.recall(number)) for number in range(3)] == [False, True, True]


def test_what_is_too_old_to_be_recalled_is_not_kept_either(clock: Clock) -> None:
    memory: Memory[int, int] = Memory(seconds=3, size=10, clock=clock)
    for number in range(5):
        memory.keep(number, number, memory.begin())
        clock.now += 1
    assert list(memory._kept) == [2, 3, 4]


async def test_in_a_database_in_memory_too_several_may_have_a_uid_that_an_admin_confirmed() -> None:
    async with open_links("sqlite://") as links:
        await links.put(link("U1", "superhero1"))
        for user_id in ("U2", "U3"):
            await links.put(link(user_id, "superhero1"), confirmed=CONFIRM_ANY)
        assert (await links.page("T1")).total == 3
