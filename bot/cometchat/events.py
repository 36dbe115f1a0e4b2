"""CometChat's webhook events, read into hints: which trigger, which session, which users. Pure.

An event proves nothing and is complete in nothing, so nothing else of it is kept: no word, no address, and of names only
digests. Session events name people by nothing but their names, so these say for whom to look.
The documented shapes differ from page to page; each place where a session or a user was seen is looked at.

https://www.cometchat.com/docs/rest-api/webhooks
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Literal, get_args

from bot.cometchat.ids import SessionId, Uid, parse_session_id, parse_uid

Trigger = Literal[
    "call_started",
    "call_participant_joined",
    "call_participant_left",
    "call_ended",
    "meeting_started",
    "meeting_participant_joined",
    "meeting_participant_left",
    "meeting_ended",
    "recording_generated",
    "transcription_generated",
    "call_initiated",
    "call_busy",
    "call_cancelled",
    "call_rejected",
    "call_unanswered",
]
TRIGGERS = frozenset[str](get_args(Trigger))
"""Every trigger that tells of a call; dashboards and `python -m bot webhooks` name these."""

GOING_ON = frozenset(
    f"{call}_{what}"
    for call in ("call", "meeting")
    for what in ("started", "participant_joined", "participant_left")
)
"""Triggers of a call that goes on: more than half of all events, and nothing can be told of it yet."""

MAX_PEOPLE = 50
"""How many people of one event are read: as many as a call may have."""

_SESSION_KEYS = ("sessionId", "sessionid", "session_id")
_PEOPLE = ("sender", "receiver", "initiator", "occupant", "all_occupants", "participants")
_ROLES = ("by", "for", "sender", "receiver", "initiator")


@dataclass(frozen=True, slots=True)
class CallEvent:
    """What an event hints at. `trigger` is one of TRIGGERS, or "" for one that is not known."""

    trigger: str
    session_id: SessionId | None
    uids: tuple[Uid, ...]
    """Users who may have a part in the call, each once; often none."""
    names: tuple[str, ...] = ()
    """The `name_digest` of each name of somebody who was there."""

    @property
    def says_where_to_look(self) -> bool:
        """Whether it names anything to look for, and it is not too early to."""
        return bool(self.session_id or self.uids) and self.trigger not in GOING_ON


def read_event(body: Mapping[str, Any]) -> CallEvent:
    """Read an event of any documented or wandering shape; what is not understood is left out, and nothing raises."""
    objects = list(_objects(body))
    return CallEvent(
        trigger=_trigger(body.get("trigger")),
        session_id=_session(objects),
        uids=_users(objects),
        names=_names(objects),
    )


def name_digest(name: str) -> str:
    """Return what a name is compared by, without regard to case and spaces around it: 16 hex digits."""
    return blake2b(name.strip().casefold().encode(errors="replace"), digest_size=8).hexdigest()


def _trigger(said: Any) -> str:
    name = said.strip().lower().replace("canceled", "cancelled") if isinstance(said, str) else ""
    return name if name in TRIGGERS else ""


def _objects(body: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the objects in which sessions and users were seen, the nearest first."""
    data = _object(body, "data")
    message = _object(data, "call")  # what the events of a ring have: an action message
    content = _object(message, "data")
    called = _object(content, "entities", "on", "entity")
    yield from (data, message, content, called, body)
    for said in (content, _object(called, "data")):
        yield from (_object(said, "entities", role, "entity") for role in _ROLES)


def _object(within: Mapping[str, Any], *path: str) -> Mapping[str, Any]:
    """Return the object at the end of those keys, an empty one where there is none."""
    for key in path:
        found = within.get(key)
        within = found if isinstance(found, dict) else {}
    return within


def _session(objects: list[Mapping[str, Any]]) -> SessionId | None:
    """Return the first session id that can be one."""
    for said in (each.get(key) for each in objects for key in _SESSION_KEYS):
        if isinstance(said, str):
            with suppress(ValueError):
                return parse_session_id(said)
    return None


def _users(objects: list[Mapping[str, Any]]) -> tuple[Uid, ...]:
    found: dict[Uid, None] = {}
    for person in (person for each in objects for person in (each, *_people(each))):
        said = person.get("uid") if isinstance(person, Mapping) else person
        if isinstance(said, str):
            with suppress(ValueError):
                found[parse_uid(said)] = None
    return tuple(found)[:MAX_PEOPLE]


def _names(objects: list[Mapping[str, Any]]) -> tuple[str, ...]:
    persons = [person for each in objects for person in _people(each) if isinstance(person, dict)]
    names = (each.get("name") for each in persons)
    digests = dict.fromkeys(name_digest(each) for each in names if isinstance(each, str) and each.strip())
    return tuple(digests)[:MAX_PEOPLE]


def _people(told: Mapping[str, Any]) -> Iterator[Any]:
    """Yield who is named as a side or as somebody who is there: a UID, or an object."""
    for key in _PEOPLE:
        if key == "receiver" and told.get("receiverType") == "group":
            continue  # it is a group's GUID
        named = told.get(key)
        yield from named if isinstance(named, list) else [named]
