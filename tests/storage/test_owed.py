"""Answers owed, in the store: each is given by one process, and by another once nobody stands for it."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from bot.answers.outbox import Owed
from bot.cometchat import SessionId
from bot.identity.links import StoreUnavailableError, ValueRefusedError
from bot.storage.outbox import StoredOwed
from bot.storage.store import Store
from bot.storage.together import Together
from tests.storage.people import user

OWED = Owed(
    "REFERENC",
    "command",
    user("U1"),
    "https://hooks.slack.com/x",
    SessionId("standup"),
    "17.1",
    since=1_000,
    sought="1.0|||today|",
)


async def test_what_is_owed_comes_back_whole_once_nobody_stands_for_it(store: Store) -> None:
    await store.owed.keep(OWED, "one", 1_010.0)
    assert await store.owed.take("two", 1_010.0, 1_020.0, 9) == ()
    assert await store.owed.take("two", 1_010.1, 1_020.1, 9) == (OWED,)
    assert await store.owed.take("three", 1_011.0, 1_021.0, 9) == (), "two stands for it now"


async def test_what_has_no_form_in_a_database_is_unavailable_as_all_else_that_can_not_be_kept(
    store: Store,
) -> None:
    with pytest.raises(StoreUnavailableError):
        await store.owed.keep(replace(OWED, sought="half \ud800"), "one", 1_010.0)
    with pytest.raises(StoreUnavailableError):
        await store.links.page("T1", prefix="\ud800")
    await store.owed.keep(OWED, "one", 1_010.0)


async def test_who_owes_it_can_go_on_standing_for_it(store: Store) -> None:
    await store.owed.keep(OWED, "one", 1_010.0)
    await store.owed.extend("one", 1_020.0)
    assert await store.owed.take("two", 1_015.0, 1_025.0, 9) == ()


async def test_the_one_who_owes_it_gives_it_and_nobody_after_them(store: Store) -> None:
    await store.owed.keep(OWED, "one", 1_010.0)
    assert await store.owed.begin("REFERENC", "two") is False
    assert await store.owed.begin("REFERENC", "one") is True
    assert await store.owed.take("two", 1_011.0, 1_021.0, 9) == (replace(OWED, begun=True),)
    assert await store.owed.begin("REFERENC", "one") is False
    await store.owed.settle(("REFERENC",), "one")
    assert await store.owed.begin("REFERENC", "two") is True, "only its owner may settle it"
    await store.owed.settle(("REFERENC", "another"), "two")
    assert await store.owed.begin("REFERENC", "two") is False


async def test_of_many_who_take_at_once_each_answer_goes_to_one(store: Store) -> None:
    takers = [StoredOwed(store.database) for _ in range(4)]
    for number in range(30):
        await store.owed.keep(replace(OWED, reference=f"R{number}", since=number), "dead", 1_000.0)
    taken = await asyncio.gather(
        *(
            taker.take(f"taker-{number}", 1_001.0, 1_011.0, 5)
            for number, taker in enumerate(takers)
            for _ in range(3)
        )
    )
    references = [owed.reference for part in taken for owed in part]
    assert len(references) == len(set(references))
    rest = await takers[0].take("the-last", 1_001.0, 1_011.0, 99)
    assert sorted([*references, *(owed.reference for owed in rest)]) == sorted(f"R{n}" for n in range(30))


async def test_all_that_comes_at_once_goes_its_way_in_order_whoever_owns_it(store: Store) -> None:
    references = [f"R{number}" for number in range(40)]
    keeping = [
        store.owed.keep(replace(OWED, reference=reference), owner, 1_010.0)
        for reference, owner in zip(references, ["one", "two"] * 20, strict=True)
    ]
    beginning = [store.owed.begin(reference, "one") for reference in references]
    settling = [store.owed.settle(tuple(references[:20]), "one"), store.owed.settle((), "two")]
    results = await asyncio.gather(*settling, *keeping, *beginning)
    assert results[-40:] == [True, False] * 20
    left = {owed.reference for owed in await store.owed.take("heir", 1_011.0, 1_021.0, 99)}
    assert left == {*references[20:], *references[1:20:2]}


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


async def test_an_answer_that_the_database_has_no_form_for_takes_no_other_with_it_and_the_order_stays(
    store: Store,
) -> None:
    references = [f"R{number}" for number in range(9)]
    settling = store.owed.settle(("R0", "R1"), "one")  # asked for first, and made last
    keeping = [
        store.owed.keep(
            replace(OWED, reference=reference, sought="\ud800" if reference == "R5" else ""), "one", 1_010.0
        )
        for reference in references
    ]
    with capture_logs() as logs:
        _, *kept = await asyncio.gather(settling, *keeping, return_exceptions=True)
    assert [type(each) for each in kept if each] == [ValueRefusedError]
    assert kept.index(next(each for each in kept if each)) == 5
    left = {owed.reference for owed in await store.owed.take("heir", 1_011.0, 1_021.0, 99)}
    assert left == {*references[2:5], *references[6:]}
    assert [(line["event"], line["reason"]) for line in logs] == [
        ("database refused a value", "UnicodeEncodeError")
    ]


async def test_a_bug_in_a_change_leaves_nobody_waiting(store: Store) -> None:
    async def broken(*_: object) -> Sequence[None]:
        raise ZeroDivisionError

    together = Together(store.database, broken, within=5.0)
    for _ in range(2):
        with pytest.raises(StoreUnavailableError):
            await together.change(broken, None)
