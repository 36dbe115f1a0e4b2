"""Bringing a database's tables up to date; safe when several processes do it at once.

Alembic, with SQLAlchemy, is 30 MB and a third of a second to load (`upgrading.py`), so a database that is up to date
is seen to be so without it.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from enum import Enum

from bot.storage.address import SQLite
from bot.storage.connection import Connection
from bot.storage.database import Database
from bot.storage.tables import TABLES

HEAD = "0005"
"""The newest revision, which a test holds against the migrations."""

_STANDING_SECONDS = 5.0

# Alembic's own table, with one row. A database without it is asked no question that it would log as an error
_IS_THERE_ON_SQLITE = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'alembic_version'"
_IS_THERE_ON_POSTGRESQL = "SELECT 1 WHERE to_regclass('alembic_version') IS NOT NULL"
_REVISION = "SELECT version_num FROM alembic_version"


class Standing(Enum):
    """Whose tables a database has."""

    CURRENT = "this version's"
    BEHIND = "an older version's, or none"
    AHEAD = "a newer version's"


async def migrate(database: Database) -> str:
    """Apply the migrations that the database lacks, all or none; return the revision that it then has.

    Raises StoreUnavailableError, also for a database that a newer version has migrated.
    """
    address = database.engine.address
    if isinstance(address, SQLite) and address.is_in_memory:
        await make(database)  # nothing but this connection sees it
        return HEAD
    if await standing(database, within=None) is not Standing.CURRENT:
        from bot.storage.upgrading import upgrade  # noqa: PLC0415 - see above

        await database.beside(_in_a_thread(lambda: upgrade(address)))
    return HEAD


async def make(database: Database) -> None:
    """Make the tables of a database that is new, without the way through its history; for one in memory."""

    async def made(connection: Connection) -> None:
        for statement in TABLES:
            await connection.do(statement)

    await database.change(made, within=None)


async def standing(database: Database, *, within: float | None = _STANDING_SECONDS) -> Standing:
    """Say whose tables the database has; raises StoreUnavailableError."""
    is_there = _IS_THERE_ON_POSTGRESQL if database.on_postgresql else _IS_THERE_ON_SQLITE

    async def revision(connection: Connection) -> str | None:
        row = await connection.row(_REVISION) if await connection.row(is_there) else None
        return str(row["version_num"]) if row else None

    found = await database.read(revision, within=within)
    if found == HEAD:
        return Standing.CURRENT
    return Standing.BEHIND if found is None or found < HEAD else Standing.AHEAD


async def is_migrated(database: Database) -> bool:
    """Say whether the database has the tables that this version needs; raises StoreUnavailableError."""
    return await standing(database) is Standing.CURRENT


async def _in_a_thread(work: Callable[[], None]) -> None:
    """Wait for `work`; a process that is told to end does not, and what was not committed is undone by the database."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[None] = loop.create_future()

    def tell(error: Exception | None) -> None:
        if done.done():  # nobody waits any more
            return
        if error:
            done.set_exception(error)
        else:
            done.set_result(None)

    def run() -> None:
        error = None
        try:
            work()
        except Exception as raised:  # noqa: BLE001 - raised again where it is waited for
            error = raised
        loop.call_soon_threadsafe(tell, error)

    threading.Thread(target=run, name="migrating", daemon=True).start()
    await done
