"""People, a clock that a test turns, and the parts that every look-up goes through."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from bot.cometchat import CallPage, CallQuery, SessionCalls, SessionId, TranscriptionPage, Uid
from bot.identity import SlackUser
from bot.inbound.metric_labels import LABELS
from bot.observability.log_throttle import LogThrottle
from bot.observability.metrics import Metrics
from bot.throttling.client import CallsApi, ThrottledClient
from bot.throttling.concurrency import ConcurrencyLimit
from bot.throttling.rate_limiter import RateLimiter, parse_rates
from bot.throttling.refusals import Refusals, Scope

TONY = SlackUser(None, "T01", "U0TONY")
STEVE = SlackUser(None, "T01", "U0STEVE")


def metrics() -> Metrics:
    return Metrics(LABELS)


def noted(on_refusal: Callable[[Scope], None] = lambda _: None) -> Refusals:
    """Return refusals whose counts no timer logs after the test."""
    return Refusals(cast("LogThrottle", NoLog()), on_refusal)


class NoLog:
    """A log throttle that writes nothing."""

    def warning(self, event: str, **facts: str | int) -> None: ...


def throttled(cometchat: CallsApi, *, total: int = 256, per_person: int = 16) -> ThrottledClient:
    """Return the client that the use cases share, with that CometChat behind it."""
    refusals = noted()
    concurrency = ConcurrencyLimit(refusals, total=total, per_person=per_person)
    return ThrottledClient(cometchat, metrics(), refusals, concurrency=concurrency)


def limited(rates: str = "1000000/minute") -> RateLimiter:
    """Return a rate limiter; without rates, nobody reaches its limit."""
    return RateLimiter(parse_rates(rates), noted())


class NoCometChat:
    """CometChat for tests that ask it for nothing, or override what they ask."""

    async def get_call(self, session_id: SessionId, on_behalf_of: Uid) -> SessionCalls:
        raise AssertionError((session_id, on_behalf_of))

    async def list_calls(self, query: CallQuery, on_behalf_of: Uid) -> CallPage:
        raise AssertionError((query, on_behalf_of))

    async def list_transcriptions(
        self, session_id: SessionId, on_behalf_of: Uid, *, page: int = 1
    ) -> TranscriptionPage:
        raise AssertionError((session_id, on_behalf_of, page))

    async def get_transcript_file(self, address: str, *, most: int, within: float) -> bytes:
        raise AssertionError((address, most, within))

    async def check_user(self, uid: Uid) -> None:
        raise AssertionError(uid)


class Clock:
    """A clock, in seconds."""

    def __init__(self) -> None:
        self.now = 7_201.0  # near the beginning of a minute and of an hour

    def __call__(self) -> float:
        return self.now
