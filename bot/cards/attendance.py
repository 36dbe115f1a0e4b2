"""Who was in a call and when: the API's entries, one a device, put together to one a person (pure)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from bot.calls.missed import rings
from bot.calls.status import NO_LONGER_SECONDS, is_in, told_leave, told_seconds
from bot.cometchat import Call, Participant, lower_uid

Span = tuple[int, int]
"""From when to when, in Unix seconds."""

_ANY = ""
_Joins = dict[str | None, list[int]]
"""When each device joined, by its id."""

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
        entries.setdefault(lower_uid(entry.uid) or f"#{position}", []).append(entry)
    return tuple(by_arrival(_attendee(own, call, now) for own in entries.values()))


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


@dataclass(frozen=True, slots=True)
class _Stay:
    """What an entry says of its device: when it was in the call, and when it left, None where that is not known.

    `seconds` are the API's. `state` is the entry's, less what the rest of it refutes.
    """

    span: Span | None
    left_at: int | None
    seconds: float | None
    state: str | None


def _attendee(entries: list[Participant], call: Call, now: int) -> Attendee:
    joined = [entry for entry in entries if entry.joined]
    joins = _joins(joined)
    stays = [_stay(entry, joins, call, now) for entry in joined]
    spans = _merged([stay.span for stay in stays if stay.span])
    apart = [stay.seconds for stay in stays if stay.span is None]
    known = [seconds for seconds in apart if seconds is not None]
    moments = [entry.joined_at for entry in joined if entry.joined_at is not None]
    leaving = [stay.left_at for stay in stays if stay.left_at is not None]
    names = [entry.name for entry in entries if entry.name]
    states = [
        state for state in ([stay.state for stay in stays] or [each.state for each in entries]) if state
    ]
    return Attendee(
        uid=entries[0].uid,
        name=names[0] if names else None,
        joined=bool(joined),
        state="ongoing" if "ongoing" in states else states[0] if states else None,
        spans=spans,
        joined_at=min(moments, default=None),
        left_at=max(leaving, default=None) if len(leaving) == len(joined) else None,
        seconds=sum(end - start for start, end in spans) + sum(known)
        if joined and len(known) == len(apart)
        else None,
        audio_minutes=sum(entry.audio_minutes or 0 for entry in joined),
        video_minutes=sum(entry.video_minutes or 0 for entry in joined),
        device_ids=tuple([entry.device_id for entry in entries if entry.device_id]),
        devices=len(joined),
    )


def _stay(entry: Participant, joins: _Joins, call: Call, now: int) -> _Stay:
    """Return when the device was there: until it left, or at the latest until it joined again or the call ended.

    Until now only where both the participant's state and the call's status are "ongoing".
    """
    over = call.ended_at is not None or call.status == "ended"
    began, seconds = entry.joined_at, told_seconds(entry, over=over)
    ended_at = call.ended_at
    if began is not None and ended_at is not None and began > ended_at:
        ended_at = None  # for who joined later it is not right
    if seconds and ended_at is not None and call.began_at is not None and call.began_at < ended_at:
        seconds = min(seconds, ended_at - call.began_at)
    goes_on = is_in(entry) and call.status == "ongoing" and call.ended_at is None
    rejoined = _next_join(entry, joins, goes_on=goes_on)
    told = told_leave(entry, over=over and rejoined is None)
    if goes_on and rejoined is None:
        credible = began is not None and began <= now <= began + NO_LONGER_SECONDS
        return _Stay((began, now) if began is not None and credible else None, None, None, entry.state)
    bounds = [told, ended_at, None if told == entry.left_at is not None else rejoined]
    end = min((at for at in bounds if at is not None), default=None)
    span = (began, end) if began is not None and end is not None and end >= began else None
    left_at = None if told is None and rejoined is None else end
    nobody_is_in = call.status != "ongoing" and not rings(call, now=now)
    state = "ended" if entry.state == "ongoing" and (left_at is not None or nobody_is_in) else entry.state
    return _Stay(span, left_at, seconds, state)


def _joins(joined: list[Participant]) -> _Joins:
    """Return when each device joined, None for those without an id, and when any did, in order."""
    joins: _Joins = {_ANY: []}
    for entry in sorted(joined, key=lambda entry: entry.joined_at or 0):
        if entry.joined_at is not None:
            joins[_ANY].append(entry.joined_at)
            joins.setdefault(entry.device_id, []).append(entry.joined_at)
    return joins


def _next_join(entry: Participant, joins: _Joins, *, goes_on: bool) -> int | None:
    """Return when the same device joined next. Without an id it may be any, but who is in the call has not left it."""
    if entry.joined_at is None:
        return None
    devices: set[str | None] = {entry.device_id} if entry.device_id else set()
    if not goes_on:
        devices |= {None} if entry.device_id else {_ANY}
    ordered = [joins.get(device, []) for device in devices]
    later = [own[bisect_right(own, entry.joined_at) :][:1] for own in ordered]
    return min((at for found in later for at in found), default=None)


def _merged(spans: list[Span]) -> tuple[Span, ...]:
    """Return the spans in order, those that touch as one: two devices at a time are one presence."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return tuple(merged)
