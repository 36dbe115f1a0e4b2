"""The audit's rows: added, shown by `python -m bot links log`, and pruned by the release task."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.audit import Entry
from bot.storage.database import Database
from bot.storage.tables import audit

KEPT_DAYS = 90
_SECONDS_A_DAY = 86_400

_CHANGE_SECONDS = 5.0


class StoredAudit:
    """Keeps audit entries. Every method raises StoreUnavailableError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def insert(self, entries: tuple[Entry, ...]) -> None:
        """Add the entries."""
        if entries:
            await self._database.change(lambda connection: add(connection, entries), within=_CHANGE_SECONDS)

    async def latest(
        self, limit: int, *, since: int = 0, team_id: str = "", user_id: str = ""
    ) -> tuple[Entry, ...]:
        """Return the newest entries, the newest first; of a workspace, of a user (theirs, or about them) or all.

        `since` is Unix time.
        """
        query = (
            select(audit)
            .where(audit.c.at >= since)
            .order_by(audit.c.at.desc(), audit.c.id.desc())
            .limit(limit)
        )
        if team_id:
            query = query.where(audit.c.team_id == team_id)
        if user_id:
            query = query.where((audit.c.user_id == user_id) | (audit.c.subject == user_id))

        async def rows(connection: AsyncConnection) -> tuple[Entry, ...]:
            return tuple(_entry(row) for row in await connection.execute(query))

        return await self._database.read(rows, within=_CHANGE_SECONDS)

    async def prune(self, before: int) -> int:
        """Delete the entries from before that Unix time; return how many there were."""

        async def pruned(connection: AsyncConnection) -> int:
            return (await connection.execute(delete(audit).where(audit.c.at < before))).rowcount

        return await self._database.change(pruned, within=None)


def oldest_kept(now: float) -> int:
    """Return the Unix time before which entries are pruned."""
    return int(now) - KEPT_DAYS * _SECONDS_A_DAY


async def add(connection: AsyncConnection, entries: tuple[Entry, ...]) -> None:
    """Add entries within somebody's transaction."""
    await connection.execute(insert(audit), [entry.facts() for entry in entries])


def _entry(row: Row[Any]) -> Entry:
    return Entry(
        at=row.at,
        deed=row.deed,
        team_id=row.team_id,
        user_id=row.user_id,
        outcome=row.outcome,
        reference=row.reference,
        uid=row.uid,
        session_id=row.session_id,
        subject=row.subject,
        replaced=row.replaced,
    )
