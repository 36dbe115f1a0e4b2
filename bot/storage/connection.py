"""One connection to a database, as the store's modules use it: SQL that is written once for SQLite and PostgreSQL.

A value is a parameter, `:name`, and never part of the SQL, which has no other colon and no percent sign. What the
drivers call things is left to `on_sqlite.py` and `on_postgresql.py`.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

Value = str | int | float


class Row(Protocol):
    """What a statement found; a column is asked for by its name."""

    def __getitem__(self, column: str, /) -> Any: ...


class Connection(ABC):
    """Does statements, outside a transaction unless one was begun. Raises the driver's errors."""

    async def rows(self, sql: str, /, **values: Value | list[str]) -> Sequence[Row]:
        """Return all that the statement finds; `IN :names` takes a list."""
        return await self._rows(*spread(sql, values))

    async def row(self, sql: str, /, **values: Value | list[str]) -> Row | None:
        """Return the first row that the statement finds, None where there is none."""
        return next(iter(await self.rows(sql, **values)), None)

    async def do(self, sql: str, /, **values: Value | list[str]) -> int:
        """Do what the statement says; return how many rows it changed."""
        return await self._do(*spread(sql, values))

    @abstractmethod
    async def many(self, sql: str, rows: Sequence[Mapping[str, Value]], /) -> None:
        """Do what the statement says, once for each of the rows."""

    @abstractmethod
    async def set_up(self) -> None:
        """Make a connection that was just opened what it is to be."""

    @property
    @abstractmethod
    def is_idle(self) -> bool:
        """Whether it is in order, and in no transaction."""

    @property
    @abstractmethod
    def is_all(self) -> bool:
        """Whether the database ends with it. Its statements then wait for nobody outside this process."""

    @abstractmethod
    async def answers(self) -> bool:
        """Say whether one that was kept can be used again."""

    @abstractmethod
    async def close(self) -> None:
        """End it, once what it was asked last is done."""

    @abstractmethod
    async def abort(self) -> None:
        """End it, whatever it is amid; all that it has not committed is undone."""

    @abstractmethod
    async def _rows(self, sql: str, values: Mapping[str, Value], /) -> Sequence[Row]: ...

    @abstractmethod
    async def _do(self, sql: str, values: Mapping[str, Value], /) -> int: ...


def spread(sql: str, values: Mapping[str, Value | list[str]]) -> tuple[str, dict[str, Value]]:
    """Return the statement with a parameter for each element of a list: `IN :ids` becomes `IN (:ids_0, :ids_1)`."""
    single: dict[str, Value] = {}
    for name, value in values.items():
        if isinstance(value, list):
            each = {f"{name}_{place}": element for place, element in enumerate(value)}
            single |= each
            # In nothing there is nothing; PostgreSQL does not take empty brackets for that
            named = ", ".join(f":{one}" for one in each) or "NULL"
            sql = re.sub(rf":{name}\b", f"({named})", sql)
        else:
            single[name] = value
    return sql, single
