"""Hints as rows, on both databases: what comes in a crowd is written together, and each caller knows what became of theirs."""

import asyncio

import pytest
from sqlalchemy import func, select

from bot.identity.links import StoreUnavailableError
from bot.storage import batch
from bot.storage.database import Database
from bot.storage.hints import StoredHints
from bot.storage.store import Store
from bot.storage.tables import hints
from bot.subscriptions.hints import Hint

NOW = 1_763_812_800


def hint(number: int) -> Hint:
    return Hint("call_ended", None, (), NOW + number)


async def stored(store: Store) -> int:
    (row,) = await store.database.fetch(select(func.count()).select_from(hints), within=None)
    return int(row[0])


@pytest.fixture
def inserts(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return how many inserts were made, one item for each."""
    made: list[int] = []
    execute = Database.execute

    async def counting(self: Database, statement: object, **options: object) -> int:
        made.append(1)
        return await execute(self, statement, **options)  # type: ignore[arg-type] # handed on as it is

    monkeypatch.setattr(Database, "execute", counting)
    return made


async def test_a_crowd_of_hints_takes_a_few_inserts_and_all_are_there(
    store: Store, inserts: list[int]
) -> None:
    await asyncio.gather(*(store.hints.add(hint(number)) for number in range(500)))
    assert len(inserts) == 3  # of 200 rows at most
    assert await stored(store) == 500
    assert await store.hints.latest() == NOW + 499


async def test_a_hint_that_comes_while_others_are_written_is_written_after_them(
    store: Store, inserts: list[int]
) -> None:
    first = asyncio.create_task(store.hints.add(hint(1)))
    while not inserts:  # noqa: ASYNC110 - the database tells nobody
        await asyncio.sleep(0)
    await asyncio.gather(first, *(store.hints.add(hint(number)) for number in range(2, 6)))
    assert (len(inserts), await stored(store)) == (2, 5)
    given_up = asyncio.create_task(store.hints.add(hint(6)))
    while len(inserts) == 2:  # noqa: ASYNC110 - as above
        await asyncio.sleep(0)
    given_up.cancel()
    await store.hints.add(hint(7))
    assert await stored(store) == 7


async def test_hints_whose_callers_have_given_up_are_left_out(store: Store, inserts: list[int]) -> None:
    adding = [asyncio.create_task(store.hints.add(hint(number))) for number in range(3)]
    await asyncio.sleep(0)
    for each in adding:
        each.cancel()
    await asyncio.gather(*adding, return_exceptions=True)
    await store.hints.add(hint(4))
    assert (len(inserts), await stored(store)) == (1, 1)


async def test_where_the_database_is_away_each_caller_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "_MOST_ROWS", 2)
    database = Database("postgresql://u:p@127.0.0.1:9/x?sslmode=disable")
    away = StoredHints(database)
    adding = [asyncio.create_task(away.add(hint(number))) for number in range(5)]
    await asyncio.sleep(0)
    adding[1].cancel()
    came = await asyncio.gather(*adding, return_exceptions=True)
    await database.close()
    assert [type(each) for each in came] == [
        StoreUnavailableError,
        asyncio.CancelledError,
        *[StoreUnavailableError] * 3,
    ]
