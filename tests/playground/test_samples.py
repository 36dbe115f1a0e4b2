"""The sample calls are of the documented shapes, and the first one is what the README shows."""

import json
import re
from collections import Counter

import pytest

from bot.calls.transcript import read_transcript
from bot.cometchat.parsing import parse_call, parse_transcriptions
from bot.playground.samples import (
    APP_ID,
    JsonObject,
    Sample,
    call_json,
    documented_call,
    participant_json,
    samples,
    session_id,
)
from bot.playground.scripted import Answer, Hang, Slow

NOW = 1763812800
SAMPLES = samples(NOW)
CUSTOM = {"standup", "5f0c9b1e-6a7d-4c38-9b52-0d8e4f7a1c63"}


def titled(title: str) -> Sample:
    return next(sample for sample in SAMPLES if sample.title == title)


def call_of(title: str) -> JsonObject:
    (call,) = titled(title).calls
    return call


def uids_of(sample: Sample) -> set[str]:
    return {entry["uid"] for call in sample.calls for entry in call.get("participants", ())}


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.title)
def test_a_sample_has_a_well_formed_id_and_says_what_one_sees(sample: Sample) -> None:
    made = rf"v1\.(eu\.{APP_ID}|us\.31780434a95d45)\.\d{{10}}[0-9a-f]{{40}}"
    assert sample.session_id in CUSTOM or re.fullmatch(made, sample.session_id)
    assert 0 < len(sample.title) <= 30
    assert 0 < len(sample.about) <= 100
    assert "\n" not in sample.about


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.title)
def test_a_samples_calls_are_json_of_its_own_session_and_in_the_past(sample: Sample) -> None:
    assert json.loads(json.dumps(sample.data)) == sample.data
    for call in sample.calls:
        assert call["sessionId"] == sample.session_id
        assert all(
            call[key] < NOW
            for key in ("initiatedAt", "startedAt", "endedAt")
            if isinstance(call.get(key), int)
        )


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.title)
def test_nobody_is_in_a_call_before_it_began_or_after_it_ended(sample: Sample) -> None:
    for call in sample.calls:
        if call.get("status") != "ended" or not isinstance(call.get("startedAt"), int):
            continue
        for entry in call["participants"]:
            if entry["isJoined"]:
                assert call["startedAt"] <= entry["joinedAt"] < entry["leftAt"] <= call["endedAt"]
            else:
                assert not entry.keys() & {"joinedAt", "leftAt", "deviceId"}


@pytest.mark.parametrize(
    "sample", [each for each in SAMPLES if each.transcripts], ids=lambda sample: sample.title
)
def test_whoever_speaks_in_a_transcript_is_in_the_call_then(sample: Sample) -> None:
    for file in sample.transcripts:
        call = next(each for each in sample.calls if file.mid in {None, each["mid"]})
        (part,) = parse_transcriptions([file.as_json(sample.session_id, APP_ID, "https://x")])
        assert call["startedAt"] <= file.started_at < file.ended_at <= call["endedAt"]
        content = file.content()
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        for turn in read_transcript(body, parse_call(call), part) or ():
            there = [entry for entry in call["participants"] if entry["uid"] == turn.uid]
            assert any(entry["joinedAt"] <= (turn.at or 0) <= entry["leftAt"] for entry in there), turn.text


def test_ids_and_titles_are_unique() -> None:
    assert len({sample.session_id for sample in SAMPLES}) == len(SAMPLES)
    assert len({sample.title for sample in SAMPLES}) == len(SAMPLES)


def test_the_same_time_gives_the_same_samples() -> None:
    assert samples(NOW) == SAMPLES


def test_a_generated_id_carries_its_time_stamp() -> None:
    assert session_id("any", 1715845999).startswith(f"v1.eu.{APP_ID}.1715845999")


def test_the_first_sample_is_an_ended_recorded_group_video_call_of_32_minutes() -> None:
    (call,) = SAMPLES[0].calls
    assert (call["status"], call["type"], call["mode"]) == ("ended", "video", "call")
    assert call["receiverType"] == "group"
    assert call["data"]["entities"]["receiver"]["entity"]["name"] == "Release stand-up"
    assert call["endedAt"] - call["startedAt"] == 32 * 60
    assert call["totalDuration"] == "00:32:00"
    assert call["hasRecording"] is True
    assert len(call["recordings"]) == 1


def test_in_the_first_sample_everybody_came_and_went_differently() -> None:
    (call,) = SAMPLES[0].calls
    entries = Counter(entry["uid"] for entry in call["participants"])
    joined = [entry for entry in call["participants"] if entry["isJoined"]]
    assert len(entries) == 7
    assert len({entry["uid"] for entry in joined}) == 5
    assert entries.most_common(1) == [("superhero3", 2)]
    assert call["totalParticipants"] == len(joined) == 6
    assert sorted(entry["state"] for entry in call["participants"] if not entry["isJoined"]) == [
        "rejected",
        "unanswered",
    ]
    assert len({(entry["joinedAt"], entry["leftAt"]) for entry in joined}) == 6
    assert {"superhero1", "superhero2", "superhero3"} <= entries.keys()
    assert all(entry["name"] for entry in call["participants"])


def test_tony_and_steve_see_most_calls_and_each_misses_some() -> None:
    found = [sample for sample in SAMPLES if uids_of(sample)]
    both = [sample for sample in found if {"superhero1", "superhero2"} <= uids_of(sample)]
    assert len(both) > len(found) * 2 / 3
    assert uids_of(titled("Busy")) == {"superhero1", "superhero3"}
    assert uids_of(titled("Missed")) == {"superhero2", "superhero3"}
    assert not any(uid.startswith("superhero") for uid in uids_of(titled("Somebody else’s call")))


def test_every_known_status_has_a_sample_and_one_is_unknown() -> None:
    statuses = {call.get("status") for sample in SAMPLES for call in sample.calls} - {None}
    assert statuses == {
        "initiated",
        "ongoing",
        "ended",
        "unanswered",
        "rejected",
        "canceled",
        "busy",
        "missed",
        "on_hold",
    }
    assert {call.get("mode") for sample in SAMPLES for call in sample.calls} == {
        "call",
        "meet",
        "presenter",
        None,
    }


def test_a_call_that_goes_on_has_no_end_and_somebody_in_it() -> None:
    call = call_of("Going on now")
    assert "endedAt" not in call
    assert call["startedAt"] > NOW - 600
    assert [entry["state"] for entry in call["participants"]].count("ongoing") == 2


def test_the_town_hall_has_fifty_different_people() -> None:
    call = call_of("Fifty people")
    assert len({entry["uid"] for entry in call["participants"]}) == 50
    assert 40 < call["totalParticipants"] < 50


def test_of_several_calls_the_newest_is_neither_first_nor_last() -> None:
    calls = titled("Three calls in one session").calls
    assert len({call["mid"] for call in calls}) == 3
    assert max(calls, key=lambda call: int(call["startedAt"])) is calls[1]


def test_some_answers_are_shaped_otherwise() -> None:
    assert isinstance(titled("The newer answer").data, dict)
    assert isinstance(call_of("People as objects")["initiator"], dict)
    assert call_of("Hardly anything").keys() == {"sessionId", "initiator", "receiver", "initiatedAt"}
    assert call_of("Nulls and empty words")["startedAt"] is None
    assert "data" not in call_of("Group call without names")
    assert not any("name" in entry for entry in call_of("Group call without names")["participants"])


def test_hostile_names_try_mentions_markup_links_and_writing_directions() -> None:
    names = " ".join(entry["name"] for entry in call_of("Names that attack")["participants"])
    for attack in (
        "<!channel>",
        "@here",
        "*bold*",
        "<https://evil.example|click>",
        "<@U0TONY>",
        "\u202e",
        "👩‍👩‍👧‍👦",
    ):
        assert attack in names
    assert max(len(entry["name"]) for entry in call_of("Names that attack")["participants"]) > 400


def test_the_documented_example_is_a_call_that_stays_initiated() -> None:
    sample = titled("The documented example")
    assert sample.data == [documented_call()]
    assert sample.session_id == "v1.eu.2574867aa2e6e417.17158459999d7fa95b1b4faea599f11eb5ecf07611b0b335c3"
    assert documented_call()["status"] == "initiated"
    assert documented_call()["initiatedAt"] == 1715845999


def test_the_troubles_are_scripted_and_the_missing_calls_are_not() -> None:
    assert titled("Slow").script == (Slow(5.0),)
    assert titled("No answer").script == (Hang(),)
    (hiccup,) = titled("A hiccup").script
    assert isinstance(hiccup, Answer)
    assert (hiccup.status, hiccup.times) == (502, 1)
    assert titled("No such call").data is None
    assert titled("No such call, said otherwise").data == []
    assert titled("Another app’s id").data is None


def test_call_json_counts_its_totals_from_what_it_is_given() -> None:
    call = call_json(
        type="video",
        startedAt=1000,
        endedAt=1090,
        participants=[
            participant_json("a"),
            participant_json("a"),
            participant_json("b", isJoined=False, without=("joinedAt",)),
        ],
    )
    assert call["totalDuration"] == "00:01:30"
    assert call["totalDurationInMinutes"] == call["totalVideoMinutes"] == 1.5
    assert call["totalAudioMinutes"] == 0
    assert call["totalParticipants"] == 2


def test_call_json_leaves_out_nulls_and_overrides_as_told() -> None:
    call = call_json(without=("startedAt", "mid"), endedAt=None, participants=None, surprise="new")
    assert not call.keys() & {"startedAt", "mid"}
    assert call["endedAt"] is None
    assert call["totalDurationInMinutes"] == 0
    assert call["totalParticipants"] == 0
    assert call["surprise"] == "new"


def test_participant_json_counts_its_minutes_from_its_times() -> None:
    assert participant_json(joinedAt=0, leftAt=19)["totalDuration"] == 19 / 60
    assert participant_json(without=("leftAt",))["totalAudioMinutes"] == 0
