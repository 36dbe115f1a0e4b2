"""A database for work that nobody waits for: one read or change of it at a time, so that people's queue up behind no more."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Executable, Row, Select, Table

from bot.storage.database import Database, Result, Work
from bot.storage.dialects import Insert


class Background:
    """Does what `Database` does, in turn; the time limits begin with the turn. Raises what that raises."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._turn = asyncio.Semaphore(1)

    async def fetch(self, query: Select[Any], *, within: float | None) -> Sequence[Row[Any]]:
        """Return all rows of a query."""
        async with self._turn:
            return await self._database.fetch(query, within=within)

    async def change(self, work: Work[Result], *, within: float | None, lock: str = "") -> Result:
        """Return what `work` does in one transaction."""
        async with self._turn:
            return await self._database.change(work, within=within, lock=lock)

    async def execute(self, statement: Executable, *, within: float | None, lock: str = "") -> int:
        """Return how many rows one statement changed."""
        async with self._turn:
            return await self._database.execute(statement, within=within, lock=lock)

    def insert(self, table: Table) -> Insert:
        """Return an INSERT that can have ON CONFLICT."""
        return self._database.insert(table)
