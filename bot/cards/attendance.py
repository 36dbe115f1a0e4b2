"""Who was in a call and when: the API's entries, one a device, put together to one a person (pure)."""

from __future__ import annotations

from dataclasses import dataclass

from bot.cometchat import Call, Participant

Span = tuple[int, int]
"""From when to when, in Unix seconds."""


@dataclass(frozen=True, slots=True)
class Attendee:
    """One person of a call. `seconds` is the time in the call, counted once where two devices overlap."""

    uid: str
    name: str | None
    joined: bool
    state: str | None
    spans: tuple[Span, ...]
    joined_at: int | None
    left_at: int | None
    seconds: float | None
    devices: int


def attendees(call: Call, *, now: int) -> tuple[Attendee, ...]:
    """Return the people of the call: those who joined in the order they did, then the others as listed."""
    entries: dict[str, list[Participant]] = {}
    for position, entry in enumerate(call.participants):
        entries.setdefault(entry.uid.lower() or f"#{position}", []).append(entry)
    until = call.ended_at if call.ended_at is not None else now if call.status == "ongoing" else None
    people = [_attendee(own, until) for own in entries.values()]
    never = 2**62
    return tuple(sorted(people, key=lambda who: (not who.joined, who.joined_at or never)))


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
    spans = tuple(sorted(span for entry in joined if (span := _span(entry, until))))
    names = (entry.name for entry in entries if entry.name)
    states = [entry.state for entry in (joined or entries) if entry.state]
    moments = [entry.joined_at for entry in joined if entry.joined_at is not None]
    still_in = any(entry.left_at is None for entry in joined)
    leaving = [entry.left_at for entry in joined if entry.left_at is not None]
    return Attendee(
        uid=entries[0].uid,
        name=next(names, None),
        joined=bool(joined),
        state="ongoing" if "ongoing" in states else states[0] if states else None,
        spans=spans,
        joined_at=min(moments, default=None),
        left_at=None if still_in else max(leaving, default=None),
        seconds=_seconds(joined, spans),
        devices=len(joined),
    )


def _span(entry: Participant, until: int | None) -> Span | None:
    end = entry.left_at if entry.left_at is not None else until
    if entry.joined_at is None or end is None or end < entry.joined_at:
        return None
    return (entry.joined_at, end)


def _seconds(joined: list[Participant], spans: tuple[Span, ...]) -> float | None:
    """Return the length of all spans together, else the sum of the API's minutes."""
    if joined and len(spans) == len(joined):
        return _covered(spans)
    minutes = [entry.minutes for entry in joined if entry.minutes is not None]
    return sum(minutes) * 60 if minutes else None


def _covered(spans: tuple[Span, ...]) -> int:
    """Return how many seconds lie in at least one of the spans, which are sorted."""
    total, reached = 0, spans[0][0]
    for start, end in spans:
        total += max(0, end - max(start, reached))
        reached = max(reached, end)
    return total
