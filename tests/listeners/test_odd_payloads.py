"""Signed payloads that Slack would hardly send: answered or refused, never a crash. Found by the fuzzer."""

import json
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.playground.run import Playground
from tests.listeners.people import ROBIN, TONY, answered, logged, summary_of


async def test_a_user_id_that_no_database_would_take_is_nobody_s(ground: Playground) -> None:
    card = await summary_of(ground, TONY, ground.samples[0].session_id)
    pressed = await ground.slack.press(TONY, card.ts, "call_details")
    for user_id in ("\udfff\ud800", "a\x00b", "U0" * 500):
        with capture_logs() as logs:
            payload = {**pressed.payload, "user": {**pressed.payload["user"], "id": user_id}}
            await ground.slack.interact(
                TONY, payload | {"actions": [_refresh(pressed.payload["actions"][0])]}
            )
            line = await logged(logs, "interaction", "refresh")
        assert (line["outcome"], line["user"]) == ("not_linked", "")


async def test_who_has_no_id_is_a_member_of_no_workspace_and_asks_nobody_to_be_linked(
    ground: Playground,
) -> None:
    await ground.slack.command(ROBIN, "whoami")
    pressed = await ground.slack.press(ROBIN, ground.slack.seen_by(ROBIN)[-1].ts, "ask_admin")
    with capture_logs() as logs:
        nobody = {**pressed.payload["user"], "id": ""}
        await ground.slack.interact(ROBIN, {**pressed.payload, "user": nobody})
        await answered(ground, ROBIN, "Only members of this workspace can be linked from Slack")
    assert "crashed" not in {line["event"] for line in logs}


async def test_an_address_and_a_place_too_long_for_a_modal_to_keep_do_not_end_in_a_crash(
    ground: Playground,
) -> None:
    used = await ground.slack.shortcut(TONY, ground.slack.post(TONY, "No id in here"))
    # Or the second one might open its modal first, and the first be refused
    await ground.slack.wait_for(lambda: ground.slack.modals(TONY))
    payload = {**used.payload, "channel": {"id": "é" * 2001}, "response_url": "http://x" * 5000}
    with capture_logs() as logs:
        await ground.slack.interact(TONY, payload)
        line = await logged(logs, "reply failed", "shortcut")  # its trigger has been used before
    assert line["outcome"] == "modal_refused"


async def test_no_answer_goes_to_an_address_that_is_not_slack_s_and_the_person_is_told_in_a_window(
    ground: Playground,
) -> None:
    card = await summary_of(ground, TONY, ground.samples[0].session_id)
    ground.slack.lead_response_urls("https://evil.example/")
    with capture_logs() as logs:
        await ground.slack.press(TONY, card.ts, "share_call")
        line = await logged(logs, "reply failed", "share")
    assert line["reply_failure"] == "the address to reply to is not Slack’s"
    assert "didn’t accept" in str(ground.slack.modals(TONY)[-1].blocks)


async def test_a_modal_s_metadata_that_no_database_would_take_says_of_nowhere_to_reply_to(
    ground: Playground,
) -> None:
    await ground.slack.shortcut(TONY, ground.slack.post(TONY, "No id in here"))
    await ground.slack.wait_for(lambda: ground.slack.modals(TONY))
    typed = {"session_id": {"session_id": ground.samples[0].session_id}}
    payload = (await ground.slack.submit(TONY, ground.slack.modals(TONY)[-1].view_id, typed)).payload
    odd = json.dumps({"response_url": "http://\ud800", "channel_id": "\x00", "thread_ts": "\ud800"})
    with capture_logs() as logs:
        await ground.slack.interact(TONY, {**payload, "view": {**payload["view"], "private_metadata": odd}})
        line = await logged(logs, "reply failed", "asked_session")
    assert (line["outcome"], line["reply_failure"]) == ("found", "nowhere to reply to")


@pytest.mark.parametrize(
    "odd",
    [
        {"actions": [1]},
        {"actions": [{}]},
        {"type": "view_submission", "view": []},
        {"event": "x"},
        {"channel": 5},
    ],
)
async def test_what_bolt_can_not_read_is_refused_and_no_crash(
    ground: Playground, odd: dict[str, Any]
) -> None:
    card = await summary_of(ground, TONY, ground.samples[0].session_id)
    pressed = await ground.slack.press(TONY, card.ts, "call_details")
    kind = {"type": "event_callback"} if "event" in odd else {}
    with capture_logs() as logs:
        assert (await ground.slack.interact(TONY, {**pressed.payload, **kind, **odd})).status == 400
    assert "crashed" not in {line["event"] for line in logs}


def _refresh(action: dict[str, object]) -> dict[str, object]:
    return {**action, "action_id": "refresh_call"}


async def test_a_modal_s_callback_id_that_is_no_text_is_none_of_ours(ground: Playground) -> None:
    card = await summary_of(ground, TONY, ground.samples[0].session_id)
    pressed = await ground.slack.press(TONY, card.ts, "call_details")
    with capture_logs() as logs:
        await ground.slack.interact(TONY, {**pressed.payload, "view": {"callback_id": ["a", "list"]}})
        await logged(logs, "interaction", "details")
    assert "crashed" not in {line["event"] for line in logs}
