"""The parts that sample calls are made of: people, participants, calls, session ids.

Keys and values are as the examples in CometChat's Calls API reference have them. Which calls there are is left
to the other modules of this package.
"""

import hashlib
import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.playground.scripted import Step
from bot.playground.spoken import Spoken

APP_ID = "2574867aa2e6e417"
REGION = "eu"

JsonObject = dict[str, Any]
Data = list[JsonObject] | JsonObject
"""What stands under `data`: an array in the OpenAPI document, an object in newer pages."""

INITIATED_AT = 1763812788
STARTED_AT = 1763812800
ENDED_AT = 1763813045

_AVATARS = "https://data-eu.cometchat.io/assets/images/avatars/"


@dataclass(frozen=True)
class Person:
    """A CometChat user. `avatar` is a URL, or empty when there is none."""

    uid: str
    name: str
    avatar: str = ""


IRON_MAN = Person("superhero1", "Iron Man", f"{_AVATARS}ironman.png")
CAPTAIN = Person("superhero2", "Captain America", f"{_AVATARS}captainamerica.png")
SPIDERMAN = Person("superhero3", "Spiderman", f"{_AVATARS}spiderman.png")
WOLVERINE = Person("superhero4", "Wolverine", f"{_AVATARS}wolverine.png")
CYCLOPS = Person("superhero5", "Cyclops", f"{_AVATARS}cyclops.png")
SUPERHEROES = (IRON_MAN, CAPTAIN, SPIDERMAN, WOLVERINE, CYCLOPS)


@dataclass(frozen=True)
class Group:
    """A CometChat group, called as a whole."""

    guid: str
    name: str


@dataclass(frozen=True)
class Sample:
    """A session id to try, and what CometChat answers to it.

    `title`, `about` and `group` are for the page: a few words, one line of what one sees, and what it stands with.
    `data` is what stands under `data` in the answer, None when there is no such call. `script` is done first, step
    by step; `file_scripts` are the same for the files of `transcripts`, by `tid`.
    """

    session_id: str
    title: str
    about: str
    data: Data | None = None
    script: tuple[Step, ...] = ()
    group: str = ""
    transcripts: tuple[Spoken, ...] = ()
    file_scripts: Mapping[str, tuple[Step, ...]] = field(default_factory=dict)

    @property
    def calls(self) -> tuple[JsonObject, ...]:
        """The calls of this session: one, several or none."""
        return calls_in(self.data)

    @property
    def uids(self) -> frozenset[str]:
        """Who has a part in one of its calls."""
        return frozenset(uid for call in self.calls for uid in members(call))


def calls_in(data: Data | None) -> tuple[JsonObject, ...]:
    """Return the calls in what stands under `data`."""
    if data is None:
        return ()
    return (data,) if isinstance(data, dict) else tuple(data)


def members(call: JsonObject) -> set[str]:
    """Return the UIDs of a call's two sides and participants; a called group is not a user."""
    sides = [call.get("initiator")]
    if call.get("receiverType") != "group":
        sides.append(call.get("receiver"))
    entries: Iterable[Any] = call.get("participants") or ()
    return {uid.lower() for uid in _uids((*sides, *entries))}


def _uids(values: Iterable[Any]) -> Iterator[str]:
    for value in values:
        uid = value.get("uid") if isinstance(value, dict) else value
        if isinstance(uid, str) and uid:
            yield uid


def session_id(key: str, stamp: int, *, region: str = REGION, app_id: str = APP_ID) -> str:
    """Return an id of the form CometChat makes: `v1.{region}.{appId}.{10 digits}{40 hex digits}`.

    `stamp` is in Unix seconds; the same `key` always gives the same 40 hex digits.
    """
    return f"v1.{region}.{app_id}.{stamp:010d}{hashlib.blake2b(key.encode(), digest_size=20).hexdigest()}"


def participant_json(
    uid: str = "superhero1", *, without: Collection[str] = (), **overrides: Any
) -> JsonObject:
    """Return a participant who was there from start to end, with any key overridden or left out (`without`).

    Times are Unix seconds; the minutes follow `joinedAt` and `leftAt`.
    """
    seconds = _seconds(
        {"joinedAt": STARTED_AT, "leftAt": ENDED_AT, **overrides}, "joinedAt", "leftAt", without
    )
    device = _uuid(f"device of {uid} at {overrides.get('joinedAt', STARTED_AT)}")
    entry = {
        "uid": uid,
        "totalAudioMinutes": seconds / 60,
        "totalVideoMinutes": 0,
        "isJoined": True,
        "state": "ended",
        "totalDuration": seconds / 60,
        "deviceId": f"{device}@rtc-eu.cometchat.io/{device[:8]}",
        "joinedAt": STARTED_AT,
        "leftAt": ENDED_AT,
        **overrides,
    }
    return {key: value for key, value in entry.items() if key not in without}


def call_json(*, without: Collection[str] = (), **overrides: Any) -> JsonObject:
    """Return an ended voice call from superhero1 to superhero2 of 4 min 5 s, with any key overridden or left out.

    Keyword arguments are the API's own keys. The totals follow `startedAt`, `endedAt`, `type` and `participants`
    unless they are given too. Times are Unix seconds, totals minutes.
    """
    times = {"startedAt": STARTED_AT, "endedAt": ENDED_AT, **overrides}
    seconds = _seconds(times, "startedAt", "endedAt", without)
    people = [present(person, STARTED_AT, ENDED_AT, kind="audio") for person in (IRON_MAN, CAPTAIN)]
    participants = overrides.get("participants", people)
    video = overrides.get("type") == "video"
    sid = overrides.get("sessionId", session_id("call_json", INITIATED_AT))
    call = {
        "sessionId": sid,
        "totalAudioMinutes": 0 if video else seconds / 60,
        "totalVideoMinutes": seconds / 60 if video else 0,
        "totalDuration": f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}",
        "hasRecording": False,
        "hasTranscription": False,
        "initiatedAt": INITIATED_AT,
        "initiator": IRON_MAN.uid,
        "mode": "call",
        "receiver": CAPTAIN.uid,
        "receiverType": "user",
        "status": "ended",
        "totalDurationInMinutes": seconds / 60,
        "totalParticipants": _joined(participants),
        "type": "audio",
        "mid": _uuid(f"{sid} {times['startedAt']}"),
        "startedAt": STARTED_AT,
        "endedAt": ENDED_AT,
        "participants": participants,
        "data": entities(IRON_MAN, CAPTAIN),
        **overrides,
    }
    return {key: value for key, value in call.items() if key not in without}


def present(person: Person, joined_at: int, left_at: int | None, *, kind: str = "video") -> JsonObject:
    """Return somebody who was in the call; with `left_at` None they still are. Times are Unix seconds."""
    minutes = 0.0 if left_at is None else (left_at - joined_at) / 60
    return participant_json(
        person.uid,
        without=("leftAt",) if left_at is None else (),
        **_named(person),
        joinedAt=joined_at,
        leftAt=left_at,
        state="ongoing" if left_at is None else "ended",
        totalAudioMinutes=minutes if kind == "audio" else 0,
        totalVideoMinutes=minutes if kind == "video" else 0,
        totalDuration=minutes,
    )


def absent(person: Person, state: str | None) -> JsonObject:
    """Return somebody who never joined; the API leaves `state` out for the one who called."""
    return participant_json(
        person.uid,
        without=("joinedAt", "leftAt", "deviceId", *(("state",) if state is None else ())),
        **_named(person),
        isJoined=False,
        state=state,
    )


def never_answered(
    caller: Person, callee: Person, *, at: int, status: str, state: str | None, sid: str
) -> JsonObject:
    """Return a one-to-one call that nobody joined. `at` is in Unix seconds."""
    return call_json(
        without=("startedAt", "endedAt", "mid"),
        sessionId=sid,
        initiatedAt=at,
        initiator=caller.uid,
        receiver=callee.uid,
        status=status,
        participants=[absent(caller, None), absent(callee, state)],
        data=entities(caller, callee),
    )


def entities(initiator: Person, receiver: Person | Group) -> JsonObject:
    """Return a call's own `data`, which carries the names of both sides."""
    other: JsonObject
    if isinstance(receiver, Group):
        other = {"guid": receiver.guid, "name": receiver.name, "type": "private"}
    else:
        other = {"uid": receiver.uid, **_named(receiver)}
    return {
        "entities": {
            "initiator": {"entity": {"uid": initiator.uid, **_named(initiator)}},
            "receiver": {"entity": other},
        }
    }


def _named(person: Person) -> dict[str, str]:
    return {"name": person.name, **({"avatar": person.avatar} if person.avatar else {})}


def _joined(participants: object) -> int:
    """Count as the API does: by entry, so that a second device counts again."""
    if not isinstance(participants, Sequence):
        return 0
    return sum(1 for entry in participants if isinstance(entry, dict) and entry.get("isJoined") is True)


def _seconds(times: JsonObject, start: str, end: str, without: Collection[str]) -> int:
    """Return how long it took, or 0 when either end is left out or is no number."""
    begun, over = times[start], times[end]
    if start in without or end in without or not isinstance(begun, int) or not isinstance(over, int):
        return 0
    return over - begun


def _uuid(of: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, of))
