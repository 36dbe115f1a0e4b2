"""A bug after Slack was told "yes", through the front door: words all the same, and one line in the log."""

import asyncio
from collections.abc import Iterator
from typing import Any, NoReturn

import pytest
from structlog.testing import capture_logs

from bot.playground.run import Playground
from tests.listeners.people import ROBIN, STEVE, TONY, answered, logged, sample, summary_of

WORDS = "Something went wrong in callinfo."


def crash(*_: Any, **__: Any) -> NoReturn:
    raise RuntimeError("a bug")


@pytest.fixture
def logs() -> Iterator[list[Any]]:
    with capture_logs() as logs:
        yield logs


async def ended(logs: list[Any], kind: str, event: str = "interaction") -> dict[str, Any]:
    """Wait for the one line of an interaction that ended in a crash, and return it."""
    line: dict[str, Any] = await logged(logs, event, kind)
    assert len([each for each in logs if each["event"] == event and each.get("kind") == kind]) == 1
    assert [each["reference"] for each in logs if each["event"] == "crashed"] == [line["reference"]]
    return line


async def test_a_problem_that_can_not_be_told_is_told_in_bare_words_in_the_ack(
    ground: Playground, monkeypatch: pytest.MonkeyPatch, logs: list[Any]
) -> None:
    monkeypatch.setattr("bot.answers.wording.problem_card", crash)
    delivery = await ground.slack.command(ROBIN, ground.samples[0].session_id)
    line = await ended(logs, "command")
    assert line["outcome"] == "crashed"
    assert WORDS in str(delivery.message)
    assert line["reference"] in str(delivery.message)


async def test_it_is_told_in_bare_words_by_the_response_url_after_the_ack(
    ground: Playground, monkeypatch: pytest.MonkeyPatch, logs: list[Any]
) -> None:
    monkeypatch.setattr("bot.answers.wording.problem_card", crash)
    await ground.slack.shortcut(ROBIN, ground.slack.post(STEVE, ground.samples[0].session_id))
    told = await answered(ground, ROBIN, WORDS)
    assert (await ended(logs, "shortcut"))["reference"] in told.text


async def test_it_is_told_in_bare_words_in_the_modal_that_waits_for_it(
    ground: Playground, monkeypatch: pytest.MonkeyPatch, logs: list[Any]
) -> None:
    busy = sample(ground, "Busy").session_id
    card = await summary_of(ground, TONY, busy)
    ground.cometchat.answer(busy, status=500, body={})
    monkeypatch.setattr("bot.answers.wording.problem_modal", crash)
    await ground.slack.press(TONY, card.ts, "call_details")
    await ground.slack.wait_for(lambda: WORDS in str(ground.slack.modals(TONY)))
    assert (await ended(logs, "details"))["reference"] in str(ground.slack.modals(TONY)[-1].view)


async def test_a_promise_that_can_not_be_told_gives_way_to_words(
    ground: Playground, monkeypatch: pytest.MonkeyPatch, logs: list[Any]
) -> None:
    monkeypatch.setattr("bot.answers.delivery.looking_up", crash)
    ground.cometchat.held = asyncio.Event()
    await ground.slack.shortcut(TONY, ground.slack.post(STEVE, ground.samples[0].session_id))
    told = await answered(ground, TONY, WORDS)
    ground.cometchat.held.set()
    assert (await ended(logs, "shortcut"))["reference"] in told.text


async def test_a_message_that_can_not_be_sent_gives_way_to_a_modal(
    ground: Playground, monkeypatch: pytest.MonkeyPatch, logs: list[Any]
) -> None:
    monkeypatch.setattr("bot.slack.response_url.Replies.ephemeral", crash)
    await ground.slack.shortcut(TONY, ground.slack.post(STEVE, ground.samples[0].session_id))
    line = await ended(logs, "shortcut", "reply failed")
    assert (line["reply_failure"], line["last_resort"]) == ("RuntimeError", "told in a modal")
    assert line["reference"] in str(ground.slack.modals(TONY)[-1].view)


async def test_when_that_modal_can_not_be_opened_either_the_log_says_so(
    ground: Playground, monkeypatch: pytest.MonkeyPatch, logs: list[Any]
) -> None:
    monkeypatch.setattr("bot.slack.response_url.Replies.ephemeral", crash)
    monkeypatch.setattr("bot.slack.views.Views.open", crash)
    await ground.slack.shortcut(TONY, ground.slack.post(STEVE, ground.samples[0].session_id))
    line = await logged(logs, "reply failed", "shortcut")
    assert line["last_resort"] == "no modal either: RuntimeError"


async def test_a_window_of_which_slack_names_no_id_is_told_in_a_message(
    ground: Playground, logs: list[Any]
) -> None:
    card = await summary_of(ground, TONY, ground.samples[0].session_id)
    ground.slack.fail("views.open", status=200, body={"ok": True, "view": None})
    await ground.slack.press(TONY, card.ts, "call_details")
    await answered(ground, TONY, "couldn’t open the window")
    assert (await logged(logs, "interaction", "details"))["upstream_code"] == "views.open named no view"


async def test_a_person_to_whom_too_much_is_under_way_gets_no_modal_for_each(
    ground: Playground, monkeypatch: pytest.MonkeyPatch, logs: list[Any]
) -> None:
    monkeypatch.setattr("bot.slack.response_url.QUEUED", 0)
    await ground.slack.shortcut(TONY, ground.slack.post(STEVE, ground.samples[0].session_id))
    line = await logged(logs, "interaction", "shortcut")
    assert line["unanswered"] == "too many replies to this person are under way"
    assert ground.slack.modals(TONY) == []
