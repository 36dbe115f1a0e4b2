"""PostgreSQL, by psycopg: how a connection is opened and set up, and what it does. Only who uses it loads libpq."""

from __future__ import annotations

import re
import select
import time
from collections.abc import Mapping, Sequence
from functools import lru_cache

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.pq import TransactionStatus
from psycopg.rows import DictRow, dict_row

from bot.storage.address import PostgreSQL
from bot.storage.connection import Connection, Row, Value
from bot.storage.unreachable import why

ERRORS = (psycopg.Error,)
"""What the driver raises."""

REFUSALS = (psycopg.DataError, psycopg.IntegrityError, UnicodeError)
"""What it raises for a value: NUL, a character that the database's encoding lacks, against a constraint."""

BEGIN = "BEGIN"


def kind_of(error: BaseException) -> str:
    """Return what kind of failure it is, without any of its text."""
    found = why(str(error)) if type(error) is psycopg.OperationalError else None
    return found or type(error).__name__


_STALE_SECONDS = 600.0
# One that was used a moment ago has not been cut off by a proxy that forgets those that are quiet
_ASKED_AFTER_SECONDS = 1.0

_PARAMETERS = {
    "connect_timeout": "3",
    "application_name": "callinfo",
    "client_encoding": "UTF8",  # or text would be written, and read, in that of the database
    "keepalives_idle": "30",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "10000",  # milliseconds: a server that has vanished is given up, not waited for
}


def conninfo_of(address: PostgreSQL) -> str:
    """Return what libpq is to be told: what the operator wrote into the address comes before our own."""
    return make_conninfo(**{**_PARAMETERS, **address.parameters})


async def connect(address: PostgreSQL) -> Connection:
    """Open a connection; raises psycopg.Error."""
    return _OnPostgreSQL(
        await psycopg.AsyncConnection.connect(
            conninfo_of(address),
            autocommit=True,  # a read is then one way to the server and back, not three; a change says BEGIN itself
            prepare_threshold=None,  # poolers such as PgBouncer hand a session's statements to other sessions
            row_factory=dict_row,
        )
    )


class _OnPostgreSQL(Connection):
    def __init__(self, driver: psycopg.AsyncConnection[DictRow]) -> None:
        self._driver = driver
        self._opened = self._used = time.monotonic()

    async def set_up(self) -> None:
        """Do nothing: all was said as it was opened."""

    async def _rows(self, sql: str, values: Mapping[str, Value], /) -> Sequence[Row]:
        return await (await self._executed(sql, values)).fetchall()

    async def _do(self, sql: str, values: Mapping[str, Value], /) -> int:
        return (await self._executed(sql, values)).rowcount

    async def _executed(self, sql: str, values: Mapping[str, Value]) -> psycopg.AsyncCursor[DictRow]:
        cursor = await self._driver.execute(for_psycopg(sql), values)
        self._used = time.monotonic()
        return cursor

    async def many(self, sql: str, rows: Sequence[Mapping[str, Value]], /) -> None:
        """Do what the statement says, once for each of the rows."""
        async with self._driver.cursor() as cursor:
            await cursor.executemany(for_psycopg(sql), rows)

    @property
    def is_idle(self) -> bool:
        """Whether it is in order, and in no transaction."""
        return self._driver.info.transaction_status is TransactionStatus.IDLE

    async def answers(self) -> bool:
        """Say whether it can be used: not where the server was started again meanwhile, which nobody is to see.

        The server is asked where it has said something unasked, which it does as it ends, and where the connection
        was quiet for long.
        """
        now = time.monotonic()
        if not self.is_idle or now - self._opened > _STALE_SECONDS:
            return False
        if now - self._used < _ASKED_AFTER_SECONDS and not self._has_news():
            return True
        try:
            await self._do("SELECT 1", {})
        except psycopg.Error:
            return False
        return True

    def _has_news(self) -> bool:
        """Say whether there is something to read, the end of the connection included."""
        poll = select.poll()
        poll.register(self._driver.fileno(), select.POLLIN)
        return bool(poll.poll(0))

    @property
    def is_all(self) -> bool:
        """Whether the database ends with it, which a server's never does."""
        return False

    async def close(self) -> None:
        """End it."""
        await self._driver.close()

    async def abort(self) -> None:
        """End it: what the server was asked last may go on there for a moment, or its answer be on its way."""
        await self._driver.close()


@lru_cache(maxsize=64)
def for_psycopg(sql: str) -> bytes:
    """Return the statement with its parameters as psycopg writes them: `%(name)s` for `:name`."""
    return re.sub(r":(\w+)", r"%(\1)s", sql).encode()
