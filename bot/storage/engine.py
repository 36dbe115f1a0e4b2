"""Engines: what differs between SQLite and PostgreSQL. What is asked of them, and for how long, is not decided here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.storage.address import PostgreSQL, SQLite, parse_database_url
from bot.storage.pool import Pool

# The smallest plans allow 20 connections; two processes, and two more while a release replaces them, share those
_MOST, _KEPT = 5, 2


@dataclass(frozen=True, slots=True)
class Engine:
    """A database: its connections, the statement that begins a change there, and what its driver raises.

    `refusals` are of these, and of Python's own, what a value alone is to blame for. `kind_of` names an error for the log.
    """

    address: SQLite | PostgreSQL
    pool: Pool
    begin: str
    errors: tuple[type[Exception], ...]
    refusals: tuple[type[Exception], ...]
    kind_of: Callable[[BaseException], str]


def open_engine(database_url: str) -> Engine:
    """Return an engine for the database; nothing connects yet. Raises InvalidDatabaseUrlError."""
    address = parse_database_url(database_url)
    return _sqlite(address) if isinstance(address, SQLite) else _postgresql(address)


def _sqlite(address: SQLite) -> Engine:
    from bot.storage import on_sqlite  # noqa: PLC0415 - only the driver of the database in use is loaded

    # A database in memory is its connection: one, kept, and everybody in turn
    most, kept = (1, 1) if address.is_in_memory else (_MOST, _KEPT)
    pool = Pool(lambda: on_sqlite.connect(address), most=most, kept=kept)
    return Engine(
        address,
        pool,
        on_sqlite.BEGIN,
        on_sqlite.ERRORS,
        on_sqlite.REFUSALS,
        lambda error: type(error).__name__,
    )


def _postgresql(address: PostgreSQL) -> Engine:
    from bot.storage import on_postgresql  # noqa: PLC0415 - as above

    pool = Pool(lambda: on_postgresql.connect(address), most=_MOST, kept=_KEPT)
    return Engine(
        address,
        pool,
        on_postgresql.BEGIN,
        on_postgresql.ERRORS,
        on_postgresql.REFUSALS,
        on_postgresql.kind_of,
    )
