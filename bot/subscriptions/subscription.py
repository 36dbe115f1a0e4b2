"""A subscription: whose calls, which of them, and where they are told (pure)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from enum import StrEnum

from bot.calls.filters import CallFilter
from bot.calls.missed import missed
from bot.cometchat import Call, Uid
from bot.identity import SlackUser

MOST_SUBSCRIPTIONS = 20
"""How many a person may have."""

_ID_BYTES = 12  # 96 bits: nobody guesses another's


class Occasion(StrEnum):
    """Why a call is told."""

    MISSED = "missed"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which calls are told: `missed` ones, `ended` ones, or both.

    `kind` is audio or video, None for either. `with_whom` is a Slack mention, a UID or a name, as in `CallFilter`, ""
    for anybody. `longer_seconds` is the least length of an ended call; a missed one has none.
    """

    missed: bool
    ended: bool
    kind: str | None = None
    longer_seconds: int = 0
    with_whom: str = ""

    @property
    def mentioned(self) -> str | None:
        """The Slack user id of the mentioned person."""
        return self._filter.mentioned

    def occasion(self, call: Call, viewer: Uid, whom: Uid | None, *, now: float) -> Occasion | None:
        """Return why that call of the viewer's is told at that Unix time, None if it is not.

        The call has the status that its whole record shows (`calls/status.py`); `whom` is the UID of the mentioned person.
        """
        if not self._filter.matches(call, viewer, whom, now=now):
            return None
        if self.missed and missed(call, viewer, now=now):
            return Occasion.MISSED
        long_enough = not self.longer_seconds or (length_of(call) or 0) >= self.longer_seconds
        return Occasion.ENDED if self.ended and call.status == "ended" and long_enough else None

    @property
    def _filter(self) -> CallFilter:
        return CallFilter(kind=self.kind, with_whom=self.with_whom)


@dataclass(frozen=True, slots=True)
class Subscription:
    """One person's wish to be told. Times are Unix seconds.

    `uid` is whose calls they are where an admin chose that, None for the owner's own. `made_for` is the UID when it was
    made: CometChat is never asked by it without a check that it still holds. `channel_id`: None for a direct message.
    No call is told that was over before `made_at`, or before `muted_until`.
    """

    id: str
    owner: SlackUser
    made_for: Uid
    uid: Uid | None
    channel_id: str | None
    wanted: Wanted
    made_at: int
    quiet_hours: bool = True
    muted_until: int = 0

    def is_muted(self, now: float) -> bool:
        """Whether nothing is told at that Unix time."""
        return now < self.muted_until


def new_id() -> str:
    """Return an id for a subscription."""
    return secrets.token_urlsafe(_ID_BYTES)


def length_of(call: Call) -> float | None:
    """Return how many seconds a call took, None where that is not known."""
    if call.started_at is not None and call.ended_at is not None and call.ended_at >= call.started_at:
        return call.ended_at - call.started_at
    return None if call.minutes is None else call.minutes * 60
