from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from bot.calls.lookup import LookupResult
from bot.cards.summary import summary
from bot.cometchat import SessionId, Uid
from bot.cometchat.parsing import parse_call
from bot.playground.samples import Sample, call_json, participant_json, samples
from tests.cards.hostile import assert_sound, hostile_calls

NOW = 1_763_812_800
SAMPLES = [sample for sample in samples(NOW) if sample.calls]


def found(
    raw: dict[str, Any], *, of: int = 1, hint: str | None = None, session_id: str = "standup"
) -> LookupResult:
    return LookupResult(SessionId(session_id), Uid("superhero1"), parse_call(raw), of, hint, 200)


def headline(raw: dict[str, Any]) -> str:
    return str(summary(found(raw), now=NOW).blocks[0]["text"]["text"])


@pytest.mark.parametrize("sample", SAMPLES, ids=[sample.title for sample in SAMPLES])
def test_calls_of_every_shape_give_the_right_card(sample: Sample, snapshot: SnapshotAssertion) -> None:
    call, of = parse_call(sample.calls[0]), len(sample.calls)
    message = summary(
        LookupResult(SessionId(sample.session_id), Uid("superhero1"), call, of, None, 200), now=NOW
    )
    assert_sound(message)
    assert message.text == snapshot(name="text")
    assert list(message.blocks) == snapshot(name="blocks")


@given(hostile_calls, st.integers(1, 40), st.integers(0, 2**34))
def test_no_call_data_breaks_a_limit_or_gets_anything_parsed(raw: dict[str, Any], of: int, now: int) -> None:
    assert_sound(summary(found(raw, of=of), now=now))


@given(hostile_calls)
def test_no_call_data_breaks_the_card_in_a_thread(raw: dict[str, Any]) -> None:
    assert_sound(summary(found(raw), now=NOW, thread_ts="1763812800.000100"))


@given(st.text(min_size=1, max_size=255))
def test_no_session_id_breaks_the_card(session_id: str) -> None:
    safe = session_id.encode(errors="replace").decode()
    assert_sound(summary(found(call_json(), session_id=safe), now=NOW))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"status": "ended"}, "✅ Video call · ended · 32 min"),
        (
            {"status": "ended", "receiverType": "group", "type": "audio"},
            "✅ Group audio call · ended · 32 min",
        ),
        ({"status": "ended", "mode": "meet"}, "✅ Video meeting · ended · 32 min"),
        ({"status": "ended", "mode": "presenter"}, "✅ Video presentation · ended · 32 min"),
        ({"status": "frobnicated"}, "❔ Video call · frobnicated · 32 min"),
        ({"status": None}, "❔ Video call · how it ended is not recorded · 32 min"),
        ({"status": "busy", "startedAt": None, "endedAt": None}, "⛔ Video call · busy"),
        ({"type": None, "mode": None}, "✅ Call · ended · 32 min"),
        ({"endedAt": None, "totalDurationInMinutes": 0.31666}, "✅ Video call · ended · 19 s"),
        (
            {"endedAt": None, "totalDurationInMinutes": None, "totalDuration": "01:02:00"},
            "✅ Video call · ended · 1 h 2 min",
        ),
        (
            {"status": "ongoing", "startedAt": NOW - 245, "endedAt": None},
            "🟢 Video call · in progress · 4 min 5 s so far",
        ),
        ({"status": "ongoing", "startedAt": NOW - 10**7, "endedAt": None}, "🟢 Video call · in progress"),
    ],
)
def test_the_headline_says_kind_outcome_and_duration(change: dict[str, Any], words: str) -> None:
    start = NOW - 7200
    raw = {"type": "video", "mode": "call", "status": "ended", "startedAt": start, "endedAt": start + 1920}
    assert headline(raw | change) == words


def test_there_are_at_most_eight_lines_before_the_participants() -> None:
    message = summary(found(call_json(), of=3, hint="This id belongs elsewhere."), now=NOW)
    kinds = [block["type"] for block in message.blocks]
    before = message.blocks[: kinds.index("table")]
    lines = sum(len(block["elements"]) if block["type"] == "rich_text" else 1 for block in before)
    assert lines <= 8


def test_the_first_ten_who_joined_are_shown_and_the_others_counted() -> None:
    people = [
        participant_json(
            f"u{number}", isJoined=True, joinedAt=NOW - number, leftAt=NOW, name=f"Person {number}"
        )
        for number in range(1, 23)
    ]
    message = summary(found(call_json(participants=people)), now=NOW)
    (table,) = [block for block in message.blocks if block["type"] == "table"]
    assert [row[0]["text"] for row in table["rows"][1:]] == [
        f"Person {number}" for number in range(22, 12, -1)
    ]
    assert "and 12 more" in message.text
    assert any("and 12 more" in str(block) for block in message.blocks)


def test_who_rejoined_stands_once_with_every_stretch_in_the_bar() -> None:
    start = NOW - 1200
    people = [
        participant_json("u1", isJoined=True, joinedAt=start, leftAt=start + 300),
        participant_json("u1", isJoined=True, joinedAt=start + 900, leftAt=start + 1200),
    ]
    raw = call_json(startedAt=start, endedAt=start + 1200, participants=people)
    (table,) = [block for block in summary(found(raw), now=NOW).blocks if block["type"] == "table"]
    (row,) = table["rows"][1:]
    assert row[-1]["text"] == "███░░░░░░███"
    assert row[-2]["text"] == "10 min"


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
    assert "my`room" in message.text
    assert "`myˋroom`" in str(message.blocks)


def test_the_viewer_is_marked() -> None:
    people = [participant_json("SuperHero1", name="Iron Man"), participant_json("u2", name="Other")]
    message = summary(found(call_json(participants=people)), now=NOW)
    assert "Iron Man (you)" in message.text
    assert "Other (you)" not in message.text


def test_what_is_not_known_is_left_out_rather_than_guessed() -> None:
    message = summary(found({"status": "ended"}), now=NOW)
    assert message.text.splitlines() == ["Call · ended", "Session id: standup"]
    assert [block["type"] for block in message.blocks] == ["header", "actions", "context"]


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        ({"initiator": "a", "receiver": "b"}, "a called b"),
        ({"initiator": "a", "receiver": "b", "receiverType": "group"}, "a called the group b"),
        (
            {"initiator": "a", "receiver": "b", "receiverType": "group", "mode": "meet"},
            "a started a meeting with the group b",
        ),
        ({"initiator": "a"}, "Started by a"),
        ({"receiver": "b", "receiverType": "group"}, "With the group b"),
        ({"receiver": "b"}, "With b"),
        ({"totalParticipants": 2}, "2 joined"),
    ],
)
def test_who_called_whom_in_words(raw: dict[str, Any], line: str) -> None:
    assert line in summary(found(raw), now=NOW).text.splitlines()


@pytest.mark.parametrize(
    ("of", "words"), [(2, "2nd of 2"), (3, "3rd of 3"), (11, "11th of 11"), (21, "21st of 21")]
)
def test_several_calls_in_a_session_are_told(of: int, words: str) -> None:
    assert (
        f"{words} calls in this session: the newest is shown"
        in summary(found(call_json(), of=of), now=NOW).text
    )
