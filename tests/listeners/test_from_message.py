"""The message shortcut, through the front door: which ids it finds, and what the person then sees."""

import asyncio
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.playground.run import Playground, playground
from tests.clocks import half_speed
from tests.listeners.people import ROBIN, STEVE, TONY, answered, buttons, logged, sample, seen


def rich_link(url: str) -> list[dict[str, Any]]:
    link = {"type": "link", "url": url, "text": "the call"}
    return [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [link]}]}]


@pytest.mark.parametrize(
    "content",
    [
        lambda sid: {"text": f"look at {sid}, please"},
        lambda sid: {"text": f"<https://app.example/calls/{sid}|the call>"},
        lambda sid: {"text": "", "blocks": rich_link(f"https://app.example/?session={sid}")},
        lambda sid: {
            "text": "",
            "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": f"`{sid}`"}}],
        },
        lambda sid: {
            "text": "",
            "attachments": [{"fallback": "alert", "fields": [{"title": "Session", "value": sid}]}],
        },
        lambda sid: {"text": "", "attachments": [{"blocks": rich_link(f"https://app.example/{sid}")}]},
    ],
    ids=["text", "link", "rich text link", "code", "attachment", "link in an attachment"],
)
async def test_one_id_wherever_a_bot_s_message_has_it_shows_the_call_to_the_asker_alone(
    ground: Playground, content: Any
) -> None:
    ts = ground.slack.post(None, **content(ground.samples[0].session_id))
    delivery = await ground.slack.shortcut(TONY, ts)
    assert (delivery.status, delivery.body) == (200, "")
    message = await answered(ground, TONY, "Release stand-up: group video call, 32 minutes")
    assert message.ephemeral
    assert buttons(message) == ["share_call", "call_details", "watch_recording", "call_transcript"]
    assert len(ground.slack.seen_by(STEVE)) == 1
    assert ground.slack.refusals == []


async def test_several_ids_are_offered_to_pick_from_and_the_list_stays(ground: Playground) -> None:
    ids = [each.session_id for each in ground.samples[:3]]
    ts = ground.slack.post(STEVE, f"{ids[0]} and {ids[1]} and again {ids[0]} and {ids[2]}")
    await ground.slack.shortcut(TONY, ts)
    choices = await answered(ground, TONY, "This message mentions 3 calls")
    assert buttons(choices) == ["pick_call"] * 3
    assert choices.text.count("region eu") == 3
    assert ground.cometchat.requests == []
    await ground.slack.press(TONY, choices.ts, "pick_call", value=ids[1])
    await answered(ground, TONY, "Audio call with Captain America, 4 minutes 5 seconds.")
    assert choices.ts in [each.ts for each in ground.slack.seen_by(TONY)]
    assert ground.slack.refusals == []


async def test_of_forty_ids_ten_are_offered_and_the_others_counted(ground: Playground) -> None:
    ids = [f"v1.eu.2574867aa2e6e417.17158459{number:02d}{'ab' * 20}" for number in range(40)]
    ts = ground.slack.post(None, " ".join(ids))
    await ground.slack.shortcut(TONY, ts)
    choices = await answered(ground, TONY, "This message mentions 40 calls")
    assert len(buttons(choices)) == 10
    assert "and 30 more" in choices.text
    assert ground.slack.refusals == []


async def test_no_id_opens_a_modal_that_asks_and_a_right_one_is_answered_where_the_shortcut_was_used(
    ground: Playground,
) -> None:
    ts = ground.slack.post(STEVE, "how was the stand-up?")
    await ground.slack.shortcut(TONY, ts)
    await ground.slack.wait_for(lambda: ground.slack.modals(TONY))
    (modal,) = ground.slack.modals(TONY)
    assert modal.view["callback_id"] == "callinfo_ask_session"
    wanted = {"session_id": {"session_id": f" `{ground.samples[0].session_id}` "}}
    delivery = await ground.slack.submit(TONY, modal.view_id, wanted)
    assert delivery.ok
    await answered(ground, TONY, "Release stand-up: group video call, 32 minutes")
    assert ground.slack.modals(TONY) == []


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("a/b", "That’s not a session id"),
        ("nothing-like-it", "No call of yours has this session id"),
        ("v1.us.31780434a95d45.x", "is from CometChat app 31780434a95d45"),
    ],
)
async def test_a_wrong_id_is_told_in_the_modal(ground: Playground, typed: str, words: str) -> None:
    ts = ground.slack.post(STEVE, "hello")
    await ground.slack.shortcut(TONY, ts)
    await ground.slack.wait_for(lambda: ground.slack.modals(TONY))
    (modal,) = ground.slack.modals(TONY)
    delivery = await ground.slack.submit(TONY, modal.view_id, {"session_id": {"session_id": typed}})
    assert words in delivery.errors["session_id"]
    assert len(ground.slack.modals(TONY)) == 1


async def test_a_slow_answer_closes_the_modal_and_follows() -> None:
    async with playground(callinfo_answer_within=0.2) as ground:
        ground.cometchat.delay = 0.6
        ts = ground.slack.post(STEVE, "hello")
        await ground.slack.shortcut(TONY, ts)
        await ground.slack.wait_for(lambda: ground.slack.modals(TONY))
        (modal,) = ground.slack.modals(TONY)
        wanted = {"session_id": {"session_id": ground.samples[0].session_id}}
        assert (await ground.slack.submit(TONY, modal.view_id, wanted)).ok
        await answered(ground, TONY, "group video call")


async def test_in_a_thread_the_answer_stands_there_and_is_shared_there(ground: Playground) -> None:
    root = ground.slack.post(STEVE, "a thread")
    ts = ground.slack.post(STEVE, ground.samples[0].session_id, thread_ts=root)
    await ground.slack.shortcut(TONY, ts)
    message = await answered(ground, TONY, "group video call")
    assert message.thread_ts == root
    assert "Share in thread" in str(message.blocks)


async def test_where_slack_refuses_the_thread_the_answer_still_comes(ground: Playground) -> None:
    ground.slack.fail("response_url", status=400, body="invalid_thread_ts", times=1)
    root = ground.slack.post(STEVE, "a thread")
    ts = ground.slack.post(STEVE, ground.samples[0].session_id, thread_ts=root)
    await ground.slack.shortcut(TONY, ts)
    message = await answered(ground, TONY, "group video call")
    assert message.thread_ts is None


async def test_a_thread_s_first_message_stands_in_the_channel(ground: Playground) -> None:
    root = ground.slack.post(STEVE, ground.samples[0].session_id)
    ground.slack.post(STEVE, "a reply", thread_ts=root)
    await ground.slack.shortcut(TONY, root)
    message = await answered(ground, TONY, "group video call")
    assert message.thread_ts is None
    assert "Share to channel" in str(message.blocks)


async def test_a_slow_answer_is_promised_with_the_id_that_it_is_about() -> None:
    async with playground(callinfo_answer_within=0.2) as ground:
        session_id = sample(ground, "CometChat is down").session_id
        ground.cometchat.answer(session_id, status=500, body={})
        ground.cometchat.held = asyncio.Event()
        ts = ground.slack.post(STEVE, session_id)
        await ground.slack.shortcut(TONY, ts)
        promise = await answered(ground, TONY, "This is taking longer")
        ground.cometchat.held.set()
        answer = await answered(ground, TONY, "CometChat isn’t responding")
    assert session_id in promise.text
    assert session_id in answer.text


@pytest.mark.parametrize(
    "fault", [{"status": 429, "headers": {"Retry-After": "30"}}, {"status": None, "delay": 9.0}]
)
async def test_the_last_resort_comes_while_slack_still_opens_a_modal(
    fault: dict[str, Any],
) -> None:
    async with playground(now=half_speed()) as ground:
        ground.slack.fail("response_url", times=9, **fault)
        ts = ground.slack.post(STEVE, ground.samples[0].session_id)
        with capture_logs() as logs:
            await ground.slack.shortcut(TONY, ts)
            line = await logged(logs, "reply failed")
    assert line["last_resort"] == "told in a modal"


async def test_an_unmapped_person_is_told_whom_to_ask(ground: Playground) -> None:
    ts = ground.slack.post(STEVE, ground.samples[0].session_id)
    await ground.slack.shortcut(ROBIN, ts)
    await answered(ground, ROBIN, "not connected to CometChat")
    assert ground.cometchat.requests == []


async def test_a_trigger_that_has_expired_is_told_in_a_message(ground: Playground) -> None:
    ts = ground.slack.post(STEVE, "nothing to find")
    ground.slack.fail("views.open", status=200, body={"ok": False, "error": "expired_trigger_id"})
    with capture_logs() as logs:
        await ground.slack.shortcut(TONY, ts)
        await answered(ground, TONY, "couldn’t open the window")
        line = await logged(logs, "interaction")
    assert (line["outcome"], line["upstream_code"]) == ("modal_refused", "expired_trigger_id")


@pytest.mark.parametrize(("status", "body"), [(404, "used_url"), (429, "slow down"), (500, "")])
async def test_an_answer_that_slack_refuses_is_told_in_a_modal_as_a_last_resort_and_logged(
    ground: Playground, status: int, body: str
) -> None:
    ground.slack.fail("response_url", status=status, body=body, headers={"Retry-After": "0"}, times=9)
    ts = ground.slack.post(STEVE, ground.samples[0].session_id)
    with capture_logs() as logs:
        await ground.slack.shortcut(TONY, ts)
        line = await logged(logs, "reply failed")
    (modal,) = ground.slack.modals(TONY)
    assert "didn’t accept the message" in str(modal.view)
    assert (line["reply_failure"], line["last_resort"]) == (f"status {status}", "told in a modal")
    assert line["reference"] in str(modal.view)


async def test_when_not_even_a_modal_can_be_opened_the_log_has_the_reference(ground: Playground) -> None:
    ground.slack.fail("response_url", status=404, times=9)
    ground.slack.fail("views.open", status=500, times=9)
    ts = ground.slack.post(STEVE, ground.samples[0].session_id)
    with capture_logs() as logs:
        await ground.slack.shortcut(TONY, ts)
        line = await logged(logs, "reply failed")
    assert line["last_resort"].startswith("no modal either")
    assert line["reference"]


async def test_the_shortcut_works_on_callinfo_s_own_public_message(ground: Playground) -> None:
    await ground.slack.command(TONY, ground.samples[0].session_id)
    card = ground.slack.seen_by(TONY)[-1]
    await ground.slack.press(TONY, card.ts, "share_call")
    shared = await seen(ground, STEVE, lambda each: "Shared by" in each.text)
    await ground.slack.shortcut(STEVE, shared.ts)
    await answered(ground, STEVE, "Captain America (you)")


async def test_a_problem_upstream_has_the_same_words_as_for_the_command(ground: Playground) -> None:
    ts = ground.slack.post(STEVE, sample(ground, "Too many requests").session_id)
    await ground.slack.shortcut(TONY, ts)
    await answered(ground, TONY, "Try again in 2 s")
