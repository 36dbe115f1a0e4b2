"""Claims of shares in the database, so that several processes behind one address post a call once."""

from __future__ import annotations

import time
from collections.abc import Callable

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.shares import Claim
from bot.storage.database import Database
from bot.storage.inserting import insert_on
from bot.storage.tables import shares

KEPT_SECONDS = 35 * 60
"""For how long a message's buttons can answer, and a little more."""

UNPOSTED_SECONDS = 60
"""After this long a claim that was neither posted nor given back is nobody's: the process that made it has died."""

_WITHIN_SECONDS = 0.5  # while it is waited for, the person sees nothing


class StoredShares:
    """Keeps claims. `now` is the wall clock, in Unix seconds; a change that takes longer than `within` is unavailable.

    Every method raises StoreUnavailableError.
    """

    def __init__(
        self,
        database: Database,
        *,
        now: Callable[[], float] = time.time,
        within: float | None = _WITHIN_SECONDS,
    ) -> None:
        self._within = within
        self._database = database
        self._now = now
        self._insert = insert_on(database)

    async def claim(self, what: str) -> Claim:
        """Return whether nobody has claimed that; then it is taken."""
        now = int(self._now())
        unposted = ~shares.c.posted & (shares.c.claimed_at <= now - UNPOSTED_SECONDS)
        over = (shares.c.claimed_at <= now - KEPT_SECONDS) | unposted
        claim = (
            self._insert(shares)
            .values(what=what, claimed_at=now)
            .on_conflict_do_nothing()
            .returning(shares.c.what)
        )

        before = select(shares.c.posted).where(shares.c.what == what)

        async def work(connection: AsyncConnection) -> Claim:
            await connection.execute(delete(shares).where(over))
            if (await connection.execute(claim)).first():
                return Claim.FIRST
            return Claim.POSTED if (await connection.execute(before)).scalar() else Claim.TAKEN

        return await self._database.change(work, within=self._within)

    async def posted(self, what: str) -> None:
        """Keep the claim: it was posted, or may have been."""

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(update(shares).where(shares.c.what == what).values(posted=True))

        await self._database.change(work, within=self._within)

    async def release(self, what: str) -> None:
        """Give the claim back."""

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(delete(shares).where(shares.c.what == what))

        await self._database.change(work, within=self._within)
