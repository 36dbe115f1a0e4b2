"""Answers owed, as rows: who promised them, and until when nobody else may give them."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import Row, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cometchat import SessionId
from bot.identity.users import SlackUser
from bot.interactions import Kind
from bot.owed import Owed
from bot.storage.database import Database
from bot.storage.inserting import insert_on
from bot.storage.tables import owed_answers as owed_rows
from bot.storage.together import Together

_WITHIN_SECONDS = 2.0


class StoredOwed:
    """Keeps what is owed. Every method raises StoreUnavailableError. Times are Unix seconds."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._together = Together(database, within=_WITHIN_SECONDS)
        self._insert = insert_on(database)

    async def keep(self, owed: Owed, owner: str, until: float) -> None:
        """Keep an answer that `owner` owes; nobody else gives it before `until`."""
        row = {
            "reference": owed.reference,
            "owner": owner,
            "owner_until": until,
            "kind": owed.kind,
            "enterprise_id": owed.user.enterprise_id or "",
            "team_id": owed.user.team_id,
            "user_id": owed.user.user_id,
            "response_url": owed.response_url,
            "session_id": owed.session_id or "",
            "sought": owed.sought,
            "thread_ts": owed.thread_ts or "",
            "since": owed.since,
        }
        keeping = self._insert(owed_rows).values(row).on_conflict_do_nothing()

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(keeping)

        await self._together.change(work)

    async def begin(self, reference: str, owner: str) -> bool:
        """Note that `owner` gives the answer now; return whether it is theirs to give."""
        mine = (owed_rows.c.reference == reference) & (owed_rows.c.owner == owner)

        async def work(connection: AsyncConnection) -> bool:
            return (await connection.execute(update(owed_rows).where(mine).values(begun=True))).rowcount == 1

        return await self._together.change(work)

    async def settle(self, references: tuple[str, ...], owner: str) -> None:
        """Forget answers of `owner` that were given."""
        given = owed_rows.c.reference.in_(references) & (owed_rows.c.owner == owner)

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(delete(owed_rows).where(given))

        await self._together.change(work)

    async def extend(self, owner: str, until: float) -> None:
        """Keep others from all that `owner` owes until then."""
        extending = update(owed_rows).where(owed_rows.c.owner == owner).values(owner_until=until)

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(extending)

        await self._together.change(work)

    async def take(self, owner: str, now: float, until: float, most: int) -> tuple[Owed, ...]:
        """Hand over to `owner` what no other stands for any more, the oldest first; return it.

        What is theirs already they know of, however late they are to say so.
        """
        is_forsaken = (owed_rows.c.owner_until < now) & (owed_rows.c.owner != owner)
        forsaken = select(owed_rows.c.reference).where(is_forsaken)
        some = forsaken.order_by(owed_rows.c.since).limit(most)
        # Of two who take at once, the second finds the condition false by the time that it gets the row
        taking = (
            update(owed_rows)
            .where(owed_rows.c.reference.in_(some), is_forsaken)
            .values(owner=owner, owner_until=until)
            .returning(*owed_rows.c)
        )

        async def any_left(connection: AsyncConnection) -> bool:
            return (await connection.execute(some)).first() is not None

        async def work(connection: AsyncConnection) -> tuple[Owed, ...]:
            return tuple(_owed(row) for row in await connection.execute(taking))

        if not await self._database.read(any_left, within=_WITHIN_SECONDS):  # as nearly always
            return ()
        return await self._together.change(work)


def _owed(row: Row[Any]) -> Owed:
    return Owed(
        reference=row.reference,
        kind=cast("Kind", row.kind),
        user=SlackUser(row.enterprise_id or None, row.team_id, row.user_id),
        response_url=row.response_url,
        session_id=SessionId(row.session_id) if row.session_id else None,
        thread_ts=row.thread_ts or None,
        since=row.since,
        begun=row.begun,
        sought=row.sought,
    )
