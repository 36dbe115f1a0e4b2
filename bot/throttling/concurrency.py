"""The concurrency limit: how many look-ups may be in flight, of one person and in total."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from bot.identity import SlackUser
from bot.throttling.refusals import Refusals, Scope

MAX_IN_FLIGHT = 256
"""Look-ups in flight in total.

Each may hold a connection from Slack, one to CometChat and one for its reply: 768 of the 1,024 that a process may
commonly have open. At 0.3 s a response that is 850 look-ups a second, twice what the largest CometChat plan allows
(20,000 a minute).
"""

MAX_PER_PERSON = 16
"""Of these, the most of one person."""


class TooBusyError(Exception):
    """A limit is reached; `own`: it is the person's own."""

    def __init__(self, *, own: bool) -> None:
        super().__init__("own" if own else "total")
        self.own = own


class ConcurrencyLimit:
    """Counts look-ups in flight."""

    def __init__(
        self, refusals: Refusals, *, total: int = MAX_IN_FLIGHT, per_person: int = MAX_PER_PERSON
    ) -> None:
        self._refusals = refusals
        self._total = total
        self._per_person = per_person
        self._in_flight: Counter[SlackUser] = Counter()

    @contextmanager
    def slot(self, user: SlackUser) -> Iterator[None]:
        """Hold a slot for that person's look-up; raises TooBusyError at once if there is none."""
        own = self._in_flight[user] >= self._per_person
        if own or self._in_flight.total() >= self._total:
            self._refusals.note(Scope.USER_IN_FLIGHT if own else Scope.IN_FLIGHT, user)
            raise TooBusyError(own=own)
        self._in_flight[user] += 1
        try:
            yield
        finally:
            self._in_flight[user] -= 1
            if not self._in_flight[user]:
                del self._in_flight[user]
