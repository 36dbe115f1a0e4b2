"""Can the database be used, and does it have this version's tables? Changes nothing, and makes no file."""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy import URL

from bot.checks.context import Context
from bot.checks.results import Result, failed, ok
from bot.identity.links import StoreUnavailableError
from bot.storage.address import parse_database_url
from bot.storage.database import open_database
from bot.storage.dialects import Unreachable, is_in_memory, is_sqlite
from bot.storage.schema import SchemaStatus, schema_status

# A platform that discards files at each restart has no way to say so
_KEPT = "On a platform that discards files (Heroku, Fly), set DATABASE_URL, or each restart loses the links."
_NEWER = "A newer version of callinfo has migrated the database."


async def check_database(context: Context) -> Result:
    """Look at the revision of the tables; SQLite makes its own at the start."""
    database_url = context.settings.database_url.get_secret_value()
    url = parse_database_url(database_url)
    if is_sqlite(url) and (result := _of_file(url)):
        return result
    async with open_database(database_url) as database:
        try:
            status = await schema_status(database)
        except StoreUnavailableError as error:
            return _of_failure(str(error))
    return _of_sqlite(status) if is_sqlite(url) else _of_postgresql(status)


def _of_file(url: URL) -> Result | None:
    """Return the result for a file that is not there, without opening it, which would make it; None for one that is."""
    if is_in_memory(url):
        return ok("The database is in memory: links are lost when the bot stops.")
    path = Path(str(url.database))
    if path.is_dir():
        return failed(f"{path} is a folder, not a file.", "Set DATABASE_URL to a file.")
    if path.exists():
        return None
    if os.access(path.resolve().parent, os.W_OK):
        return ok(f"The SQLite file {path.name} doesn't exist yet; the first start creates it. {_KEPT}")
    return failed(
        f"The folder of the SQLite file {path.name} doesn't exist or isn't writable.",
        "Set DATABASE_URL to a file in a folder that the bot can write to.",
    )


def _of_failure(kind: str) -> Result:
    """Return the result for a database that can't be used, by the kind of the failure."""
    match kind:
        case Unreachable.NOBODY_ANSWERS | "ConnectionTimeout":  # psycopg's word for the second
            return failed(
                "Nothing answers at the host and port of DATABASE_URL.",
                "Check that the database is up, that host and port are right, and that no firewall is in the way.",
            )
        case Unreachable.NO_SUCH_HOST:
            return failed(
                "The host of DATABASE_URL doesn't resolve.",
                "Correct the host in DATABASE_URL, or this machine's DNS.",
            )
        case Unreachable.NO_SUCH_DATABASE:
            return failed(
                "The server has no database with the name in DATABASE_URL.",
                "Create that database, or correct the name after the last / of DATABASE_URL.",
            )
        case Unreachable.NOT_LET_IN:
            return failed(
                "The server rejects the user or password of DATABASE_URL.",
                "Correct the user and password. Write special characters as %40 and so on.",
            )
        case Unreachable.NOT_FROM_HERE:
            return failed(
                "The server accepts no such connection from this machine.",
                "Check whether it wants TLS (?sslmode=require after the name in DATABASE_URL), and which addresses it allows.",
            )
    return failed(
        f"The database can't be used ({kind}).",
        "Check DATABASE_URL (host, port, name, user, password), and that the database is up.",
    )


def _of_sqlite(status: SchemaStatus) -> Result:
    if status is SchemaStatus.AHEAD:
        return failed(_NEWER, "Deploy that version, or set DATABASE_URL to another file.")
    if status is SchemaStatus.BEHIND:
        return ok(f"The SQLite file can be read; the next start brings its tables up to date. {_KEPT}")
    return ok(f"The SQLite file can be read and has this version's tables. {_KEPT}")


def _of_postgresql(status: SchemaStatus) -> Result:
    if status is SchemaStatus.BEHIND:
        return failed("The database lacks tables of this version.", "Run `python -m bot migrate`.")
    if (
        status is SchemaStatus.AHEAD
    ):  # no failure, nor at the start: an older version goes on beside a release
        return ok(f"The database can be reached. {_NEWER}")
    return ok("The database can be reached and has this version's tables.")
