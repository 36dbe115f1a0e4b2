"""Calls as they happen every day: ended, declined, missed, going on, crowded, several in one session."""

from collections.abc import Iterator

from bot.playground.samples.build import (
    CAPTAIN,
    CYCLOPS,
    IRON_MAN,
    SPIDERMAN,
    WOLVERINE,
    Group,
    JsonObject,
    Person,
    Sample,
    absent,
    call_json,
    entities,
    never_answered,
    participant_json,
    present,
    session_id,
)

_HOUR = 3600
_DAY = 24 * _HOUR

_FIRST_NAMES = ("Ada", "Bilal", "Chen", "Daria", "Emeka", "Freya", "Goran", "Hana", "Ines", "Jomo")
_LAST_NAMES = ("Abara", "Brandt", "Castillo", "Dufour", "Eriksen")
_TOWN_HALL_SIZE = 50


def ordinary_samples(now: int) -> tuple[Sample, ...]:
    """Return the everyday calls, all before `now` (Unix seconds)."""
    return (
        _one_to_one(now - 3 * _HOUR),
        _group(now - 5 * _HOUR),
        _ongoing(now - 9 * 60),
        *_silent(now),
        _crowd(now - 2 * _DAY),
        _several(now - 4 * _HOUR),
    )


def _one_to_one(at: int) -> Sample:
    sid = session_id("one to one", at)
    start, end = at + 11, at + 11 + 245
    call = call_json(
        sessionId=sid,
        initiatedAt=at,
        startedAt=start,
        endedAt=end,
        metaData=[],
        tags=[],
        participants=[
            present(CAPTAIN, start + 3, end, kind="audio"),
            present(IRON_MAN, start, end - 2, kind="audio"),
        ],
    )
    return Sample(sid, "One to one", "A voice call of 4 min 5 s between Tony and Steve", [call])


def _group(at: int) -> Sample:
    """Shaped as CometChat's own example of a group call: GUID and UIDs, and not one name."""
    sid = session_id("group", at)
    start = at + 12
    guests = ("cometchat-uid-4", "cometchat-uid-6", "cometchat-uid-7")
    never = ("joinedAt", "leftAt", "deviceId")
    call = call_json(
        without=("data",),
        sessionId=sid,
        initiatedAt=at,
        startedAt=start,
        endedAt=start + 19,
        initiator="superhero2",
        receiver="support-night-shift",
        receiverType="group",
        participants=[
            participant_json("superhero1", joinedAt=start, leftAt=start + 19),
            participant_json("superhero2", joinedAt=start, leftAt=start + 17),
            *(participant_json(uid, without=never, isJoined=False, state="unanswered") for uid in guests),
        ],
    )
    return Sample(sid, "Group call without names", "19 seconds; CometChat gives ids only, no names", [call])


def _ongoing(at: int) -> Sample:
    sid = session_id("ongoing", at)
    group = Group("incident-desk", "Incident desk")
    call = call_json(
        without=("endedAt",),
        sessionId=sid,
        type="video",
        status="ongoing",
        initiatedAt=at,
        startedAt=at + 8,
        receiver=group.guid,
        receiverType="group",
        participants=[
            present(IRON_MAN, at + 8, None),
            present(CAPTAIN, at + 95, None),
            present(CYCLOPS, at + 20, at + 200),
            absent(WOLVERINE, "unanswered"),
        ],
        data=entities(IRON_MAN, group),
    )
    return Sample(sid, "Going on now", "A group video call that began 9 minutes ago and is not over", [call])


# CometChat's SDKs write canceled and cancelled; a word that it may add tomorrow stands last.
_SILENT = (
    ("Missed", "Only Steve was called: Tony gets “no such call”", SPIDERMAN, CAPTAIN, "missed", "unanswered"),
    ("Busy", "Only Tony called: Steve gets “no such call”", IRON_MAN, SPIDERMAN, "busy", "unanswered"),
    ("Rejected", "Steve declined Tony’s call", IRON_MAN, CAPTAIN, "rejected", "rejected"),
    ("Cancelled", "Steve hung up before Tony answered", CAPTAIN, IRON_MAN, "canceled", None),
    ("Unanswered", "It rang and nobody picked up", IRON_MAN, CAPTAIN, "unanswered", "unanswered"),
    ("On hold", "A status that callinfo doesn’t know", IRON_MAN, CAPTAIN, "on_hold", "parked"),
)


def _silent(now: int) -> Iterator[Sample]:
    """Return one call for each way in which nobody talks, an hour apart."""
    for hours, (title, about, caller, callee, status, state) in enumerate(_SILENT, start=6):
        at = now - hours * _HOUR
        sid = session_id(title, at)
        call = never_answered(caller, callee, at=at, status=status, state=state, sid=sid)
        yield Sample(sid, title, about, [call])


def _crowd(at: int) -> Sample:
    sid = session_id("town hall", at)
    group = Group("town-hall", "Town hall")
    start, end = at + 30, at + 30 + 62 * 60
    call = call_json(
        sessionId=sid,
        type="video",
        initiatedAt=at,
        startedAt=start,
        endedAt=end,
        initiator=CAPTAIN.uid,
        receiver=group.guid,
        receiverType="group",
        participants=[
            present(CAPTAIN, start, end),
            present(IRON_MAN, start + 45, end - 30),
            *(_guest(number, start, end) for number in range(_TOWN_HALL_SIZE - 2)),
        ],
        data=entities(CAPTAIN, group),
    )
    return Sample(sid, "Fifty people", "A town hall of 1 h 2 min; a few never came", [call])


def _guest(number: int, start: int, end: int) -> JsonObject:
    """Return the guest of that number: every twelfth stays away, the others come and go spread over the hour."""
    first = _FIRST_NAMES[number % len(_FIRST_NAMES)]
    last = _LAST_NAMES[number // len(_FIRST_NAMES)]
    person = Person(f"{first}-{last}".lower(), f"{first} {last}")
    if number % 12 == 11:  # noqa: PLR2004 - any rhythm would do
        return absent(person, "unanswered")
    return present(person, start + number * 37 % 900, end - number * 53 % 1200)


def _several(at: int) -> Sample:
    """Return a session with three calls, the newest in the middle: the order is not documented."""
    sid = session_id("several", at)
    calls = [
        _one_of_several(sid, at + offset, seconds) for offset, seconds in ((0, 40), (5400, 610), (1800, 125))
    ]
    return Sample(
        sid, "Three calls in one session", "Shows the newest, with a button to the one before", calls
    )


def _one_of_several(sid: str, at: int, seconds: int) -> JsonObject:
    start, end = at + 7, at + 7 + seconds
    return call_json(
        sessionId=sid,
        initiatedAt=at,
        startedAt=start,
        endedAt=end,
        participants=[present(person, start, end, kind="audio") for person in (IRON_MAN, CAPTAIN)],
    )
