"""Hints as rows, until they were followed."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cometchat import SessionId, Uid
from bot.storage.database import CHANGE_SECONDS, READ_SECONDS, Database
from bot.storage.tables import hints
from bot.subscriptions.hints import Hint, StoredHint
from bot.subscriptions.looks import NEVER

_WITHIN_SECONDS = 1.5
"""CometChat waits 2 s for its answer."""


class StoredHints:
    """Implements `HintStore`. Every method raises StoreUnavailableError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, hint: Hint) -> None:
        """Store a hint, to be followed at once."""
        row = {
            "due_at": hint.received_at,
            "received_at": hint.received_at,
            "trigger": hint.trigger,
            "session_id": hint.session_id or "",
            "uids": " ".join(hint.uids),
            "names": json.dumps(hint.names),
        }
        await self._database.execute(self._database.insert(hints).values(row), within=_WITHIN_SECONDS)

    async def claim(self, now: float, until: float, limit: int) -> tuple[StoredHint, ...]:
        """Claim hints that are due, the oldest first, each for one caller."""
        is_free = (hints.c.due_at <= now) & (hints.c.claimed_until < now)
        first = (
            select(hints.c.id)
            .where(is_free)
            .order_by(hints.c.due_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
            .cte()
        )
        claim = (
            update(hints)
            .where(hints.c.id.in_(select(first.c.id)))
            .values(claimed_until=until)
            .returning(hints)
        )

        any_free = select(hints.c.id).where(is_free).limit(1)
        if not await self._database.fetch(any_free, within=READ_SECONDS):  # as mostly: no change is begun
            return ()

        async def work(connection: AsyncConnection) -> tuple[StoredHint, ...]:
            rows = sorted((await connection.execute(claim)).all(), key=lambda row: row.received_at)
            return tuple(
                StoredHint(
                    row.id,
                    Hint(
                        trigger=row.trigger,
                        session_id=SessionId(row.session_id) if row.session_id else None,
                        uids=tuple(Uid(each) for each in row.uids.split()),
                        received_at=row.received_at,
                        names=tuple(json.loads(row.names)),
                    ),
                )
                for row in rows
            )

        return await self._database.change(work, within=CHANGE_SECONDS)

    async def followed(self, ids: Sequence[int]) -> None:
        """Delete hints that were followed, but the newest, for `latest`."""
        newest = select(func.max(hints.c.id)).scalar_subquery()
        gone = (hints.c.due_at >= NEVER) & (hints.c.id < newest)

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(update(hints).where(hints.c.id.in_(ids)).values(due_at=NEVER))
            await connection.execute(delete(hints).where(gone))

        await self._database.change(work, within=CHANGE_SECONDS)

    async def put_off(self, ids: Sequence[int], until: float) -> None:
        """Follow hints at that Unix time."""
        statement = update(hints).where(hints.c.id.in_(ids)).values(due_at=until, claimed_until=0.0)
        await self._database.execute(statement, within=CHANGE_SECONDS)

    async def latest(self) -> int | None:
        """Return when the newest hint came, in Unix seconds, None where none ever did."""
        rows = await self._database.fetch(select(func.max(hints.c.received_at)), within=READ_SECONDS)
        return None if rows[0][0] is None else int(rows[0][0])
