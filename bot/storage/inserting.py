"""INSERT … ON CONFLICT, which each database has in a dialect of its own; only that of the one in use is loaded."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlalchemy import Table

from bot.storage.database import Database

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite

    Insert = Callable[[Table], sqlite.Insert | postgresql.Insert]


def insert_on(database: Database) -> Insert:
    """Return the `insert` of the database's dialect."""
    if database.engine.dialect.name == "sqlite":
        from sqlalchemy.dialects.sqlite import insert as on_sqlite  # noqa: PLC0415 - see above

        return on_sqlite
    from sqlalchemy.dialects.postgresql import insert as on_postgresql  # noqa: PLC0415 - as above

    return on_postgresql
