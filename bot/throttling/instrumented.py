"""CometChat, with each request counted and timed: what the core asks instead of the client, which knows no metrics."""

from __future__ import annotations

import time
from collections.abc import Awaitable
from typing import Literal, TypeVar

from bot.cometchat import (
    Answer,
    BadAnswerError,
    CallProblemError,
    CometChat,
    Listing,
    MisconfiguredError,
    NoAnswerInTimeError,
    NoSuchCallError,
    Page,
    PlanRestrictedError,
    RateLimitedError,
    SessionId,
    Uid,
    UnavailableError,
    UnknownUidError,
)
from bot.observability.metrics import OTHER, Metrics

UpstreamRequest = Literal["get_call", "list_calls", "check_user"]
"""What CometChat is asked: a label of the metrics."""
UpstreamOutcome = Literal[
    "found",
    "not_found",
    "unknown_uid",
    "refused_key",
    "misconfigured",
    "rate_limited",
    "plan_restricted",
    "server_error",
    "unreachable",
    "timeout",
    "bad_answer",
]
"""What came of it: a label as well."""
Result = TypeVar("Result")


class MeasuredCometChat:
    """Asks CometChat and counts what came of it; answers and errors are the client's own."""

    def __init__(self, cometchat: CometChat, metrics: Metrics) -> None:
        self._cometchat = cometchat
        self._metrics = metrics

    async def get_call(self, session_id: SessionId, on_behalf_of: Uid) -> Answer:
        """Return what `CometChat.get_call` returns, or raise what it raises."""
        return await self._measured("get_call", self._cometchat.get_call(session_id, on_behalf_of))

    async def list_calls(self, listing: Listing, on_behalf_of: Uid) -> Page:
        """Return what `CometChat.list_calls` returns, or raise what it raises."""
        return await self._measured("list_calls", self._cometchat.list_calls(listing, on_behalf_of))

    async def check_user(self, uid: Uid) -> None:
        """Return when `CometChat.check_user` does, or raise what it raises."""
        await self._measured("check_user", self._cometchat.check_user(uid))

    async def _measured(self, question: UpstreamRequest, answer: Awaitable[Result]) -> Result:
        outcome: str = OTHER  # cancelled, or a bug
        begun = time.monotonic()
        with self._metrics.upstream_in_flight.track_inprogress():
            try:
                result = await answer
                outcome = "found"
            except CallProblemError as error:
                outcome = answered(error)
                raise
            finally:
                self._metrics.upstream_answered(question, outcome, seconds=time.monotonic() - begun)
        return result


def answered(error: CallProblemError) -> UpstreamOutcome:
    """Return the label for what CometChat, or the way to it, answered."""
    match error:
        case MisconfiguredError():
            return "refused_key" if error.what == "key" else "misconfigured"
        case UnavailableError():
            return "server_error" if error.status else "unreachable"
        case _:
            return _ANSWERED.get(type(error), "bad_answer")


_ANSWERED: dict[type[CallProblemError], UpstreamOutcome] = {
    NoSuchCallError: "not_found",
    UnknownUidError: "unknown_uid",
    RateLimitedError: "rate_limited",
    PlanRestrictedError: "plan_restricted",
    NoAnswerInTimeError: "timeout",
    BadAnswerError: "bad_answer",
}
