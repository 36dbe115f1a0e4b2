"""Limits the requests to CometChat that nobody asked for: so many a minute, of which some seconds' worth may come at once."""

from __future__ import annotations

import time
from collections.abc import Callable

_MINUTE = 60.0
SAVED_SECONDS = 10.0
"""How many seconds' worth may be spent at once."""


class Budget:
    """Counts requests. `a_minute` are allowed. `clock` is monotonic, in seconds."""

    def __init__(self, a_minute: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.a_minute = a_minute
        self._clock = clock
        self._left = self.saved
        self._counted_at = clock()

    @property
    def saved(self) -> float:
        """How many may come at once, after a while without any."""
        return self.a_minute / _MINUTE * SAVED_SECONDS

    def available(self) -> int:
        """Return how many requests may be made now."""
        now = self._clock()
        earned = (now - self._counted_at) * self.a_minute / _MINUTE
        self._left, self._counted_at = min(self._left + earned, self.saved), now
        return max(0, int(self._left))

    def spend(self, requests: int = 1) -> None:
        """Note that so many were made, or will be."""
        self._left -= requests
