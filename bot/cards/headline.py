"""A call in words: its name, its headline, who started it and when, who was there (pure, and no blocks).

What a card, a direct message and a tool for Slackbot say of a call alike.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.calls.missed import WITHOUT_LENGTH
from bot.calls.status import NO_LONGER_SECONDS, UNFINISHED
from bot.cards.attendance import Attendee, by_arrival
from bot.cards.durations import duration, rounded, spoken
from bot.cards.kit.escaping import isolated, tidy
from bot.cards.kit.lines import DAY_AND_TIME, TIME, Line, Moment, Words
from bot.cards.words import is_here, is_missed_call, kind, outcome, party, person
from bot.cometchat import Call, Participant, Party, Uid, lower_uid

_BEGAN = {"call": "called", "meet": "started the meeting", "presenter": "presented"}
_MISSED_SINCE = {"cancelled": "cancelled before you answered", "busy": "you were busy"}
_A_MINUTE = 60
_HALF_A_DAY = 12 * 3600
_COUPLE = 2
_NAME = 40
_GROUP_NAME = 80


def headline(call: Call, *, now: int, viewer: Uid | None = None) -> str:
    """Return an emoji, the call's name, and how long it took or how it ended.

    For example "✅ Release stand-up · 32 min", "🚫 Audio call with Captain America · declined", "📵 Missed call from
    Spiderman". At most 150 characters. `now` is Unix time; the words are from the viewer's side, if there is one.
    """
    emoji, _ = outcome(call, now=now, viewer=viewer)
    name = f"{emoji} {call_name(call, now=now, viewer=viewer)}"
    if viewer and is_missed_call(call, viewer, now=now) and not call.with_group:  # the name says it
        return name
    return f"{name} · {ending(call, now=now, viewer=viewer)}"


def call_name(call: Call, *, now: int, viewer: Uid | None = None) -> str:
    """Return the group's name, else what kind of call it was and with whom."""
    if call.with_group and call.receiver:
        return _short(call.receiver, _GROUP_NAME)
    if viewer and is_missed_call(call, viewer, now=now):
        return f"Missed call from {_short(call.initiator)}" if call.initiator else "Missed call"
    what, names = kind(call), [_short(who) for who in people_besides(viewer, call)]
    if not names:
        return what
    if len(names) == _COUPLE:
        return f"{what} {'with' if viewer else 'between'} {' and '.join(names)}"
    others = f" and {len(names) - 1 + call.unlisted} others" if len(names) > 1 else ""
    return f"{what} with {names[0]}{others}"


def sentence(call: Call, people: Sequence[Attendee], *, now: int, viewer: Uid | None = None) -> str:
    """Return the call in one sentence for a screen reader, or for a notification on a phone.

    For example "Release stand-up: group video call, 32 minutes, 5 of 7 joined."
    """
    name, is_named = call_name(call, now=now, viewer=viewer), call.with_group and call.receiver
    if not is_named and viewer and is_missed_call(call, viewer, now=now):
        return f"{name}."
    ended = ending(call, now=now, viewer=viewer, aloud=True)
    what = f"{kind(call)[0].lower()}{kind(call)[1:]}"
    facts = (f"{name}: {what}" if is_named else name, ended, turnout(call, people))
    return f"{', '.join(fact for fact in facts if fact)}."


def who_began(call: Call, *, now: int, viewer: Uid | None = None, aloud: bool = False) -> Line:
    """Return who began the call; `aloud`: after `sentence`, which names the kind of a group's call."""
    caller = party(call.initiator)
    if call.with_group:
        if not caller:
            return [] if aloud and call.receiver else [Words(kind(call))]
        started = "Started by " if aloud and call.receiver else f"{kind(call)} started by "
        return [Words(started), Words(caller, bold=True)]
    if viewer and is_missed_call(call, viewer, now=now):
        return [Words(kind(call))]
    did = _BEGAN.get(call.mode or "call", "started it")
    if viewer and call.initiator and call.initiator.is_user(viewer):
        return [Words(f"You {did}")]
    return [Words(caller, bold=True), Words(f" {did}")] if caller else []


def when(call: Call, *, to: str = " – ") -> Line:
    """Return when the call began, and when it ended unless that is the same minute; nothing if that is not known."""
    if call.began_at is None:
        return []
    lasted = call.ended_at - call.began_at if call.ended_at is not None else 0
    if lasted < _A_MINUTE:
        return [Moment(call.began_at)]
    return [
        Moment(call.began_at),
        Words(to),
        Moment(call.ended_at or 0, TIME if lasted < _HALF_A_DAY else DAY_AND_TIME),
    ]


def missed_since(call: Call, *, now: int, viewer: Uid | None = None) -> str:
    """Return why the viewer missed the call, if it is a missed call and that is known."""
    return (
        _MISSED_SINCE.get(call.status or "", "") if viewer and is_missed_call(call, viewer, now=now) else ""
    )


def turnout(call: Call, people: Sequence[Attendee]) -> str:
    """Return how many are in the call now, or joined, of how many; nothing of nobody, or of two who both did."""
    if not people:
        return f"{call.joined_count} joined" if call.joined_count else ""
    joined = sum(who.joined for who in people)
    if here := in_the_call(call, people):
        return f"{len(here)} in the call now"
    if not (joined or call.unlisted) or (not call.with_group and joined == len(people) <= _COUPLE):
        return ""
    if joined == len(people) and not call.unlisted:
        return f"{joined} joined"
    return f"{joined} of {f'the first {len(people)} people' if call.unlisted else len(people)} joined"


def in_the_call(call: Call, people: Sequence[Attendee]) -> list[Attendee]:
    """Return who is in a call that is not over."""
    return [who for who in people if is_here(who, call)]


def people_besides(viewer: Uid | None, call: Call) -> list[Participant | Party]:
    """Return the people of a call but for the viewer, those who joined first; caller and called also if not listed."""
    people: dict[str | int, Participant | Party] = {}
    for place, entry in enumerate(by_arrival(call.participants)):
        known = people.get(lower_uid(entry.uid))
        if known is None or not known.name:  # of several devices, one may not say whose it is
            people[lower_uid(entry.uid) or place] = entry
    for side in (call.initiator, call.receiver):
        if side and not side.group and party(side):
            people.setdefault(lower_uid(side.uid), side)
    return [who for uid, who in people.items() if uid != viewer]


def seconds_long(call: Call, *, now: int) -> float | None:
    """Return the time from start to end, so far, or as the API totals it; None if nobody took it or it is not known."""
    if call.status in WITHOUT_LENGTH:
        return None
    if call.started_at is not None and call.ended_at is not None and call.ended_at >= call.started_at:
        return call.ended_at - call.started_at
    if call.status == "ongoing" and call.started_at is not None:
        so_far = now - call.started_at
        return so_far if 0 <= so_far <= NO_LONGER_SECONDS else None
    seconds = call.minutes * 60 if call.minutes else None
    days_since = call.status == UNFINISHED and seconds is not None and seconds > NO_LONGER_SECONDS
    return None if days_since else seconds


def ending(call: Call, *, now: int, viewer: Uid | None = None, aloud: bool = False) -> str:
    """Return how long the call took, if it took place, else how it ended; `aloud` for a screen reader."""
    _, words = outcome(call, now=now, viewer=viewer)
    seconds = seconds_long(call, now=now)
    if seconds is None:
        return words
    if call.status == "ongoing":
        return f"in progress for {spoken(_to_minutes(seconds))}" if aloud else f"{rounded(seconds)} so far"
    long = spoken(seconds) if aloud else duration(seconds)
    return long if call.status == "ended" else f"{words}, {long}" if aloud else f"{words} · {long}"


def _to_minutes(seconds: float) -> float:
    return seconds if seconds < _A_MINUTE else round(seconds / _A_MINUTE) * _A_MINUTE


def _short(who: Participant | Party, limit: int = _NAME) -> str:
    """Return a name that leaves room for others in a headline, which takes 150 characters."""
    return isolated(tidy(who.name or "", limit) or tidy(who.uid, limit)) or person(who)
