"""What a process has promised, and how another gives it: with a store in memory, and a clock of the test's."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
from structlog.testing import capture_logs

from bot.answers import outbox
from bot.answers.deadlines import RESPONSE_URL_SECONDS
from bot.answers.interaction import Interaction
from bot.answers.outbox import CLAIM_SECONDS, POLL_SECONDS, Outbox, Promise
from bot.answers.tasks import Tasks
from bot.cometchat import SessionId
from bot.cometchat.client import TOTAL_SECONDS
from bot.identity import SlackUser
from bot.identity.links import StoreUnavailableError
from tests.answers.store import MemoryStore

ABOUT = SessionId("standup")


def interaction(reference: str = "REFERENC", response_url: str = "https://hooks.slack.com/x") -> Interaction:
    user = SlackUser(None, "T1", "U1")
    return Interaction("command", time.monotonic(), user, response_url=response_url, reference=reference)


class Scene:
    """Two processes with one store; `resumed` is what the second gives instead of the first."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self.store = MemoryStore()
        self.tasks = Tasks()
        self.one = self.process()
        self.other = self.process()
        self.resumed: list[Promise] = []

    def process(self) -> Outbox:
        return Outbox(self.store, self.tasks, lambda: self.now)

    def resume(self, promise: Promise) -> asyncio.Task[None]:
        async def note() -> None:
            self.resumed.append(promise)

        return self.tasks.start(note())

    async def later(self, who: Outbox | None = None) -> list[Promise]:
        """Let a process look for promises once the claims have passed; return what it gives."""
        self.now += CLAIM_SECONDS + 1
        await (who or self.other).take_over(self.resume)
        return self.resumed


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    scene = Scene()
    yield scene
    scene.store.slow_by = 0.0
    await scene.tasks.finish(within=2)


async def test_an_answer_that_was_given_is_deleted(scene: Scene) -> None:
    await scene.one.add_before_ack(interaction(), ABOUT)
    assert await scene.one.begin_sending("REFERENC")
    await scene.one.delete("REFERENC")
    assert scene.store.rows == {}
    assert await scene.later() == []


async def test_what_a_dead_process_promised_another_gives_and_the_dead_one_not_when_it_was_but_asleep(
    scene: Scene,
) -> None:
    await scene.one.add_before_ack(interaction(), ABOUT)
    assert await scene.other.take_over(scene.resume) == 0, "it is claimed"
    with capture_logs() as logs:
        (promise,) = await scene.later()
    assert (promise.reference, promise.session_id, promise.sending) == ("REFERENC", ABOUT, False)
    assert [(line["event"], line["age_s"]) for line in logs] == [("promise taken over", 11)]
    assert not await scene.one.begin_sending("REFERENC")
    await scene.one.delete("REFERENC")
    assert await scene.other.begin_sending("REFERENC")
    await scene.other.delete("REFERENC")
    assert scene.store.rows == {}


async def test_a_process_goes_on_with_what_takes_it_longer_than_its_claim(scene: Scene) -> None:
    await scene.one.add_before_ack(interaction(), ABOUT)
    assert await scene.later(scene.one) == []
    assert await scene.other.take_over(scene.resume) == 0, "it is claimed again"
    assert await scene.one.begin_sending("REFERENC")
    await scene.one.delete("REFERENC")
    assert scene.store.rows == {}


async def test_an_answer_that_may_have_arrived_is_taken_over_as_such(scene: Scene) -> None:
    await scene.one.add_before_ack(interaction(), ABOUT)
    assert await scene.one.begin_sending("REFERENC")
    (promise,) = await scene.later()
    assert promise.sending


async def test_while_the_store_is_away_answers_are_given_and_their_rows_deleted_when_it_is_back(
    scene: Scene,
) -> None:
    await scene.one.add_before_ack(interaction("STORED"), ABOUT)
    scene.store.away = True
    await scene.one.add_before_ack(interaction("NOT-STORED"), ABOUT)
    for reference in ("STORED", "NOT-STORED"):
        assert await scene.one.begin_sending(reference)
        await scene.one.delete(reference)
    with pytest.raises(StoreUnavailableError):
        await scene.one.take_over(scene.resume)
    scene.store.away = False
    assert list(scene.store.rows) == ["STORED"]
    assert await scene.later(scene.one) == []
    assert scene.store.rows == {}


async def test_what_a_slow_store_adds_after_the_answer_was_given_is_deleted(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    for limit in ("STORE_SECONDS", "SENDING_SECONDS"):
        monkeypatch.setattr(outbox, limit, 0.01)
    scene.store.slow_by = 0.1
    await scene.one.add_before_ack(interaction(), ABOUT)
    assert await scene.one.begin_sending("REFERENC")
    await scene.one.delete("REFERENC")
    await scene.tasks.finish(within=10)
    assert scene.store.rows == {}


async def test_what_was_not_promised_or_nobody_else_could_answer_is_not_stored(scene: Scene) -> None:
    assert await scene.one.begin_sending("NEVER")
    await scene.one.delete("NEVER")
    await scene.one.add_before_ack(interaction(response_url=""), None)
    assert scene.store.rows == {}
    assert await scene.one.begin_sending("REFERENC")
    await scene.one.delete("REFERENC")


async def test_what_is_too_old_for_slack_to_take_is_deleted(scene: Scene) -> None:
    await scene.one.add_before_ack(interaction(), ABOUT)
    scene.now += RESPONSE_URL_SECONDS
    assert await scene.later() == []
    assert scene.store.rows == {}


async def test_promises_are_looked_for_again_and_again_whatever_goes_wrong_and_all_of_them_are_given(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "POLL_SECONDS", 0.01)
    for number in range(70):
        await scene.one.add(interaction(f"R{number}"), ABOUT)
    scene.now += CLAIM_SECONDS + 1
    scene.store.broken = True
    with capture_logs() as logs:
        running = asyncio.create_task(scene.other.run(scene.resume))
        await asyncio.sleep(0.05)
        scene.store.broken, scene.store.away = False, True
        await asyncio.sleep(0.05)
        scene.store.away = False
        async with asyncio.timeout(30):
            while len(scene.resumed) < 70:  # noqa: ASYNC110 - it tells nobody
                await asyncio.sleep(0.01)
    running.cancel()
    assert {line["event"] for line in logs} == {"outbox not read", "promise taken over"}


def test_a_restart_answers_within_fifteen_seconds_and_no_look_up_is_taken_over_before_it_can_end() -> None:
    assert TOTAL_SECONDS < CLAIM_SECONDS
    assert CLAIM_SECONDS + POLL_SECONDS < 15
