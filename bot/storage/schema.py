"""Brings a database's tables up to date with Alembic; safe when several processes do it at once.

Alembic is 10 MB and a tenth of a second to load, so it is loaded only where there is something to apply.
"""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.identity.links import StoreUnavailableError
from bot.storage.database import Database
from bot.storage.dialects import is_in_memory
from bot.storage.tables import metadata

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0007"
"""The newest revision, which a test holds against the migrations."""

_LOCK = "callinfo migrations"
_STATUS_SECONDS = 5.0


class SchemaStatus(Enum):
    """Whose tables a database has."""

    CURRENT = "this version's"
    BEHIND = "an older version's, or none"
    AHEAD = "a newer version's"


async def migrate(database: Database) -> str:
    """Apply the migrations that the database lacks, all or none; return the revision that it then has.

    Raises StoreUnavailableError, also for a database that a newer version has migrated.
    """
    if is_in_memory(database.url):  # it is new, and has no history to go through
        await database.change(
            lambda connection: connection.run_sync(metadata.create_all, checkfirst=False), within=None
        )
    elif await schema_status(database, within=None) is not SchemaStatus.CURRENT:
        await database.change(lambda connection: connection.run_sync(_upgrade), within=None, lock=_LOCK)
    return HEAD


async def schema_status(database: Database, *, within: float | None = _STATUS_SECONDS) -> SchemaStatus:
    """Return whose tables the database has; raises StoreUnavailableError."""

    async def read(connection: AsyncConnection) -> str | None:
        return await connection.run_sync(_revision)

    found = await database.read(read, within=within)
    if found == HEAD:
        return SchemaStatus.CURRENT
    return SchemaStatus.BEHIND if found is None or found < HEAD else SchemaStatus.AHEAD


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - see above
    from alembic.util.exc import CommandError  # noqa: PLC0415 - as above

    try:
        command.upgrade(alembic_config(connection), "head")
    except CommandError:
        raise StoreUnavailableError("a newer version of callinfo has migrated it") from None


def alembic_config(connection: Connection | None = None) -> Config:
    """Return Alembic's configuration, for work on that connection.

    https://alembic.sqlalchemy.org/en/latest/cookbook.html, "Sharing a Connection across one or more programmatic
    migration commands".
    """
    from alembic.config import Config  # noqa: PLC0415 - as above

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
