"""How many look-ups may be under way at once, in all and of one person: one person's slow ones leave room for others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from bot.identity import SlackUser
from bot.throttling.refusals import Refusals, Scope

IN_FLIGHT = 256
"""Look-ups under way in all.

Each may hold a connection of Slack's, one to CometChat and one for its reply: 768 of the 1,024 that a process may
commonly have open. At 0.3 s an answer that is 850 look-ups a second, more than twice what the largest CometChat plan
allows (20,000 a minute); when CometChat hangs for the whole 8 s, it is what a small machine can hold.
"""

OF_ONE = 16
"""Of these, the most that one person may have under way: more than anybody waits for, and a sixteenth of all."""


class TooBusyError(Exception):
    """There is no place for this look-up now; `own` says that the person's own look-ups take all that they may."""

    def __init__(self, *, own: bool) -> None:
        super().__init__("own" if own else "all")
        self.own = own


class Places:
    """The places of look-ups under way."""

    def __init__(self, refusals: Refusals, *, in_all: int = IN_FLIGHT, of_one: int = OF_ONE) -> None:
        self._refusals = refusals
        self._in_all = in_all
        self._of_one = of_one
        self._taken: Counter[SlackUser] = Counter()
        self._sum = 0

    @contextmanager
    def one(self, user: SlackUser) -> Iterator[None]:
        """Hold a place for that person's look-up; raises TooBusyError at once where there is none."""
        own = self._taken[user] >= self._of_one
        if own or self._sum >= self._in_all:
            if not self._taken[user]:
                del self._taken[user]
            self._refusals.note(Scope.USER_IN_FLIGHT if own else Scope.IN_FLIGHT, user)
            raise TooBusyError(own=own)
        self._taken[user] += 1
        self._sum += 1
        try:
            yield
        finally:
            self._sum -= 1
            self._taken[user] -= 1
            if not self._taken[user]:  # who has none under way is not kept
                del self._taken[user]
