"""The loops that follow hints and look: for whom a hint woke first, then those whose turn it is, spread over the interval.

One process at a time looks for one person, whichever of them it is. People's own look-ups come first: what hints cause
has a budget, and turns have a pace. After a 429 turns come less often, and a hint's look is postponed.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any

import structlog

from bot.identity.links import StoreUnavailableError
from bot.observability.metrics import Metrics
from bot.subscriptions.budget import Budget
from bot.subscriptions.following import Follower
from bot.subscriptions.looking import Looker
from bot.subscriptions.looks import NEVER, TURNS, Look, LookStore

log = structlog.get_logger()

HINTED_A_MINUTE = 240
"""Requests because of hints, by one process: less than half of the 500 a minute that CometChat's free plan allows in all."""

TICK_SECONDS = 2.0
"""How often the database is asked whether anything is due that another process has heard of."""

CLAIM_SECONDS = 20.0
_AT_ONCE = 8
_LEAST_A_MINUTE = 120.0
"""The pace allowed to turns is at least this, so that a few who are overdue need not wait."""
_SLOWEST = 8.0
_FASTER = 0.95
_PACE = 1.2
"""Turns may come so much faster than evenly, so that a moment of nothing is made up for."""
_PACED_SECONDS = 10.0
_MINUTE, _HOUR = 60.0, 3_600.0


class Polling:
    """Runs looks. `interval` is how often it is a person's turn, in seconds; 0 for never.

    `start` runs what a shutdown waits for.
    """

    def __init__(
        self,
        *,
        looks: LookStore,
        looker: Looker,
        follower: Follower,
        budget: Budget,
        metrics: Metrics,
        start: Callable[[Coroutine[Any, Any, None]], asyncio.Task[None]],
        interval: float,
        now: Callable[[], float] = time.time,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._looks = looks
        self._looker = looker
        self._follower = follower
        self._budget = budget
        self._metrics = metrics
        self._start = start
        self._interval = interval
        self._now = now
        self._turns = Budget(_LEAST_A_MINUTE, clock)
        self._slower = 1.0
        self._clock = clock
        self._paced_at = clock() - _PACED_SECONDS
        self._hinted, self._due = asyncio.Event(), asyncio.Event()

    def wake(self) -> None:
        """Let the loops see at once whether anything is due."""
        self._hinted.set()
        self._due.set()

    async def run(self) -> None:
        """Follow hints, and look for what is due, neither waiting for the other; go on until cancelled."""
        await asyncio.gather(
            self._repeat(self.follow, self._hinted),
            self._repeat(self.look, self._due, self._until_next),
        )

    async def _repeat(
        self,
        step: Callable[[], Awaitable[bool]],
        awake: asyncio.Event,
        until_next: Callable[[], Awaitable[float]] | None = None,
    ) -> None:
        while True:
            awake.clear()
            pause = TICK_SECONDS
            try:
                while await step():
                    pass
                pause = await until_next() if until_next else pause
            except StoreUnavailableError:
                pass  # logged there
            except Exception:  # a bug; the next round is another chance
                log.exception("looking failed", reason="crashed")
            with suppress(TimeoutError):
                await asyncio.wait_for(awake.wait(), pause)

    async def _until_next(self) -> float:
        """Return how many seconds it is until somebody else is due; what is overdue waits for its budget."""
        now = self._now()
        return min(await self._looks.next_after(now) - now, TICK_SECONDS)

    async def follow(self) -> bool:
        """Follow some hints; return whether there were any. Raises StoreUnavailableError."""
        followed = await self._follower.follow()
        if followed:
            self._due.set()
        return followed > 0

    async def look(self) -> bool:
        """Look for some of those who are due; return whether there were any. Raises StoreUnavailableError."""
        looked = await self._look(urgent=True, limit=min(_AT_ONCE, self._budget.available()))
        if self._interval:
            await self._keep_pace()
            looked += await self._look(urgent=False, limit=min(_AT_ONCE, self._turns.available()))
        return looked > 0

    async def _keep_pace(self) -> None:
        """Let turns come as fast as it takes to look for everybody within the interval, and those set for much later now."""
        if self._clock() < self._paced_at + _PACED_SECONDS:
            return
        self._paced_at = self._clock()
        await self._looks.bring_forward(self._now() + self._interval * _SLOWEST + _HOUR, self._now())
        evenly = await self._looks.count() / (self._interval * self._slower) * _MINUTE
        self._turns.a_minute = max(_LEAST_A_MINUTE, evenly * _PACE)

    async def _look(self, *, urgent: bool, limit: int) -> int:
        if limit <= 0:
            return 0
        now = self._now()
        claimed = await self._looks.claim(now, now + CLAIM_SECONDS, limit, urgent=urgent)
        (self._budget if urgent else self._turns).spend(len(claimed))  # each at least one request
        if claimed:
            await asyncio.wait([self._start(self._one(look)) for look in claimed])
        return len(claimed)

    async def _one(self, look: Look) -> None:
        turn = self._now() + self._interval * self._slower if self._interval else NEVER
        try:
            looked = await self._looker.look(look, turn)
        except StoreUnavailableError:  # logged there; the claim ends by itself
            return
        except Exception:  # a bug; the others are looked for all the same
            log.exception("looking failed", reason="crashed")
            return
        (self._turns if look.reason in TURNS else self._budget).spend(looked.pages - 1)
        self._metrics.looked(look.reason, looked.outcome)
        if looked.outcome == "rate_limited":
            self._slower = min(_SLOWEST, self._slower * 2)
        else:
            self._slower = max(1.0, self._slower * _FASTER)
