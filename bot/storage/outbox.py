"""Promised answers as rows, each claimed by one process at a time."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import ColumnElement, Row, delete, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.answers.interaction import InteractionKind
from bot.answers.outbox import Promise
from bot.cometchat import SessionId
from bot.identity.users import SlackUser
from bot.storage import claims
from bot.storage.database import Database
from bot.storage.tables import outbox

_WITHIN_SECONDS = 4.0
"""More than anybody waits: on a busy machine a promise that is stored late is stored all the same."""


class StoredOutbox:
    """Implements `OutboxStore`. Every method raises StoreUnavailableError. Times are Unix seconds."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, promise: Promise, claimed_until: float) -> None:
        """Store a promise, claimed until then; one whose reference is stored already stays as it is."""
        row = {
            "reference": promise.reference,
            "claimed_until": claimed_until,
            "kind": promise.kind,
            "enterprise_id": promise.user.enterprise_id or "",
            "team_id": promise.user.team_id,
            "user_id": promise.user.user_id,
            "response_url": promise.response_url,
            "session_id": promise.session_id or "",
            "thread_ts": promise.thread_ts or "",
            "promised_at": promise.promised_at,
            "filter": promise.filter,
            "sending": promise.sending,
        }
        statement = self._database.insert(outbox).values(row).on_conflict_do_nothing()
        await self._database.execute(statement, within=_WITHIN_SECONDS)

    async def begin_sending(self, reference: str, claimed_until: float) -> bool:
        """Note that the answer is being sent; return False where that claim has been lost."""
        statement = update(outbox).where(_is_claimed(reference, claimed_until)).values(sending=True)
        return await self._database.execute(statement, within=_WITHIN_SECONDS) > 0

    async def delete(self, reference: str, claimed_until: float) -> None:
        """Delete a promise that was kept, unless that claim has been lost."""
        statement = delete(outbox).where(_is_claimed(reference, claimed_until))
        await self._database.execute(statement, within=_WITHIN_SECONDS)

    async def claim(self, now: float, until: float, limit: int) -> tuple[Promise, ...]:
        """Claim promises whose claims have ended before `now`, the oldest first; return them."""
        is_free = outbox.c.claimed_until < now
        if not await claims.is_any(self._database, outbox.c.reference, is_free):
            return ()

        async def work(connection: AsyncConnection) -> tuple[Promise, ...]:
            rows = await claims.claim(
                connection,
                outbox.c.reference,
                is_free,
                order=outbox.c.promised_at,
                limit=limit,
                until=until,
            )
            claimed = [_promise(row) for row in rows]
            return tuple(sorted(claimed, key=lambda promise: promise.promised_at))

        return await self._database.change(work, within=_WITHIN_SECONDS)


def _is_claimed(reference: str, claimed_until: float) -> ColumnElement[bool]:
    return (outbox.c.reference == reference) & (outbox.c.claimed_until == claimed_until)


def _promise(row: Row[Any]) -> Promise:
    return Promise(
        reference=row.reference,
        kind=cast("InteractionKind", row.kind),
        user=SlackUser(row.enterprise_id or None, row.team_id, row.user_id),
        response_url=row.response_url,
        session_id=SessionId(row.session_id) if row.session_id else None,
        thread_ts=row.thread_ts or None,
        promised_at=row.promised_at,
        filter=row.filter,
        sending=row.sending,
    )
