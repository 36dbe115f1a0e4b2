"""Bringing a database's tables up to date, with Alembic; safe when several processes do it at once."""

from __future__ import annotations

from enum import Enum
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.identity.links import StoreUnavailableError
from bot.storage.database import Database
from bot.storage.tables import metadata

_TURN = "callinfo migrations"


async def migrate(database: Database) -> str:
    """Apply the migrations that the database lacks, all or none; return the revision that it then has.

    Raises StoreUnavailableError, also for a database that a newer version has migrated.
    """

    async def upgraded(connection: AsyncConnection) -> str:
        try:
            await connection.run_sync(lambda sync: command.upgrade(config(sync), "head"))
        except CommandError:
            raise StoreUnavailableError("a newer version of callinfo has migrated it") from None
        return _head()

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
        return await connection.run_sync(lambda sync: MigrationContext.configure(sync).get_current_revision())

    found = await database.read(revision, within=5.0)
    if found == _head():
        return Standing.CURRENT
    ours = {script.revision for script in ScriptDirectory.from_config(config()).walk_revisions()}
    return Standing.BEHIND if found is None or found in ours else Standing.AHEAD


async def is_migrated(database: Database) -> bool:
    """Say whether the database has the tables that this version needs; raises StoreUnavailableError."""
    return await standing(database) is Standing.CURRENT


def config(connection: Connection | None = None) -> Config:
    """Return Alembic's configuration, for work on that connection."""
    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    made.set_main_option("path_separator", "os")
    made.attributes["connection"] = connection
    return made


def _head() -> str:
    head = ScriptDirectory.from_config(config()).get_current_head()
    if head is None:
        raise LookupError("the package has no migrations")
    return head
