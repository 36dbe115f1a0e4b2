"""What a subscription tells."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards.kit.message import Message
from bot.cards.told import (
    Together,
    channel_refuses,
    muted_id,
    recording_ready,
    subscription_ended,
    told,
    told_together,
    transcript_ready,
)
from bot.cometchat import Call, Uid
from bot.cometchat.parsing import parse_call
from bot.identity import SlackUser
from bot.playground.samples import call_json, participant_json
from bot.subscriptions.subscription import Subscription, Wanted
from tests.cards.hostile import CHANNEL, assert_sound, hostile_calls
from tests.listeners.at_home import texts

NOW = 1_763_812_800
STEVE = SlackUser(None, "T0PLAYGROUND", "U0STEVE")
ME = Uid("superhero2")
EITHER = Wanted(missed=True, ended=True)
DIRECT = Subscription("abcdefgh12345678", STEVE, ME, None, None, EITHER, NOW - 9_000)
THERE = replace(DIRECT, channel_id=CHANNEL)
DESK = Uid("support-desk")
DESK_DIRECT = replace(DIRECT, made_for=DESK, uid=DESK)
DESK_THERE = replace(THERE, made_for=DESK, uid=DESK)
MENTIONS = ("<@U0STEVE>", f"<#{CHANNEL}>")


def missed_call(at: int = NOW - 60, **more: Any) -> Call:
    """Return a call of Natasha's that superhero2 missed."""
    caller = {"uid": "superhero5", "name": "Natasha"}
    raw: dict[str, Any] = {"sessionId": f"s{at}", "initiator": caller, "receiver": "superhero2"}
    raw |= {"status": "unanswered", "initiatedAt": at, "startedAt": None, "endedAt": None, "participants": []}
    return parse_call(call_json(**(raw | more)))


def stand_up(**more: Any) -> Call:
    """Return a group call of 32 minutes, with five of seven people."""
    people = [participant_json(f"superhero{n}", joinedAt=NOW - 2_000, leftAt=NOW - 80) for n in range(1, 6)]
    people += [participant_json(f"superhero{n}", isJoined=False, state="unanswered") for n in (6, 7)]
    group = {"guid": "release", "name": "Release stand-up"}
    raw: dict[str, Any] = {"sessionId": "standup", "receiverType": "group", "receiver": group}
    raw |= {"startedAt": NOW - 2_000, "endedAt": NOW - 80, "participants": people, "hasRecording": True}
    return parse_call(call_json(**(raw | more)))


def elements(message: Message) -> list[dict[str, Any]]:
    """Return the buttons and menus."""
    found: list[dict[str, Any]] = []
    for block in message.blocks:
        found += block.get("elements", []) if block["type"] == "actions" else []
        found += [block["accessory"]] if "accessory" in block else []
    return found


def test_a_missed_call_is_one_line_with_show_and_a_menu() -> None:
    message = told(DIRECT, [missed_call()], viewer=ME, now=NOW)
    assert message.text == (f"📵 Missed call from Natasha · <!date^{NOW - 60}^{{time}}|11:59 UTC>")
    show, menu = elements(message)
    assert (show["action_id"], show["value"], show["text"]["text"]) == ("pick_call", f"s{NOW - 60}", "Show")
    assert menu["action_id"] == "unsubscribe"
    options = [(each["text"]["text"], each["value"]) for each in menu["options"]]
    assert options == [("Stop these", DIRECT.id), ("Mute for a day", f"mute:{DIRECT.id}")]
    assert muted_id(options[1][1]) == DIRECT.id
    assert muted_id(options[0][1]) == ""


def test_several_missed_calls_of_one_caller_are_one_message() -> None:
    calls = [missed_call(NOW - each) for each in (540, 300, 60)]
    message = told(DIRECT, calls, viewer=ME, now=NOW)
    assert message.text.startswith("📵 3 missed calls from Natasha · <!date")
    assert message.text.count("<!date") == 3
    assert elements(message)[0]["value"] == f"s{NOW - 60}"


@pytest.mark.parametrize(
    ("subscription", "call", "words"),
    [
        (
            DIRECT,
            missed_call(NOW - 50_000),
            "📵 Missed call from Natasha · <!date^1763762800^{date_short_pretty}",
        ),
        (
            DIRECT,
            parse_call({"sessionId": "x", "status": "unanswered", "receiver": "superhero2"}),
            "📵 Missed call",
        ),
        (
            DIRECT,
            missed_call(receiverType="group", receiver={"guid": "g", "name": "Incident desk"}),
            "📵 Missed call from Natasha in Incident desk · ",
        ),
        (THERE, missed_call(), "📵 <@U0STEVE> missed a call from Natasha · "),
        (DESK_DIRECT, missed_call(receiver="support-desk"), "📵 support-desk missed a call from Natasha · "),
        (DIRECT, stand_up(), "✅ Release stand-up · 32 min · 5 people · Recorded"),
        (DIRECT, stand_up(hasRecording=False, hasTranscription=True), "· 5 people · Transcript"),
        (THERE, stand_up(), "✅ Release stand-up · 32 min · 5 people"),
        (DESK_THERE, stand_up(), "Calls of support-desk, subscribed by <@U0STEVE>"),
        (DESK_DIRECT, stand_up(), "Calls of support-desk"),
        (DIRECT, stand_up(participants=[]), "✅ Release stand-up · 32 min"),
        (
            DIRECT,
            parse_call(call_json(startedAt=NOW - 245, endedAt=NOW)),
            "✅ Audio call with Iron Man · 4 min 5 s",
        ),
        (
            THERE,
            parse_call(call_json(startedAt=NOW - 245, endedAt=NOW)),
            "✅ Audio call between Iron Man and Captain America · 4 min 5 s",
        ),
        (
            DESK_DIRECT,
            parse_call(call_json(receiver={"uid": "support-desk", "name": "Desk"}, participants=[])),
            "call between ",
        ),
        (THERE, parse_call({"sessionId": "x", "status": "ended"}), "✅ Call · ended"),
    ],
)
def test_what_is_told_in_one_line(subscription: Subscription, call: Call, words: str) -> None:
    message = told(subscription, [call], viewer=subscription.made_for, now=NOW)
    assert_sound(message, mentions=MENTIONS)
    assert words in (message.text if "<" in words else texts(list(message.blocks)))


@pytest.mark.parametrize(
    ("call", "words"),
    [(stand_up(), "5 people"), (parse_call(call_json(startedAt=NOW - 245, endedAt=NOW)), "")],
)
def test_how_many_people_there_were_is_told_where_they_were_more_than_two(call: Call, words: str) -> None:
    told_of = texts(list(told(DIRECT, [call], viewer=ME, now=NOW).blocks))
    assert ("people" in told_of, words in told_of) == (bool(words), True)


@pytest.mark.parametrize(
    ("subscription", "words"),
    [
        (DIRECT, "Release stand-up: group audio call, 32 minutes, 5 of 7 joined. Recorded."),
        (THERE, "Release stand-up: group audio call, 32 minutes, 5 of 7 joined."),
    ],
)
def test_what_is_read_aloud_has_its_units_in_words(subscription: Subscription, words: str) -> None:
    assert told(subscription, [stand_up()], viewer=ME, now=NOW).text == words


def test_in_a_channel_details_open_for_whoever_presses_and_nobody_is_you() -> None:
    recorded = stand_up(recordings=[{"rid": "r", "recording_url": "https://rec.example/secret"}])
    message = told(THERE, [recorded], viewer=ME, now=NOW)
    assert "secret" not in str(message)
    assert [each["action_id"] for each in elements(message)] == ["call_details", "unsubscribe"]
    assert "you" not in message.text


def test_an_admin_gets_no_button_to_calls_that_they_had_no_part_in() -> None:
    assert [
        each["action_id"] for each in elements(told(DESK_DIRECT, [stand_up()], viewer=DESK, now=NOW))
    ] == ["unsubscribe"]


def test_many_calls_come_in_one_message() -> None:
    calls = [missed_call(NOW - 60 * each) for each in range(11, 0, -1)] + [stand_up()]
    message = told_together(DIRECT, calls, viewer=ME, now=NOW, why="morning")
    assert_sound(message, mentions=MENTIONS)
    lines = message.text.split("\n")
    assert lines[0] == "Good morning. Overnight: 11 missed calls, 1 ended call."
    assert len(lines) == 10
    assert lines[-2].startswith("✅ Release stand-up · 32 min · 5 people · Recorded · <!date")
    assert lines[-1] == "and 4 earlier. See all: /callinfo recent"
    assert [each["action_id"] for each in elements(message)] == ["pick_call"] * 8 + ["unsubscribe"]
    few = told_together(THERE, calls[:9], viewer=ME, now=NOW, why="catch_up")
    assert few.text.startswith("Since I last looked: 9 missed calls.")
    assert "recent" not in few.text


def test_a_call_that_can_not_be_looked_up_has_no_button() -> None:
    nameless = parse_call(call_json(sessionId=""))
    for message in (
        told(DIRECT, [nameless], viewer=ME, now=NOW),
        told_together(DIRECT, [nameless], viewer=ME, now=NOW, why="catch_up"),
    ):
        assert [each["action_id"] for each in elements(message)] == ["unsubscribe"]
    assert [each["action_id"] for each in elements(recording_ready(THERE, nameless))] == ["unsubscribe"]


def test_what_comes_later_names_no_link() -> None:
    call = stand_up(recordings=[{"rid": "r", "recording_url": "https://rec.example/secret"}])
    for message, words, action in (
        (recording_ready(THERE, call), "🎬 Recording ready.", "watch_recording"),
        (transcript_ready(DESK_THERE, call), "📝 Transcript ready", "call_transcript"),
    ):
        assert_sound(message, mentions=MENTIONS)
        assert words in message.text
        assert "secret" not in str(message)
        assert [each["action_id"] for each in elements(message)] == [action, "unsubscribe"]


def test_a_subscription_that_ends_by_itself_says_which_and_why() -> None:
    message = subscription_ended(THERE, "You aren’t in that channel any more.")
    assert_sound(message, mentions=MENTIONS)
    assert message.text.startswith(f"🔕 I’ll no longer post in <#{CHANNEL}> when you miss a call, and when")
    assert message.text.endswith("You aren’t in that channel any more.")


def test_a_channel_that_refuses_is_told_to_the_owner_with_a_way_to_stop() -> None:
    message = channel_refuses(THERE, "Type `/invite` there.")
    assert_sound(message, mentions=MENTIONS)
    assert f"I couldn’t post in <#{CHANNEL}>. Type /invite there." in message.text
    assert [each["action_id"] for each in elements(message)] == ["unsubscribe"]


subscriptions = st.sampled_from([DIRECT, THERE, DESK_DIRECT, DESK_THERE])


@given(
    st.lists(hostile_calls, min_size=1, max_size=12), subscriptions, st.sampled_from(["morning", "catch_up"])
)
def test_no_call_breaks_what_is_told(
    raws: list[dict[str, Any]], subscription: Subscription, why: Together
) -> None:
    calls = [parse_call({"sessionId": f"s{number}", **raw}) for number, raw in enumerate(raws)]
    for message in (
        told(subscription, calls, viewer=subscription.made_for, now=NOW),
        told_together(subscription, calls, viewer=subscription.made_for, now=NOW, why=why),
        recording_ready(subscription, calls[0]),
    ):
        assert_sound(message, mentions=MENTIONS)
