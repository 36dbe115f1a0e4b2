"""The audit's rows: added, shown by `python -m bot links log`, and pruned by the release task."""

from __future__ import annotations

from dataclasses import asdict

import structlog

from bot.identity.links import ValueRefusedError
from bot.observability.audit import Entry
from bot.storage.connection import Connection, Row
from bot.storage.database import Database

log = structlog.get_logger()

KEPT_DAYS = 90
_SECONDS_A_DAY = 86_400

_CHANGE_SECONDS = 5.0

_INSERT = """
INSERT INTO audit (at, deed, team_id, user_id, outcome, reference, uid, session_id, subject, replaced)
VALUES (:at, :deed, :team_id, :user_id, :outcome, :reference, :uid, :session_id, :subject, :replaced)
"""

_LATEST = """
SELECT * FROM audit
WHERE at >= :since
AND (:team_id = '' OR team_id = :team_id)
AND (:user_id = '' OR user_id = :user_id OR subject = :user_id)
ORDER BY at DESC, id DESC LIMIT :limit
"""


class StoredAudit:
    """Keeps audit entries. Every method raises StoreUnavailableError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def insert(self, entries: tuple[Entry, ...]) -> None:
        """Add the entries; one that the database has no form for is told in the log and let go, the others are kept.

        Where it raises after such a one, some may have been added.
        """
        if not entries:
            return
        try:
            await self._database.change(
                lambda connection: add(connection, entries), within=_CHANGE_SECONDS, parts=len(entries)
            )
        except ValueRefusedError as error:
            if len(entries) == 1:
                log.warning("audit not stored", entries=1, reason=str(error))
                return
            half = len(entries) // 2
            await self.insert(entries[:half])
            await self.insert(entries[half:])

    async def latest(
        self, limit: int, *, since: int = 0, team_id: str = "", user_id: str = ""
    ) -> tuple[Entry, ...]:
        """Return the newest entries, the newest first; of a workspace, of a user (theirs, or about them) or all.

        `since` is Unix time.
        """

        async def rows(connection: Connection) -> tuple[Entry, ...]:
            found = await connection.rows(_LATEST, since=since, team_id=team_id, user_id=user_id, limit=limit)
            return tuple(_entry(row) for row in found)

        return await self._database.read(rows, within=_CHANGE_SECONDS)

    async def prune(self, before: int) -> int:
        """Delete the entries from before that Unix time; return how many there were."""

        async def pruned(connection: Connection) -> int:
            return await connection.do("DELETE FROM audit WHERE at < :before", before=before)

        return await self._database.change(pruned, within=None)


def oldest_kept(now: float) -> int:
    """Return the Unix time before which entries are pruned."""
    return int(now) - KEPT_DAYS * _SECONDS_A_DAY


async def add(connection: Connection, entries: tuple[Entry, ...]) -> None:
    """Add entries within somebody's transaction."""
    await connection.many(_INSERT, [asdict(entry) for entry in entries])


def _entry(row: Row) -> Entry:
    return Entry(
        at=row["at"],
        deed=row["deed"],
        team_id=row["team_id"],
        user_id=row["user_id"],
        outcome=row["outcome"],
        reference=row["reference"],
        uid=row["uid"],
        session_id=row["session_id"],
        subject=row["subject"],
        replaced=row["replaced"],
    )
