"""Engines: how the bot connects to SQLite and PostgreSQL. What is asked of them, and for how long, is not decided here."""

from __future__ import annotations

from typing import Any

from sqlalchemy import URL, AsyncAdaptedQueuePool, Connection, event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.storage.address import is_in_memory, parse_database_url

CHANGES = "callinfo_changes"
"""The execution option of connections that will write: SQLite then takes its one write lock at the start."""

# The smallest plans allow 20 connections; two processes, and two more while a release replaces them, share those
_POOL = {"pool_size": 2, "max_overflow": 3, "pool_timeout": 30.0, "pool_recycle": 600}
_CONNECT_SECONDS = 3
# How long SQLite waits for another process's change; our own callers give up before, an import need not
_BUSY_MILLISECONDS = 10_000


def open_engine(database_url: str) -> AsyncEngine:
    """Return an engine for the database; nothing connects yet. Raises InvalidDatabaseUrlError."""
    url = parse_database_url(database_url)
    return _sqlite(url) if url.get_backend_name() == "sqlite" else _postgresql(url)


def _postgresql(url: URL) -> AsyncEngine:
    parameters = {
        "connect_timeout": _CONNECT_SECONDS,
        "application_name": "callinfo",
        "keepalives_idle": 30,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 10_000,  # milliseconds: a server that has vanished is given up, not waited for
    }
    return create_async_engine(
        url,
        **_POOL,
        pool_pre_ping=True,  # a restart of the server leaves dead connections in the pool
        hide_parameters=True,
        connect_args={
            # What the operator wrote into the URL comes before our own
            **{name: value for name, value in parameters.items() if name not in url.query},
            "prepare_threshold": None,  # poolers such as PgBouncer hand a session's statements to other sessions
        },
    )


def _sqlite(url: URL) -> AsyncEngine:
    # A database in memory is its connection: one, kept, and everybody in turn
    pool: dict[str, Any] = {"pool_size": 1, "max_overflow": 0} if is_in_memory(url) else dict(_POOL)
    pool.pop("pool_recycle", None)  # a file does not go stale
    engine = create_async_engine(url, poolclass=AsyncAdaptedQueuePool, **pool, hide_parameters=True)
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """Set a new connection up. https://docs.sqlalchemy.org/en/20/dialects/sqlite.html on the driver's own BEGIN."""
    connection.isolation_level = None  # the driver would begin transactions late, and not for all statements
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {_BUSY_MILLISECONDS}")
    cursor.execute("PRAGMA journal_mode = WAL")  # who reads does not wait for who writes
    cursor.execute("PRAGMA synchronous = NORMAL")  # safe with WAL but for the last moment before a power cut
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    """Begin what will write: a transaction that reads first must hold the lock from the start, or fails half-way.

    What only reads has no transaction, as on PostgreSQL: to begin one costs as much as the read.
    """
    if connection.get_execution_options().get(CHANGES, False):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
