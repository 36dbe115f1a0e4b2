"""What is stored of promised answers while they are on their way, through the front door: nothing where it is not needed."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.answers.outbox import Outbox, Promise
from bot.playground.run import Playground, playground
from bot.storage.store import open_store
from tests.listeners.people import TONY, answered, logged, summary_of
from tests.listeners.test_find import chosen, shown

pytestmark = pytest.mark.long

NEVER = 9e9  # Unix time, long after every claim


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/links.db"


@pytest.fixture
def answer_within() -> float:
    """Return when a command is acked at the latest, in seconds; parametrize it where the answer is to be late."""
    return 2.8


@pytest.fixture
async def ground(url: str, answer_within: float) -> AsyncIterator[Playground]:
    async with playground(database_url=url, callinfo_answer_within=answer_within) as ground:
        yield ground


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the kinds of what is stored from now on."""
    kinds: list[str] = []
    add = Outbox._add

    async def noted(self: Outbox, promise: Promise, until: float) -> bool:
        kinds.append(promise.kind)
        return await add(self, promise, until)

    monkeypatch.setattr(Outbox, "_add", noted)
    return kinds


async def left(url: str) -> tuple[Promise, ...]:
    """Return what an heir would find."""
    async with open_store(url) as store:
        return await store.outbox.claim(NEVER, NEVER, 99)


async def test_a_command_that_is_answered_at_once_writes_nothing(
    ground: Playground, kept: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.answers.responder.PROMISE_SECONDS", 1.4)
    await summary_of(ground, TONY, ground.samples[0].session_id)
    assert kept == []


async def test_a_command_that_is_slow_is_kept_and_leaves_nothing_where_its_answer_comes_in_time(
    ground: Playground, url: str, kept: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    comes = ground.cometchat.held = asyncio.Event()
    add = Outbox._add

    async def added(self: Outbox, promise: Promise, until: float) -> bool:
        is_stored = await add(self, promise, until)
        comes.set()
        return is_stored

    monkeypatch.setattr(Outbox, "_add", added)
    delivery = await ground.slack.command(TONY, ground.samples[0].session_id)
    assert "video call" in str(delivery.message)
    assert kept == ["command"]
    assert await left(url) == ()


@pytest.mark.parametrize("answer_within", [2.0])
async def test_a_command_whose_answer_follows_is_kept_by_then_and_leaves_nothing(
    ground: Playground, url: str, kept: list[str]
) -> None:
    ground.cometchat.held = asyncio.Event()
    with capture_logs() as logs:
        delivery = await ground.slack.command(TONY, ground.samples[0].session_id)
        assert "This is taking" in str(delivery.message)
        assert kept == ["command"]
        ground.cometchat.held.set()
        await answered(ground, TONY, "video call")
        await logged(logs, "interaction", "command")
    assert await left(url) == ()


async def test_while_the_store_hangs_a_slow_command_is_acked_in_time_all_the_same(
    ground: Playground, monkeypatch: pytest.MonkeyPatch
) -> None:
    acked = asyncio.Event()

    async def hang(*_: Any) -> bool:
        await acked.wait()
        return False

    monkeypatch.setattr(Outbox, "_add", hang)
    monkeypatch.setattr("bot.answers.responder.PROMISE_SECONDS", 0.5)
    ground.cometchat.delay = 0.8
    delivery = await ground.slack.command(TONY, ground.samples[0].session_id)
    acked.set()
    assert (delivery.status, delivery.error) == (200, None)
    assert "video call" in str(delivery.message)


async def test_after_a_details_window_was_filled_an_heir_says_no_more_than_that_it_may_have_been(
    ground: Playground, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def dies(*_: Any) -> None:
        """Do nothing, as a process that was killed at that moment."""

    card = await summary_of(ground, TONY, ground.samples[0].session_id)
    monkeypatch.setattr(Outbox, "delete", dies)
    await ground.slack.press(TONY, card.ts, "call_details")
    await ground.slack.wait_for(lambda: "Participants" in str(ground.slack.modals(TONY)))
    (promise,) = await left(url)
    assert (promise.kind, promise.sending) == ("details", True)


async def test_a_window_whose_answer_another_process_has_told_of_does_not_say_loading_for_ever(
    ground: Playground, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def taken(*_: Any) -> bool:
        return False

    card = await summary_of(ground, TONY, ground.samples[0].session_id)
    monkeypatch.setattr(Outbox, "begin_sending", taken)
    with capture_logs() as logs:
        await ground.slack.press(TONY, card.ts, "call_details")
        line = await logged(logs, "interaction", "details")
    assert line["answered"] == "by another process"
    assert "Participants (7)" in str(ground.slack.modals(TONY)[-1].view)


@pytest.mark.parametrize("answer_within", [2.0])
async def test_an_answer_that_another_process_has_taken_over_is_not_given_again(
    ground: Playground, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def taken(*_: Any) -> bool:
        return False

    monkeypatch.setattr(Outbox, "begin_sending", taken)
    ground.cometchat.held = asyncio.Event()
    with capture_logs() as logs:
        await ground.slack.command(TONY, ground.samples[0].session_id)
        ground.cometchat.held.set()
        line = await logged(logs, "interaction", "command")
    assert line["answered"] == "by another process"
    assert not [each for each in ground.slack.seen_by(TONY) if "video call" in each.text]


async def test_a_share_from_a_modal_that_takes_long_is_kept_before_its_ack_and_leaves_nothing(
    url: str, kept: list[str]
) -> None:
    async with playground(database_url=url, callinfo_answer_within=0.1) as ground:
        modal = await chosen(ground)
        ground.cometchat.held = asyncio.Event()
        kept.clear()
        await ground.slack.submit(TONY, modal.view_id, {})
        assert kept == ["share_found"]
        with capture_logs() as logs:
            ground.cometchat.held.set()
            await shown(ground, "Call shared.")
            await logged(logs, "interaction", "share_found")
        assert await left(url) == ()
