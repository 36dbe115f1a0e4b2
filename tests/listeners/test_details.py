"""The Details modal, through the front door."""

import copy
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.cards.call_buttons import page_of
from bot.cards.kit.blocks import actions, button
from bot.playground.cometchat import LIST
from bot.playground.run import Playground
from bot.playground.samples import call_json, participant_json
from bot.playground.slack import Message
from bot.playground.slack.modals import Modal
from tests.listeners.people import ROBIN, STEVE, TONY, answered, logged, sample, seen, summary_of

NOW = 1_763_812_800


async def filled(ground: Playground, words: str) -> Modal:
    """Wait until the modal shows those words."""
    await ground.slack.wait_for(
        lambda: ground.slack.modals(TONY) and words in str(ground.slack.modals(TONY)[-1].view)
    )
    return ground.slack.modals(TONY)[-1]


async def opened(ground: Playground, session_id: str, words: str) -> Modal:
    card = await summary_of(ground, TONY, session_id)
    await ground.slack.press(TONY, card.ts, "call_details")
    return await filled(ground, words)


def leading_to(modal: Modal, page: int) -> str:
    """Return the id of the block whose button leads to that page, counted from 0."""
    ids: list[str] = [block.get("block_id", "") for block in modal.view["blocks"]]
    return next(each for each in ids if page_of(each) == page and each.startswith("callinfo_page"))


async def test_details_open_at_once_and_are_filled_after(ground: Playground) -> None:
    card = await summary_of(ground, TONY, ground.samples[0].session_id)
    ground.cometchat.delay = 0.3
    await ground.slack.press(TONY, card.ts, "call_details")
    await filled(ground, "Loading…")
    modal = await filled(ground, "Participants (7)")
    assert modal.view["callback_id"] == "callinfo_details"
    shown = str(modal.view)
    for words in (
        "Release stand-up · 32 min",
        "Group video call started by ",
        "Rang for 12 s",
        "call_transcript",
        "Watch recording",
        "Anyone with the link can watch.",
        "26 min 20 s · 2 devices",
        "█",
        "16 min",
    ):
        assert words in shown
    assert "https://recordings-eu.cometchat.io/2574867aa2e6e417/rec-release-standup.mp4" in shown
    assert ground.slack.refusals == []


async def test_two_hundred_participants_come_in_pages_of_fifty(ground: Playground) -> None:
    people = [
        participant_json(f"u{n}", name=f"Person {n}", isJoined=True, joinedAt=NOW + n, leftAt=NOW + 999)
        for n in range(200)
    ]
    call = call_json(initiator="superhero1", startedAt=NOW, endedAt=NOW + 999, participants=people)
    ground.cometchat.serve("standup", [call])
    first = await opened(ground, "standup", "Participants 1 to 50 of 200")
    assert "Person 49" in str(first.view)
    assert "Person 50" not in str(first.view)
    await ground.slack.press(TONY, first.view_id, "call_details", block_id=leading_to(first, 1))
    second = await filled(ground, "Participants 51 to 100 of 200")
    await ground.slack.press(TONY, second.view_id, "call_details", block_id=leading_to(second, 2))
    third = await filled(ground, "Participants 101 to 150 of 200")
    await ground.slack.press(TONY, third.view_id, "call_details", block_id=leading_to(third, 1))
    await filled(ground, "Participants 51 to 100 of 200")
    assert ground.slack.refusals == []


async def test_a_problem_is_told_in_the_modal(ground: Playground) -> None:
    card = await summary_of(ground, TONY, sample(ground, "Busy").session_id)
    ground.cometchat.answer(sample(ground, "Busy").session_id, status=500, body={})
    await ground.slack.press(TONY, card.ts, "call_details")
    await filled(ground, "CometChat isn’t responding")


async def test_a_trigger_that_has_expired_is_told_in_a_message(ground: Playground) -> None:
    card = await summary_of(ground, TONY, ground.samples[0].session_id)
    ground.slack.fail("views.open", status=200, body={"ok": False, "error": "expired_trigger_id"})
    await ground.slack.press(TONY, card.ts, "call_details")
    await answered(ground, TONY, "couldn’t open the window")


async def test_a_modal_that_the_person_has_closed_is_no_failure(ground: Playground) -> None:
    card = await summary_of(ground, TONY, ground.samples[0].session_id)
    ground.cometchat.delay = 0.3
    with capture_logs() as logs:
        await ground.slack.press(TONY, card.ts, "call_details")
        modal = await filled(ground, "Loading…")
        await ground.slack.close_view(TONY, modal.view_id)
        line = await logged(logs, "interaction", "details")
    assert line["modal"] == "closed by the person"


@pytest.mark.parametrize("fault", [{"status": 500}, {"status": 200, "body": "<html>"}])
async def test_a_modal_that_slack_does_not_fill_is_filled_by_a_second_try(
    ground: Playground, fault: dict[str, Any]
) -> None:
    ground.slack.fail("views.update", times=1, **fault)
    await opened(ground, ground.samples[0].session_id, "Participants (7)")


async def test_a_modal_that_slack_never_fills_is_told_in_a_message_and_in_the_log(ground: Playground) -> None:
    card = await summary_of(ground, TONY, ground.samples[0].session_id)
    ground.slack.fail("views.update", times=9, status=500)
    with capture_logs() as logs:
        await ground.slack.press(TONY, card.ts, "call_details")
        line = await logged(logs, "reply failed", "details")
    assert line["last_resort"] == "told in a message"
    await answered(ground, TONY, "couldn’t open the window")


async def test_the_api_s_zeros_are_not_told(ground: Playground) -> None:
    modal = await opened(ground, sample(ground, "Going on now").session_id, "Participants")
    assert " 0 s" not in str(modal.view)


@pytest.mark.parametrize(
    ("host", "linked"),
    [
        ("recordings.cometchat.io", True),
        ("cometchat.com", True),
        ("evil.io", False),
        ("cometchat.io.evil.com", False),
        ("evilcometchat.io", False),
        ("evil.com", False),
    ],
)
async def test_a_recording_is_linked_only_on_cometchat_s_own_hosts(
    ground: Playground, host: str, *, linked: bool
) -> None:
    url = f"https://{host}/r.mp4"
    recording = {"rid": "1", "recording_url": url, "startTime": 1, "endTime": 2, "duration": 1}
    ground.cometchat.serve("standup", [call_json(hasRecording=True, recordings=[recording])])
    modal = await opened(ground, "standup", "Recording")
    assert (url in str(modal.view)) is linked


async def test_ids_are_shown_and_hidden_in_place(ground: Playground) -> None:
    modal = await opened(ground, ground.samples[0].session_id, "Show ids")
    assert "Device of" not in str(modal.view)
    await ground.slack.press(TONY, modal.view_id, "call_details")
    shown = await filled(ground, "Device of superhero1")
    assert ground.samples[0].session_id in str(shown.view)
    await ground.slack.press(TONY, modal.view_id, "call_details")
    await filled(ground, "Show ids")
    assert len(ground.slack.modals(TONY)) == 1
    assert ground.slack.refusals == []


async def recording(ground: Playground, user: str, session_id: str, ts: str | None = None) -> str:
    """Return what the window says that "Recording" opens, on the card of that call."""
    if ts is None:
        ts = (await summary_of(ground, user, session_id)).ts
    await ground.slack.press(user, ts, "watch_recording", value=session_id)
    await ground.slack.wait_for(
        lambda: ground.slack.modals(user) and "Loading…" not in str(ground.slack.modals(user)[-1].view)
    )
    return str(ground.slack.modals(user)[-1].view)


async def test_recording_is_a_press_away_on_the_card_and_its_address_is_in_the_window_alone(
    ground: Playground,
) -> None:
    session_id = sample(ground, "Release stand-up").session_id
    card = await summary_of(ground, TONY, session_id)
    (row,) = [block for block in card.blocks or [] if block["type"] == "actions"]
    assert [each["text"]["text"] for each in row["elements"]][:3] == [
        "Share to channel",
        "Details",
        "Recording",
    ]
    assert "https://" not in str(card.blocks)
    window = await recording(ground, TONY, session_id, card.ts)
    assert "'url': 'https://recordings" in window
    assert "Anyone with the link can watch." in window
    assert ground.slack.refusals == []


async def test_who_was_called_and_did_not_join_has_no_recording(ground: Playground) -> None:
    session_id = sample(ground, "Release stand-up").session_id
    told = actions([button("Recording", "watch_recording", session_id)])
    ts = ground.slack.post(None, "Recording ready.", [told], bot=True)
    call = copy.deepcopy(sample(ground, "Release stand-up").calls[-1])
    for person in call["participants"]:
        if person["uid"] == "superhero2":
            person |= {"isJoined": False, "state": "unanswered", "joinedAt": None, "leftAt": None}
    ground.cometchat.serve(session_id, [call])
    assert "watch_recording" not in str(await summary_of(ground, STEVE, session_id))
    window = await recording(ground, STEVE, session_id, ts)
    assert "Only people who were in the call can." in window
    assert "https://" not in window


async def test_to_watch_a_recording_is_acked_and_nothing_else(ground: Playground) -> None:
    modal = await opened(ground, ground.samples[0].session_id, "Watch recording")
    before = len(ground.cometchat.requests)
    delivery = await ground.slack.press(TONY, modal.view_id, "watch_recording_1")
    assert (delivery.status, delivery.body) == (200, "")
    assert len(ground.cometchat.requests) == before


async def shared(ground: Playground, title: str) -> Message:
    card = await summary_of(ground, TONY, sample(ground, title).session_id)
    await ground.slack.press(TONY, card.ts, "share_call")
    return await seen(ground, STEVE, lambda each: "Shared by" in each.text)


async def test_details_of_a_shared_call_are_the_presser_s_own(ground: Playground) -> None:
    public = await shared(ground, "Release stand-up")
    await ground.slack.press(STEVE, public.ts, "call_details")
    await ground.slack.wait_for(
        lambda: "Captain America (you)" in str([each.view for each in ground.slack.modals(STEVE)])
    )
    assert ground.cometchat.requests[-1].headers["onbehalfof"] == "superhero2"
    assert "Watch recording" in str(ground.slack.modals(STEVE)[-1].view)
    assert ground.slack.modals(TONY) == []


@pytest.mark.parametrize(
    ("user", "words"),
    [(STEVE, "No call of yours has this session id"), (ROBIN, "You’re not connected to CometChat yet")],
)
async def test_who_was_not_in_a_shared_call_sees_no_more_of_it(
    ground: Playground, user: str, words: str
) -> None:
    public = await shared(ground, "Busy")
    await ground.slack.press(user, public.ts, "call_details")
    await ground.slack.wait_for(lambda: words in str([each.view for each in ground.slack.modals(user)]))
    assert "Spiderman" not in str(ground.slack.modals(user)[-1].view)


async def test_details_are_one_press_away_where_a_list_shows_one_call(ground: Playground) -> None:
    ground.cometchat.answer(LIST, body={"data": [call_json(sessionId="standup")]})
    ground.cometchat.serve("standup", [call_json(sessionId="standup")])
    await ground.slack.command(TONY, "recent")
    await ground.slack.press(TONY, ground.slack.seen_by(TONY)[-1].ts, "call_details")
    await filled(ground, "Participants (2)")
    await ground.slack.close_view(TONY, ground.slack.modals(TONY)[-1].view_id)
    await ground.slack.open_home(TONY)

    def home() -> str:
        tab = ground.slack.home(TONY)
        return tab.view_id if tab and "Captain America" in str(tab.blocks) else ""

    await ground.slack.press(TONY, await ground.slack.wait_for(home), "call_details")
    await filled(ground, "Participants (2)")
    assert ground.slack.refusals == []
