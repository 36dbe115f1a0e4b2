"""An outbox's store in memory, which can be away or slow."""

import asyncio
from dataclasses import replace

from bot.answers.outbox import Promise
from bot.identity.links import StoreUnavailableError


class MemoryStore:
    """Rows of promises, each with the time until which it is claimed."""

    def __init__(self) -> None:
        self.rows: dict[str, tuple[Promise, float]] = {}
        self.away = False
        self.slow_by = 0.0
        self.broken = False

    async def add(self, promise: Promise, claimed_until: float) -> None:
        await self._asked()
        self.rows[promise.reference] = (promise, claimed_until)

    async def begin_sending(self, reference: str, claimed_until: float) -> bool:
        await self._asked()
        promise = self._claimed(reference, claimed_until)
        if promise:
            self.rows[reference] = (replace(promise, sending=True), claimed_until)
        return promise is not None

    async def delete(self, reference: str, claimed_until: float) -> None:
        await self._asked()
        if self._claimed(reference, claimed_until):
            del self.rows[reference]

    async def claim(self, now: float, until: float, limit: int) -> tuple[Promise, ...]:
        await self._asked()
        free = [promise for promise, claimed_until in self.rows.values() if claimed_until < now][:limit]
        self.rows |= {promise.reference: (promise, until) for promise in free}
        return tuple(free)

    def _claimed(self, reference: str, claimed_until: float) -> Promise | None:
        promise, until = self.rows.get(reference, (None, 0.0))
        return promise if until == claimed_until else None

    async def _asked(self) -> None:
        await asyncio.sleep(self.slow_by)
        if self.broken:
            raise RuntimeError("a bug")
        if self.away:
            raise StoreUnavailableError
