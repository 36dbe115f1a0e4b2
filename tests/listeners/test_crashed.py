"""A crash while a payload is read, through the front door: words with a reference, and the trace under it in the log."""

from collections.abc import Iterator
from typing import Any, NoReturn

import pytest
from structlog.testing import capture_logs

from bot.playground.run import Playground
from bot.playground.samples import call_json, participant_json
from tests.listeners.people import ALEX, ROBIN, TONY, answered, logged, summary_of

WORDS = "Something went wrong in callinfo."


def crash(*_: Any) -> NoReturn:
    raise RuntimeError("a bug")


@pytest.fixture
def logs() -> Iterator[list[Any]]:
    with capture_logs() as logs:
        yield logs


async def test_a_command_is_answered_in_its_ack(
    ground: Playground, monkeypatch: pytest.MonkeyPatch, logs: list[Any]
) -> None:
    monkeypatch.setattr("bot.listeners.command.parse_command", crash)
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
    monkeypatch.setattr("bot.listeners.share.parse_press", crash)
    delivery = await ground.slack.press(TONY, card.ts, "share_call")
    assert (delivery.status, delivery.error) == (200, None)
    told = await answered(ground, TONY, WORDS)
    assert (await logged(logs, "crashed"))["reference"] in told.text


@pytest.mark.parametrize("metadata", ["", "{}", "[]", "[" * 2500, '{"subject": ":T1:U1\\ud800"}'])
async def test_a_modal_with_metadata_that_callinfo_never_wrote_is_answered_in_words_and_is_no_crash(
    ground: Playground, logs: list[Any], metadata: str
) -> None:
    """A signed one can only be forged, or be left from another version: it says so beside the input."""
    payload = await _approval(ground)
    forged = {**payload, "view": {**payload["view"], "private_metadata": metadata}}
    delivery = await ground.slack.interact(ALEX, forged)
    assert delivery.status == 200
    assert "This window no longer works." in delivery.parsed()["errors"]["uid"]
    assert "crashed" not in {each["event"] for each in logs}


async def test_a_submitted_modal_gives_way_to_one_with_the_words(
    ground: Playground, monkeypatch: pytest.MonkeyPatch, logs: list[Any]
) -> None:
    await ground.slack.shortcut(TONY, ground.slack.post(TONY, "No id in here"))
    await ground.slack.wait_for(lambda: ground.slack.modals(TONY))
    view_id = ground.slack.modals(TONY)[-1].view_id
    monkeypatch.setattr("bot.listeners.ask_session.parse_asked_session", crash)
    delivery = await ground.slack.submit(TONY, view_id, {"session_id": {"session_id": "standup"}})
    assert (delivery.status, delivery.error) == (200, None)
    shown = str(ground.slack.modals(TONY)[-1].blocks)
    assert WORDS in shown
    assert (await logged(logs, "crashed"))["reference"] in shown


async def test_a_press_in_a_modal_is_answered_in_its_place(
    ground: Playground, monkeypatch: pytest.MonkeyPatch, logs: list[Any]
) -> None:
    people = [participant_json(f"u{n}", isJoined=True, joinedAt=n, leftAt=999) for n in range(60)]
    call = call_json(initiator="superhero1", startedAt=1, endedAt=999, participants=people)
    ground.cometchat.serve("standup", [call])
    card = await summary_of(ground, TONY, "standup")
    await ground.slack.press(TONY, card.ts, "call_details")
    await ground.slack.wait_for(lambda: "Next" in str(ground.slack.modals(TONY)))
    view_id = ground.slack.modals(TONY)[-1].view_id
    monkeypatch.setattr("bot.listeners.details.parse_details_press", crash)
    delivery = await ground.slack.press(TONY, view_id, "call_details")
    assert (delivery.status, delivery.error) == (200, None)
    await ground.slack.wait_for(lambda: WORDS in str(ground.slack.modals(TONY)))
    reference = (await logged(logs, "crashed"))["reference"]
    assert reference in str(ground.slack.modals(TONY)[-1].blocks)

    ground.slack.fail("views.update", status=500, times=9)
    await ground.slack.interact(TONY, {**delivery.payload, "trigger_id": "another"})  # else it is a repeat
    await logged(logs, "reply failed")


async def test_where_slack_does_not_take_the_words_the_log_says_so(
    ground: Playground, monkeypatch: pytest.MonkeyPatch, logs: list[Any]
) -> None:
    card = await summary_of(ground, TONY, ground.samples[0].session_id)
    monkeypatch.setattr("bot.listeners.share.parse_press", crash)
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


async def _approval(ground: Playground) -> dict[str, Any]:
    """Return what Slack sends when an admin submits the modal of an approval; a wrong UID leaves it open."""
    await ground.slack.command(ROBIN, "whoami")
    await ground.slack.press(ROBIN, ground.slack.seen_by(ROBIN)[-1].ts, "ask_admin")
    await ground.slack.press(ALEX, (await answered(ground, ALEX, "requested access")).ts, "approve_link")
    await ground.slack.wait_for(lambda: ground.slack.modals(ALEX))
    view_id = ground.slack.modals(ALEX)[-1].view_id
    return dict((await ground.slack.submit(ALEX, view_id, {"uid": {"uid": "a b"}})).payload)
