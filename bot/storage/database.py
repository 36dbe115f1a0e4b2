"""Units of work on a database: each within its time, each failure a StoreUnavailableError.

Knows no table. What a failure was is logged once, by its kind alone, and so is the recovery.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, nullcontext, suppress
from typing import Any, TypeVar

import structlog

from bot.identity.links import StoreUnavailableError, ValueRefusedError
from bot.storage.address import PostgreSQL
from bot.storage.connection import Connection
from bot.storage.engine import Engine

log = structlog.get_logger()

Result = TypeVar("Result")
Work = Callable[[Connection], Awaitable[Result]]

FAREWELL_SECONDS = 2.0
"""How long `close` waits for work under way, and then once more for the connections to end."""
_TURNS_AT_ONCE = 2  # of the five connections in engine.py
# For what was cancelled to let its connection go. And: aiosqlite's thread of a connection that could not be opened tells
# the loop that it ends, and dies loudly without one
_MOMENT_SECONDS = 0.05

TAKE_TURN = "SELECT pg_advisory_xact_lock(hashtextextended(:turn, 0))"
"""Waits, on PostgreSQL, until no other transaction has that turn."""


class Database:
    """Does work on the engine's database."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.on_postgresql = isinstance(engine.address, PostgreSQL)
        # SQLite lets in whoever asks at the right moment: among ourselves we queue, or somebody could wait for ever.
        # On PostgreSQL, who waits for a turn holds a connection, of which reads and other changes need some too
        self._queue = nullcontext() if self.on_postgresql else asyncio.Lock()
        self._turns = asyncio.Semaphore(_TURNS_AT_ONCE) if self.on_postgresql else nullcontext()
        self._under_way: set[asyncio.Task[Any]] = set()
        self._well = True
        # A host's name that can't be one is a UnicodeError
        self._failures: tuple[type[BaseException], ...] = (
            *(*engine.errors, OSError, UnicodeError),
            asyncio.CancelledError,
        )

    @property
    def well(self) -> bool:
        """Whether it did what it was last asked; true before it was asked anything."""
        return self._well

    async def read(self, work: Work[Result], *, within: float | None) -> Result:
        """Return what `work` reads, in at most `within` seconds; raises StoreUnavailableError."""
        return await self._done(self._read(work), within)

    async def change(
        self, work: Work[Result], *, within: float | None, turn: str = "", parts: int = 1
    ) -> Result:
        """Return what `work` does in one transaction; what it raises undoes it all.

        Changes with the same `turn` wait for each other, in all processes. Raises StoreUnavailableError: where
        the time was up, the change may have been made all the same. And ValueRefusedError, which of a change of
        several `parts` is not logged: whoever made one of them tries them apart.
        """
        return await self._done(self._change(work, turn, told=parts == 1), within)

    async def beside(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Return what `work` does on the database by a connection of its own, however long it takes.

        It raises what the driver raises, and StoreUnavailableError, as which all of it is told.
        """
        return await self._done(work, None)

    async def close(self) -> None:
        """Wait a moment for work under way, then close all connections."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=FAREWELL_SECONDS)
        if left := set(self._under_way):
            for task in left:
                task.cancel()
            await asyncio.wait(left, timeout=_MOMENT_SECONDS)
        if not self._well and not self.on_postgresql:
            await asyncio.sleep(_MOMENT_SECONDS)
        with suppress(TimeoutError):  # a statement that does not end is not waited for
            async with asyncio.timeout(FAREWELL_SECONDS):
                await self.engine.pool.close()

    async def _read(self, work: Work[Result]) -> Result:
        async with self.engine.pool.connection() as connection:
            return await self._worked(work, connection, told=True)

    async def _change(self, work: Work[Result], turn: str, *, told: bool) -> Result:
        turns = self._turns if turn else nullcontext()
        async with self._queue, turns, self._transaction() as connection:
            if turn and self.on_postgresql:  # SQLite has let only one in anyway
                await connection.rows(TAKE_TURN, turn=turn)
            return await self._worked(work, connection, told=told)

    async def _worked(self, work: Work[Result], connection: Connection, *, told: bool) -> Result:
        """Return what `work` returns; raises ValueRefusedError where the database is not to blame."""
        try:
            return await work(connection)
        except self.engine.refusals as error:
            kind = type(error).__name__
            if told:
                log.warning("database refused a value", reason=kind)
            raise ValueRefusedError(kind) from None  # the cause's message may show it

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[Connection]:
        """Begin a change; who is cancelled leaves the end of it to the pool, which undoes it with the connection."""
        async with self.engine.pool.connection() as connection:
            await connection.do(self.engine.begin)
            try:
                yield connection
                await connection.do("COMMIT")
            except Exception:
                with suppress(*self.engine.errors):  # a connection that can't even do that is not used again
                    await connection.do("ROLLBACK")
                raise

    async def _done(self, work: Coroutine[Any, Any, Result], within: float | None) -> Result:
        """Return what `work` returns.

        It is a task of its own: a caller who is cancelled leaves no change half known, and a driver that takes
        its time to give up (psycopg asks the server to stop, and waits for that) keeps nobody waiting.
        """
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._let_go)
        await asyncio.wait({task}, timeout=within)
        if not task.done():
            task.cancel()
            raise self._failed("Timeout")
        try:
            result = task.result()
        except ValueRefusedError:
            self._answered()
            raise
        except self._failures as error:
            raise self._failed(self.engine.kind_of(error)) from None  # the cause's message may show values
        self._answered()
        return result

    def _answered(self) -> None:
        if not self._well:
            self._well = True
            log.info("store is back")

    def _failed(self, kind: str) -> StoreUnavailableError:
        if self._well:
            self._well = False
            log.warning("store unavailable", reason=kind)
        return StoreUnavailableError(kind)

    def _let_go(self, task: asyncio.Task[Any]) -> None:
        self._under_way.discard(task)
        if not task.cancelled():
            task.exception()  # looked at, or asyncio complains of an error that nobody has seen
