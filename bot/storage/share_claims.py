"""Claims of shares in the database, so that several processes behind one address post a call once."""

from __future__ import annotations

import time
from collections.abc import Callable

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.calls.share_claims import KEPT_SECONDS, ClaimResult
from bot.storage.database import Database
from bot.storage.tables import shares

UNPOSTED_SECONDS = 60
"""After this long a claim that was neither posted nor released has expired: the process that made it has died."""

_WITHIN_SECONDS = 0.5  # while it is waited for, the person sees nothing


class StoredShareClaims:
    """Implements `SharesStore`. `now` is the wall clock, in Unix seconds. A change that takes longer than `within` fails.

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

    async def claim(self, what: str) -> ClaimResult:
        """Claim it, unless somebody has; return what was found."""
        now = int(self._now())
        unposted = ~shares.c.posted & (shares.c.claimed_at <= now - UNPOSTED_SECONDS)
        expired = (shares.c.claimed_at <= now - KEPT_SECONDS) | unposted
        claim = self._database.insert(shares).values(what=what, claimed_at=now).on_conflict_do_nothing()
        posted = select(shares.c.posted).where(shares.c.what == what)

        async def work(connection: AsyncConnection) -> ClaimResult:
            await connection.execute(delete(shares).where(expired))
            if (await connection.execute(claim.returning(shares.c.what))).first():
                return ClaimResult.FIRST
            return ClaimResult.POSTED if await connection.scalar(posted) else ClaimResult.TAKEN

        return await self._database.change(work, within=self._within)

    async def posted(self, what: str) -> None:
        """Keep the claim: it was posted, or may have been."""
        statement = update(shares).where(shares.c.what == what).values(posted=True)
        await self._database.execute(statement, within=self._within)

    async def release(self, what: str) -> None:
        """Give the claim back."""
        await self._database.execute(delete(shares).where(shares.c.what == what), within=self._within)
