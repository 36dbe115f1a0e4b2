"""How many look-ups a person may make, counted in a sliding window by `limits`.

The rates are CALLINFO_RATE_LIMIT, whose default is in settings.py.

https://limits.readthedocs.io/en/stable/strategies.html#sliding-window-counter

Counts are kept in this process's memory, and in Redis if several processes share them. Memory is checked first: a
person over the limit in this process is over it in all. While Redis is away, memory is all there is.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from limits import RateLimitItem, parse_many
from limits.aio.storage import MemoryStorage, Storage
from limits.aio.strategies import SlidingWindowCounterRateLimiter

from bot.identity import SlackUser
from bot.throttling.refusals import Refusals, Scope


@dataclass(frozen=True, slots=True)
class LimitReached:
    """A limit of `amount` look-ups every `seconds`; the next one is allowed in `retry_after` seconds."""

    amount: int
    seconds: int
    retry_after: int


class CountsUnavailableError(Exception):
    """The shared counts can't be reached."""


class SharedCounts(Protocol):
    """Counts that several processes share; RedisCounts implements it."""

    async def hit(self, user: SlackUser) -> LimitReached | None:
        """Count a look-up, or return the limit that it would exceed; raises CountsUnavailableError."""
        ...


def parse_rates(text: str) -> tuple[RateLimitItem, ...]:
    """Parse rates in the notation of `limits`, such as `30/minute;500/day`; raises ValueError."""
    rates = tuple(dict.fromkeys(parse_many(text)))  # one that is there twice would be counted twice
    if any(rate.amount < 1 for rate in rates):
        raise ValueError("a rate that allows nothing")
    return rates


class Counts:
    """Counts of look-ups by person in one storage."""

    def __init__(self, storage: Storage, rates: Sequence[RateLimitItem]) -> None:
        self._limiter = SlidingWindowCounterRateLimiter(storage)
        self._rates = rates

    async def check(self, user: SlackUser) -> LimitReached | None:
        """Return the limit that a look-up would exceed now; of several, the one with the longest wait."""
        key = (user.team_id, user.user_id)
        reached = [
            await self._reached(rate, key) for rate in self._rates if not await self._limiter.test(rate, *key)
        ]
        return max(reached, key=lambda each: each.retry_after, default=None)

    async def hit(self, user: SlackUser) -> LimitReached | None:
        """Count a look-up, or return the limit that it would exceed."""
        key = (user.team_id, user.user_id)
        for rate in self._rates:
            if not await self._limiter.hit(rate, *key):
                return await self._reached(rate, key)
        return None

    async def _reached(self, rate: RateLimitItem, key: tuple[str, str]) -> LimitReached:
        window = await self._limiter.get_window_stats(rate, *key)
        wait = max(1, math.ceil(window.reset_time - time.time()))
        return LimitReached(rate.amount, rate.get_expiry(), wait)


class RateLimiter:
    """Decides whether a person may make another look-up."""

    def __init__(
        self, rates: Sequence[RateLimitItem], refusals: Refusals, shared: SharedCounts | None = None
    ) -> None:
        self._own = Counts(MemoryStorage(), rates)
        self._shared = shared
        self._refusals = refusals

    async def hit(self, user: SlackUser) -> LimitReached | None:
        """Count a look-up, or return the limit that it would exceed; a refused one does not count."""
        reached = await self._own.check(user) or await self._count(user)
        if reached:
            self._refusals.note(Scope.USER, user)
        return reached

    async def _count(self, user: SlackUser) -> LimitReached | None:
        if self._shared is not None:
            try:
                if reached := await self._shared.hit(user):
                    return reached
            except CountsUnavailableError:
                pass
        return await self._own.hit(user)
