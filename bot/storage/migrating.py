"""Bringing a database's tables up to date; safe when several processes do it at once.

Alembic, with SQLAlchemy, is 30 MB and a third of a second to load (`upgrading.py`), so a database that is up to date is
seen to be so without it, and a SQLite file that is new gets its tables as they are, without the way through their history.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from enum import Enum

from bot.storage.connection import Connection
from bot.storage.database import Database
from bot.storage.tables import TABLES

HEAD = "0005"
"""The newest revision, which a test holds against the migrations."""

_STANDING_SECONDS = 5.0

# Alembic's own table, with one row. A server without it is asked no question that it would log as an error
_IS_THERE_ON_SQLITE = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'alembic_version'"
_IS_THERE_ON_POSTGRESQL = "SELECT 1 WHERE to_regclass('alembic_version') IS NOT NULL"
_REVISION = "SELECT version_num FROM alembic_version"
_STAMP = "INSERT INTO alembic_version (version_num) VALUES (:revision)"


class Standing(Enum):
    """Whose tables a database has."""

    CURRENT = "this version's"
    BEHIND = "an older version's, or none"
    AHEAD = "a newer version's"


async def migrate(database: Database) -> str:
    """Apply the migrations that the database lacks, all or none; return the revision that it then has.

    Raises StoreUnavailableError, also for a database that a newer version has migrated.
    """
    if await standing(database, within=None) is Standing.CURRENT or await _made(database):
        return HEAD
    from bot.storage.upgrading import upgrade  # noqa: PLC0415 - see above

    await database.beside(_in_a_thread(lambda: upgrade(database.engine.address)))
    return HEAD


async def standing(database: Database, *, within: float | None = _STANDING_SECONDS) -> Standing:
    """Say whose tables the database has; raises StoreUnavailableError."""
    found = await database.read(lambda connection: _revision(database, connection), within=within)
    if found == HEAD:
        return Standing.CURRENT
    return Standing.BEHIND if found is None or found < HEAD else Standing.AHEAD


async def is_migrated(database: Database) -> bool:
    """Say whether the database has the tables that this version needs; raises StoreUnavailableError."""
    return await standing(database) is Standing.CURRENT


async def _revision(database: Database, connection: Connection) -> str | None:
    """Return the revision that the database has, None where it has none."""
    is_there = _IS_THERE_ON_POSTGRESQL if database.on_postgresql else _IS_THERE_ON_SQLITE
    row = await connection.row(_REVISION) if await connection.row(is_there) else None
    return str(row["version_num"]) if row else None


async def _made(database: Database) -> bool:
    """Make the tables of a SQLite database that has nothing in it; return whether they are there now."""

    async def made(connection: Connection) -> bool:
        if not await connection.row("SELECT 1 FROM sqlite_master"):
            for statement in TABLES:
                await connection.do(statement)
            await connection.do(_STAMP, revision=HEAD)
        return await _revision(database, connection) == HEAD  # another process may have been faster

    return not database.on_postgresql and await database.change(made, within=None)


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
        with suppress(RuntimeError):  # the loop has ended
            loop.call_soon_threadsafe(tell, error)

    threading.Thread(target=run, name="migrating", daemon=True).start()
    await done
