"""Changes that come at once, made in one transaction, and those of one kind in one statement.

A commit costs as much for one as for a hundred; and each statement is a way to the database and back, on which a busy
machine lets it wait each time. Only for changes that can't fail each for itself: what one raises undoes them all. But
for one with a value that the database has no form for: they are then made by halves, until that one fails alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

import structlog

from bot.identity.links import StoreUnavailableError, ValueRefusedError
from bot.storage.connection import Connection
from bot.storage.database import Database, Result

log = structlog.get_logger()

Item = TypeVar("Item")
Kind = Callable[[Connection, Sequence[Item]], Awaitable[Sequence[Result]]]
"""Makes the changes of one kind, one for each item, and returns what came of each."""
_Waiting = tuple[Kind[Any, Any], Any, asyncio.Future[Any]]

_AT_ONCE = 500


class Together:
    """Makes changes, each in at most `within` seconds once its turn has come.

    Of those that are made together, the kinds have the order in which they stand in `kinds`.
    """

    def __init__(self, database: Database, *kinds: Kind[Any, Any], within: float) -> None:
        self._database = database
        self._kinds = kinds
        self._within = within
        self._waiting: list[_Waiting] = []
        self._making: asyncio.Task[None] | None = None

    async def change(self, kind: Kind[Item, Result], item: Item) -> Result:
        """Return what came of the change; raises StoreUnavailableError."""
        made: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((kind, item, made))
        if self._making is None:
            self._making = asyncio.create_task(self._make())
        return await made

    async def _make(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:_AT_ONCE], self._waiting[_AT_ONCE:]
                # In the order of the kinds, which halves of it then have too
                await self._make_batch(sorted(batch, key=lambda each: self._kinds.index(each[0])))
        finally:
            self._making = None

    async def _make_batch(self, batch: list[_Waiting]) -> None:
        parts = [[(item, made) for each, item, made in batch if each == kind] for kind in self._kinds]

        async def all_of_it(connection: Connection) -> list[Sequence[Any]]:
            return [
                await kind(connection, [item for item, _ in part]) if part else ()
                for kind, part in zip(self._kinds, parts, strict=True)
            ]

        try:
            results = await self._database.change(all_of_it, within=self._within, parts=len(batch))
        except ValueRefusedError as error:
            if len(batch) == 1:
                _fail(batch, error)
            else:
                half = len(batch) // 2
                await self._make_batch(batch[:half])
                await self._make_batch(batch[half:])
        except (Exception, asyncio.CancelledError) as error:
            _fail(batch, StoreUnavailableError(str(error) or type(error).__name__))
            if not isinstance(error, StoreUnavailableError):
                log.exception("changes not made")  # a bug, or a machine at its end
        else:
            for part, came_of in zip(parts, results, strict=True):
                for (_, made), result in zip(part, came_of, strict=True):
                    if not made.done():
                        made.set_result(result)


def _fail(batch: list[_Waiting], error: StoreUnavailableError) -> None:
    for _, _, made in batch:
        if not made.done():  # nobody waits for it any more
            made.set_exception(error)
