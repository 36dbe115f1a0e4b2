"""`DATABASE_URL`: what it may look like, and what a driver is to be told of it. No error here shows a value."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote

_SCHEME = re.compile(r"([\w+]+)://(.*)", re.DOTALL)
# A password may have a / in it, as platforms make them; libpq would take that for the end of the server
_SERVER = re.compile(r"(?:([^@:/?]*)(?::([^@]*))?@)?([^?]*)(?:\?(.*))?", re.DOTALL)
_HOST_AND_PORT = re.compile(r"([^/:]*):([^:]*)")  # neither a socket's folder, nor IPv6

_MAY_REPEAT = frozenset({"host", "port"})  # several servers, of which libpq takes the first that answers


class InvalidDatabaseUrlError(ValueError):
    """The text can't be used as DATABASE_URL; the message says why, without showing it."""


@dataclass(frozen=True, slots=True)
class SQLite:
    """A file; where `path` is empty, a database in memory, which ends with its connection."""

    path: str

    @property
    def is_in_memory(self) -> bool:
        """Whether nothing of it is kept."""
        return not self.path


@dataclass(frozen=True, slots=True)
class PostgreSQL:
    """A server and a database there: libpq's parameters by name, the password among them.

    https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS
    """

    parameters: Mapping[str, str] = field(repr=False)


def parse_database_url(text: str) -> SQLite | PostgreSQL:
    """Return the address, parameters such as `sslmode` kept; raises InvalidDatabaseUrlError."""
    found = _SCHEME.fullmatch(text)
    if not found:
        raise InvalidDatabaseUrlError("must be postgres://…, postgresql://… or sqlite:///…")
    if "\0" in unquote(text):  # libpq and SQLite would read up to there only
        raise InvalidDatabaseUrlError("has a %00 in it")
    scheme, rest = found.groups()
    if scheme == "sqlite":
        return _sqlite(rest)
    if scheme in {"postgres", "postgresql"}:
        return _postgresql(rest)
    raise InvalidDatabaseUrlError("must begin with postgres://, postgresql:// or sqlite:///")


def _sqlite(rest: str) -> SQLite:
    if "?" in rest or (rest and not rest.startswith("/")):
        raise InvalidDatabaseUrlError(
            "must be sqlite:/// and a path (a fourth / where it is absolute), nothing else"
        )
    path = unquote(rest[1:])
    return SQLite("" if path == ":memory:" else path)


def _postgresql(rest: str) -> PostgreSQL:
    """Return what libpq reads in the address, and in each parameter; it would name what it does not know with its value."""
    from psycopg import ProgrammingError  # noqa: PLC0415 - SQLite, the default, need not load libpq
    from psycopg.conninfo import conninfo_to_dict, make_conninfo  # noqa: PLC0415 - as above

    user, password, server, query = _parts(rest)
    if "@" in server:  # a password that ends at the first of its own would be another
        raise InvalidDatabaseUrlError("has an @ in its user or password, which is written %40 there")
    given = _given(query)
    try:
        place = conninfo_to_dict(f"postgresql://{server}")
    except (ProgrammingError, ValueError):
        raise InvalidDatabaseUrlError("has a host, port or name of a database that can't be one") from None
    person = {"user": unquote(user), "password": unquote(password)}
    parameters = {name: str(value) for name, value in (place | person | given).items() if value}
    try:
        # Not every value of a parameter is looked at here; a wrong sslmode is told by the first connection
        make_conninfo(**parameters)
    except (ProgrammingError, ValueError):
        raise InvalidDatabaseUrlError("has a parameter after the ? that PostgreSQL does not know") from None
    _check_ports(parameters)
    return PostgreSQL(parameters)


def _parts(rest: str) -> tuple[str, str, str, str]:
    """Return user, password, server with database, and parameters, each as it is written."""
    user, password, server, query = _SERVER.match(rest).groups("")  # type: ignore[union-attr]  # it matches anything
    return user, password, server, query


def _given(query: str) -> dict[str, str]:
    """Return the parameters after the ?, several servers as libpq writes them: with commas between."""
    if any("=" not in each for each in query.split("&") if each):
        raise InvalidDatabaseUrlError("has a parameter after the ? without a value")
    given: dict[str, list[str]] = {}
    for name, value in parse_qsl(query):
        given.setdefault(name, []).append(value)
    if any(len(values) > 1 for name, values in given.items() if name not in _MAY_REPEAT):
        raise InvalidDatabaseUrlError("has a parameter after the ? twice")
    if "host" in given and "port" not in given:
        given |= _hosts_and_ports(given["host"])
    return {name: ",".join(values) for name, values in given.items()}


def _hosts_and_ports(hosts: Sequence[str]) -> dict[str, list[str]]:
    """Return hosts that may have their ports with them, as in `?host=one:5432&host=two:5432`, as libpq takes them."""
    parts = [found.groups() if (found := _HOST_AND_PORT.fullmatch(host)) else (host, "") for host in hosts]
    ports = [port for _, port in parts]
    return {"host": [host for host, _ in parts], **({"port": ports} if any(ports) else {})}


def _check_ports(parameters: Mapping[str, str]) -> None:
    hosts, ports = (parameters.get(name, "").split(",") for name in ("host", "port"))
    if len(ports) not in {1, len(hosts)} or any(re.search("[^0-9]", port) for port in ports):
        raise InvalidDatabaseUrlError("has a host or port that can't be one")
