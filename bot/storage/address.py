"""`DATABASE_URL`: what it may look like, and the form that SQLAlchemy wants. Pure; no error here shows a value."""

from __future__ import annotations

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

_DRIVERS = {
    "postgres": "postgresql+psycopg",  # as Heroku and others give it; SQLAlchemy wants the long name
    "postgresql": "postgresql+psycopg",
    "sqlite": "sqlite+aiosqlite",
}


_MAY_REPEAT = frozenset({"host", "port"})  # several servers, of which libpq takes the first that answers


class InvalidDatabaseUrlError(ValueError):
    """The text can't be used as DATABASE_URL; the message says why, without showing it."""


def parse_database_url(text: str) -> URL:
    """Return the address for SQLAlchemy's async engines, parameters such as `sslmode` kept.

    Raises InvalidDatabaseUrlError.
    """
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise InvalidDatabaseUrlError("must be postgres://…, postgresql://… or sqlite:///…") from None
    driver = _DRIVERS.get(url.drivername)
    if driver is None:
        raise InvalidDatabaseUrlError("must begin with postgres://, postgresql:// or sqlite:///")
    if driver.startswith("sqlite"):
        if url.host or url.query:
            raise InvalidDatabaseUrlError(
                "must be sqlite:/// and a path (a fourth / where it is absolute), nothing else"
            )
    else:
        _check_parameters(url.set(drivername=driver))
    return url.set(drivername=driver)


def is_in_memory(url: URL) -> bool:
    """Say whether it is a SQLite database that ends with its connection."""
    return url.get_backend_name() == "sqlite" and url.database in {None, "", ":memory:"}


def _check_parameters(url: URL) -> None:
    """Refuse what libpq does not know: it would say so only at the first connection, and show the value."""
    from psycopg import ProgrammingError  # noqa: PLC0415 - SQLite, the default, need not load libpq
    from psycopg.conninfo import make_conninfo  # noqa: PLC0415 - as above

    if any(not isinstance(value, str) for name, value in url.query.items() if name not in _MAY_REPEAT):
        raise InvalidDatabaseUrlError("has a parameter after the ? twice")
    try:
        # Not every value of a parameter is looked at here; a wrong sslmode is told by the first connection
        make_conninfo(**{name: value for name, value in url.query.items() if isinstance(value, str)})
        url.get_dialect()().create_connect_args(url)
    except ProgrammingError:
        raise InvalidDatabaseUrlError("has a parameter after the ? that PostgreSQL does not know") from None
    except (ArgumentError, ValueError):
        raise InvalidDatabaseUrlError("has a host or port after the ? that can't be one") from None
