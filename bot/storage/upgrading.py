"""Migrations applied with Alembic, which works on a connection of SQLAlchemy's. Only who has some to apply loads the two."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError
from sqlalchemy import Connection, Engine, NullPool, create_engine, event, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from bot.identity.links import StoreUnavailableError
from bot.storage.address import PostgreSQL, SQLite
from bot.storage.database import TAKE_TURN

_TURN = "callinfo migrations"


def upgrade(address: SQLite | PostgreSQL) -> None:
    """Apply what the database lacks, in one transaction and in turn with other processes that would.

    Raises the driver's errors, and StoreUnavailableError where there is more than this version knows.
    """
    try:
        with transaction(address) as connection:
            command.upgrade(config(connection), "head")
    except CommandError:
        raise StoreUnavailableError("a newer version of callinfo has migrated it") from None
    except SQLAlchemyError as error:
        cause = error.orig if isinstance(error, DBAPIError) else None
        raise (
            cause if isinstance(cause, Exception) else StoreUnavailableError(type(error).__name__)
        ) from None


@contextmanager
def transaction(address: SQLite | PostgreSQL) -> Iterator[Connection]:
    """Open a connection on which everything is one transaction, undone by an exception. Raises DBAPIError."""
    engine = _sqlite(address) if isinstance(address, SQLite) else _postgresql(address)
    try:
        with engine.begin() as connection:
            if isinstance(address, PostgreSQL):
                connection.execute(text(TAKE_TURN), {"turn": _TURN})
            yield connection
    finally:
        engine.dispose()


def config(connection: Connection | None = None) -> Config:
    """Return Alembic's configuration, for work on that connection."""
    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    made.set_main_option("path_separator", "os")
    made.attributes["connection"] = connection
    return made


def _sqlite(address: SQLite) -> Engine:
    from bot.storage import on_sqlite  # noqa: PLC0415 - only the driver of the database in use is loaded

    engine = create_engine(
        "sqlite://",
        creator=lambda: sqlite3.connect(
            on_sqlite.file_of(address), timeout=on_sqlite.BUSY_SECONDS, isolation_level=None
        ),
        poolclass=NullPool,
    )
    # As in on_sqlite.py. https://docs.sqlalchemy.org/en/20/dialects/sqlite.html on the driver's own BEGIN
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(on_sqlite.BEGIN))
    return engine


def _postgresql(address: PostgreSQL) -> Engine:
    import psycopg  # noqa: PLC0415 - as above

    from bot.storage import on_postgresql  # noqa: PLC0415 - as above

    return create_engine(
        "postgresql+psycopg://",
        creator=lambda: psycopg.connect(on_postgresql.conninfo_of(address), prepare_threshold=None),
        poolclass=NullPool,
    )
