"""What is told: a call for a subscription, once, in a message that may hold several (pure)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from enum import StrEnum

from pydantic import TypeAdapter

from bot.calls.call_ref import CallRef, ref_of
from bot.cometchat import Call, Participant
from bot.subscriptions.subscription import Occasion, Subscription, length_of

TOLD_SECONDS = 24 * 3600
"""A call that was over longer ago than this when it is found is not told any more."""

REMEMBERED_SECONDS = 2 * TOLD_SECONDS
"""A call that began longer ago than this is not told: nobody remembers any more whether it was."""

_MESSAGE_ID_BYTES = 12
_CALL = TypeAdapter(Call)
_SUBSCRIPTION = TypeAdapter(Subscription)


class Why(StrEnum):
    """Why a subscription ends that nobody has ended."""

    LINK_LOST = "link_lost"
    LINK_CHANGED = "link_changed"
    LEFT = "left"
    """Its owner has left the workspace: nobody is there to be told so."""
    NO_LONGER_ADMIN = "no_longer_admin"
    CHANNEL_REFUSES = "channel_refuses"


class MessageKind(StrEnum):
    """What a message is: about calls, told as they come, in the MORNING, or many at once (CATCH_UP).

    Or about the subscription: it has ENDED, or Slack takes nothing for it (REFUSED). `detail` says why.
    """

    CALLS = "calls"
    MORNING = "morning"
    CATCH_UP = "catch_up"
    ENDED = "ended"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Telling:
    """A call that is told for a subscription, and the message in which it is.

    `key` names the call among all that are told for the subscription. `message_id` is "" where it shall not be told.
    """

    subscription_id: str
    key: str
    message_id: str
    occasion: Occasion
    call: Call

    @property
    def ref(self) -> CallRef | None:
        """A reference to the call."""
        return ref_of(self.call)

    def is_of(self, call: Call) -> bool:
        """Whether it is that call, of which either record may lack an id or a start."""
        mine, other = self.ref, ref_of(call)
        if mine is None or other is None or mine.session_id != other.session_id:
            return False
        return mine.index_in([call]) is not None or other.index_in([self.call]) is not None


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message that is to be posted at `due_at` (Unix seconds). `about` is the subscription, for what is not about calls."""

    id: str
    subscription_id: str
    kind: str
    due_at: float
    about: Subscription | None = None


@dataclass(frozen=True, slots=True)
class MessageState:
    """What is known of a message."""

    kind: str
    posted: bool


def new_message_id() -> str:
    """Return an id for a message."""
    return secrets.token_urlsafe(_MESSAGE_ID_BYTES)


def key_of(call: Call) -> str | None:
    """Return the key of a call, None for one that nobody could open: its session has no usable id, or it no time."""
    ref = ref_of(call)
    if ref is None or call.began_at is None:
        return None
    return f"{ref.session_id} {ref.mark or f'@{call.began_at}'}"


def tellable(call: Call) -> Call:
    """Return what may be kept and said of a call: no address of a recording, no device, and nothing that is not named here."""
    return Call(
        session_id=call.session_id,
        mid=call.mid,
        type=call.type,
        mode=call.mode,
        status=call.status,
        initiator=call.initiator,
        receiver=call.receiver,
        receiver_type=call.receiver_type,
        initiated_at=call.initiated_at,
        started_at=call.started_at,
        ended_at=call.ended_at,
        minutes=call.minutes,
        joined_count=call.joined_count,
        participants=tuple(_person(each) for each in call.participants),
        has_recording=bool(call.has_recording),
        has_transcription=bool(call.has_transcription),
        inferred=call.inferred,
        unlisted=call.unlisted,
    )


def grown(before: Call, now: Call) -> Call:
    """Return what is known by now: a record that CometChat reads from a copy may lack what it said before."""
    return replace(
        now,
        mid=now.mid or before.mid,
        initiated_at=now.initiated_at if now.initiated_at is not None else before.initiated_at,
        started_at=now.started_at if now.started_at is not None else before.started_at,
        ended_at=now.ended_at if now.ended_at is not None else before.ended_at,
        minutes=now.minutes if now.minutes is not None else before.minutes,
        has_recording=now.has_recording or before.has_recording,
        has_transcription=now.has_transcription or before.has_transcription,
    )


def over_at(call: Call) -> int | None:
    """Return when the call was over: its end, else the last that is heard of it; None where no time is told."""
    if call.ended_at is not None:
        return call.ended_at
    times = [call.initiated_at, call.started_at]
    for each in call.participants:
        times += [each.joined_at, each.left_at]
    return max((at for at in times if at is not None), default=None)


def is_open(call: Call) -> bool:
    """Whether the call may still come to something: it goes on, or rang and nothing more is told of it."""
    return call.ended_at is None and call.status in {"initiated", "ongoing"}


def may_lag(call: Call) -> bool:
    """Whether CometChat's record of a call that is over seems not to be complete yet."""
    incomplete = call.status == "ended" and (call.ended_at is None or length_of(call) is None)
    return call.inferred or incomplete


def call_to_text(call: Call) -> str:
    """Return the call as JSON."""
    return _CALL.dump_json(call).decode()


def call_from_text(text: str) -> Call:
    """Parse what `call_to_text` returned."""
    return _CALL.validate_json(text)


def subscription_to_text(subscription: Subscription) -> str:
    """Return the subscription as JSON."""
    return _SUBSCRIPTION.dump_json(subscription).decode()


def subscription_from_text(text: str) -> Subscription:
    """Parse what `subscription_to_text` returned."""
    return _SUBSCRIPTION.validate_json(text)


def _person(entry: Participant) -> Participant:
    return Participant(
        uid=entry.uid,
        name=entry.name,
        joined=entry.joined,
        state=entry.state,
        joined_at=entry.joined_at,
        left_at=entry.left_at,
        minutes=entry.minutes,
    )
