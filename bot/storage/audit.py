"""The audit's rows: added, shown by `python -m bot links log`, and deleted when they are old.

Their columns are the fields of `Entry` in observability/audit.py.
"""

from __future__ import annotations

import asyncio
from dataclasses import fields

import structlog
from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.identity.links import ValueRefusedError
from bot.observability.audit import Entry
from bot.storage.database import CHANGE_SECONDS, Database
from bot.storage.tables import audit

log = structlog.get_logger()

KEPT_DAYS = 90
_SECONDS_A_DAY = 86_400

# Rows in one DELETE, which takes some milliseconds: nobody's change waits longer for it
_PRUNED_AT_ONCE = 1_000
_PAUSE_SECONDS = 0.01  # between two, for changes of other processes

_FIELDS = tuple(field.name for field in fields(Entry))


class StoredAudit:
    """Keeps audit entries. Every method raises StoreUnavailableError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def insert(self, entries: tuple[Entry, ...]) -> None:
        """Add the entries; one that the database can't hold is logged and left out."""
        if not entries:
            return
        try:
            await self._database.change(lambda connection: add(connection, entries), within=CHANGE_SECONDS)
        except ValueRefusedError as error:
            if len(entries) == 1:
                log.warning("audit not stored", entries=1, reason=str(error))
                return
            for entry in entries:
                await self.insert((entry,))

    async def latest(
        self, limit: int, *, since: int = 0, team_id: str = "", user_id: str = ""
    ) -> tuple[Entry, ...]:
        """Return the newest entries, the newest first; of a workspace, of a user (theirs, or about them) or all.

        `since` is Unix time.
        """
        query = (
            select(*(audit.c[name] for name in _FIELDS))
            .where(audit.c.at >= since)
            .order_by(audit.c.at.desc(), audit.c.id.desc())
            .limit(limit)
        )
        if team_id:
            query = query.where(audit.c.team_id == team_id)
        if user_id:
            query = query.where((audit.c.user_id == user_id) | (audit.c.subject == user_id))
        return tuple(
            Entry(**row._asdict()) for row in await self._database.fetch(query, within=CHANGE_SECONDS)
        )

    async def prune(self, before: int) -> int:
        """Delete the entries from before that Unix time; return how many there were.

        In many small transactions, so that nobody waits for all of it.
        """
        old = select(audit.c.id).where(audit.c.at < before)
        statement = delete(audit).where(audit.c.id.in_(old.limit(_PRUNED_AT_ONCE)))
        total = 0
        while await self._database.fetch(old.limit(1), within=None):  # a read keeps nobody waiting
            total += await self._database.execute(statement, within=None)
            await asyncio.sleep(_PAUSE_SECONDS)
        return total


def oldest_kept(now: float) -> int:
    """Return the Unix time before which entries are pruned."""
    return int(now) - KEPT_DAYS * _SECONDS_A_DAY


async def add(connection: AsyncConnection, entries: tuple[Entry, ...]) -> None:
    """Add entries within somebody's transaction."""
    rows = [{name: getattr(entry, name) for name in _FIELDS} for entry in entries]
    await connection.execute(insert(audit), rows)
