"""Reads and changes of a database, each within its time. Each failure is a StoreUnavailableError. Knows no table.

A failure is logged once, by its kind alone, and so is the recovery.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, nullcontext, suppress
from typing import Any, TypeVar

import structlog
from sqlalchemy import Executable, Row, Select, Table
from sqlalchemy.exc import DataError, IntegrityError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.identity.links import StoreUnavailableError, ValueRefusedError
from bot.storage import dialects
from bot.storage.address import parse_database_url

log = structlog.get_logger()

Result = TypeVar("Result")
Work = Callable[[AsyncConnection], Awaitable[Result]]

READ_SECONDS = 1.5
"""How long a read may take while a person waits for it."""
CHANGE_SECONDS = 5.0
"""How long a change may take, the wait for its lock included."""
CLOSE_SECONDS = 2.0
"""How long `close` waits for work under way, and then once more for the connections to end."""

_WAITING_FOR_LOCKS = 2  # each holds a connection, and reads and other changes need some too

# What the drivers raise where only a value is wrong: NUL, a lone surrogate, a number too large, a constraint
_REFUSALS = (DataError, IntegrityError, UnicodeError, OverflowError)
# An impossible host name is a UnicodeError
_FAILURES = (SQLAlchemyError, OSError, UnicodeError, asyncio.CancelledError)


class Database:
    """The database at a DATABASE_URL. Nothing connects before it is used; raises InvalidDatabaseUrlError."""

    def __init__(self, database_url: str) -> None:
        self.url = parse_database_url(database_url)
        self.engine = dialects.create_engine(self.url)
        self._for_reading = dialects.for_reading(self.engine)
        self._changing = asyncio.Semaphore(dialects.changes_at_once(self.engine))
        self._locking = asyncio.Semaphore(_WAITING_FOR_LOCKS)
        self._under_way: set[asyncio.Task[Any]] = set()
        self._well = True

    @property
    def well(self) -> bool:
        """Whether the last read or change succeeded; true before the first."""
        return self._well

    async def read(self, work: Work[Result], *, within: float | None) -> Result:
        """Return what `work` reads, in at most `within` seconds; raises StoreUnavailableError."""
        return await self._run(self._read(work), within)

    async def fetch(self, query: Select[Any], *, within: float | None) -> Sequence[Row[Any]]:
        """Return all rows of a query, as `read` does."""

        async def work(connection: AsyncConnection) -> Sequence[Row[Any]]:
            rows: Sequence[Row[Any]] = (await connection.execute(query)).all()
            return rows

        return await self.read(work, within=within)

    async def change(self, work: Work[Result], *, within: float | None, lock: str = "") -> Result:
        """Return what `work` does in one transaction; what it raises undoes it all.

        Changes with the same `lock` wait for each other, in all processes. Raises StoreUnavailableError: where the
        time was up, the change may have been made all the same. Raises ValueRefusedError for a value that the database
        can't hold.
        """
        return await self._run(self._change(work, lock), within)

    async def execute(self, statement: Executable, *, within: float | None, lock: str = "") -> int:
        """Return how many rows one statement changed, as `change` does."""

        async def work(connection: AsyncConnection) -> int:
            return (await connection.execute(statement)).rowcount

        return await self.change(work, within=within, lock=lock)

    def insert(self, table: Table) -> dialects.Insert:
        """Return an INSERT that can have ON CONFLICT."""
        return dialects.insert(self.engine, table)

    async def close(self) -> None:
        """Wait a moment for work under way, then close all connections."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=CLOSE_SECONDS)
        for task in self._under_way:
            if not task.cancelling():  # cancelled twice, aiosqlite hangs
                task.cancel()
        with suppress(TimeoutError):  # a server that does not answer is not waited for
            async with asyncio.timeout(CLOSE_SECONDS):
                await asyncio.gather(*self._under_way, return_exceptions=True)
                await dialects.dispose(self.engine, well=self._well)

    async def _read(self, work: Work[Result]) -> Result:
        async with _connected(self._for_reading) as connection:
            return await self._do(work, connection)

    async def _change(self, work: Work[Result], lock: str) -> Result:
        locking = self._locking if lock else nullcontext()
        async with locking, self._changing, _connected(self.engine) as connection, connection.begin():
            await dialects.begin_change(connection, lock)
            return await self._do(work, connection)

    async def _do(self, work: Work[Result], connection: AsyncConnection) -> Result:
        try:
            return await work(connection)
        except _REFUSALS as error:
            kind = dialects.kind_of(error)
            log.warning("database refused a value", reason=kind)
            raise ValueRefusedError(kind) from None  # the cause's message may show it

    async def _run(self, work: Coroutine[Any, Any, Result], within: float | None) -> Result:
        """Return what `work` returns.

        It runs in a task of its own: a change goes on when its caller is cancelled, and nobody waits for a driver that
        takes long to give up (psycopg asks the server to cancel, and waits for that).
        """
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._forget)
        await asyncio.wait({task}, timeout=within)
        if not task.done():
            # Cancelling closes the connection, and a database in memory with it
            if not dialects.is_in_memory(self.url):
                task.cancel()
            raise self._failed("Timeout")
        try:
            result = task.result()
        except ValueRefusedError:
            self._answered()
            raise
        except _FAILURES as error:
            raise self._failed(dialects.kind_of(error)) from None  # the cause's message may show values
        self._answered()
        return result

    def _answered(self) -> None:
        if not self._well:
            self._well = True
            log.info("database is back")

    def _failed(self, kind: str) -> StoreUnavailableError:
        if self._well:
            self._well = False
            log.warning("database unavailable", reason=kind)
        return StoreUnavailableError(kind)

    def _forget(self, task: asyncio.Task[Any]) -> None:
        self._under_way.discard(task)
        if not task.cancelled():
            task.exception()  # else asyncio logs that it was never retrieved


@asynccontextmanager
async def _connected(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """Lend a connection. A task that is cancelled while it connects finishes that first: SQLAlchemy would leak it."""
    connecting = asyncio.ensure_future(engine.connect())
    try:
        connection = await asyncio.shield(connecting)
    except asyncio.CancelledError:
        await (await connecting).close()
        raise
    async with AsyncExitStack() as stack:
        stack.push_async_exit(connection)
        yield connection


@asynccontextmanager
async def open_database(database_url: str) -> AsyncIterator[Database]:
    """Open the database of a DATABASE_URL, and close it at the end. Raises InvalidDatabaseUrlError."""
    database = Database(database_url)
    try:
        yield database
    finally:
        await database.close()
