"""What a process owes, and how another pays: over the real store, with a clock of the test's."""

import asyncio
import time
from typing import Any

import pytest
from pytest_mock import MockerFixture

from bot.answers.interaction import Interaction
from bot.answers.outbox import GIVEN_SECONDS, LEASE_SECONDS, OwedAnswers
from bot.cometchat import SessionId
from bot.identity.links import StoreUnavailableError
from bot.storage.outbox import StoredOutbox
from bot.storage.store import Store
from tests.storage.people import user

ABOUT = SessionId("standup")


def interaction(reference: str = "REFERENC", response_url: str = "https://hooks.slack.com/x") -> Interaction:
    return Interaction(
        "command", time.monotonic(), user("U1"), response_url=response_url, reference=reference
    )


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def two(store: Store, clock: Clock) -> tuple[OwedAnswers, OwedAnswers]:
    return OwedAnswers(store.outbox, clock), OwedAnswers(StoredOutbox(store.database), clock)


async def test_an_answer_that_is_given_is_owed_no_more(
    two: tuple[OwedAnswers, OwedAnswers], clock: Clock
) -> None:
    one, other = two
    await one.keep(interaction(), ABOUT)
    assert await one.begin("REFERENC")
    await one.settle("REFERENC")
    clock.now += LEASE_SECONDS + 1
    assert await other.take() == ()
    await one.close()


async def test_what_a_dead_process_owed_another_gives_and_the_dead_one_not_when_it_was_but_asleep(
    two: tuple[OwedAnswers, OwedAnswers], clock: Clock
) -> None:
    one, other = two
    await one.keep(interaction(), ABOUT)
    assert await other.take() == ()
    clock.now += LEASE_SECONDS + 1
    (owed,) = await other.take()
    assert (owed.reference, owed.session_id, owed.sending) == ("REFERENC", ABOUT, False)
    assert not await one.begin("REFERENC")
    assert await other.begin("REFERENC")
    await other.settle("REFERENC")
    for each in two:
        await each.close()


class Flaky:
    """A store that is away when it is told to be."""

    def __init__(self, store: StoredOutbox) -> None:
        self._store = store
        self.away = False

    def __getattr__(self, name: str) -> object:
        if self.away:
            return self._refuse
        return getattr(self._store, name)

    async def _refuse(self, *_: object) -> None:
        raise StoreUnavailableError


async def test_while_the_store_is_away_answers_are_given_and_forgotten_when_it_is_back(
    store: Store, clock: Clock, mocker: MockerFixture
) -> None:
    mocker.patch("bot.answers.outbox.BEAT_SECONDS", 0.01)
    flaky = Flaky(store.outbox)
    owed, other = OwedAnswers(flaky, clock), OwedAnswers(StoredOutbox(store.database), clock)  # type: ignore[arg-type] # it is one, by name
    await owed.keep(interaction("KEPT"), ABOUT)
    flaky.away = True
    await owed.keep(interaction("NOT-KEPT"), ABOUT)
    for reference in ("KEPT", "NOT-KEPT"):
        assert await owed.begin(reference)
        await owed.settle(reference)
    with pytest.raises(StoreUnavailableError):
        await owed.take()
    flaky.away = False
    await asyncio.sleep(0.3)
    clock.now += LEASE_SECONDS + 1
    assert await other.take() == ()
    await owed.close()


async def test_an_answer_that_was_kept_in_doubt_is_given(store: Store, clock: Clock) -> None:
    flaky = Flaky(store.outbox)
    owed = OwedAnswers(flaky, clock)  # type: ignore[arg-type] # as above
    flaky.away = True
    await owed.keep(interaction(), ABOUT)
    flaky.away = False
    assert await owed.begin("REFERENC"), "it is in no store, so nobody else gives it"
    await owed.close()


class Slow:
    """A store that does what it was asked long after nobody waits any more."""

    def __init__(self, store: StoredOutbox) -> None:
        self._store = store

    async def add(self, *arguments: Any) -> None:
        later.add(asyncio.create_task(self._late(arguments)))
        await asyncio.sleep(1)

    async def _late(self, arguments: Any) -> None:
        await asyncio.sleep(0.1)
        await self._store.add(*arguments)

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)


later: set[asyncio.Task[None]] = set()


async def test_what_a_slow_store_keeps_after_the_answer_was_given_is_forgotten(
    store: Store, clock: Clock, mocker: MockerFixture
) -> None:
    mocker.patch("bot.answers.outbox.WAIT_SECONDS", 0.01)
    mocker.patch("bot.answers.outbox.BEAT_SECONDS", 0.3)
    owed = OwedAnswers(Slow(store.outbox), clock)  # type: ignore[arg-type] # as above
    await owed.keep(interaction(), ABOUT)
    assert await owed.begin("REFERENC")
    await owed.settle("REFERENC")
    await asyncio.sleep(0.6)
    assert await store.outbox.begin_sending("REFERENC", clock.now + LEASE_SECONDS) is False
    await owed.close()


async def test_what_was_given_is_forgotten_at_the_end_at_the_latest(
    store: Store, clock: Clock, two: tuple[OwedAnswers, OwedAnswers]
) -> None:
    flaky = Flaky(store.outbox)
    owed = OwedAnswers(flaky, clock)  # type: ignore[arg-type] # as above
    for number in range(3):
        await owed.keep(interaction(f"R{number}"), ABOUT)
    flaky.away = True
    for number in range(3):
        await owed.settle(f"R{number}")
    flaky.away = False
    await owed.close()
    clock.now += LEASE_SECONDS + 1
    assert await two[1].take() == ()


async def test_what_was_given_long_ago_takes_no_room(
    store: Store, clock: Clock, mocker: MockerFixture
) -> None:
    mocker.patch("bot.answers.outbox.BEAT_SECONDS", 0.01)
    flaky = Flaky(store.outbox)
    owed = OwedAnswers(flaky, clock)  # type: ignore[arg-type] # as above
    await owed.keep(interaction(), ABOUT)
    flaky.away = True
    await owed.settle("REFERENC")
    clock.now += GIVEN_SECONDS + 1
    await asyncio.sleep(0.1)
    assert owed._given == {}
    await owed.close()


async def test_what_is_given_before_there_was_a_moment_to_keep_it_is_not_kept(
    two: tuple[OwedAnswers, OwedAnswers], clock: Clock
) -> None:
    one, other = two
    keeping = one.owe(interaction(), ABOUT)
    await one.withdraw(interaction())
    await keeping
    clock.now += LEASE_SECONDS + 1
    assert await other.take() == ()
    await one.close()


async def test_what_nobody_else_could_answer_is_not_kept(
    two: tuple[OwedAnswers, OwedAnswers], clock: Clock
) -> None:
    one, other = two
    await one.keep(interaction(response_url=""), None)
    clock.now += LEASE_SECONDS + 1
    assert await other.take() == ()
    assert await one.begin("REFERENC")
    await one.settle("REFERENC")
    await one.close()
