"""Parse a call from the API's JSON (pure).

The API's documents and samples disagree, so every key may be missing or have another type. A value of the wrong type
counts as missing: a card with a gap helps a person more than no card.
"""

from __future__ import annotations

import math
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.cometchat.ids import Uid, lower_uid
from bot.cometchat.models import Call, Participant, Party, Recording, Transcription

_SURROGATES = re.compile("[\ud800-\udfff]")
_CLOCK = re.compile(r"(\d{1,4}):(\d{2}):(\d{2})")
_LATEST = 253_402_300_799  # the last second of the year 9999, the last that a date can show
_MILLISECONDS_FROM = 100_000_000_000  # as seconds, this would be the year 5138
_TOO_MANY = 10**9  # minutes or devices: a larger number is a mistake
_SYNONYMS = {"canceled": "cancelled"}
_NO_ID = frozenset({"0", "null", "none", "undefined", "nan"})  # how programs print a missing id
# An answer may have 50,000 participants, which would keep everybody else waiting for a second
MAX_PEOPLE = 500
_MAX_ENTRIES = 2 * MAX_PEOPLE
_LISTS = ("participants", "recordings", "transcriptions")
_CALL = 4  # a call takes as long to parse as so many entries of its lists
# A page of 40 calls of MAX_PEOPLE each, which takes 0.2 s; an answer of 4 MiB may have many times as much
_MAX_PARSED = 40 * (MAX_PEOPLE + _CALL)
_FLAGS = {"true": True, "1": True, "false": False, "0": False}


def bounded_calls(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the calls in their order; of a huge answer only the newest, as many as are parsed in a moment."""
    room = _MAX_PARSED
    kept: list[int] = []
    for at in sorted(range(len(found)), key=lambda at: _began_at(found[at]), reverse=True):
        room -= _CALL + sum(min(len(_dicts(found[at].get(key))), MAX_PEOPLE) for key in _LISTS)
        if room < 0:
            break
        kept.append(at)
    return [found[at] for at in sorted(kept)]


def _began_at(raw: dict[str, Any]) -> int:
    return _timestamp(raw.get("startedAt")) or _timestamp(raw.get("initiatedAt")) or 0


def parse_call(raw: dict[str, Any], viewer: Uid | None = None) -> Call:
    """Return the call, with MAX_PEOPLE of its participants, caller, called and `viewer` among them; raises nothing."""
    entries, unlisted = _bounded(raw, viewer)
    participants = tuple(_participant(item) for item in entries)
    recordings = tuple(_recording(item) for item in _dicts(raw.get("recordings"))[:MAX_PEOPLE])
    has_recording = _flag(raw.get("hasRecording"))
    transcriptions = parse_transcriptions(raw.get("transcriptions"))
    receiver, receiver_type = _party(raw, "receiver", participants), _word(raw.get("receiverType"))
    if receiver and receiver.group:  # also if the word is missing or says otherwise
        receiver_type = "group"
    elif receiver and receiver_type not in {None, "user"}:
        receiver = replace(receiver, group=True)
    return Call(
        session_id=_text(raw.get("sessionId")),
        mid=_mid(raw.get("mid")),
        type=_word(raw.get("type")),
        mode=_word(raw.get("mode")),
        status=_word(raw.get("status")),
        initiator=_party(raw, "initiator", participants),
        receiver=receiver,
        receiver_type=receiver_type,
        initiated_at=_timestamp(raw.get("initiatedAt")),
        started_at=_timestamp(raw.get("startedAt")),
        ended_at=_timestamp(raw.get("endedAt")),
        minutes=_total_minutes(raw),
        audio_minutes=_minutes(raw.get("totalAudioMinutes")),
        video_minutes=_minutes(raw.get("totalVideoMinutes")),
        joined_count=count(raw.get("totalParticipants")),
        participants=participants,
        has_recording=True if recordings else has_recording,
        recordings=recordings,
        has_transcription=True if transcriptions else _flag(raw.get("hasTranscription")),
        transcriptions=transcriptions,
        unlisted=unlisted,
    )


def parse_transcriptions(value: Any) -> tuple[Transcription, ...]:
    """Return the transcriptions of a list, at most MAX_PEOPLE; one without an address is none yet. Raises nothing."""
    found = map(_transcription, _dicts(value)[:MAX_PEOPLE])
    return tuple(each for each in found if each.url)


def _bounded(raw: dict[str, Any], viewer: Uid | None) -> tuple[list[dict[str, Any]], int]:
    """Return the entries of the first MAX_PEOPLE and of the people that cards speak of; and how many others there are."""
    entries = _dicts(raw.get("participants"))
    if len(entries) <= MAX_PEOPLE:
        return entries, 0
    sides = (_party(raw, role, ()) for role in ("initiator", "receiver"))
    named = {lower_uid(side.uid) for side in sides if side} | ({str(viewer)} if viewer else set())
    kept: list[dict[str, Any]] = []
    listed: set[str] = set()
    unlisted: set[str] = set()
    for position, entry in enumerate(entries):
        who = lower_uid(_text(entry.get("uid")) or "") or f"#{position}"
        room = _MAX_ENTRIES * (2 if who in named else 1)
        if len(kept) < room and (who in listed or who in named or len(listed) < MAX_PEOPLE):
            kept.append(entry)
            listed.add(who)
        elif who not in listed:
            unlisted.add(who)
    return kept, len(unlisted)


def _participant(raw: dict[str, Any]) -> Participant:
    joined_at = _timestamp(raw.get("joinedAt"))
    joined, state, minutes = _flag(raw.get("isJoined")), _word(raw.get("state")), _total_minutes(raw)
    return Participant(
        uid=_text(raw.get("uid")) or "",
        name=_text(raw.get("name")),
        joined=bool(joined_at or minutes or state in {"ended", "ongoing"}) if joined is None else joined,
        state=state,
        joined_at=joined_at,
        left_at=_timestamp(raw.get("leftAt")),
        minutes=minutes,
        audio_minutes=_minutes(raw.get("totalAudioMinutes")),
        video_minutes=_minutes(raw.get("totalVideoMinutes")),
        device_id=_text(raw.get("deviceId")),
    )


def _recording(raw: dict[str, Any]) -> Recording:
    return Recording(
        rid=_text(raw.get("rid")),
        started_at=_timestamp(raw.get("startTime")),
        ended_at=_timestamp(raw.get("endTime")),
        url=_text(raw.get("recording_url")),
    )


def _transcription(raw: dict[str, Any]) -> Transcription:
    return Transcription(
        tid=_text(raw.get("tid")),
        mid=_mid(raw.get("mid")),
        started_at=_timestamp(raw.get("startTime")) or _iso(raw.get("transcriptDate")),
        ended_at=_timestamp(raw.get("endTime")),
        url=_text(raw.get("transcriptUrl")) or _text(raw.get("transcript_url")),  # as webhooks spell it
    )


def _party(raw: dict[str, Any], role: str, participants: tuple[Participant, ...]) -> Party | None:
    """Return the initiator or receiver: a UID or an object. Its name may only be in the entities or the participants.

    A GUID makes it a group, whatever else is said: a user with the same id has no part in the call.
    """
    said, entity = raw.get(role), _entity(raw, role)
    if not isinstance(said, dict):
        said = {"uid": said}
    known_as = _id_of(entity)
    uid = _id_of(said) or known_as
    if uid is None:
        return None
    group = bool(_text(said.get("guid")) or _text(entity.get("guid")))
    same = known_as is None or lower_uid(known_as) == lower_uid(uid)
    name = _text(said.get("name")) or (_text(entity.get("name")) if same else None)
    if name is None and not group:
        name = next(
            (
                person.name
                for person in participants
                if lower_uid(person.uid) == lower_uid(uid) and person.name
            ),
            None,
        )
    return Party(uid, name, group)


def _entity(raw: dict[str, Any], role: str) -> dict[str, Any]:
    """Return `data.entities.{role}.entity`, {} if any of it is missing."""
    for key in ("data", "entities", role, "entity"):
        node = raw.get(key)
        if not isinstance(node, dict):
            return {}
        raw = node
    return raw


def _id_of(entity: dict[str, Any]) -> str | None:
    return _text(entity.get("guid")) or _text(entity.get("uid"))


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _total_minutes(raw: dict[str, Any]) -> float | None:
    """Return the total, which has two names; 0 counts only if the other one says no more."""
    one, other = _minutes(raw.get("totalDurationInMinutes")), _minutes(raw.get("totalDuration"))
    return one or other or (one if one is not None else other)


def _text(value: Any) -> str | None:
    """Return a text that can be encoded, None for an empty one; a number becomes its digits."""
    if isinstance(value, str):
        return _SURROGATES.sub("\ufffd", value).strip() or None
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**20:
        return str(value)
    return None


def _mid(value: Any) -> str | None:
    """Return the id of the call within its session, None for a value that is no id."""
    mid = _text(value)
    return None if mid is None or mid.lower() in _NO_ID else mid


def _word(value: Any) -> str | None:
    word = (_text(value) or "").lower()
    return _SYNONYMS.get(word, word) or None


def _flag(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    return _FLAGS.get((_text(value) or "").lower())


def _number(value: Any) -> float | None:
    """Return a finite number that is not negative; a string of digits is one."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if 0 <= number < math.inf else None  # which NaN is not


def count(value: Any) -> int | None:
    """Return a count, None for anything else."""
    number = _number(value)
    return int(number) if number is not None and number < _TOO_MANY else None


def _minutes(value: Any) -> float | None:
    """Return a duration in minutes, from a number (a participant's) or "HH:MM:SS" (a call's)."""
    clock = _CLOCK.fullmatch(value.strip()) if isinstance(value, str) else None
    if clock:
        hours, minutes, seconds = (int(part) for part in clock.groups())
        return hours * 60 + minutes + seconds / 60
    number = _number(value)
    return number if number is not None and number < _TOO_MANY else None


def _timestamp(value: Any) -> int | None:
    """Return Unix seconds, also from milliseconds; 0 means "never"."""
    number = _number(value)
    if not number:
        return None
    seconds = int(number / 1000 if number >= _MILLISECONDS_FROM else number)
    return seconds if 0 < seconds <= _LATEST else None


def _iso(value: Any) -> int | None:
    """Return the Unix seconds of an ISO 8601 time, UTC's where it names no zone."""
    try:
        said = datetime.fromisoformat(_text(value) or "")
        return _timestamp((said if said.tzinfo else said.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError):
        return None
