"""Claims of shares in the database, so that several processes behind one address post a call once."""

from __future__ import annotations

import time
from collections.abc import Callable

from bot.calls.share_claims import Claim
from bot.storage.connection import Connection
from bot.storage.database import Database

KEPT_SECONDS = 35 * 60
"""For how long a message's buttons can answer, and a little more."""

UNPOSTED_SECONDS = 60
"""After this long a claim that was neither posted nor given back is nobody's: the process that made it has died."""

_WITHIN_SECONDS = 0.5  # while it is waited for, the person sees nothing

_FORGET = "DELETE FROM shares WHERE claimed_at <= :old OR (NOT posted AND claimed_at <= :unposted)"

_CLAIM = "INSERT INTO shares (what, claimed_at) VALUES (:what, :now) ON CONFLICT DO NOTHING RETURNING what"


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

    async def claim(self, what: str) -> Claim:
        """Return whether nobody has claimed that; then it is taken."""
        now = int(self._now())

        async def work(connection: Connection) -> Claim:
            await connection.do(_FORGET, old=now - KEPT_SECONDS, unposted=now - UNPOSTED_SECONDS)
            if await connection.row(_CLAIM, what=what, now=now):
                return Claim.FIRST
            before = await connection.row("SELECT posted FROM shares WHERE what = :what", what=what)
            return Claim.POSTED if before and before["posted"] else Claim.TAKEN

        return await self._database.change(work, within=self._within)

    async def posted(self, what: str) -> None:
        """Keep the claim: it was posted, or may have been."""

        async def work(connection: Connection) -> None:
            await connection.do("UPDATE shares SET posted = TRUE WHERE what = :what", what=what)

        await self._database.change(work, within=self._within)

    async def release(self, what: str) -> None:
        """Give the claim back."""

        async def work(connection: Connection) -> None:
            await connection.do("DELETE FROM shares WHERE what = :what", what=what)

        await self._database.change(work, within=self._within)
