"""The words for CometChat's codes, and for durations: kinds of call, how it ended, what a person did (pure).

An undocumented code is shown as it is, tidied.
"""

from __future__ import annotations

from bot.calls.missed import missed, rings
from bot.calls.status import UNFINISHED
from bot.cards.attendance import Attendee, by_arrival
from bot.cards.kit.escaping import isolated, tidy
from bot.cometchat import Call, Participant, Party, Uid, lower_uid

_OUTCOMES = {
    "initiated": ("🔔", "rang, no answer recorded"),
    "ongoing": ("🟢", "in progress"),
    UNFINISHED: ("❔", "no end recorded"),
    "ended": ("✅", "ended"),
    "unanswered": ("📵", "not answered"),
    "rejected": ("🚫", "declined"),
    "cancelled": ("✖️", "cancelled before it was answered"),
    "busy": ("⛔", "busy"),
    "missed": ("📵", "not answered"),  # the reader may be the caller
}
_TYPES = {"audio": "audio", "video": "video"}
_MODES = {None: "call", "call": "call", "meet": "meeting", "presenter": "presentation"}
_SO_FAR_AT_MOST = 24 * 3600
_NOT_IF_JOINED = frozenset({None, "unanswered", "rejected", "absent"})
_STATES = {
    "ended": "took part",
    "ongoing": "in the call",
    "unanswered": "didn’t answer",
    "rejected": "declined",
    "absent": "didn’t join",
}


def outcome(call: Call, *, now: int, viewer: Uid | None = None) -> tuple[str, str]:
    """Return how the call ended, at that Unix time: an emoji beside, never instead of, the words.

    For a `viewer` the words are from their side of the call, as far as CometChat says which that is.
    """
    known = _OUTCOMES.get(call.status or "")
    if known is None:
        return "❔", tidy(call.status or "", 30) or "how it ended is not recorded"
    emoji, words = known
    if rings(call, now=now):
        return emoji, "is ringing"
    return emoji, (_from_side_of(viewer, call, now=now) if viewer else "") or words


def _from_side_of(viewer: Uid, call: Call, *, now: int) -> str:
    """Return how it ended from the viewer's side, nothing where that is the same for all."""
    match call.status:
        case "missed" if missed(call, viewer, now=now):
            return "missed"
        case "busy" if call.initiator and call.initiator.is_user(viewer):
            return "the other side was busy"
        case "busy" if call.receiver and call.receiver.is_user(viewer) and missed(call, viewer, now=now):
            return "you were busy"
        case "rejected" if any(
            lower_uid(each.uid) == viewer and each.state == "rejected" for each in call.participants
        ):
            return "you declined"
        case _:
            return ""


def status_words(status: str) -> str:
    """Return the words for a status alone."""
    return _OUTCOMES[status][1] if status in _OUTCOMES else tidy(status, 30)


def kind(call: Call) -> str:
    """Return what kind of call it was: "Group video call", "Audio meeting", "Call"."""
    group = "group" if call.receiver_type == "group" else ""
    medium = _TYPES.get(call.type, tidy(call.type, 20)) if call.type else ""
    mode = _MODES.get(call.mode) or tidy(call.mode or "", 20)
    words = " ".join(word for word in (group, medium, mode) if word) or "call"
    return words[0].upper() + words[1:]


def party(party: Party | None) -> str | None:
    """Return the name of a user or group, else its id, None when neither is known."""
    if party is None:
        return None
    return isolated(tidy(party.name or "") or tidy(party.uid, 100)) or None


def person(who: Attendee | Participant | Party) -> str:
    """Return the person's name, else their UID."""
    return isolated(tidy(who.name or "") or tidy(who.uid, 100)) or "someone without a name"


def others_of(call: Call, viewer: Uid) -> list[Participant | Party]:
    """Return who else was in the call or was called: those who joined first. No group, and nobody twice."""
    people: dict[str | int, Participant | Party] = {}
    for place, entry in enumerate(by_arrival(call.participants)):
        known = people.get(lower_uid(entry.uid))
        if known is None or not known.name:  # of several devices, one may not say whose it is
            people[lower_uid(entry.uid) or place] = entry
    for side in (call.initiator, call.receiver):
        if side and not side.group and party(side):
            people.setdefault(lower_uid(side.uid), side)
    return [who for uid, who in people.items() if uid != viewer]


def state_words(who: Attendee, call: Call) -> str:
    """Return what the person did: took part, declined and so on."""
    if who.joined and (who.state in _NOT_IF_JOINED or (who.state == "ongoing" and is_over(call))):
        return "took part"
    if not who.joined and who.state in {None, "ended", "ongoing"}:
        return "called" if _called(who, call) else "didn’t join"
    return _STATES.get(who.state or "") or tidy(who.state or "", 30) or "didn’t join"


def how_long(call: Call, *, now: int) -> str:
    """Return the time from start to end, else the API's total; "so far" for a call that is not over."""
    seconds, so_far = lasted(call, now=now)
    return "" if seconds is None else f"{duration(seconds)}{' so far' if so_far else ''}"


def lasted(call: Call, *, now: int) -> tuple[float | None, bool]:
    """Return the seconds that the call took, None where that is not known, and whether that is only so far."""
    if call.started_at is not None and call.ended_at is not None and call.ended_at >= call.started_at:
        return call.ended_at - call.started_at, False
    if (
        call.status == "ongoing"
        and call.started_at is not None
        and 0 <= now - call.started_at <= _SO_FAR_AT_MOST
    ):
        return now - call.started_at, True
    return (call.minutes * 60 if call.minutes else None), False


def duration(seconds: float) -> str:
    """Return "19 s", "4 min 5 s", "1 h 2 min", "2 d 3 h": the two largest units, as people say it."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    units = ((days, "d"), (hours, "h"), (minutes, "min"), (rest, "s"))
    first = next((number for number, (count, _) in enumerate(units) if count), 3)
    return " ".join(f"{count} {unit}" for count, unit in units[first : first + 2] if count) or "0 s"


def is_over(call: Call) -> bool:
    """Whether nothing more will happen in the call."""
    return call.ended_at is not None or call.status not in {"initiated", "ongoing"}


def may_change(call: Call) -> bool:
    """Whether CometChat may still say more about how the call went."""
    return call.inferred or not is_over(call)


def _called(who: Attendee, call: Call) -> bool:
    return call.initiator is not None and call.initiator.is_user(Uid(lower_uid(who.uid)))
