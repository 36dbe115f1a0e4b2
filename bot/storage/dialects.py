"""Everything that differs between SQLite and PostgreSQL."""

from __future__ import annotations

import asyncio
import re
import sqlite3
import time
from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import Any

from sqlalchemy import URL, AsyncAdaptedQueuePool, BigInteger, Integer, Table, event, func, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

Insert = sqlite.Insert | postgresql.Insert

ROW_ID = BigInteger().with_variant(Integer, "sqlite")
"""The type of an id that the database counts: SQLite counts only a column of type INTEGER."""

# The smallest PostgreSQL plans allow 20 connections: for two processes, two more while a release replaces them, and the
# release task
_POOL_SIZE = 4
_POOL_SECONDS = 10.0  # how long to wait for a connection of the pool

_BUSY_SECONDS = 10.0  # how long to wait for another process's change to a SQLite file, such as an import
# SQLite itself waits in the connection's thread, where nothing can stop it: only for a moment, and then we ask again
_BUSY_IN_THREAD_SECONDS = 0.1
_RETRY_SECONDS = 0.02
_THREAD_END_SECONDS = 0.05

_LIBPQ_DEFAULTS = {
    "connect_timeout": "3",
    "application_name": "callinfo",
    "client_encoding": "UTF8",  # or text would be written, and read, in that of the database
    "keepalives_idle": "30",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "10000",  # milliseconds: a server that has vanished is given up, not waited for
}


def is_in_memory(url: URL) -> bool:
    """Return whether it is a SQLite database that ends with its connection."""
    return is_sqlite(url) and url.database is None


def is_sqlite(url: URL) -> bool:
    """Return whether it is SQLite."""
    return url.get_backend_name() == "sqlite"


def migrates_at_start(url: URL) -> bool:
    """Return whether the bot brings the tables up to date when it opens the database; else `migrate` has to."""
    return is_sqlite(url)


def create_engine(url: URL) -> AsyncEngine:
    """Return an engine for the database; nothing connects yet."""
    return _create_sqlite(url) if is_sqlite(url) else _create_postgresql(url)


def _create_sqlite(url: URL) -> AsyncEngine:
    engine = create_async_engine(
        url,
        poolclass=AsyncAdaptedQueuePool,
        pool_size=1 if is_in_memory(url) else _POOL_SIZE,  # a database in memory is its connection
        max_overflow=0,
        pool_timeout=_POOL_SECONDS,
        hide_parameters=True,
        # The driver would begin transactions late, and not for all statements: `begin_change` does it.
        # https://docs.sqlalchemy.org/en/21/dialects/sqlite.html, "Transactions with SQLite and the sqlite3 driver"
        connect_args={"timeout": _BUSY_IN_THREAD_SECONDS, "isolation_level": None},
    )
    event.listen(
        engine.sync_engine, "connect", lambda connection, _record: connection.run_async(_prepare_sqlite)
    )
    return engine


async def _prepare_sqlite(connection: Any) -> None:
    # Reads then don't wait for writes. SQLite itself does not wait here while another process creates the file
    await _retry_while_busy(lambda: connection.execute("PRAGMA journal_mode = WAL"))
    # Safe with WAL, except for the last moment before a power cut
    await connection.execute("PRAGMA synchronous = NORMAL")


async def _retry_while_busy(statement: Callable[[], Awaitable[Any]]) -> None:
    """Run the statement, again and again while another process has the file locked."""
    until = time.monotonic() + _BUSY_SECONDS
    while True:
        try:
            await statement()
        except (sqlite3.OperationalError, OperationalError) as error:
            if not _is_busy(error) or time.monotonic() > until:
                raise
        else:
            return
        await asyncio.sleep(_RETRY_SECONDS)


def _is_busy(error: Exception) -> bool:
    code: int = getattr(getattr(error, "orig", error), "sqlite_errorcode", 0)
    return code & 0xFF == sqlite3.SQLITE_BUSY  # the other bits say in which way


def _create_postgresql(url: URL) -> AsyncEngine:
    return create_async_engine(
        "postgresql+psycopg://",
        pool_size=_POOL_SIZE,
        max_overflow=0,
        pool_timeout=_POOL_SECONDS,
        pool_pre_ping=True,  # a restart of the server leaves dead connections in the pool
        hide_parameters=True,
        # The address is not in the URL: SQLAlchemy would split several hosts and ports in its own way.
        # Without prepared statements, since poolers such as PgBouncer share connections among sessions
        connect_args={**libpq_parameters(url), "prepare_threshold": None},
    )


def libpq_parameters(url: URL) -> dict[str, Any]:
    """Return the parameters of a connection; what the operator wrote into the address comes before our defaults."""
    person = {"user": url.username, "password": url.password, "dbname": url.database}
    return {**_LIBPQ_DEFAULTS, **{name: value for name, value in person.items() if value}, **url.query}


async def dispose(engine: AsyncEngine, *, well: bool) -> None:
    """Close all connections."""
    await engine.dispose()
    if engine.dialect.name == "sqlite" and not well:
        # The thread of a connection that could not be opened still calls the event loop, and logs a traceback without one
        await asyncio.sleep(_THREAD_END_SECONDS)


def for_reading(engine: AsyncEngine) -> AsyncEngine:
    """Return the engine for reads outside transactions: on PostgreSQL one round trip instead of three."""
    if engine.dialect.name == "sqlite":  # it has no transaction unless `begin_change` begins one
        return engine
    return engine.execution_options(isolation_level="AUTOCOMMIT")


def changes_at_once(engine: AsyncEngine) -> int:
    """Return how many changes may be under way in this process.

    SQLite allows one, and picks the next at random: within the process they queue instead.
    """
    return 1 if engine.dialect.name == "sqlite" else _POOL_SIZE


async def begin_change(connection: AsyncConnection, lock: str) -> None:
    """Begin a transaction that will write. Those with the same `lock` wait for each other, in all processes.

    SQLite takes its one write lock at the start: a transaction that reads before it would fail halfway.
    """
    if connection.dialect.name == "sqlite":
        await _retry_while_busy(lambda: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    elif lock:
        await connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(lock, 0))))


def insert(engine: AsyncEngine, table: Table) -> Insert:
    """Return an INSERT that can have ON CONFLICT."""
    return sqlite.insert(table) if engine.dialect.name == "sqlite" else postgresql.insert(table)


def index_where(condition: str) -> dict[str, Any]:
    """Return the arguments of an Index for the rows that fulfil the condition."""
    return {f"{name}_where": text(condition) for name in ("sqlite", "postgresql")}


class Unreachable(StrEnum):
    """Why there is no connection to PostgreSQL, in one word for the log."""

    NOBODY_ANSWERS = "NobodyAnswers"
    NO_SUCH_HOST = "NoSuchHost"
    NO_SUCH_DATABASE = "NoSuchDatabase"
    NOT_LET_IN = "NotLetIn"
    NOT_FROM_HERE = "NotFromHere"


# libpq gives a failed connection no SQLSTATE, and psycopg one class of error for nearly all of them. libpq's messages are
# English; those of the server may be in another language, and then the reason is unknown. A name in them may be any text
_LIBPQ_SAYS = (
    (
        Unreachable.NO_SUCH_DATABASE,
        re.compile(r'FATAL: +(?:database ".*" does not exist|no such database)', re.DOTALL),
    ),
    (
        Unreachable.NOT_LET_IN,
        re.compile(
            r'FATAL: +(?:password authentication failed|role ".*" (?:does not exist|is not permitted))'
            r"|no password supplied",
            re.DOTALL,
        ),
    ),
    (Unreachable.NOT_FROM_HERE, re.compile(r"FATAL: +(?:no pg_hba\.conf entry|pg_hba\.conf rejects)")),
    (Unreachable.NO_SUCH_HOST, re.compile(r"failed to resolve host|could not translate host name")),
    (Unreachable.NOBODY_ANSWERS, re.compile(r"Is the server running ")),
)


def why_unreachable(message: str) -> Unreachable | None:
    """Return why no connection came about, by libpq's message; None where it does not say."""
    return next((reason for reason, says in _LIBPQ_SAYS if says.search(message)), None)


def kind_of(error: BaseException) -> str:
    """Return what kind of failure it is, without any of its text, which may show values, hosts and users."""
    cause = (error.orig if isinstance(error, DBAPIError) else None) or error
    kind = type(cause).__name__
    reason = why_unreachable(str(cause)) if kind == "OperationalError" else None
    return reason.value if reason else kind
