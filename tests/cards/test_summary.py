from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from bot.calls.call_ref import CallRef
from bot.calls.lookup import LookupResult
from bot.calls.status import settled
from bot.cards.call_buttons import Place, which_of
from bot.cards.headline import headline
from bot.cards.summary import summary
from bot.cometchat import SessionId, Uid
from bot.cometchat.parsing import parse_call
from bot.playground.samples import Sample, call_json, participant_json, samples
from tests.cards.hostile import assert_sound, hostile_calls

NOW = 1_763_812_800
SEEN = [
    (sample, uid)
    for sample in samples(NOW)
    for uid in (Uid("superhero1"), Uid("superhero2"))
    if sample.calls and parse_call(sample.calls[0]).involves(uid)
]


def found(
    raw: dict[str, Any], *, of: int = 1, hint: str | None = None, session_id: str = "standup"
) -> LookupResult:
    return LookupResult(SessionId(session_id), Uid("superhero1"), parse_call(raw), of, hint, 200)


@pytest.mark.parametrize(("sample", "viewer"), SEEN, ids=[f"{sample.title}, {uid}" for sample, uid in SEEN])
def test_calls_of_every_shape_give_the_right_card(
    sample: Sample, viewer: Uid, snapshot: SnapshotAssertion
) -> None:
    call, of = settled(parse_call(sample.calls[0]), now=NOW), len(sample.calls)
    message = summary(LookupResult(SessionId(sample.session_id), viewer, call, of, None, 200), now=NOW)
    assert_sound(message)
    assert message.text == snapshot(name="text")
    assert list(message.blocks) == snapshot(name="blocks")


@given(hostile_calls, st.integers(1, 40), st.integers(0, 2**34))
def test_no_call_data_breaks_a_limit_or_gets_anything_parsed(raw: dict[str, Any], of: int, now: int) -> None:
    assert_sound(summary(found(raw, of=of), now=now))


@given(hostile_calls)
def test_no_call_data_breaks_the_card_in_a_thread(raw: dict[str, Any]) -> None:
    assert_sound(summary(found(raw), now=NOW, place=Place("1763812800.000100", "general")))


@given(st.text(min_size=1, max_size=255))
def test_no_session_id_breaks_the_card(session_id: str) -> None:
    safe = session_id.encode(errors="replace").decode()
    assert_sound(summary(found(call_json(), session_id=safe), now=NOW))


VIDEO = {"type": "video", "mode": "call", "status": "ended", "startedAt": NOW - 7200, "endedAt": NOW - 5280}
GUILD: dict[str, Any] = {"receiverType": "group", "receiver": {"guid": "g", "name": "Guild"}}
TONYS = {"initiator": "superhero1", "receiver": {"uid": "u2", "name": "Ada"}}
ADAS = {"initiator": {"uid": "u2", "name": "Ada"}, "receiver": "superhero1"}
NOBODY: dict[str, Any] = {"type": "audio", "startedAt": None, "endedAt": None, "initiatedAt": NOW - 7200}


@pytest.mark.parametrize(
    ("raw", "title", "said"),
    [
        (VIDEO, "✅ Video call · 32 min", "Video call, 32 minutes."),
        ({**VIDEO, **TONYS}, "✅ Video call with Ada · 32 min", "Video call with Ada, 32 minutes."),
        ({**VIDEO, **GUILD}, "✅ Guild · 32 min", "Guild: group video call, 32 minutes."),
        ({**VIDEO, **GUILD, "mode": "meet"}, "✅ Guild · 32 min", "Guild: group video meeting, 32 minutes."),
        ({**VIDEO, "receiverType": "group"}, "✅ Group video call · 32 min", "Group video call, 32 minutes."),
        ({**VIDEO, "mode": "meet"}, "✅ Video meeting · 32 min", "Video meeting, 32 minutes."),
        ({**VIDEO, "status": "thawed"}, "❔ Video call · thawed · 32 min", "Video call, thawed, 32 minutes."),
        ({**VIDEO, "status": None}, "❔ Video call · outcome unknown · 32 min", ""),
        ({"status": "ended"}, "✅ Call · ended", "Call, ended."),
        ({**VIDEO, "endedAt": None, "totalDurationInMinutes": 0.31666}, "✅ Video call · 19 s", ""),
        ({**VIDEO, "endedAt": None, "totalDuration": "01:02:00"}, "✅ Video call · 1 h 2 min", ""),
        (
            {**VIDEO, "status": "ongoing", "startedAt": NOW - 530, "endedAt": None},
            "🟢 Video call · 9 min so far",
            "Video call, in progress for 9 minutes.",
        ),
        (
            {**VIDEO, "status": "ongoing", "startedAt": NOW - 10**7, "endedAt": None},
            "🟢 Video call · in progress",
            "Video call, in progress.",
        ),
        (
            {**NOBODY, **TONYS, "status": "busy"},
            "⛔ Audio call with Ada · busy",
            "Audio call with Ada, busy.",
        ),
        ({**NOBODY, **ADAS, "status": "busy"}, "📵 Missed call from Ada", "Missed call from Ada."),
        ({**NOBODY, **TONYS, "status": "missed"}, "📵 Audio call with Ada · no answer", ""),
        ({**NOBODY, **ADAS, "status": "missed"}, "📵 Missed call from Ada", ""),
        ({**NOBODY, **ADAS, "initiator": None, "status": "missed"}, "📵 Missed call", ""),
        ({**NOBODY, **GUILD, "initiator": "u2", "status": "missed"}, "📵 Guild · missed", ""),
        ({**NOBODY, **TONYS, "status": "cancelled"}, "✖️ Audio call with Ada · cancelled", ""),
        ({**NOBODY, **ADAS, "status": "cancelled"}, "📵 Missed call from Ada", ""),
        ({**NOBODY, **TONYS, "status": "rejected"}, "🚫 Audio call with Ada · declined", ""),
        (
            {
                **NOBODY,
                **ADAS,
                "status": "rejected",
                "participants": [{"uid": "superhero1", "state": "rejected"}],
            },
            "🚫 Audio call with Ada · you declined",
            "",
        ),
        (
            {**VIDEO, **TONYS, "status": "unanswered"},
            "📵 Video call with Ada · no answer",
            "Video call with Ada, no answer.",
        ),
        ({**VIDEO, **TONYS, "status": "rejected"}, "🚫 Video call with Ada · declined", ""),
        ({**VIDEO, **TONYS, "status": "initiated"}, "🔔 Video call with Ada · no answer recorded", ""),
        ({**NOBODY, **TONYS, "status": "initiated"}, "🔔 Audio call with Ada · no answer recorded", ""),
        (
            {**NOBODY, **TONYS, "status": "initiated", "initiatedAt": NOW},
            "🔔 Audio call with Ada · ringing",
            "",
        ),
        ({**VIDEO, "participants": [{"uid": "a"}, {"uid": "b"}]}, "✅ Video call with a and b · 32 min", ""),
        (
            {**VIDEO, "participants": [{"uid": uid} for uid in "abc"]},
            "✅ Video call with a and 2 others · 32 min",
            "",
        ),
    ],
)
def test_the_title_and_the_first_line_of_the_text_say_it_all(
    raw: dict[str, Any], title: str, said: str
) -> None:
    message = summary(found(raw), now=NOW)
    assert message.blocks[0]["text"]["text"] == title
    assert message.text.split("\n")[0].startswith(said)


def test_of_a_call_between_two_others_both_are_named() -> None:
    call = parse_call(call_json())
    assert headline(call, now=NOW) == "✅ Audio call between Iron Man and Captain America · 4 min 5 s"


def test_who_has_a_name_on_one_device_alone_is_called_by_it() -> None:
    devices = [participant_json("u9", name=name, joinedAt=NOW + at) for at, name in enumerate(("", "Ada"))]
    call = parse_call(call_json(initiator="superhero1", participants=devices))
    assert "call with Ada and Captain America" in headline(call, now=NOW, viewer=Uid("superhero1"))


@pytest.mark.parametrize(("hours", "form"), [(11, "{time}"), (12, "{date_short_pretty} at {time}")])
def test_the_end_of_a_call_has_its_day_where_that_may_be_another(hours: int, form: str) -> None:
    ended = NOW + hours * 3600
    text = summary(found(call_json(startedAt=NOW, endedAt=ended)), now=ended).text
    assert f" to <!date^{ended}^{form}|" in text


def test_there_are_at_most_five_lines_before_the_table() -> None:
    standup = samples(NOW)[0]
    message = summary(found(standup.calls[0], of=3, hint="This id belongs elsewhere."), now=NOW)
    assert [block["type"] for block in message.blocks][:3] == ["header", "rich_text", "table"]
    assert len(message.blocks[1]["elements"]) == 4


def table(raw: dict[str, Any]) -> list[list[str]]:
    """Return the cells of the summary's table, none where it has no table."""
    tables = [block for block in summary(found(raw), now=NOW).blocks if block["type"] == "table"]
    return [[cell["text"] for cell in row] for each in tables for row in each["rows"]]


def joined(uid: str, joined_at: int, left_at: int, **more: Any) -> dict[str, Any]:
    return participant_json(uid, joinedAt=NOW - joined_at, leftAt=NOW - left_at, **more)


HALF_AN_HOUR: dict[str, Any] = {**GUILD, "startedAt": NOW - 1800, "endedAt": NOW}


def test_the_ten_who_stayed_longest_are_shown_and_the_others_counted() -> None:
    people = [joined(f"u{number}", number, 0, name=f"Person {number}") for number in range(1, 23)]
    raw = call_json(participants=people)
    assert [row[0] for row in table(raw)[1:]] == [f"Person {number}" for number in range(22, 12, -1)]
    message = summary(found(raw), now=NOW)
    assert "and 12 more" in message.text
    assert any("and 12 more" in str(block) for block in message.blocks)


def test_those_who_joined_have_a_row_and_the_others_one_line() -> None:
    absent = [
        participant_json(f"u{number}", name=f"Person {number}", isJoined=False, state=state)
        for number, state in enumerate(["rejected", "unanswered", "unanswered", "parked", "absent"])
    ]
    people = [joined("u7", 1800, 0), joined("u8", 1800, 900), *absent, joined("u9", 1500, 900)]
    raw = call_json(**HALF_AN_HOUR, participants=people)
    assert table(raw) == [
        ["Who", "In call", "Timeline"],
        ["u7", "30 min", "████████"],
        ["u8", "15 min", "████░░░░"],
        ["u9", "10 min", "░███░░░░"],
    ]
    message = summary(found(raw), now=NOW)
    others = "Declined: Person 0 · No answer: Person 1, Person 2 · Parked: Person 3 · Didn’t join: Person 4"
    assert others in str(message.blocks)
    assert others.split(" · ")[1] + "." in message.text.split("\n")


def test_who_rejoined_stands_once_with_every_stretch_in_the_bar() -> None:
    people = [joined("u1", 1200, 900), joined("u1", 300, 0), joined("u2", 1200, 0)]
    assert table(call_json(startedAt=NOW - 1200, endedAt=NOW, participants=people))[1] == [
        "u1",
        "10 min",
        "██░░░░██",
    ]


@pytest.mark.parametrize(
    ("people", "line"),
    [
        ([joined("superhero1", 1800, 0), joined("u2", 1790, 20)], ""),
        ([joined(f"u{number}", 1800, 0) for number in range(3)], "3 joined: u0, u1, u2"),
        (
            [joined(f"u{number}", 1800, 0) for number in range(9)],
            "9 joined: u0, u1, u2, u3, u4 and 4 more",
        ),
        (
            [participant_json("u1", joinedAt=None, leftAt=None, totalDuration=None, state=None)],
            "1 joined: u1",
        ),
    ],
)
def test_where_everybody_stayed_or_no_times_are_known_names_do_instead_of_a_table(
    people: list[dict[str, Any]], line: str
) -> None:
    group = len(people) != 2
    raw = call_json(
        **{**HALF_AN_HOUR, **({} if group else {"receiver": "u2", "receiverType": "user"})},
        participants=people,
    )
    assert table(raw) == []
    assert line in str(summary(found(raw), now=NOW).blocks[1])
    assert (" joined" in str(summary(found(raw), now=NOW).blocks)) is group


def test_where_every_bar_is_full_there_is_no_picture() -> None:
    people = [joined("u1", 1800, 0), joined("u2", 1750, 0)]
    assert table(call_json(**HALF_AN_HOUR, participants=people))[0] == ["Who", "In call"]


def test_a_call_that_goes_on_says_who_is_in_it_and_as_of_when() -> None:
    raw = call_json(
        **{**HALF_AN_HOUR, "endedAt": None, "status": "ongoing"},
        participants=[
            participant_json("u2", joinedAt=NOW - 1800, leftAt=None, state="ongoing"),
            participant_json("superhero1", joinedAt=NOW - 600, leftAt=None, state="ongoing"),
            joined("u3", 1800, 900),
        ],
    )
    message = summary(found(raw), now=NOW)
    assert "2 in the call now: superhero1 (you), u2" in str(message.blocks)
    assert "In the call now: superhero1 (you), u2." in message.text.split("\n")
    assert "As of" in message.text
    assert message.blocks[-1]["elements"][0]["text"].startswith("As of <!date^")


@pytest.mark.parametrize(("hours", "refreshed"), [(1, True), (25, False)])
def test_a_call_that_has_rung_for_a_day_is_not_shown_as_if_it_went_on(hours: int, refreshed: object) -> None:
    raw = {**NOBODY, **TONYS, "status": "initiated", "initiatedAt": NOW - hours * 3600}
    message = summary(found(raw), now=NOW)
    assert ("As of" in message.text) is refreshed
    assert ("refresh_call" in str(message.blocks)) is refreshed


def test_a_recording_is_told_but_its_address_never_shows() -> None:
    raw = call_json(hasRecording=True, recordings=[{"recording_url": "https://r.cometchat.io/s3cret.mp4"}])
    message = summary(found(raw), now=NOW)
    assert "Recorded" in message.text
    assert "s3cret" not in f"{message}"


def test_the_ids_and_the_hint_stand_in_text_and_blocks() -> None:
    message = summary(
        found(call_json(), session_id="my`room", hint="This id belongs to another app."), now=NOW
    )
    assert "This id belongs to another app." in message.text
    assert "This id belongs to another app." in str(message.blocks)
    assert "my`room" not in message.text
    assert "`myˋroom`" in str(message.blocks)


def test_the_viewer_is_marked() -> None:
    people = [participant_json("SuperHero1", name="Iron Man"), participant_json("u2", name="Other")]
    message = summary(found(call_json(**GUILD, participants=people)), now=NOW)
    assert "Iron Man (you)" in message.text
    assert "Other (you)" not in message.text


def test_what_is_not_known_is_left_out_rather_than_guessed() -> None:
    message = summary(found({"status": "ended"}), now=NOW)
    assert message.text == "Call, ended."
    assert [block["type"] for block in message.blocks] == ["header", "actions", "context"]


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        ({**TONYS}, "You called."),
        ({**ADAS}, "Ada called."),
        ({**ADAS, "mode": "meet"}, "Ada started the meeting."),
        ({**ADAS, "mode": "thaw"}, "Ada started it."),
        ({**GUILD, "initiator": "a"}, "Started by a."),
        ({"initiator": "a", "receiverType": "group"}, "Group call started by a."),
        ({**ADAS, "status": "busy"}, "Call, you were busy."),
        ({**ADAS, "status": "cancelled"}, "Call, cancelled before you answered."),
    ],
)
def test_who_began_the_call_in_words(raw: dict[str, Any], line: str) -> None:
    assert line in summary(found(raw), now=NOW).text.splitlines()


def test_several_calls_in_a_session_are_told() -> None:
    message = summary(replace(found(call_json(), of=3), newer=1), now=NOW)
    assert "Call 2 of 3 in this session." in message.text.splitlines()
    assert "Call 2 of 3 in this session" in str(message.blocks)


def test_the_calls_before_and_after_it_are_one_press_away() -> None:
    beside = CallRef(SessionId("standup"), began_at=1), CallRef(SessionId("standup"), began_at=3)
    middle = replace(found(call_json(), of=3), newer=1, earlier=beside[0], later=beside[1])
    rows = [block for block in summary(middle, now=NOW).blocks if block["type"] == "actions"]
    pressed = [(each["elements"][0]["text"]["text"], which_of(each["block_id"])) for each in rows[1:]]
    assert pressed == [("◀ Earlier call", "@1"), ("Later call ▶", "@3")]
    assert [each["elements"][0]["value"] for each in rows[1:]] == ["standup", "standup"]


def test_details_stand_beside_the_number_of_those_who_are_not_shown() -> None:
    people = [joined(f"u{number}", number, 0) for number in range(1, 13)]
    blocks = summary(found(call_json(participants=people)), now=NOW).blocks
    (rest,) = [block for block in blocks if block["type"] == "section"]
    assert (rest["text"]["text"], rest["accessory"]["action_id"]) == ("and 2 more", "call_details")
    assert str(blocks).count("call_details") == 1
