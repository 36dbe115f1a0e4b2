"""The words for CometChat's codes: kinds of call, how it ended, what a person did (pure).

An undocumented code is shown as it is, tidied.
"""

from __future__ import annotations

from bot.calls.missed import NOT_TAKEN, missed, rings
from bot.calls.status import NO_LONGER_SECONDS, UNFINISHED
from bot.cards.attendance import Attendee
from bot.cards.kit.escaping import isolated, tidy
from bot.cometchat import Call, Participant, Party, Uid, lower_uid

_OUTCOMES = {
    "initiated": ("🔔", "no answer recorded"),
    "ongoing": ("🟢", "in progress"),
    UNFINISHED: ("❔", "no end recorded"),
    "ended": ("✅", "ended"),
    "unanswered": ("📵", "no answer"),
    "rejected": ("🚫", "declined"),
    "cancelled": ("✖️", "cancelled"),
    "busy": ("⛔", "busy"),
    "missed": ("📵", "no answer"),  # the reader may be the caller
}
_MISSED = NOT_TAKEN - {"initiated"}
"""Statuses of calls that are missed calls for the one who was called; of `initiated` no answer is recorded."""
_TYPES = {"audio": "audio", "video": "video"}
_MODES = {None: "call", "call": "call", "meet": "meeting", "presenter": "presentation"}
_NOT_IF_JOINED = frozenset({None, "unanswered", "rejected", "absent"})
_STATES = {
    "ended": "took part",
    "ongoing": "in the call",
    "unanswered": "no answer",
    "rejected": "declined",
    "absent": "didn’t join",
}


def outcome(call: Call, *, now: int, viewer: Uid | None = None) -> tuple[str, str]:
    """Return how the call ended, at that Unix time: an emoji beside, never instead of, the words.

    For a `viewer` the words are from their side of the call, as far as CometChat says which that is.
    """
    known = _OUTCOMES.get(call.status or "")
    if known is None:
        return "❔", tidy(call.status or "", 30) or "outcome unknown"
    emoji, words = known
    if rings(call, now=now):
        return emoji, "ringing"
    if viewer and is_missed_call(call, viewer, now=now):
        return "📵", "missed"
    return emoji, "you declined" if viewer and _declined(call, viewer) else words


def is_missed_call(call: Call, viewer: Uid, *, now: int) -> bool:
    """Whether it is a missed call for the viewer: nobody took it, and they did not decline it."""
    return call.status in _MISSED and missed(call, viewer, now=now)


def _declined(call: Call, viewer: Uid) -> bool:
    own = [each for each in call.participants if lower_uid(each.uid) == viewer]
    return call.status == "rejected" and any(each.state == "rejected" for each in own)


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


def state_words(who: Attendee, call: Call) -> str:
    """Return what the person did: took part, declined and so on."""
    if who.joined and (who.state in _NOT_IF_JOINED or (who.state == "ongoing" and is_over(call))):
        return "took part"
    if not who.joined and who.state in {None, "ended", "ongoing"}:
        return "called" if _called(who, call) else "didn’t join"
    return _STATES.get(who.state or "") or tidy(who.state or "", 30) or "didn’t join"


def is_here(who: Attendee, call: Call) -> bool:
    """Whether the person is in the call now."""
    return who.joined and who.state == "ongoing" and not is_over(call)


def is_over(call: Call) -> bool:
    """Whether nothing more will happen in the call."""
    return call.ended_at is not None or call.status not in {"initiated", "ongoing"}


def may_change(call: Call, *, now: int) -> bool:
    """Whether CometChat may still say more about how the call went: not of one that was left as it is for a day."""
    if not (call.inferred or not is_over(call)):
        return False
    if call.status == "ongoing":
        return True
    last = call.ended_at if call.ended_at is not None else call.began_at
    return call.status != UNFINISHED and (last is None or now - last <= NO_LONGER_SECONDS)


def _called(who: Attendee, call: Call) -> bool:
    return call.initiator is not None and call.initiator.is_user(Uid(lower_uid(who.uid)))
