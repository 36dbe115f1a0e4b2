"""What a tool says of one call, as sentences and as structured content; in a list and alone alike (pure)."""

from __future__ import annotations

from typing import Any

from bot.calls.call_ref import ref_of
from bot.calls.local_days import Zone
from bot.calls.missed import missed
from bot.cards.durations import duration
from bot.cards.headline import people_besides, seconds_long
from bot.cards.kit.escaping import escaped_text, tidy
from bot.cards.slackbot.answer import data, iso, quoted, spoken
from bot.cards.words import kind, outcome
from bot.cometchat import Call, Participant, Party, Uid

NAMED = 10
"""How many of the others are named in a list."""

_NAME, _UID, _WORD = 60, 100, 30

PERSON: dict[str, Any] = {
    "type": "object",
    "properties": {
        "name": {"type": ["string", "null"], "description": "The name that they chose."},
        "uid": {"type": "string", "description": "Their CometChat user id."},
    },
    "required": ["name", "uid"],
}
TIME: dict[str, Any] = {"type": ["string", "null"], "description": "ISO 8601 with offset."}
CALL: dict[str, Any] = {
    "session_id": {"type": ["string", "null"]},
    "call_id": {
        "type": ["string", "null"],
        "description": "Give this to get_call as session_id: it shows just this one of the session’s calls.",
    },
    "kind": {"type": "string", "description": "In words, such as “Group video call”."},
    "outcome": {"type": "string", "description": "How it ended, from the person’s side."},
    "status": {
        "type": ["string", "null"],
        "description": "The same in a word: CometChat’s own, unless the rest of the record refutes it.",
    },
    "missed": {"type": "boolean", "description": "Whether the person missed it."},
    "began_at": TIME,
    "ended_at": TIME,
    "duration_seconds": {"type": ["number", "null"], "description": "From start to end, or so far."},
    "in_progress": {
        "type": "boolean",
        "description": "Whether it is still going on; the duration is then so far.",
    },
    "caller": {"anyOf": [PERSON, {"type": "null"}]},
    "group": {"type": ["string", "null"], "description": "The group that was called."},
    "others": {"type": "array", "items": PERSON, "description": f"At most {NAMED}, without the person."},
    "more_others": {"type": "integer"},
}
"""Properties of a call in an output schema."""


def call_facts(call: Call, viewer: Uid, zone: Zone, *, now: int) -> dict[str, Any]:
    """Return the call as structured content. `now` is Unix time."""
    ref, others = ref_of(call), people_besides(viewer, call)
    seconds = seconds_long(call, now=now)
    return {
        "session_id": data(call.session_id) if call.session_id else None,
        "call_id": f"{data(ref.session_id)} {ref.which}".rstrip() if ref else None,
        "kind": escaped_text(kind(call)),
        "outcome": escaped_text(outcome(call, now=now, viewer=viewer)[1]),
        "status": data(call.status, _WORD) if call.status else None,
        "missed": missed(call, viewer, now=now),
        "began_at": iso(call.began_at, zone),
        "ended_at": iso(call.ended_at, zone),
        "duration_seconds": None if seconds is None else round(seconds),
        "in_progress": call.status == "ongoing",
        "caller": person_facts(call.initiator) if call.initiator and not call.initiator.group else None,
        "group": next((_name(side) or data(side.uid, _UID) for side in _groups(call)), None),
        "others": [person_facts(who) for who in others[:NAMED]],
        "more_others": max(0, len(others) - NAMED) + call.unlisted,
    }


def person_facts(who: Participant | Party) -> dict[str, Any]:
    """Return a person as structured content."""
    return {"name": _name(who), "uid": data(who.uid, _UID)}


def call_sentences(call: Call, viewer: Uid, zone: Zone, *, now: int) -> str:
    """Return the same as sentences."""
    seconds = seconds_long(call, now=now)
    ended = outcome(call, now=now, viewer=viewer)[1]
    parts = [
        f"{escaped_text(kind(call))} with {_others(call, viewer)}: {escaped_text(ended)}.",
    ]
    if call.initiator and not call.initiator.group:
        mine = call.initiator.is_user(viewer)
        parts.append("The person called." if mine else f"Called by {named(call.initiator)}.")
    if missed(call, viewer, now=now):
        parts.append("The person missed it.")
    parts.append(
        f"Began on {spoken(call.began_at, zone)}."
        if call.began_at is not None
        else "When it began is not recorded."
    )
    if call.ended_at is not None:
        parts.append(f"Ended on {spoken(call.ended_at, zone)}.")
    if seconds is not None:
        lasts = "So far it has lasted" if call.status == "ongoing" else "It lasted"
        parts.append(f"{lasts} {duration(seconds)} ({round(seconds)} seconds).")
    if call.session_id:
        parts.append(f"Session id: {quoted(call.session_id)}.")
    return " ".join(parts)


def named(who: Participant | Party) -> str:
    """Return a person or a group by name and id, in quotes."""
    name, uid = tidy(who.name or ""), f"UID {quoted(who.uid, _UID)}"
    return f"{quoted(name, _NAME)} ({uid})" if name else uid


def _others(call: Call, viewer: Uid) -> str:
    others = people_besides(viewer, call)
    names = [named(who) for who in others[:NAMED]]
    if more := max(0, len(others) - NAMED) + call.unlisted:
        names.append(f"{more} more")
    groups = [f"the group {named(side)}" for side in _groups(call)]
    return ", ".join([*groups, *names]) or "nobody else on record"


def _groups(call: Call) -> list[Party]:
    return [side for side in (call.initiator, call.receiver) if side and side.group]


def _name(who: Participant | Party) -> str | None:
    return data(who.name or "", _NAME) or None
