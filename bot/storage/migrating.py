"""Bringing a database's tables up to date, with Alembic; safe when several processes do it at once.

Alembic is 10 MB and a tenth of a second to load, so a database that is up to date is seen to be so without it.
"""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.identity.links import StoreUnavailableError
from bot.storage.database import Database
from bot.storage.tables import metadata

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0005"
"""The newest revision, which a test holds against the migrations."""

_TURN = "callinfo migrations"
_TABLE = "alembic_version"  # Alembic's own, with one row


async def migrate(database: Database) -> str:
    """Apply the migrations that the database lacks, all or none; return the revision that it then has.

    Raises StoreUnavailableError, also for a database that a newer version has migrated.
    """

    async def upgraded(connection: AsyncConnection) -> str:
        if await connection.run_sync(_revision) != HEAD:
            await connection.run_sync(_upgrade)
        return HEAD

    return await database.change(upgraded, within=None, turn=_TURN)


async def make(database: Database) -> None:
    """Make the tables of a database that is new, without the way through its history; for one in memory."""

    async def made(connection: AsyncConnection) -> None:
        await connection.run_sync(metadata.create_all)

    await database.change(made, within=None)


class Standing(Enum):
    """Whose tables a database has."""

    CURRENT = "this version's"
    BEHIND = "an older version's, or none"
    AHEAD = "a newer version's"


async def standing(database: Database) -> Standing:
    """Say whose tables the database has; raises StoreUnavailableError."""

    async def revision(connection: AsyncConnection) -> str | None:
        return await connection.run_sync(_revision)

    found = await database.read(revision, within=5.0)
    if found == HEAD:
        return Standing.CURRENT
    return Standing.BEHIND if found is None or found < HEAD else Standing.AHEAD


async def is_migrated(database: Database) -> bool:
    """Say whether the database has the tables that this version needs; raises StoreUnavailableError."""
    return await standing(database) is Standing.CURRENT


def _revision(connection: Connection) -> str | None:
    """Return the revision that the database has, None where it has none."""
    if not inspect(connection).has_table(_TABLE):
        return None
    found: str | None = connection.scalar(text(f"SELECT version_num FROM {_TABLE}"))  # noqa: S608 - a constant
    return found


def _upgrade(connection: Connection) -> None:
    """Apply what is missing; raises StoreUnavailableError where there is more than this version knows."""
    from alembic import command  # noqa: PLC0415 - see above
    from alembic.util.exc import CommandError  # noqa: PLC0415 - as above

    try:
        command.upgrade(config(connection), "head")
    except CommandError:
        raise StoreUnavailableError("a newer version of callinfo has migrated it") from None


def config(connection: Connection | None = None) -> Config:
    """Return Alembic's configuration, for work on that connection."""
    from alembic.config import Config  # noqa: PLC0415 - as above

    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    made.set_main_option("path_separator", "os")
    made.attributes["connection"] = connection
    return made
