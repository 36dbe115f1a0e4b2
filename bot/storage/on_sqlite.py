"""SQLite, by aiosqlite: how a connection is opened and set up, and what it does. One statement is one way to its thread."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from typing import TypeVar

import aiosqlite

from bot.storage.address import SQLite
from bot.storage.connection import Connection, Row, Value

Result = TypeVar("Result")

ERRORS = (sqlite3.Error,)
"""What the driver raises."""

REFUSALS = (sqlite3.DataError, sqlite3.IntegrityError, UnicodeError, OverflowError)
"""What it raises for a value: too long, against a constraint, half a character, a number too large."""

BEGIN = "BEGIN IMMEDIATE"
"""Begins what will write: a transaction that reads first must hold the lock from the start, or fails half-way."""

BUSY_SECONDS = 10.0
"""How long another process's change is waited for; our own callers give up before, an import need not."""

# How long SQLite itself waits, in a connection's thread that nothing ends before; whoever gives up leaves it that long
_IN_THREAD_SECONDS = 0.1
# Where SQLite does not wait at all, as for the switch to WAL while another process writes
_PAUSE_SECONDS = 0.02

_SET_UP = (
    "PRAGMA journal_mode = WAL;"  # who reads does not wait for who writes
    "PRAGMA synchronous = NORMAL;"  # safe with WAL but for the last moment before a power cut
)


def file_of(address: SQLite) -> str:
    """Return what `sqlite3.connect` is to open."""
    return ":memory:" if address.is_in_memory else os.path.abspath(address.path)  # noqa: PTH100 - behind a link, pathlib's ".." is another file


async def connect(address: SQLite) -> Connection:
    """Open a connection; raises sqlite3.Error."""
    driver = aiosqlite.connect(
        file_of(address),
        timeout=_IN_THREAD_SECONDS,
        isolation_level=None,  # the driver would begin transactions late, and not for all statements
    )
    # A process that ends does not wait for a statement that waits for another process
    driver._thread.daemon = True  # noqa: SLF001 - there is no other way to say so
    opening = asyncio.ensure_future(_opened(driver))
    try:
        await asyncio.shield(opening)
    except asyncio.CancelledError:
        # Of who is cancelled the driver forgets the file, and its thread opens that all the same
        await asyncio.wait({asyncio.ensure_future(_closed(opening))})
        raise
    return _OnSQLite(driver, is_all=address.is_in_memory)


async def _opened(driver: aiosqlite.Connection) -> aiosqlite.Connection:
    return await driver


async def _closed(opening: asyncio.Future[aiosqlite.Connection]) -> None:
    with suppress(sqlite3.Error):  # it could not be opened: there is nothing to close
        await (await opening).close()


class _OnSQLite(Connection):
    def __init__(self, driver: aiosqlite.Connection, *, is_all: bool) -> None:
        self._driver = driver
        self._is_all = is_all

    async def set_up(self) -> None:
        """Let it be used by several at once, and its rows be read by name."""
        self._driver.row_factory = sqlite3.Row
        await self._let_in(lambda: self._driver.executescript(_SET_UP))

    async def _rows(self, sql: str, values: Mapping[str, Value], /) -> Sequence[Row]:
        return list(await self._let_in(lambda: self._driver.execute_fetchall(sql, values)))

    async def _do(self, sql: str, values: Mapping[str, Value], /) -> int:
        return (await self._let_in(lambda: self._driver.execute(sql, values))).rowcount

    async def _let_in(self, statement: Callable[[], Awaitable[Result]]) -> Result:
        """Return what comes of the statement, repeated while another process keeps it out.

        That is what begins a change; and even a read, while another process opens the file after a crash, or is the
        last to close it (https://www.sqlite.org/wal.html). In a transaction nothing is kept out any more.
        """
        until = time.monotonic() + BUSY_SECONDS
        while True:
            try:
                return await statement()
            except sqlite3.Error as error:
                if not _is_busy(error) or not self.is_idle or time.monotonic() > until:
                    raise
            await asyncio.sleep(_PAUSE_SECONDS)

    async def many(self, sql: str, rows: Sequence[Mapping[str, Value]], /) -> None:
        """Do what the statement says, once for each of the rows."""
        await self._driver.executemany(sql, rows)

    @property
    def is_idle(self) -> bool:
        """Whether it is in no transaction."""
        return not self._driver.in_transaction

    async def answers(self) -> bool:
        """Say yes: a file does not go stale."""
        return True

    @property
    def is_all(self) -> bool:
        """Whether it is a database in memory."""
        return self._is_all

    async def close(self) -> None:
        """End it."""
        await self._driver.close()

    async def abort(self) -> None:
        """End it in its thread, and the statement under way before; one that waits for a lock does so for a moment more."""
        await self._driver.interrupt()
        if ended := self._driver.stop():
            await ended


def _is_busy(error: sqlite3.Error) -> bool:
    """Say whether another process kept the statement out; it has then done nothing."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY  # the rest says in which way
