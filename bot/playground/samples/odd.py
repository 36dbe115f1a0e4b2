"""Unusual calls that are found: other ids, other shapes."""

from bot.playground.samples.build import (
    CAPTAIN,
    IRON_MAN,
    SPIDERMAN,
    WOLVERINE,
    Data,
    Group,
    JsonObject,
    Sample,
    call_json,
    entities,
    participant_json,
    present,
    session_id,
)

_DAY = 24 * 3600
_CUSTOM_ID = "standup"
_UUID_ID = "5f0c9b1e-6a7d-4c38-9b52-0d8e4f7a1c63"


def odd_samples(now: int) -> tuple[Sample, ...]:
    """Return the unusual calls, all before `now` (Unix seconds)."""
    day = now - _DAY
    return (
        _plain(_CUSTOM_ID, "A custom id", "The customer chose the id: one word", day),
        _plain(_UUID_ID, "A UUID as the id", "The customer chose the id: a UUID", day - 3600),
        _group_mode("Meeting", "Mode “meet”: a meeting, no ringing", "meet", day - 7200),
        _group_mode("Presentation", "Mode “presenter”: one speaks, others watch", "presenter", day - 9000),
        _minimal(day - 10800),
        _nulls(day - 14400),
        _as_object(day - 18000),
        _people_as_objects(day - 21600),
    )


def _talk(sid: str, at: int) -> JsonObject:
    start, end = at + 9, at + 9 + 754
    return call_json(
        sessionId=sid,
        type="video",
        initiatedAt=at,
        startedAt=start,
        endedAt=end,
        participants=[present(IRON_MAN, start, end), present(CAPTAIN, start + 4, end)],
    )


def _plain(sid: str, title: str, about: str, at: int) -> Sample:
    return Sample(sid, title, about, [_talk(sid, at)])


def _group_mode(title: str, about: str, mode: str, at: int) -> Sample:
    sid = session_id(title, at)
    group = Group("design-guild", "Design guild")
    people = (CAPTAIN, IRON_MAN, SPIDERMAN, WOLVERINE)
    call = call_json(
        without=("initiatedAt",),
        sessionId=sid,
        type="video",
        mode=mode,
        startedAt=at,
        endedAt=at + 1500,
        initiator=CAPTAIN.uid,
        receiver=group.guid,
        receiverType="group",
        participants=[present(person, at + 70 * i, at + 1500 - 40 * i) for i, person in enumerate(people)],
        data=entities(CAPTAIN, group),
    )
    return Sample(sid, title, about, [call])


def _minimal(at: int) -> Sample:
    """Return what is left when every key without a value is left out."""
    sid = session_id("minimal", at)
    call = {"sessionId": sid, "initiator": IRON_MAN.uid, "receiver": CAPTAIN.uid, "initiatedAt": at}
    return Sample(sid, "Hardly anything", "CometChat left out nearly every key", [call])


def _nulls(at: int) -> Sample:
    sid = session_id("nulls", at)
    call = call_json(
        sessionId=sid,
        initiatedAt=at,
        startedAt=None,
        endedAt="",
        mid="",
        mode=None,
        type="",
        receiverType=None,
        totalAudioMinutes=None,
        totalVideoMinutes="",
        totalDuration="",
        totalDurationInMinutes=None,
        totalParticipants=None,
        hasRecording=None,
        hasTranscription=None,
        recordings=None,
        metaData=None,
        tags=None,
        data=None,
        participants=[
            participant_json("superhero1", name=None, avatar="", state=None, joinedAt=None, leftAt=""),
            participant_json("superhero2", name="", avatar=None, state="", deviceId=None, totalDuration=None),
        ],
    )
    return Sample(sid, "Nulls and empty words", "Every key is there, but hardly any has a value", [call])


def _as_object(at: int) -> Sample:
    sid = session_id("as object", at)
    data: Data = _talk(sid, at)
    return Sample(sid, "The newer answer", "“data” is one object, as newer documents have it", data)


def _people_as_objects(at: int) -> Sample:
    sid = session_id("people as objects", at)
    call = {
        **_talk(sid, at),
        "initiator": {"uid": IRON_MAN.uid, "name": IRON_MAN.name, "avatar": IRON_MAN.avatar},
        "receiver": {"uid": CAPTAIN.uid, "name": CAPTAIN.name, "avatar": CAPTAIN.avatar},
    }
    del call["data"]
    return Sample(sid, "People as objects", "Caller and called are objects where others have ids", [call])
