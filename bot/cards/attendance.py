"""Who was in a call and when: the API's entries, one a device, put together to one a person (pure)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from bot.cometchat import Call, Participant

Span = tuple[int, int]
"""From when to when, in Unix seconds."""

Who = TypeVar("Who", "Attendee", Participant)


@dataclass(frozen=True, slots=True)
class Attendee:
    """One person of a call.

    `spans` are when they were there, apart and in order. `seconds` is the time in the call, counted once where two
    devices overlap.
    """

    uid: str
    name: str | None
    joined: bool
    state: str | None
    spans: tuple[Span, ...]
    joined_at: int | None
    left_at: int | None
    seconds: float | None
    audio_minutes: float
    video_minutes: float
    device_ids: tuple[str, ...]
    devices: int


def attendees(call: Call, *, now: int) -> tuple[Attendee, ...]:
    """Return the people of the call: those who joined in the order they did, then the others as listed."""
    entries: dict[str, list[Participant]] = {}
    for position, entry in enumerate(call.participants):
        entries.setdefault(entry.uid.lower() or f"#{position}", []).append(entry)
    until = call.ended_at if call.ended_at is not None else now if call.status == "ongoing" else None
    people = [_attendee(own, until) for own in entries.values()]
    return tuple(by_arrival(people))


def by_arrival(people: Iterable[Who]) -> list[Who]:
    """Return those who joined in the order they did, then the others as listed."""
    never = 2**62
    return sorted(people, key=lambda who: (who.joined_at or never) if who.joined else never + 1)


def axis(call: Call, people: tuple[Attendee, ...], *, now: int) -> Span | None:
    """Return the stretch of time that the call's timeline covers, None where that is not known."""
    spans = [span for who in people for span in who.spans]
    started = (
        call.started_at if call.started_at is not None else min((start for start, _ in spans), default=None)
    )
    ended = call.ended_at
    if ended is None:
        ended = now if call.status == "ongoing" else max((end for _, end in spans), default=None)
    return (started, ended) if started is not None and ended is not None and ended > started else None


def _attendee(entries: list[Participant], until: int | None) -> Attendee:
    joined = [entry for entry in entries if entry.joined]
    moments, leaving, known = [], [], []
    audio = video = 0.0
    for entry in joined:
        if entry.joined_at is not None:
            moments.append(entry.joined_at)
        if entry.left_at is not None:
            leaving.append(entry.left_at)
        if span := _span(entry, until):
            known.append(span)
        audio += entry.audio_minutes or 0
        video += entry.video_minutes or 0
    spans = _merged(known) if len(known) > 1 else tuple(known)
    names = [entry.name for entry in entries if entry.name]
    states = [entry.state for entry in (joined or entries) if entry.state]
    return Attendee(
        uid=entries[0].uid,
        name=names[0] if names else None,
        joined=bool(joined),
        state="ongoing" if "ongoing" in states else states[0] if states else None,
        spans=spans,
        joined_at=min(moments, default=None),
        left_at=max(leaving, default=None) if len(leaving) == len(joined) else None,
        seconds=sum(end - start for start, end in spans)
        if len(known) == len(joined) and joined
        else _told(joined),
        audio_minutes=audio,
        video_minutes=video,
        device_ids=tuple([entry.device_id for entry in entries if entry.device_id]),
        devices=len(joined),
    )


def _span(entry: Participant, until: int | None) -> Span | None:
    end = entry.left_at if entry.left_at is not None else until
    if entry.joined_at is None or end is None or end < entry.joined_at:
        return None
    return (entry.joined_at, end)


def _told(joined: list[Participant]) -> float | None:
    """Return the seconds that the API's minutes add up to, for where the times are not all known."""
    minutes = [entry.minutes for entry in joined if entry.minutes is not None]
    return sum(minutes) * 60 if minutes else None


def _merged(spans: list[Span]) -> tuple[Span, ...]:
    """Return the spans in order, those that touch as one: two devices at a time are one presence."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return tuple(merged)
