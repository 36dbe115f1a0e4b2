"""What is read in a transcript's file, whatever its shape."""

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calls.transcript import LONGEST_TURN, Turn, read_transcript
from bot.cometchat import Call, Transcription
from bot.cometchat.parsing import parse_call
from bot.playground.spoken import bare_list, jitsi

START = 1_763_812_800
CALL = parse_call(
    {
        "mid": "m",
        "startedAt": START,
        "endedAt": START + 600,
        "initiator": "superhero1",
        "participants": [
            {"uid": "superhero1", "name": "Iron Man", "deviceId": "aa-bb@rtc.cometchat.io/a1b2c3d4"},
            {"uid": "superhero2", "name": "Captain America"},
            {"uid": "twin-1", "name": "Sam"},
            {"uid": "twin-2", "name": "Sam"},
            {"uid": "nameless"},
            {"uid": "kirk", "name": "James"},
            {"name": "Nobody’s"},
        ],
    }
)
FILE = Transcription(tid="t", mid="m", started_at=START + 10, ended_at=START + 600, url="https://x")


def read(document: Any, call: Call = CALL, file: Transcription = FILE, **more: Any) -> Any:
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    return read_transcript(body, call, file, **more)


def speech(text: str, at: Any = 5, **participant: Any) -> dict[str, Any]:
    return {
        "event": "SPEECH",
        "timestamp": int((START + at) * 1000),
        "participant": participant,
        "transcript": [{"text": text, "confidence": 0.9}, {"text": "another guess"}],
        "is_interim": False,
    }


def test_jitsi_s_events_are_read_without_what_was_still_to_change() -> None:
    said = [
        ("superhero1", "Iron Man", 5.0, "Good morning."),
        ("superhero1", "Iron Man", 8.0, "Shall we?"),
        ("superhero2", "Captain America", 11.5, "We shall."),
    ]
    assert read(jitsi(said, START)) == (
        Turn("Iron Man", "superhero1", START + 5, "Good morning. Shall we?"),
        Turn("Captain America", "superhero2", START + 11, "We shall."),
    )


@pytest.mark.parametrize("key", ["events", "segments", "utterances", "transcript", "results", "data", None])
def test_a_list_is_found_under_each_of_its_names_and_bare(key: str | None) -> None:
    said = bare_list([("superhero1", "Iron Man", 3.0, "Hello")])
    assert read({key: said} if key else said) == (Turn("Iron Man", "superhero1", START + 13, "Hello"),)


def test_a_single_piece_of_speech_is_a_transcript() -> None:
    assert read({"speaker": "Iron Man", "text": "Hello", "start": 0}) == (
        Turn("Iron Man", "superhero1", START + 10, "Hello"),
    )


@pytest.mark.parametrize(
    ("participant", "speaker", "uid"),
    [
        ({"identity_id": "SuperHero2", "name": "x"}, "Captain America", "superhero2"),
        ({"id": "superhero2", "name": "x"}, "Captain America", "superhero2"),
        ({"id": "A1B2C3D4"}, "Iron Man", "superhero1"),
        ({"id": "aa-bb@rtc.cometchat.io/a1b2c3d4"}, "Iron Man", "superhero1"),
        ({"name": "captain america"}, "captain america", "superhero2"),
        ({"name": "Sam"}, "Sam", ""),
        ({"id": "twin-2"}, "Sam", "twin-2"),
        ({"id": "KIRK"}, "James", "kirk"),
        ({"id": "\u212airk"}, "", ""),  # the Kelvin sign is no k
        ({"name": "A guest", "id": "unknown"}, "A guest", ""),
        ({}, "", ""),
    ],
)
def test_a_speaker_is_the_participant_whom_ids_or_names_say(
    participant: dict[str, str], speaker: str, uid: str
) -> None:
    (turn,) = read([speech("Hello", **participant)])
    assert (turn.speaker, turn.uid) == (speaker, uid)


def test_a_name_is_taken_from_the_head_of_the_file_and_from_joining() -> None:
    events = [
        {"event": "JOIN", "timestamp": 1, "participant": {"id": "g2", "name": "Guest two"}},
        speech("One", id="g1"),
        speech("Two", 6, id="g2"),
    ]
    turns = read({"initial_participants": [{"id": "g1", "name": "Guest one"}], "events": events})
    assert [turn.speaker for turn in turns] == ["Guest one", "Guest two"]


def test_times_from_the_file_s_start_are_seconds_beside_times_of_day_as_well() -> None:
    said = [
        {"text": "One", "timestamp": START + 30, "speaker": "A"},
        {"text": "Two", "start": 60, "speaker": "B"},
    ]
    assert [turn.at for turn in read(said)] == [START + 30, START + 70]


def test_a_number_for_a_speaker_is_no_name() -> None:
    said = [{"speaker": 0, "text": "Hello"}, {"speaker": "superhero2", "text": "Hi"}, {"text": "Who?"}]
    assert [turn.speaker for turn in read(said)] == ["Speaker 0", "Captain America", ""]


@pytest.mark.parametrize(
    ("time", "seconds"),
    [
        ({"timestamp": (START + 90) * 1000}, 90),
        ({"timestamp": str((START + 90) * 1000)}, 90),
        ({"timestamp": START + 90}, 90),
        ({"start": 80.4}, 90),
        ({"start_time": "80"}, 90),
        ({"startTime": "1:20"}, 90),
        ({"offset": "00:01:20.500"}, 90),
        ({"start": None, "time": 80}, 90),
        ({"start": True}, None),
        ({"start": "soon"}, None),
        ({"start": -3}, None),
        ({"start": 1e300}, None),
        ({"start": math.inf}, None),
        ({"start": "nan"}, None),
        ({}, None),
    ],
)
def test_times_are_read_whatever_they_count_from(time: dict[str, Any], seconds: int | None) -> None:
    (turn,) = read([{"text": "Hello", **time}])
    assert turn.at == (None if seconds is None else START + seconds)


def test_milliseconds_from_the_start_are_told_by_how_long_the_call_was() -> None:
    turns = read(
        [{"speaker": "A", "text": "x", "start": 1000}, {"speaker": "B", "text": "y", "start": 30_000}]
    )
    assert [turn.at for turn in turns] == [START + 11, START + 40]


def test_where_nothing_says_when_the_file_or_the_call_began_no_times_are_shown() -> None:
    (turn,) = read([{"text": "Hello", "start": 3}], parse_call({}), Transcription())
    assert turn.at is None


def test_what_was_said_is_in_order_of_time() -> None:
    turns = read([speech("Second", 9, name="A"), speech("First", 4, name="B")])
    assert [turn.text for turn in turns] == ["First", "Second"]
    turns = read([speech("Second", 9, name="A"), {"text": "When?", "speaker": "B"}])
    assert [turn.text for turn in turns] == ["Second", "When?"]


def test_a_long_turn_goes_on_in_the_next_and_no_word_is_cut_where_there_are_words() -> None:
    words = "word " * 500
    turns = read([speech(words, name="A"), speech("x" * 2_000, 9, name="B")])
    assert all(0 < len(turn.text) <= LONGEST_TURN for turn in turns)
    assert " ".join(turn.text for turn in turns if turn.speaker == "A") == words.strip()
    assert "".join(turn.text for turn in turns if turn.speaker == "B") == "x" * 2_000


def test_of_a_file_about_several_calls_only_what_was_said_in_this_one_is_read() -> None:
    said = [speech("Before", -3600), speech("In it", 60, name="A"), speech("After", 3600), {"text": "When?"}]
    assert [turn.text for turn in read(said, only_during=True)] == ["In it"]
    assert read(said, parse_call({}), only_during=True) == ()
    ongoing = parse_call({"startedAt": START})
    assert [turn.text for turn in read(said, ongoing, only_during=True)] == ["In it", "After"]
    rang_for_an_hour = parse_call({"initiatedAt": START - 3600, "startedAt": START, "endedAt": START + 600})
    assert [turn.text for turn in read(said, rang_for_an_hour, only_during=True)] == ["Before", "In it"]


@pytest.mark.parametrize("empty", [[], {"events": []}, [{"event": "JOIN"}], [speech("", name="A")]])
def test_a_file_without_words_is_understood(empty: Any) -> None:
    assert read(empty) == ()
    assert read([{**speech("to change"), "is_interim": True}]) == ()


@pytest.mark.parametrize(
    "unknown",
    [
        b"",
        b"\xff\xfe",
        b"<html>",
        b"[" * 100_000,
        {},
        {"version": 7},
        {"events": "none"},
        [1, "two"],
        [{"payload": 1}],
        "text",
        7,
        None,
    ],
)
def test_of_an_unknown_shape_nothing_is_made_up(unknown: Any) -> None:
    assert read(unknown) is None


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "events",
                    "event",
                    "text",
                    "transcript",
                    "participant",
                    "speaker",
                    "start",
                    "timestamp",
                    "name",
                    "id",
                ]
            )
            | st.text(max_size=3),
            inner,
            max_size=5,
        )
    ),
    max_leaves=25,
)


@given(_json)
def test_whatever_the_file_holds_it_is_turns_within_limits_or_none(document: Any) -> None:
    turns = read(json.dumps(document).encode())
    for turn in turns or ():
        assert 0 < len(turn.text) <= LONGEST_TURN
        assert turn.at is None or isinstance(turn.at, int)
        turn.text.encode()
        turn.speaker.encode()
