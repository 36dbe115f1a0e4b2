"""The circuit breaker: after a 429 nobody sends a request before Retry-After; then one tries first.

CometChat counts requests by app and minute, so going on would prolong the pause for all. RFC 9110, 10.2.3 defines
`Retry-After`.
"""

from __future__ import annotations

import math
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog

from bot.cometchat import RateLimitedError

log = structlog.get_logger()

DEFAULT_SECONDS = 15.0
"""The pause if CometChat does not say how long: a quarter of the minute that it counts by."""
MAX_SECONDS = 300.0
"""The longest pause: after it, one request tries, whatever Retry-After said."""

Result = TypeVar("Result")


class CircuitBreaker:
    """Holds requests back during a pause. `on_held` is called for each of them; `clock` is monotonic, in seconds."""

    def __init__(self, *, on_held: Callable[[], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._on_held = on_held
        self._clock = clock
        self._open_until: float | None = None
        self._probing = False

    async def call(self, request: Callable[[], Awaitable[Result]]) -> Result:
        """Send the request; raises what it raises, and RateLimitedError during a pause."""
        probe = self._admit()
        try:
            result = await request()
        except RateLimitedError as error:
            seconds = self._open(error.retry_after)
            raise RateLimitedError(seconds, status=error.status, code=error.code) from None
        except Exception:  # any other response ends the pause, also an error
            self._close(probe=probe)
            raise
        else:
            self._close(probe=probe)
            return result
        finally:
            if probe:
                self._probing = False

    def _admit(self) -> bool:
        """Return whether this request is the probe after a pause; raises RateLimitedError during one."""
        if self._open_until is None:
            return False
        left = self._open_until - self._clock()
        if left > 0 or self._probing:
            self._on_held()
            raise RateLimitedError(max(0, math.ceil(left)), code="paused")
        self._probing = True
        return True

    def _open(self, retry_after: int | None) -> int:
        """Begin a pause or prolong it; return its seconds."""
        seconds = min(max(DEFAULT_SECONDS if retry_after is None else float(retry_after), 1.0), MAX_SECONDS)
        if self._open_until is None or self._probing:
            log.warning("cometchat asks for a pause", seconds=seconds)
        self._open_until = max(self._open_until or 0.0, self._clock() + seconds)
        return math.ceil(self._open_until - self._clock())

    def _close(self, *, probe: bool) -> None:
        """End the pause if this was its probe: a request from before the pause says nothing about it."""
        if probe:
            self._open_until = None
            log.info("cometchat's pause is over")
