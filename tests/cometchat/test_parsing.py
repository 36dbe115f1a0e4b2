import json
from typing import Any

import pytest

from bot.cometchat import Call, Participant, Party, Recording, Uid
from bot.cometchat.parsing import MAX_PEOPLE, parse_call


def test_minutes_are_floats_and_a_total_may_be_a_clock() -> None:
    assert parse_call({"totalDurationInMinutes": 0.31666}).minutes == 0.31666
    assert parse_call({"totalDuration": "01:02:30"}).minutes == 62.5
    assert parse_call({"totalDurationInMinutes": 3, "totalDuration": "00:09:00"}).minutes == 3


def test_a_participant_s_total_duration_stands_in_for_its_minutes() -> None:
    call = parse_call({"participants": [{"uid": "a", "isJoined": True, "totalDuration": 0.25}]})
    assert call.participants == (Participant(uid="a", joined=True, minutes=0.25),)


@pytest.mark.parametrize("nothing", [None, "", " "])
def test_null_and_empty_count_as_left_out(nothing: Any) -> None:
    keys = (
        "sessionId",
        "mid",
        "status",
        "type",
        "initiator",
        "startedAt",
        "totalDuration",
        "participants",
        "hasRecording",
    )
    assert parse_call(dict.fromkeys(keys, nothing)) == Call()


def test_parties_may_be_uids_or_objects() -> None:
    call = parse_call(
        {"initiator": "superhero1", "receiver": {"uid": "superhero2", "name": "Captain America"}}
    )
    assert call.initiator == Party("superhero1")
    assert call.receiver == Party("superhero2", "Captain America")


def test_names_come_from_the_entities_else_from_the_participants() -> None:
    call = parse_call(
        {
            "initiator": "superhero1",
            "receiver": "superhero2",
            "data": {"entities": {"initiator": {"entity": {"uid": "superhero1", "name": "Iron Man"}}}},
            "participants": [{"uid": "superhero2", "name": "Captain America"}],
        }
    )
    assert call.initiator == Party("superhero1", "Iron Man")
    assert call.receiver == Party("superhero2", "Captain America")


def test_an_entity_of_somebody_else_lends_nobody_its_name() -> None:
    entities = {"initiator": {"entity": {"uid": "superhero9", "name": "Somebody Else"}}}
    assert parse_call({"initiator": "superhero1", "data": {"entities": entities}}).initiator == Party(
        "superhero1"
    )


def test_a_party_may_stand_among_the_entities_alone() -> None:
    entities = {"receiver": {"entity": {"guid": "team", "name": "The team"}}}
    assert parse_call({"data": {"entities": entities}}).receiver == Party("team", "The team", group=True)


@pytest.mark.parametrize(
    "raw",
    [
        {"receiver": {"guid": "superhero1"}},
        {"receiver": {"guid": "superhero1"}, "receiverType": "user"},
        {"receiver": {"guid": "superhero1", "uid": "superhero1"}, "receiverType": "user"},
        {"receiver": "superhero1", "data": {"entities": {"receiver": {"entity": {"guid": "superhero1"}}}}},
        {"receiver": "superhero1", "receiverType": "group"},
        {"initiator": {"guid": "superhero1"}},
    ],
)
def test_who_came_with_a_guid_is_a_group_and_no_user_of_that_id(raw: dict[str, Any]) -> None:
    call = parse_call(raw)
    assert not call.involves(Uid("superhero1"))
    assert call.with_group is ("receiver" in raw)
    assert parse_call({**raw, "participants": [{"uid": "superhero1"}]}).involves(Uid("superhero1"))


def test_words_are_lower_cased_and_unified_and_unknown_ones_kept() -> None:
    assert parse_call({"status": "Canceled"}).status == "cancelled"
    assert parse_call({"status": "ENDED"}).status == "ended"
    assert parse_call({"status": "Frobnicated"}).status == "frobnicated"


@pytest.mark.parametrize("value", [0, -5, "soon", True, float("nan"), float("inf"), 10**30, [], {}])
def test_a_timestamp_that_is_none_is_missing(value: Any) -> None:
    assert parse_call({"startedAt": value}).started_at is None


@pytest.mark.parametrize("value", [1692368180, "1692368180", 1692368180.9, 1692368180123])
def test_a_timestamp_is_in_unix_seconds_also_as_text_or_milliseconds(value: Any) -> None:
    assert parse_call({"startedAt": value}).started_at == 1692368180


def test_the_start_stands_for_when_it_began_and_the_ringing_where_there_was_none() -> None:
    assert parse_call({"startedAt": 1692368180, "initiatedAt": 1692368168}).began_at == 1692368180
    assert parse_call({"initiatedAt": 1692368168}).began_at == 1692368168


def test_a_recording_counts_whatever_the_flag_says_and_its_url_stays_out_of_repr() -> None:
    raw = {
        "hasRecording": False,
        "recordings": [{"rid": "r", "recording_url": "https://x.cometchat.io/secret.mp4"}],
    }
    call = parse_call(raw)
    assert call.has_recording is True
    assert call.recordings == (Recording(rid="r", url="https://x.cometchat.io/secret.mp4"),)
    assert "secret" not in repr(call)


def test_who_joined_is_known_by_the_time_where_the_flag_is_missing() -> None:
    call = parse_call({"participants": [{"uid": "a", "joinedAt": 1692368180}, {"uid": "b"}, "c", None]})
    assert [person.joined for person in call.participants] == [True, False]


def test_who_joined_is_inferred_from_minutes_and_state_where_nothing_says_so() -> None:
    people = [
        {"uid": "a", "totalDuration": 12.5},
        {"uid": "b", "state": "ended"},
        {"uid": "c", "state": "unanswered"},
    ]
    assert [person.joined for person in parse_call({"participants": people}).participants] == [
        True,
        True,
        False,
    ]


def test_a_total_of_zero_does_not_hide_the_other_total() -> None:
    assert parse_call({"totalDurationInMinutes": 0, "totalDuration": "00:10:00"}).minutes == 10
    assert parse_call({"totalDurationInMinutes": 0}).minutes == 0


def test_lone_surrogates_can_not_break_the_answer_to_slack() -> None:
    call = parse_call(json.loads('{"status": "\\ud83d", "participants": [{"uid": "a", "name": "\\ude00x"}]}'))
    assert call.participants[0].name == "\ufffdx"
    assert call.status == "\ufffd"


def test_numbers_stand_for_their_digits_in_texts_and_texts_for_numbers() -> None:
    assert parse_call({"mid": 42, "totalParticipants": "3", "hasRecording": "true"}) == Call(
        mid="42", joined_count=3, has_recording=True
    )


def test_who_has_a_part_in_a_call() -> None:
    call = parse_call(
        {"initiator": "Superhero1", "receiver": "superhero2", "participants": [{"uid": "superhero3"}]}
    )
    assert all(call.involves(Uid(uid)) for uid in ("superhero1", "superhero2", "superhero3"))
    assert not call.involves(Uid("superhero4"))


def test_a_group_whose_id_is_a_user_s_uid_lets_that_user_in_nowhere() -> None:
    assert not parse_call({"receiver": "superhero1", "receiverType": "group"}).involves(Uid("superhero1"))
    assert parse_call({"receiver": "superhero1", "receiverType": "user"}).involves(Uid("superhero1"))


def test_a_number_of_minutes_beyond_reason_is_missing() -> None:
    call = parse_call(
        {"totalDurationInMinutes": 3e306, "participants": [{"uid": "a", "totalAudioMinutes": 10**12}]}
    )
    assert call.minutes is None
    assert call.participants[0].audio_minutes is None


@pytest.mark.parametrize("mid", [0, "0", "null", "None", " undefined ", "NaN"])
def test_a_mid_that_is_no_id_is_missing(mid: Any) -> None:
    assert parse_call({"mid": mid}).mid is None


def crowd(count: int, **more: Any) -> dict[str, Any]:
    return {"participants": [{"uid": f"user{n}", "isJoined": True} for n in range(count)], **more}


def test_of_a_huge_call_the_first_people_are_listed_and_the_others_counted() -> None:
    call = parse_call(crowd(50_000))
    assert (len(call.participants), call.unlisted) == (MAX_PEOPLE, 50_000 - MAX_PEOPLE)
    assert parse_call(crowd(MAX_PEOPLE)).unlisted == 0


def test_viewer_caller_and_called_are_listed_wherever_they_are() -> None:
    raw = crowd(50_000, initiator="USER40000", receiver={"uid": "user30000"})
    call = parse_call(raw, Uid("user49999"))
    assert {each.uid for each in call.participants[MAX_PEOPLE:]} == {"user30000", "user40000", "user49999"}
    assert call.unlisted == 50_000 - MAX_PEOPLE - 3
    assert call.involves(Uid("user49999"))
    assert not call.involves(Uid("user4999"))


def test_people_s_further_devices_are_listed_too_and_count_nobody_twice() -> None:
    people = crowd(MAX_PEOPLE + 10)["participants"]
    call = parse_call({"participants": [*people, *people[::5], *people]})
    assert call.unlisted == 10
    assert sum(each.uid == "user0" for each in call.participants) == 3


def test_of_a_hundred_thousand_devices_of_one_person_a_bounded_number_is_listed() -> None:
    devices = [{"uid": "superhero1", "deviceId": str(n)} for n in range(100_000)]
    call = parse_call({"participants": devices}, Uid("superhero1"))
    assert (len(call.participants) <= 4 * MAX_PEOPLE, call.unlisted) == (True, 0)


def test_those_without_a_uid_are_counted_each() -> None:
    assert parse_call({"participants": [{"isJoined": True}] * (MAX_PEOPLE + 7)}).unlisted == 7
