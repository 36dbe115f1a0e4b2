"""How many look-ups each person may make: counted here, and in Redis where several processes share the counts.

The own counts are asked first: whoever is over a limit in this process alone is over it in all of them, so that the
refusals of a flood cost neither a request nor a row. While Redis is away the own counts are all there is.
"""

from __future__ import annotations

from typing import Protocol

from bot.identity import SlackUser
from bot.throttling.counts import Counts, Person
from bot.throttling.rates import Refused
from bot.throttling.refusals import Refusals, Scope


class CountsAwayError(Exception):
    """The shared counts can't be had now."""


class SharedCounts(Protocol):
    """Counts that several processes share; `redis_counts.RedisCounts` is it."""

    async def hit(self, person: Person) -> Refused | None:
        """Count a look-up, or return why it is one too many; raises CountsAwayError."""
        ...


class RateLimit:
    """Decides whether a person may look up one more call."""

    def __init__(self, own: Counts, shared: SharedCounts | None, refusals: Refusals) -> None:
        self._own = own
        self._shared = shared
        self._refusals = refusals

    async def refusal(self, user: SlackUser) -> Refused | None:
        """Count a look-up of that person; return why it is one too many, None where it is not."""
        person = (user.team_id, user.user_id)
        refused = self._own.refusal(person) or await self._hit(person)
        if refused:
            self._refusals.note(Scope.USER, user)
        return refused

    async def _hit(self, person: Person) -> Refused | None:
        if self._shared is not None:
            try:
                refused = await self._shared.hit(person)
            except CountsAwayError:
                pass
            else:
                if refused:
                    self._own.refuse(person, refused)
                else:
                    self._own.add(person)
                return refused
        # Others of the same person may have been counted while Redis was waited for
        refused = self._own.refusal(person)
        if not refused:
            self._own.add(person)
        return refused
