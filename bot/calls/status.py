"""What state a call is really in, from all that CometChat says of it (pure).

A call's status and a participant's state may never have moved on: a server went away, an event was lost. Then the rest
of the record says more, and no card may say what the rest of it refutes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from bot.cometchat import Call, Participant, Uid, lower_uid

UNFINISHED: Final = "unfinished"
"""Not CometChat's word: the call began long ago, and no end of it is recorded."""

NO_LONGER_SECONDS = 24 * 3600
"""After so long without a sign of life nobody is in a call any more, whatever it says."""

_LEFT_SECONDS = 60
"""So long after the last one left, somebody may be joining again, or the record may lag behind."""

_NOBODY_TOOK = frozenset({"unanswered", "missed", "cancelled", "busy", "rejected"})
_PEOPLE_OF_A_CALL = 2


def settled(call: Call, *, now: float) -> Call:
    """Return the call with the status that the whole of its record shows at that Unix time, and its end if that shows.

    "ended", "ongoing" and UNFINISHED are inferred; every other status is CometChat's own.
    """
    status = _status(call, now)
    if status == call.status:
        return call
    ended_at = call.ended_at if call.ended_at is not None or status != "ended" else _last_leave(call)
    return replace(call, status=status, ended_at=ended_at, inferred=call.ended_at is None)


def is_in(entry: Participant) -> bool:
    """Whether the participant's own entry says that they are in the call."""
    return entry.state == "ongoing" and not _has_left_at(entry)


def told_seconds(entry: Participant, *, over: bool = False) -> float | None:
    """Return how long the participant stayed, None where that is not told.

    The total of a stay is 0 until its end: that counts where the stay, or the call (`over`), has ended. Days in a call
    that somebody is said to be in still are those since its end was lost.
    """
    if is_in(entry) and (entry.minutes or 0) * 60 > NO_LONGER_SECONDS:
        return None
    ended = entry.state == "ended" or (over and entry.state != "ongoing")
    return entry.minutes * 60 if entry.minutes or (entry.minutes is not None and ended) else None


def told_leave(entry: Participant, *, over: bool = False) -> int | None:
    """Return when the participant left, by that time or by how long they stayed, None where neither is told."""
    if entry.joined_at is None or _has_left_at(entry):
        return entry.left_at
    seconds = told_seconds(entry, over=over)
    return None if seconds is None else entry.joined_at + round(seconds)


def was_there(call: Call, uid: Uid) -> bool:
    """Whether that user was in the call, not only called: by the list of people, else by who the two sides are."""
    own = [entry for entry in call.participants if lower_uid(entry.uid) == uid]
    if own:
        return any(entry.joined for entry in own)
    took_place = call.started_at is not None or call.status in {"ongoing", "ended", UNFINISHED}
    return took_place and any(side.is_user(uid) for side in (call.initiator, call.receiver) if side)


def _status(call: Call, now: float) -> str | None:
    if call.status == "ongoing" or (call.status == "initiated" and _took_place(call)):
        over = call.ended_at is not None or _everybody_left(call, now)
    elif call.status is None or (call.status in _NOBODY_TOOK and _took_place(call)):
        over = call.ended_at is not None or not any(map(is_in, _joined(call)))
        if over and call.status is None:
            return None
    else:
        return call.status
    if over:
        return "ended"
    heard_of = max(_times(call), default=now)
    return "ongoing" if now - heard_of <= NO_LONGER_SECONDS else UNFINISHED


def _joined(call: Call) -> list[Participant]:
    return [entry for entry in call.participants if entry.joined]


def _took_place(call: Call) -> bool:
    """Whether two people joined, or two devices where nobody is listed."""
    if not call.participants:
        return (call.joined_count or 0) >= _PEOPLE_OF_A_CALL
    people = {lower_uid(entry.uid) or at for at, entry in enumerate(call.participants) if entry.joined}
    return len(people) >= _PEOPLE_OF_A_CALL


def _everybody_left(call: Call, now: float) -> bool:
    joined, last = _joined(call), _last_leave(call)
    if not joined or call.unlisted or any(_may_be_in(entry) for entry in joined):
        return False
    return last is None or now - last > _LEFT_SECONDS


def _may_be_in(entry: Participant) -> bool:
    return is_in(entry) or (entry.state != "ended" and told_leave(entry) is None)


def _has_left_at(entry: Participant) -> bool:
    return entry.left_at is not None and (entry.joined_at is None or entry.left_at >= entry.joined_at)


def _last_leave(call: Call) -> int | None:
    """Return when the last of those who joined left, None where that is not told of each."""
    if call.unlisted:
        return None
    leaves = [told_leave(entry) for entry in _joined(call)]
    known = [at for at in leaves if at is not None]
    return max(known) if known and len(known) == len(leaves) else None


def _times(call: Call) -> Iterator[int]:
    """Yield every time at which something happened in the call."""
    told = [call.initiated_at, call.started_at]
    for entry in call.participants:
        told += [entry.joined_at, entry.left_at]
    yield from (at for at in told if at is not None)
