"""Which calls count as missed, and which still ring (pure)."""

from __future__ import annotations

from bot.calls.status import UNFINISHED
from bot.cometchat import Call, Participant, Uid, lower_uid

RINGS_SECONDS = 60
"""After that nobody takes a call any more, whatever it says: CometChat leaves some `initiated` forever."""

NOT_TAKEN = frozenset({"unanswered", "missed", "cancelled", "busy", "initiated"})
"""Statuses of calls that nobody took, or has taken yet."""

WITHOUT_LENGTH = NOT_TAKEN | {"rejected"}
"""Statuses beside which no length is shown, whatever the record totals: the caller waited, or it is a mistake."""

_DID_NOT_COME = frozenset({"unanswered", "absent"})


def missed(call: Call, viewer: Uid, *, now: float) -> bool:
    """Whether that user was called, and neither took part nor declined, as far as CometChat says at that Unix time.

    CometChat's own `missed` is not enough: a call that others took has ended.
    """
    own = [person for person in call.participants if lower_uid(person.uid) == viewer]
    if any(_took_part_or_declined(person) for person in own) or not _was_called(call, viewer):
        return False
    if call.status in {
        "ended",
        UNFINISHED,
    }:  # others took it; about a user who is not a participant it says nothing
        return bool(own)
    if call.status == "rejected":  # only the user's own entry says who rejected it
        return any(person.state in _DID_NOT_COME for person in own)
    return call.status in NOT_TAKEN and not rings(call, now=now)


def rings(call: Call, *, now: float) -> bool:
    """Whether somebody may still take the call at that Unix time; the API's clock and ours may differ a little."""
    began = call.began_at if call.ended_at is None else None
    return call.status == "initiated" and began is not None and abs(now - began) < RINGS_SECONDS


def _took_part_or_declined(person: Participant) -> bool:
    return person.joined or person.state == "rejected"


def _was_called(call: Call, viewer: Uid) -> bool:
    """Whether somebody else called that user; of a call without a caller, a participant may have been the caller."""
    if call.initiator is None:
        return call.receiver is not None and call.receiver.is_user(viewer)
    return not call.initiator.is_user(viewer)
