"""Hints as rows, until they were followed."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cometchat import SessionId, Uid
from bot.storage import claims
from bot.storage.background import Background
from bot.storage.batch import Batch
from bot.storage.database import CHANGE_SECONDS, READ_SECONDS, Database
from bot.storage.tables import hints
from bot.subscriptions.hints import Hint, StoredHint
from bot.subscriptions.looks import NEVER

_WITHIN_SECONDS = CHANGE_SECONDS
"""Longer than CometChat waits: what is stored too late for its answer is followed all the same."""


class StoredHints:
    """Implements `HintStore`. Every method raises StoreUnavailableError.

    CometChat waits for a hint to be added; `background` is for all else.
    """

    def __init__(self, database: Database, background: Background | None = None) -> None:
        self._database = background or database
        self._batch = Batch(database, hints, within=_WITHIN_SECONDS)

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
        await self._batch.add(row)

    async def claim(self, now: float, until: float, limit: int) -> tuple[StoredHint, ...]:
        """Claim hints that are due, the oldest first, each for one caller."""
        is_free = (hints.c.due_at <= now) & (hints.c.claimed_until < now)
        if not await claims.is_any(self._database, hints.c.id, is_free):
            return ()

        async def work(connection: AsyncConnection) -> tuple[StoredHint, ...]:
            claimed = await claims.claim(
                connection, hints.c.id, is_free, order=hints.c.due_at, limit=limit, until=until
            )
            rows = sorted(claimed, key=lambda row: row.received_at)
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
