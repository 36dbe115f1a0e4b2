"""Webhook events of every documented and wandering shape, read into what they hint at."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cometchat.events import MAX_PEOPLE, TRIGGERS, CallEvent, name_digest, read_event
from bot.cometchat.ids import parse_session_id, parse_uid

SESSION = "v1.us.2547167fe69871fd.17638127880a1b2c3d"
OCCUPANT = {"name": "Iron Man", "joined_at": 1763812800, "audio_call": "true"}
RUNG: dict[str, Any] = {
    "id": "52",
    "conversationId": "superhero1_user_superhero2",
    "sender": "superhero1",
    "receiverType": "user",
    "receiver": "superhero2",
    "category": "call",
    "type": "audio",
    "data": {"action": "unanswered"},
    "sentAt": 1763812788,
}


def told(trigger: Any, data: Any, **envelope: Any) -> CallEvent:
    return read_event(
        {"trigger": trigger, "data": data, "appId": "2547167fe69871fd", "region": "us", "webhook": "callinfo"}
        | envelope
    )


@pytest.mark.parametrize(
    ("trigger", "data"),
    [
        ("call_started", {"sessionId": SESSION, "created_at": 1763812788}),
        ("meeting_started", {"sessionId": SESSION, "created_at": "1763812788"}),
        ("call_participant_joined", {"sessionId": SESSION, "occupant": OCCUPANT}),
        ("call_ended", {"sessionId": SESSION, "destroyed_at": 1763813045, "all_occupants": [OCCUPANT]}),
        ("recording_generated", {"sessionId": SESSION, "startTime": "1763812788", "duration": "21.433000"}),
        ("transcription_generated", {"sessionId": SESSION, "tid": "7", "transcript_url": "https://x.example/t"}),
        ("call_ended", {"sessionid": SESSION}),
        ("call_ended", {"session_id": SESSION}),
    ],
)  # fmt: skip
def test_a_session_s_event_names_the_session_and_no_user(trigger: str, data: dict[str, Any]) -> None:
    event = told(trigger, data)
    assert (event.trigger, event.session_id, event.uids) == (trigger, parse_session_id(SESSION), ())
    assert "Iron" not in repr(event)


@pytest.mark.parametrize("trigger", ["call_initiated", "call_busy", "call_rejected", "call_unanswered"])
def test_an_event_of_a_ring_names_both_sides(trigger: str) -> None:
    event = told(trigger, {"call": RUNG})
    assert event == CallEvent(trigger, None, (parse_uid("superhero1"), parse_uid("superhero2")))


@pytest.mark.parametrize(
    ("data", "session", "uids"),
    [
        ({"call": RUNG | {"receiverType": "group", "receiver": "avengers"}}, None, ["superhero1"]),
        (
            {"call": {"data": {"entities": {"on": {"entity": {"sessionid": SESSION}}}}}},
            SESSION,
            [],
        ),
        (
            {
                "call": {
                    "data": {
                        "entities": {
                            "by": {"entity": {"uid": "Superhero1", "name": "Iron Man"}, "entityType": "user"},
                            "for": {"entity": {"uid": "superhero2"}},
                            "on": {
                                "entity": {
                                    "sessionid": SESSION,
                                    "data": {"entities": {"receiver": {"entity": {"uid": "superhero3"}}}},
                                }
                            },
                        }
                    }
                }
            },
            SESSION,
            ["superhero1", "superhero2", "superhero3"],
        ),
        ({"sender": {"uid": "superhero4", "name": "x"}, "receiver": {"guid": "g"}}, None, ["superhero4"]),
        (
            {"sessionId": SESSION, "all_occupants": [{"uid": "superhero5"}, "superhero6", None, 7]},
            SESSION,
            ["superhero5", "superhero6"],
        ),
        ({"sessionId": "../calls", "sessionid": SESSION}, SESSION, []),
        ({"sessionId": 7, "call": "junk"}, None, []),
        ({"sender": "no uid at all", "receiver": "e@mail.example"}, None, []),
        (None, None, []),
        ([], None, []),
    ],
)
def test_what_wanders_is_found_and_what_can_not_be_an_id_is_left_out(
    data: Any, session: str | None, uids: list[str]
) -> None:
    event = told("call_ended", data)
    assert (event.session_id, list(event.uids)) == (session, uids)
    assert event.says_where_to_look is bool(session or uids)


def test_of_a_call_that_goes_on_there_is_nothing_to_look_for_yet() -> None:
    early = {each for each in TRIGGERS if not told(each, {"sessionId": SESSION}).says_where_to_look}
    assert len(early) == 6
    assert not [
        each for each in early if "ended" in each or each in {"call_initiated", "recording_generated"}
    ]


def test_a_session_beside_the_trigger_counts_too() -> None:
    assert told("call_ended", None, sessionId=SESSION).session_id == SESSION


@pytest.mark.parametrize(
    ("said", "trigger"),
    [
        (" Call_Ended ", "call_ended"),
        ("call_canceled", "call_cancelled"),
        ("message_sent", ""),
        ("", ""),
        (None, ""),
        (["call_ended"], ""),
    ],
)
def test_a_trigger_that_is_not_known_is_none_and_what_it_says_is_read_all_the_same(
    said: Any, trigger: str
) -> None:
    event = told(said, {"sessionId": SESSION})
    assert (event.trigger, event.session_id) == (trigger, SESSION)


def test_of_the_names_of_those_who_were_there_only_digests_are_kept() -> None:
    crowd = [OCCUPANT, {"name": " IRON man\ud800 "}, {"name": "iron MAN "}, {"name": ""}, {"name": 7}, "Thor"]
    event = told("call_ended", {"sessionId": SESSION, "all_occupants": crowd, "occupant": {"name": "Thor"}})
    assert event.names == (name_digest("Thor"), name_digest("Iron Man"), name_digest("iron man?"))
    assert all(len(each) == 16 and int(each, 16) >= 0 for each in event.names)


def test_an_event_names_no_more_people_than_a_call_can_have() -> None:
    crowd = [{"uid": f"user-{number}"} for number in range(MAX_PEOPLE * 3)]
    assert len(told("call_ended", {"all_occupants": crowd}).uids) == MAX_PEOPLE


_keys = st.sampled_from(
    ["trigger", "data", "call", "entities", "on", "by", "entity", "sessionId", "sessionid", "uid", "sender"]
)
_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.sampled_from([SESSION, "superhero1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_keys | st.text(max_size=5), inner, max_size=4),
    max_leaves=30,
)  # fmt: skip


@given(body=st.dictionaries(_keys | st.text(max_size=5), _json, max_size=6))
def test_any_json_object_is_read_and_gives_nothing_but_ids_and_a_known_trigger(body: dict[str, Any]) -> None:
    event = read_event(body)
    assert event.trigger in TRIGGERS | {""}
    assert event.session_id is None or parse_session_id(event.session_id)
    assert all(parse_uid(each) == each for each in event.uids)
