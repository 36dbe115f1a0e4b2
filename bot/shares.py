"""Which calls have been shared from which message, so that one press twice posts once.

A press may come from two devices, or be delivered twice by a proxy. This is the memory of one process, kept for as
long as a message's buttons can answer, 30 minutes; several processes behind one address know nothing of each other.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

KEPT_SECONDS = 35 * 60
MOST_KEPT = 10_000

Key = tuple[str, ...]
"""What makes a share the same: team, channel, message and session id."""


class Shares:
    """Remembers shares for a while. `clock` is monotonic, in seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._made: OrderedDict[Key, float] = OrderedDict()

    def claim(self, key: Key) -> bool:
        """Return whether this is the first share of that key; then it is taken."""
        now = self._clock()
        while self._made and (
            len(self._made) > MOST_KEPT or next(iter(self._made.values())) <= now - KEPT_SECONDS
        ):
            self._made.popitem(last=False)
        if key in self._made:
            return False
        self._made[key] = now
        return True

    def release(self, key: Key) -> None:
        """Give a claim back, since nothing was posted."""
        self._made.pop(key, None)
