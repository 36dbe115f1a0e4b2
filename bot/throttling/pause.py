"""The pause that CometChat asks for with a 429: kept by everybody, then tried by one request before all come back.

RFC 9110, 10.2.3 says what `Retry-After` means. CometChat counts requests by app and minute, so whoever went on asking
would only prolong it for all.
"""

from __future__ import annotations

import math
import time
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

import structlog

from bot.cometchat import Answer, Listing, Page, RateLimitedError, SessionId, Uid

log = structlog.get_logger()

DEFAULT_SECONDS = 15.0
"""The pause where CometChat does not say how long: a quarter of the minute that it counts by."""
MOST_SECONDS = 300.0
"""The longest that nobody asks, whatever it said: one request then finds out how things are."""

Result = TypeVar("Result")


class Upstream(Protocol):
    """What is needed of CometChat; `cometchat.CometChat` is it."""

    async def get_call(self, session_id: SessionId, on_behalf_of: Uid) -> Answer:
        """Return the calls of a session; raises a CallProblemError."""
        ...

    async def list_calls(self, listing: Listing, on_behalf_of: Uid) -> Page:
        """Return a page of a user's calls; raises a CallProblemError."""
        ...

    async def check_user(self, uid: Uid) -> None:
        """Return when CometChat knows the user; raises a CallProblemError."""
        ...


class Pausing:
    """CometChat, unless it wants a pause. `clock` is monotonic, in seconds; `held` hears of each request not made."""

    def __init__(
        self,
        upstream: Upstream,
        *,
        held: Callable[[], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._upstream = upstream
        self._held = held
        self._clock = clock
        self._until: float | None = None
        self._probing = False

    async def get_call(self, session_id: SessionId, on_behalf_of: Uid) -> Answer:
        """Return the calls of a session; raises a CallProblemError, RateLimitedError during a pause."""
        return await self._asked(lambda: self._upstream.get_call(session_id, on_behalf_of))

    async def list_calls(self, listing: Listing, on_behalf_of: Uid) -> Page:
        """Return a page of a user's calls; raises a CallProblemError, RateLimitedError during a pause."""
        return await self._asked(lambda: self._upstream.list_calls(listing, on_behalf_of))

    async def check_user(self, uid: Uid) -> None:
        """Return when CometChat knows the user; raises a CallProblemError, RateLimitedError during a pause."""
        await self._asked(lambda: self._upstream.check_user(uid))

    async def _asked(self, ask: Callable[[], Awaitable[Result]]) -> Result:
        probe = self._may_ask()
        try:
            result = await ask()
        except RateLimitedError as error:
            seconds = self._open(error.retry_after)
            raise RateLimitedError(seconds, status=error.status, code=error.code) from None
        except Exception:  # any other answer is one: it is no pause any more
            self._close(probe=probe)
            raise
        else:
            self._close(probe=probe)
            return result
        finally:
            if probe:
                self._probing = False

    def _may_ask(self) -> bool:
        """Return whether this request is the one that tries whether the pause is over; raises RateLimitedError."""
        if self._until is None:
            return False
        left = self._until - self._clock()
        if left > 0 or self._probing:
            self._held()
            raise RateLimitedError(max(0, math.ceil(left)), code="paused")
        self._probing = True
        return True

    def _open(self, retry_after: int | None) -> int:
        """Begin a pause, or prolong it; return its seconds."""
        said = DEFAULT_SECONDS if retry_after is None else float(retry_after)
        seconds = min(max(said, 1.0), MOST_SECONDS)
        if self._until is None or self._probing:
            log.warning("cometchat asks for a pause", seconds=seconds)
        self._until = max(self._until or 0.0, self._clock() + seconds)
        return math.ceil(self._until - self._clock())

    def _close(self, *, probe: bool) -> None:
        """End the pause, where this was its probe: what was asked before the pause says nothing of it."""
        if probe:
            self._until = None
            log.info("cometchat's pause is over")
