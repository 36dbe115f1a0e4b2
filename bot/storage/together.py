"""Changes that come at once, made in one transaction: a commit costs as much for one as for a hundred.

Only for changes that can't fail each for itself: what one raises undoes them all.
"""

from __future__ import annotations

import asyncio
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.identity.links import StoreUnavailableError
from bot.storage.database import Database, Result, Work

log = structlog.get_logger()


_AT_ONCE = 100


class Together:
    """Makes changes, each in at most `within` seconds once its turn has come."""

    def __init__(self, database: Database, *, within: float) -> None:
        self._database = database
        self._within = within
        self._waiting: list[tuple[Work[Any], asyncio.Future[Any]]] = []
        self._making: asyncio.Task[None] | None = None

    async def change(self, work: Work[Result]) -> Result:
        """Return what `work` does; raises StoreUnavailableError."""
        made: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((work, made))
        if self._making is None:
            self._making = asyncio.create_task(self._make())
        return await made

    async def _make(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:_AT_ONCE], self._waiting[_AT_ONCE:]
                await self._make_batch(batch)
        finally:
            self._making = None

    async def _make_batch(self, batch: list[tuple[Work[Any], asyncio.Future[Any]]]) -> None:
        async def all_of_it(connection: AsyncConnection) -> list[Any]:
            return [await work(connection) for work, _ in batch]

        try:
            results = await self._database.change(all_of_it, within=self._within)
        except (Exception, asyncio.CancelledError) as error:
            reason = str(error) or type(error).__name__
            for _, made in batch:
                if not made.done():  # nobody waits for it any more
                    made.set_exception(StoreUnavailableError(reason))
            if not isinstance(error, StoreUnavailableError):
                log.exception("changes not made")  # a bug, or a machine at its end
        else:
            for (_, made), result in zip(batch, results, strict=True):
                if not made.done():
                    made.set_result(result)
