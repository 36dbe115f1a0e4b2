"""Promises in the store: each is kept by one process, and by another once its claim has ended."""

import asyncio
from dataclasses import replace

import pytest

from bot.answers.outbox import Promise
from bot.cometchat import SessionId
from bot.identity.links import StoreUnavailableError
from bot.storage.outbox import StoredOutbox
from bot.storage.store import Store
from tests.storage.people import user

pytestmark = pytest.mark.usefixtures("patient")

PROMISE = Promise(
    "REFERENC",
    "command",
    user("U1", enterprise_id="E1"),
    "https://hooks.slack.com/x",
    SessionId("standup"),
    "17.1",
    promised_at=1_000,
    filter="1.0|||today|",
)
BARE = Promise("BARE", "links", user("U2"), "https://hooks.slack.com/y", None, None, promised_at=999)
UNTIL = 1_010.123456789


async def test_a_promise_comes_back_whole_once_its_claim_has_ended(store: Store) -> None:
    await store.outbox.add(PROMISE, UNTIL)
    await store.outbox.add(BARE, UNTIL)
    assert await store.outbox.claim(UNTIL, 1_020.0, 9) == ()
    claimed = await store.outbox.claim(1_011.0, 1_021.0, 9)
    assert claimed == (BARE, PROMISE), "the oldest first"
    assert claimed[1].user.enterprise_id == "E1"
    assert await store.outbox.claim(1_012.0, 1_022.0, 9) == (), "somebody has claimed them now"


async def test_only_the_latest_claim_counts(store: Store) -> None:
    outbox = store.outbox
    await outbox.add(PROMISE, UNTIL)
    assert not await outbox.begin_sending("REFERENC", UNTIL + 0.000001)
    assert await outbox.begin_sending("REFERENC", UNTIL)
    assert await outbox.claim(1_011.0, 1_021.7, 9) == (replace(PROMISE, sending=True),)
    assert not await outbox.begin_sending("REFERENC", UNTIL)
    await outbox.delete("REFERENC", UNTIL)
    assert await outbox.begin_sending("REFERENC", 1_021.7), "who lost the claim deletes nothing"
    await outbox.delete("REFERENC", 1_021.7)
    assert not await outbox.begin_sending("REFERENC", 1_021.7)
    assert await outbox.claim(9_999.0, 9_999.0, 9) == ()


async def test_a_promise_that_is_stored_stays_as_it_is(store: Store) -> None:
    await store.outbox.add(PROMISE, UNTIL)
    await store.outbox.add(replace(PROMISE, filter="another"), 9_999.0)
    assert await store.outbox.claim(1_011.0, 1_021.0, 9) == (PROMISE,)


async def test_of_many_who_claim_at_once_each_gets_others(store: Store) -> None:
    for number in range(30):
        await store.outbox.add(replace(PROMISE, reference=f"R{number}", promised_at=number), 1_000.0)
    outboxes = [StoredOutbox(store.database) for _ in range(4)]
    claimed = await asyncio.gather(*(each.claim(1_001.0, 1_011.0, 2) for each in outboxes for _ in range(3)))
    references = [promise.reference for part in claimed for promise in part]
    assert len(references) == len(set(references))
    assert all(len(part) <= 2 for part in claimed)
    rest = await store.outbox.claim(1_001.0, 1_011.0, 99)
    assert sorted([*references, *(each.reference for each in rest)]) == sorted(f"R{n}" for n in range(30))


async def test_what_the_database_can_not_hold_is_unavailable_as_all_else_that_can_not_be_stored(
    store: Store,
) -> None:
    with pytest.raises(StoreUnavailableError):
        await store.outbox.add(replace(PROMISE, filter="half \ud800"), UNTIL)
    with pytest.raises(StoreUnavailableError):
        await store.links.page("T1", prefix="\ud800")
    await store.outbox.add(PROMISE, UNTIL)


def test_a_promise_does_not_show_its_response_url() -> None:
    assert "hooks.slack.com" not in repr(PROMISE)
