"""The CometChat client that the use cases share: throttled, measured and cached."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Literal, Protocol, TypeVar

from bot.cometchat import (
    CallPage,
    CallProblemError,
    CallQuery,
    FileGoneError,
    MisconfiguredError,
    NoAnswerInTimeError,
    NoSuchCallError,
    PlanRestrictedError,
    RateLimitedError,
    SessionCalls,
    SessionId,
    TranscriptionPage,
    Uid,
    UnavailableError,
    UnknownUidError,
    UntrustedAddressError,
)
from bot.identity import SlackUser
from bot.observability.metrics import Metrics
from bot.throttling.call_cache import EndedCallsCache
from bot.throttling.circuit_breaker import CircuitBreaker
from bot.throttling.concurrency import ConcurrencyLimit
from bot.throttling.refusals import Refusals, Scope
from bot.throttling.singleflight import SingleFlight

UpstreamRequest = Literal[
    "get_call", "list_calls", "list_transcriptions", "get_transcript_file", "check_user"
]
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
    "no_file",
    "untrusted",
]
"""What came of it: a label of the metrics."""
Result = TypeVar("Result")


class CallsApi(Protocol):
    """CometChat's API; `bot.cometchat.CometChat` implements it. Every method raises a CallProblemError."""

    async def get_call(self, session_id: SessionId, on_behalf_of: Uid) -> SessionCalls:
        """Return the calls of a session."""
        ...

    async def list_calls(self, query: CallQuery, on_behalf_of: Uid) -> CallPage:
        """Return a page of a user's calls."""
        ...

    async def list_transcriptions(
        self, session_id: SessionId, on_behalf_of: Uid, *, page: int = 1
    ) -> TranscriptionPage:
        """Return a page of a session's transcriptions."""
        ...

    async def get_transcript_file(self, address: str, *, most: int, within: float) -> bytes:
        """Return a file of at most so many bytes, after so many seconds at the latest."""
        ...

    async def check_user(self, uid: Uid) -> None:
        """Return if CometChat knows the user."""
        ...


class ThrottledClient:
    """Asks CometChat for people: identical requests once, a limited number at a time, none while it wants a pause."""

    def __init__(
        self,
        cometchat: CallsApi,
        metrics: Metrics,
        refusals: Refusals,
        *,
        concurrency: ConcurrencyLimit | None = None,
    ) -> None:
        self._cometchat = cometchat
        self._metrics = metrics
        self._concurrency = concurrency or ConcurrencyLimit(refusals)
        self._breaker = CircuitBreaker(on_held=partial(metrics.rate_limited, Scope.COMETCHAT))
        self._ended = EndedCallsCache()
        self._calls: SingleFlight[tuple[SlackUser, Uid, SessionId], SessionCalls] = SingleFlight()
        self._pages: SingleFlight[tuple[SlackUser, Uid, CallQuery], CallPage] = SingleFlight()

    async def get_call(
        self, user: SlackUser, session_id: SessionId, on_behalf_of: Uid, *, fresh: bool = False
    ) -> SessionCalls:
        """Return the calls of a session, the newest first; `fresh` skips the cache.

        Raises a CallProblemError, or TooBusyError.
        """
        if not fresh and (cached := self._ended.get(on_behalf_of, session_id)):
            return cached

        async def fetch() -> SessionCalls:
            with self._concurrency.slot(user):
                response = await self._request(
                    "get_call", lambda: self._cometchat.get_call(session_id, on_behalf_of)
                )
            # A call of others is fetched each time: it must take as long as a call that does not exist
            if any(call.involves(on_behalf_of) for call in response.calls):
                self._ended.put(on_behalf_of, session_id, response)
            return response

        return await self._calls.run((user, on_behalf_of, session_id), fetch)

    async def list_calls(self, user: SlackUser, query: CallQuery, on_behalf_of: Uid) -> CallPage:
        """Return a page of a user's calls, the newest first; pages are not cached, since the next call changes them all.

        Raises a CallProblemError, or TooBusyError.
        """

        async def fetch() -> CallPage:
            with self._concurrency.slot(user):
                return await self._request(
                    "list_calls", lambda: self._cometchat.list_calls(query, on_behalf_of)
                )

        return await self._pages.run((user, on_behalf_of, query), fetch)

    async def list_transcriptions(
        self, user: SlackUser, session_id: SessionId, on_behalf_of: Uid, *, page: int = 1
    ) -> TranscriptionPage:
        """Return a page of a session's transcriptions; raises a CallProblemError, or TooBusyError."""
        with self._concurrency.slot(user):
            return await self._request(
                "list_transcriptions",
                lambda: self._cometchat.list_transcriptions(session_id, on_behalf_of, page=page),
            )

    async def get_transcript_file(self, user: SlackUser, address: str, *, most: int, within: float) -> bytes:
        """Return a transcript's file: at most so many bytes, after so many seconds at the latest.

        It comes from another server than the API's, to which the circuit breaker says nothing. Raises a CallProblemError,
        or TooBusyError.
        """
        with self._concurrency.slot(user):
            return await self._measured(
                "get_transcript_file",
                lambda: self._cometchat.get_transcript_file(address, most=most, within=within),
            )

    async def check_user(self, uid: Uid) -> None:
        """Return if CometChat knows the user; raises a CallProblemError."""
        await self._request("check_user", lambda: self._cometchat.check_user(uid))

    async def _request(self, request: UpstreamRequest, send: Callable[[], Awaitable[Result]]) -> Result:
        return await self._breaker.call(lambda: self._measured(request, send))

    async def _measured(self, request: UpstreamRequest, send: Callable[[], Awaitable[Result]]) -> Result:
        outcome: UpstreamOutcome | Literal["other"] = "other"  # cancelled, or a bug
        began = time.monotonic()
        with self._metrics.upstream_in_flight.track_inprogress():
            try:
                result = await send()
                outcome = "found"
            except CallProblemError as error:
                outcome = outcome_of(error)
                raise
            finally:
                self._metrics.upstream_answered(request, outcome, seconds=time.monotonic() - began)
        return result


def outcome_of(error: CallProblemError) -> UpstreamOutcome:
    """Return the metrics' label of an error."""
    match error:
        case MisconfiguredError():
            return "refused_key" if error.what == "key" else "misconfigured"
        case UnavailableError():
            return "server_error" if error.status else "unreachable"
        case _:
            return _OUTCOMES.get(type(error), "bad_answer")


_OUTCOMES: dict[type[CallProblemError], UpstreamOutcome] = {
    NoSuchCallError: "not_found",
    UnknownUidError: "unknown_uid",
    RateLimitedError: "rate_limited",
    PlanRestrictedError: "plan_restricted",
    NoAnswerInTimeError: "timeout",
    FileGoneError: "no_file",
    UntrustedAddressError: "untrusted",
}
