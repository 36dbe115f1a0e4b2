"""How long to wait before connecting to Slack again. Pure but for the dice.

A connection that ends is replaced at once: Slack ends each of them every few hours
(https://docs.slack.dev/apis/events-api/using-socket-mode). What fails again and again is tried ever more rarely.
"""

from __future__ import annotations

import random
from collections.abc import Callable

STEADY_SECONDS = 30.0
"""How long a connection has to last to make up for the failures before it."""

LONGEST_SECONDS = 30.0
LONGEST_ASKED_SECONDS = 300.0
"""The most that a Retry-After of Slack's is heeded for."""


class Pauses:
    """Counts failures. Times are seconds; `dice` gives numbers from 0 to 1."""

    def __init__(self, dice: Callable[[], float] = random.random) -> None:
        self._dice = dice
        self._failures = 0

    def after_failure(self, asked: float = 0.0) -> float:
        """Return the pause after a try that failed; `asked` is what Slack wants it to be at least."""
        self._failures += 1
        return max(self._backoff(), min(asked, LONGEST_ASKED_SECONDS))

    def after_connection(self, lasted: float, *, unwanted: bool) -> float:
        """Return the pause after a connection that lasted so long; `unwanted` where Slack wants no new one now."""
        if lasted >= STEADY_SECONDS:
            self._failures = 0
        if unwanted:
            return self.after_failure()
        pause = self._backoff()
        self._failures += 1
        return pause

    def _backoff(self) -> float:
        """Return 0 for no failure, else twice as much for each, less up to a half by chance."""
        if not self._failures:
            return 0.0
        longest = min(2.0 ** min(self._failures - 1, 10), LONGEST_SECONDS)
        return longest * (1 + self._dice()) / 2
