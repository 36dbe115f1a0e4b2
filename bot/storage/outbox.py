"""Promised answers, as rows. The column `owner` holds the token of the claim, which is the time that it ends."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import cast

from bot.answers.interaction import Kind
from bot.answers.outbox import Promise
from bot.cometchat import SessionId
from bot.identity.users import SlackUser
from bot.storage.connection import Connection, Row, Value
from bot.storage.database import Database
from bot.storage.together import Together

_WITHIN_SECONDS = 4.0
"""More than anybody waits: on a machine at its end a promise that is kept late is kept all the same."""

_KEEP = """
INSERT INTO owed_answers (reference, owner, owner_until, kind, enterprise_id, team_id, user_id, response_url,
    session_id, thread_ts, since, begun, sought)
VALUES (:reference, :owner, :owner_until, :kind, :enterprise_id, :team_id, :user_id, :response_url,
    :session_id, :thread_ts, :since, FALSE, :sought)
ON CONFLICT DO NOTHING
"""

_BEGIN = """
UPDATE owed_answers SET begun = TRUE WHERE reference IN :references AND owner = :owner RETURNING reference
"""

_SETTLE = "DELETE FROM owed_answers WHERE reference IN :references AND owner = :owner"

_ANY_LEFT = "SELECT 1 FROM owed_answers WHERE owner_until < :now LIMIT 1"

# Of two who take at once, the second finds the condition false by the time that it gets the row
_TAKE = """
UPDATE owed_answers SET owner = :owner, owner_until = :until
WHERE reference IN (
    SELECT reference FROM owed_answers WHERE owner_until < :now ORDER BY since LIMIT :most
)
AND owner_until < :now
RETURNING *
"""

_Mine = tuple[str, str]
"""A reference, and the token of the claim."""


@dataclass(frozen=True, slots=True)
class _Taking:
    """A claim of what nobody claims `now`, `until` then, and of how many at most."""

    now: float
    until: float
    most: int


class StoredOwed:
    """Keeps promises. Every method raises StoreUnavailableError. Times are Unix seconds."""

    def __init__(self, database: Database) -> None:
        self._database = database
        # In this order an answer goes its way, also where all of it is asked for at once
        self._together = Together(
            database, self._keep, self._begin, self._settle, self._take, within=_WITHIN_SECONDS
        )

    async def add(self, promise: Promise, claimed_until: float) -> None:
        """Store a promise, claimed by the caller."""
        row: dict[str, Value] = {
            "reference": promise.reference,
            "owner": repr(claimed_until),
            "owner_until": claimed_until,
            "kind": promise.kind,
            "enterprise_id": promise.user.enterprise_id or "",
            "team_id": promise.user.team_id,
            "user_id": promise.user.user_id,
            "response_url": promise.response_url,
            "session_id": promise.session_id or "",
            "sought": promise.filter,
            "thread_ts": promise.thread_ts or "",
            "since": promise.promised_at,
        }
        await self._together.change(self._keep, row)

    async def begin_sending(self, reference: str, claimed_until: float) -> bool:
        """Note that the answer is being sent; return False where the claim is not the caller's any more."""
        return await self._together.change(self._begin, (reference, repr(claimed_until)))

    async def delete(self, reference: str, claimed_until: float) -> None:
        """Delete a promise."""
        await self._together.change(self._settle, (reference, repr(claimed_until)))

    async def claim(self, now: float, until: float, limit: int) -> tuple[Promise, ...]:
        """Claim the oldest promises whose claim has passed, each for one caller; return them."""

        async def any_left(connection: Connection) -> bool:
            return await connection.row(_ANY_LEFT, now=now) is not None

        if not await self._database.read(any_left, within=_WITHIN_SECONDS):  # as nearly always
            return ()
        return await self._together.change(self._take, _Taking(now, until, limit))

    async def _keep(self, connection: Connection, rows: Sequence[dict[str, Value]]) -> list[None]:
        await connection.many(_KEEP, rows)
        return [None] * len(rows)

    async def _begin(self, connection: Connection, asked: Sequence[_Mine]) -> list[bool]:
        theirs: set[_Mine] = set()
        for owner, references in _by_owner(asked).items():
            rows = await connection.rows(_BEGIN, references=references, owner=owner)
            theirs |= {(row["reference"], owner) for row in rows}
        return [each in theirs for each in asked]

    async def _settle(self, connection: Connection, asked: Sequence[_Mine]) -> list[None]:
        for owner, references in _by_owner(asked).items():
            await connection.do(_SETTLE, references=references, owner=owner)
        return [None] * len(asked)

    async def _take(self, connection: Connection, asked: Sequence[_Taking]) -> list[tuple[Promise, ...]]:
        return [await self._taken(connection, taking) for taking in asked]

    async def _taken(self, connection: Connection, taking: _Taking) -> tuple[Promise, ...]:
        rows = await connection.rows(
            _TAKE, owner=repr(taking.until), now=taking.now, until=taking.until, most=taking.most
        )
        return tuple(_promise(row) for row in rows)


def _by_owner(asked: Iterable[_Mine]) -> dict[str, list[str]]:
    """Return the references of each claim."""
    found: dict[str, list[str]] = defaultdict(list)
    for reference, owner in asked:
        found[owner].append(reference)
    return found


def _promise(row: Row) -> Promise:
    return Promise(
        reference=row["reference"],
        kind=cast("Kind", row["kind"]),
        user=SlackUser(row["enterprise_id"] or None, row["team_id"], row["user_id"]),
        response_url=row["response_url"],
        session_id=SessionId(row["session_id"]) if row["session_id"] else None,
        thread_ts=row["thread_ts"] or None,
        promised_at=row["since"],
        sending=bool(row["begun"]),
        filter=row["sought"],
    )
