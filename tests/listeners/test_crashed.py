"""A crash while a payload is read, through the front door: words with a reference, and the trace under it in the log."""

from collections.abc import Iterator
from typing import Any, NoReturn

import pytest
from structlog.testing import capture_logs

from bot.playground.run import Playground
from tests.listeners.people import TONY, answered, logged, summary_of

WORDS = "Something went wrong inside callinfo."


def crash(*_: Any) -> NoReturn:
    raise RuntimeError("a bug")


@pytest.fixture
def logs() -> Iterator[list[Any]]:
    with capture_logs() as logs:
        yield logs


async def test_a_command_is_answered_in_its_ack(
    ground: Playground, monkeypatch: pytest.MonkeyPatch, logs: list[Any]
) -> None:
    monkeypatch.setattr("bot.listeners.command.of_command", crash)
    delivery = await ground.slack.command(TONY, "help")
    assert (delivery.status, delivery.error) == (200, None)
    line = await logged(logs, "crashed")
    assert WORDS in str(delivery.message)
    assert line["reference"] in str(delivery.message)
    assert isinstance(line["exc_info"], RuntimeError)


async def test_a_press_is_answered_by_its_response_url(
    ground: Playground, monkeypatch: pytest.MonkeyPatch, logs: list[Any]
) -> None:
    card = await summary_of(ground, TONY, ground.samples[0].session_id)
    monkeypatch.setattr("bot.listeners.share.of_press", crash)
    delivery = await ground.slack.press(TONY, card.ts, "share_call")
    assert (delivery.status, delivery.error) == (200, None)
    told = await answered(ground, TONY, WORDS)
    assert (await logged(logs, "crashed"))["reference"] in told.text


async def test_where_slack_does_not_take_the_words_the_log_says_so(
    ground: Playground, monkeypatch: pytest.MonkeyPatch, logs: list[Any]
) -> None:
    card = await summary_of(ground, TONY, ground.samples[0].session_id)
    monkeypatch.setattr("bot.listeners.share.of_press", crash)
    delivery = await ground.slack.press(TONY, card.ts, "share_call")
    await answered(ground, TONY, WORDS)
    payload = dict(delivery.payload) | {"response_url": "http://127.0.0.1:9/gone"}
    await ground.slack.interact(TONY, payload)
    line = await logged(logs, "reply failed")
    assert line["reference"] == [each for each in logs if each["event"] == "crashed"][-1]["reference"]


async def test_an_event_is_refused_and_logged(
    ground: Playground, monkeypatch: pytest.MonkeyPatch, logs: list[Any]
) -> None:
    monkeypatch.setattr("bot.listeners.uninstalled._forget", crash)
    delivery = await ground.slack.event("app_uninstalled")
    assert delivery.status == 400
    assert (await logged(logs, "crashed"))["reference"]
