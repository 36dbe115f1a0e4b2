"""How many requests to CometChat may be made unasked: so many in a minute, of which some may come at once."""

from __future__ import annotations

import time
from collections.abc import Callable

_MINUTE = 60.0


class Budget:
    """Counts requests. `a_minute` are allowed, `at_once` after a while without any. `clock` is monotonic, in seconds."""

    def __init__(self, a_minute: float, at_once: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.a_minute = a_minute
        self._at_once = at_once
        self._clock = clock
        self._left = float(at_once)
        self._counted_at = clock()

    def available(self) -> int:
        """Return how many requests may be made now."""
        now = self._clock()
        earned = (now - self._counted_at) * self.a_minute / _MINUTE
        self._left, self._counted_at = min(self._left + earned, float(self._at_once)), now
        return max(0, int(self._left))

    def spend(self, requests: int = 1) -> None:
        """Note that so many were made, or will be."""
        self._left -= requests
