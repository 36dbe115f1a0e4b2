"""When the calls of a UID are looked for: values, and the store's Protocol (pure)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, cast

from bot.calls.status import NO_LONGER_SECONDS
from bot.cometchat import Call, SessionId, Uid
from bot.subscriptions.subscription import Subscription
from bot.subscriptions.tellings import (
    TOLD_SECONDS,
    MessageState,
    NewMessage,
    Telling,
    Why,
    is_open,
    may_lag,
    over_at,
)

LookReason = Literal["event", "poll", "again", "catch_up"]
"""Why a person's calls are looked for: a label of the metrics.

`again`: a record that lagged behind its call's end. `catch_up`: the bot was off for a while.
"""
LookOutcome = Literal["found", "nothing", "failed", "rate_limited", "ended"]
"""What came of it: a label of the metrics.

`found`: calls to tell of. `ended`: a subscription ended with it, since the link has changed or the person has left.
"""

TURNS = frozenset({"poll", "catch_up"})
"""The reasons of a look whose turn it is; the others were asked for."""

NEVER = 1e12
"""A Unix time that doesn't come."""

AGAIN_SECONDS = (5.0, 15.0, 60.0)
"""When a record that lags behind its call is looked at again, each after the look before."""

LAG_SECONDS = sum(AGAIN_SECONDS)
"""How long a call waits for its record to be complete; then it is told as it is."""

MARGIN_SECONDS = 900
"""How much further back than the last look a look reads: CometChat's lists may be late."""

_RECENTLY = 120
"""How long before an event without a session its call may have been over, by CometChat's clock."""
_SAME_CALL = 3_600
"""What was over so long before an event of its session was an earlier call."""
_RINGS_FOR_EVER = 3_600
"""A call that rang so long ago is not waited for, whatever it says."""

MOST_AWAITED = 50


@dataclass(frozen=True, slots=True)
class Awaited:
    """What a hint promised. `what` is the end of a call, its recording or its transcript.

    `session_id` names the session, "" where the event named only users. `at` (Unix seconds) is about when the call is over,
    of a session's by the hour; for one that rings, when nobody can take it any more. `spread`: whoever finds the call wakes
    the others who are in it.
    """

    what: Literal["end", "recording", "transcript"]
    session_id: str
    at: int
    spread: bool = field(default=False, compare=False)

    def is_met(self, calls: Sequence[Call]) -> bool:
        """Whether it is among those calls, as complete as it will be."""
        if not self.session_id:
            recent = [call for call in calls if (over_at(call) or 0) >= self.at - _RECENTLY]
            # One of two calls in a row may be over while the other, which was meant, still rings
            return bool(recent) and not any(is_open(call) or may_lag(call) for call in recent)
        of_session = self.of_session(calls)
        match self.what:
            case "recording":
                return any(call.has_recording for call in of_session)
            case "transcript":
                return any(call.has_transcription for call in of_session)
            case _:
                return bool(of_session) and not any(is_open(call) or may_lag(call) for call in of_session)

    def of_session(self, calls: Sequence[Call]) -> list[Call]:
        """Return those of the calls that the event of a session may be about."""
        return [
            call
            for call in calls
            if self.session_id
            and call.session_id == self.session_id
            and (over_at(call) or self.at) >= self.at - _SAME_CALL
        ]

    def to_text(self) -> str:
        """Return it as text without a line break."""
        return f"{self.what} {self.at} {'spread' if self.spread else 'no'} {self.session_id}"

    @staticmethod
    def from_text(text: str) -> Awaited:
        """Parse what `to_text` returned."""
        what, at, spread, session_id = text.split(" ", 3)
        return Awaited(cast("Any", what), session_id, int(at), spread == "spread")


@dataclass(frozen=True, slots=True)
class Look:
    """A claimed look. Times are Unix seconds; `claimed_until` is the token of the claim.

    `looked_at` is when the last complete look began, 0 for never; `open_since` when the oldest call began that was not over
    then, 0 for none. `awaited`: what hints promised and no look has found, looked for `again` so many times.
    """

    uid: Uid
    claimed_until: float
    looked_at: int
    open_since: int
    awaited: tuple[Awaited, ...]
    again: int
    reason: LookReason
    subscriptions: tuple[Subscription, ...]
    tellings: Mapping[str, tuple[Telling, ...]]
    """By the subscription's id."""
    messages: Mapping[str, MessageState]
    """By the message's id."""

    def since(self, now: float) -> int:
        """Return when the oldest call may have begun that this look is about."""
        known = [self.looked_at - MARGIN_SECONDS]
        known += [self.open_since] if self.open_since else []
        sessions = {each.session_id for each in self.awaited}
        known += [
            each.call.began_at or 0
            for tellings in self.tellings.values()
            for each in tellings
            if each.call.session_id in sessions
        ]
        return max(min(known), int(now) - TOLD_SECONDS)


@dataclass(slots=True)
class Findings:
    """What a look leaves behind. `complete`: all that it had to see was seen.

    `due_at` is when it is their turn again, `wake_at` when the look is repeated for what is `awaited`. `ended` are
    subscriptions that end, each with its word.
    """

    due_at: float
    wake_at: float = NEVER
    complete: bool = True
    open_since: int = 0
    awaited: tuple[Awaited, ...] = ()
    again: int = 0
    name: str = ""
    tellings: list[Telling] = field(default_factory=list)
    messages: list[NewMessage] = field(default_factory=list)
    changed: list[Telling] = field(default_factory=list)
    due: dict[str, float] = field(default_factory=dict)
    ended: list[tuple[Subscription, Why]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Wake:
    """Somebody whose calls are looked for at that Unix time, for what is `awaited`."""

    uid: Uid
    awaited: tuple[Awaited, ...]
    at: float


class LookStore(Protocol):
    """Where looks are scheduled. Every method raises StoreUnavailableError."""

    async def claim(self, now: float, until: float, limit: int, *, urgent: bool) -> tuple[Look, ...]:
        """Claim looks that are due, each for one caller, with all that they need to know.

        Those that hints ask for if they are `urgent`, else those whose turn it is.
        """
        ...

    async def finish(self, look: Look, findings: Findings, began_at: float) -> bool:
        """Store what the look that began then found, all or nothing; return False where its claim has been lost."""
        ...

    async def postpone(self, look: Look, until: float) -> None:
        """Give the claim back: the look failed, and is due again then."""
        ...

    async def wake(self, wakes: Sequence[Wake]) -> None:
        """Ask for these looks, of those whom anybody has subscribed to."""
        ...

    async def subscriptions_for(self, uid: Uid) -> tuple[Subscription, ...]:
        """Return the subscriptions that tell of that UID's calls."""
        ...

    async def next_after(self, now: float) -> float:
        """Return when the first look is due after that Unix time, NEVER for none."""
        ...

    async def bring_forward(self, later_than: float, to: float) -> None:
        """Let turns that come only after that Unix time come at the other: they were set while there were none."""
        ...

    async def count(self) -> int:
        """Return how many UIDs anybody has subscribed to."""
        ...

    async def subscribers(self) -> tuple[tuple[Uid, str], ...]:
        """Return the UIDs that anybody has subscribed to, each with the name that CometChat gives that user.

        First those in a call that goes on, then those whose look is pending.
        """
        ...

    async def told_of(self, sessions: Collection[SessionId]) -> Mapping[SessionId, frozenset[Uid]]:
        """Return the UIDs for whose subscriptions a call of each session is told; sessions without any are left out."""
        ...


def open_since(calls: Sequence[Call], now: float) -> int:
    """Return when the oldest of those calls began that may still end; 0 for none."""
    began = [
        call.began_at
        for call in calls
        if is_open(call)
        and call.began_at is not None
        and now - call.began_at < (_RINGS_FOR_EVER if call.status == "initiated" else NO_LONGER_SECONDS)
    ]
    return min(began, default=0)


def repeated(again: int, left: Sequence[Awaited], now: float) -> tuple[float, int]:
    """Return when to look again for what is left, NEVER for not, and how often it was repeated by then."""
    later = min((item.at for item in left if item.at > now), default=NEVER)
    if again < len(AGAIN_SECONDS) and any(item.at <= now for item in left):
        at = now + AGAIN_SECONDS[again]
        return (at, again + 1) if at <= later else (later, again)
    return later, 0
