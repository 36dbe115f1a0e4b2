"""Parses `DATABASE_URL`. No error shows any of it."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote

from sqlalchemy import URL

# The password ends at the first @, and may have a / in it: libpq would take that for the end of the host
_SERVER = re.compile(r"(?:([^@:/?]*)(?::([^@]*))?@)?([^?]*)(?:\?(.*))?", re.DOTALL)

_NOWHERE = "/nonexistent"
_LARGEST_PORT = 65_535
# libpq looks at these only once it has connected
_NUMBERS = (
    "connect_timeout",
    "keepalives",
    "keepalives_idle",
    "keepalives_interval",
    "keepalives_count",
    "tcp_user_timeout",
)


class InvalidDatabaseUrlError(ValueError):
    """The text can't be used as DATABASE_URL; the message says why, without showing it."""


def parse_database_url(text: str) -> URL:
    """Return the address; raises InvalidDatabaseUrlError.

    Of SQLite it has the file's path as `database`, None for a database in memory. Of PostgreSQL it has user, password
    and database; host, port and all else are in `query`, by libpq's names:
    https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS
    """
    scheme, separator, rest = text.partition("://")
    if not separator:
        raise InvalidDatabaseUrlError("must be postgres://…, postgresql://… or sqlite:///…")
    if "\0" in unquote(text):  # libpq and SQLite would read up to there only
        raise InvalidDatabaseUrlError("has a %00 in it")
    if scheme == "sqlite":
        return _sqlite(rest)
    if scheme in {"postgres", "postgresql"}:
        return _postgresql(rest)
    raise InvalidDatabaseUrlError("must begin with postgres://, postgresql:// or sqlite:///")


def _sqlite(rest: str) -> URL:
    if "?" in rest or (rest and not rest.startswith("/")):
        raise InvalidDatabaseUrlError(
            "must be sqlite:/// and a path (a fourth / where it is absolute), nothing else"
        )
    path = unquote(rest[1:])
    return URL.create("sqlite+aiosqlite", database=None if path in {"", ":memory:"} else path)


def _postgresql(rest: str) -> URL:
    """Let libpq check the address: it would name what it does not know with its value, at the first connection."""
    from psycopg import ProgrammingError  # noqa: PLC0415 - SQLite, the default, need not load libpq
    from psycopg.conninfo import conninfo_to_dict, make_conninfo  # noqa: PLC0415 - as above

    user, password, server, query = _SERVER.match(rest).groups("")  # type: ignore[union-attr]  # it matches anything
    if "@" in server:
        raise InvalidDatabaseUrlError("has an @ in its user or password, which is written %40 there")
    given = _parameters(query)
    try:
        place = conninfo_to_dict(f"postgresql://{server}")
    except (ProgrammingError, ValueError):
        raise InvalidDatabaseUrlError("has a host, port or name of a database that can't be one") from None
    person = {"user": unquote(user), "password": unquote(password)}
    parameters = {name: str(value) for name, value in (place | person | given).items() if value}
    try:
        make_conninfo(**parameters)
    except (ProgrammingError, ValueError):
        raise InvalidDatabaseUrlError("has a parameter after the ? that PostgreSQL does not know") from None
    for name in _NUMBERS:
        if not re.fullmatch("-?[0-9]{1,9}", parameters.get(name, "0")):
            raise InvalidDatabaseUrlError(f"has a {name} that is no whole number")
    ports = parameters.get("port", "").split(",")
    hosts = (parameters.get("hostaddr") or parameters.get("host", "")).split(",")
    if not all(re.fullmatch("[0-9]{0,5}", port) and 0 < int(port or 1) <= _LARGEST_PORT for port in ports):
        raise InvalidDatabaseUrlError("has a port that can't be one")
    if len(ports) not in {1, len(hosts)}:
        raise InvalidDatabaseUrlError("has several ports, and not one for each host")
    if refused := _refused_by_libpq(parameters):
        named = [name for name in parameters if re.search(rf"\b{name}\b", refused)]
        what = f"a {named[-1]}" if named else "a value after the ?"
        raise InvalidDatabaseUrlError(f"has {what} that PostgreSQL's client library does not take")
    return URL.create(
        "postgresql+psycopg",
        username=parameters.pop("user", None),
        password=parameters.pop("password", None),
        database=parameters.pop("dbname", None),
        query=parameters,
    )


def _refused_by_libpq(parameters: dict[str, str]) -> str | None:
    """Return why libpq would never connect with these, which it says only then: so it is to connect to nowhere."""
    from psycopg.conninfo import make_conninfo  # noqa: PLC0415 - SQLite, the default, need not load libpq
    from psycopg.pq import PGconn  # noqa: PLC0415 - as above

    elsewhere = {"hostaddr": "", "host": _NOWHERE, "port": ""}
    connection = PGconn.connect_start(make_conninfo("", **parameters | elsewhere).encode())
    message = connection.error_message.decode(errors="replace")
    connection.finish()
    return None if message.startswith("connection to server") or "GSSAPI encryption" in message else message


def _parameters(query: str) -> dict[str, str]:
    try:
        pairs = parse_qsl(query, strict_parsing=bool(query))
    except ValueError:
        raise InvalidDatabaseUrlError("has a parameter after the ? without a value") from None
    parameters = dict(pairs)
    if len(parameters) < len(pairs):
        raise InvalidDatabaseUrlError("has a parameter after the ? twice")
    return parameters
