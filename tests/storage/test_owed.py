"""Promises in the store: each is claimed by one process, and by another once the claim has passed."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.answers.outbox import Promise
from bot.cometchat import SessionId
from bot.identity.links import StoreUnavailableError
from bot.storage.outbox import StoredOwed
from bot.storage.store import Store
from bot.storage.together import Together
from tests.storage.people import user

PROMISE = Promise(
    "REFERENC",
    "command",
    user("U1"),
    "https://hooks.slack.com/x",
    SessionId("standup"),
    "17.1",
    promised_at=1_000,
    filter="1.0|||today|",
)


async def test_a_promise_comes_back_whole_once_its_claim_has_passed(store: Store) -> None:
    await store.owed.add(PROMISE, 1_010.0)
    assert await store.owed.claim(1_010.0, 1_020.0, 9) == ()
    assert await store.owed.claim(1_010.1, 1_020.1, 9) == (PROMISE,)
    assert await store.owed.claim(1_011.0, 1_021.0, 9) == (), "it is claimed again"


async def test_what_has_no_form_in_a_database_is_unavailable_as_all_else_that_can_not_be_kept(
    store: Store,
) -> None:
    with pytest.raises(StoreUnavailableError):
        await store.owed.add(replace(PROMISE, filter="half \ud800"), 1_010.0)
    with pytest.raises(StoreUnavailableError):
        await store.links.page("T1", prefix="\ud800")
    await store.owed.add(PROMISE, 1_010.0)


async def test_only_the_one_who_has_the_claim_may_send_and_delete(store: Store) -> None:
    await store.owed.add(PROMISE, 1_010.0)
    assert await store.owed.begin_sending("REFERENC", 1_009.0) is False
    assert await store.owed.begin_sending("REFERENC", 1_010.0) is True
    assert await store.owed.claim(1_011.0, 1_021.0, 9) == (replace(PROMISE, sending=True),)
    assert await store.owed.begin_sending("REFERENC", 1_010.0) is False
    await store.owed.delete("REFERENC", 1_010.0)
    assert await store.owed.begin_sending("REFERENC", 1_021.0) is True
    await store.owed.delete("REFERENC", 1_021.0)
    assert await store.owed.begin_sending("REFERENC", 1_021.0) is False


async def test_of_many_who_claim_at_once_each_promise_goes_to_one(store: Store) -> None:
    stores = [StoredOwed(store.database) for _ in range(4)]
    for number in range(30):
        await store.owed.add(replace(PROMISE, reference=f"R{number}", promised_at=number), 1_000.0)
    claimed = await asyncio.gather(
        *(
            each.claim(1_001.0, 1_011.0 + number / 10, 5)
            for number, each in enumerate(stores)
            for _ in range(3)
        )
    )
    references = [promise.reference for part in claimed for promise in part]
    assert len(references) == len(set(references))
    rest = await stores[0].claim(1_001.0, 1_012.0, 99)
    assert sorted([*references, *(promise.reference for promise in rest)]) == sorted(
        f"R{n}" for n in range(30)
    )


async def test_changes_of_a_kind_that_come_at_once_are_made_together_and_each_gets_its_own_result(
    store: Store,
) -> None:
    lots = []

    async def double(_: object, items: Sequence[int]) -> list[int]:
        lots.append(items)
        return [2 * item for item in items]

    together = Together(store.database, double, within=5.0)
    results = await asyncio.gather(*(together.change(double, number) for number in range(100)))
    assert results == [2 * number for number in range(100)]
    assert len(lots) <= 3


async def test_what_can_not_be_changed_is_told_to_all_who_wait(store: Store) -> None:
    async def slow(_: object, items: Sequence[None]) -> Sequence[None]:
        await asyncio.sleep(1)
        return items

    together = Together(store.database, slow, within=0.01)
    waiting = [asyncio.create_task(together.change(slow, None)) for _ in range(3)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    results = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(result) for result in results[1:]] == [StoreUnavailableError] * 2
    with pytest.raises(StoreUnavailableError):
        await together.change(slow, None)


async def test_a_bug_in_a_change_leaves_nobody_waiting(store: Store) -> None:
    async def broken(*_: object) -> Sequence[None]:
        raise ZeroDivisionError

    together = Together(store.database, broken, within=5.0)
    for _ in range(2):
        with pytest.raises(StoreUnavailableError):
            await together.change(broken, None)
