"""Rows that come in crowds, written together: what comes while others are being written waits for them, and then is one insert.

So a flood of rows is one change of the database at a time, and leaves its connections to people.
"""

from __future__ import annotations

import asyncio
from typing import Any

from sqlalchemy import Table

from bot.storage.database import Database

_MOST_ROWS = 200
"""In one insert: a statement may have 32,766 parameters in SQLite, and 65,535 in PostgreSQL."""


class Batch:
    """Inserts into one table, each insert within that many seconds."""

    def __init__(self, database: Database, table: Table, *, within: float) -> None:
        self._database = database
        self._table = table
        self._within = within
        self._waiting: list[tuple[dict[str, Any], asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def add(self, row: dict[str, Any]) -> None:
        """Insert a row, and return once it is there; raises what the insert raises.

        A caller that is cancelled may have been in time or not.
        """
        inserted: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((row, inserted))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        await inserted

    async def _write(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:_MOST_ROWS], self._waiting[_MOST_ROWS:]
            wanted = [(row, inserted) for row, inserted in batch if not inserted.done()]
            if not wanted:
                continue
            insert = self._database.insert(self._table).values([row for row, _ in wanted])
            failure: Exception | None = None
            try:
                await self._database.execute(insert, within=self._within)
            except Exception as error:  # noqa: BLE001 - whatever it is, each caller has to know
                failure = error
            for _, inserted in wanted:
                if inserted.done():  # its caller has given up meanwhile
                    continue
                if failure:
                    inserted.set_exception(failure)
                else:
                    inserted.set_result(None)
