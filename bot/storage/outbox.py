"""Answers owed, as rows: who promised them, and until when nobody else may give them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import cast

from bot.answers.interaction import Kind
from bot.answers.outbox import Owed
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

_EXTEND = "UPDATE owed_answers SET owner_until = :until WHERE owner = :owner"

_ANY_LEFT = "SELECT 1 FROM owed_answers WHERE owner_until < :now AND owner <> :owner LIMIT 1"

# Of two who take at once, the second finds the condition false by the time that it gets the row
_TAKE = """
UPDATE owed_answers SET owner = :owner, owner_until = :until
WHERE reference IN (
    SELECT reference FROM owed_answers WHERE owner_until < :now AND owner <> :owner ORDER BY since LIMIT :most
)
AND owner_until < :now AND owner <> :owner
RETURNING *
"""

_Mine = tuple[str, str]
"""A reference, and the owner whose it must be."""


@dataclass(frozen=True, slots=True)
class _Taking:
    """Who takes, what is forsaken at that time, until when they then stand for it, and how many at most."""

    owner: str
    now: float
    until: float
    most: int


class StoredOwed:
    """Keeps what is owed. Every method raises StoreUnavailableError. Times are Unix seconds."""

    def __init__(self, database: Database) -> None:
        self._database = database
        # In this order an answer goes its way, also where all of it is asked for at once
        self._together = Together(
            database, self._keep, self._begin, self._settle, self._extend, self._take, within=_WITHIN_SECONDS
        )

    async def keep(self, owed: Owed, owner: str, until: float) -> None:
        """Keep an answer that `owner` owes; nobody else gives it before `until`."""
        row: dict[str, Value] = {
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
        await self._together.change(self._keep, row)

    async def begin(self, reference: str, owner: str) -> bool:
        """Note that `owner` gives the answer now; return whether it is theirs to give."""
        return await self._together.change(self._begin, (reference, owner))

    async def settle(self, references: tuple[str, ...], owner: str) -> None:
        """Forget answers of `owner` that were given."""
        await self._together.change(self._settle, tuple((reference, owner) for reference in references))

    async def extend(self, owner: str, until: float) -> None:
        """Keep others from all that `owner` owes until then."""
        await self._together.change(self._extend, (owner, until))

    async def take(self, owner: str, now: float, until: float, most: int) -> tuple[Owed, ...]:
        """Hand over to `owner` what no other stands for any more, the oldest first; return it.

        What is theirs already they know of, however late they are to say so.
        """

        async def any_left(connection: Connection) -> bool:
            return await connection.row(_ANY_LEFT, now=now, owner=owner) is not None

        if not await self._database.read(any_left, within=_WITHIN_SECONDS):  # as nearly always
            return ()
        return await self._together.change(self._take, _Taking(owner, now, until, most))

    async def _keep(self, connection: Connection, rows: Sequence[dict[str, Value]]) -> list[None]:
        await connection.many(_KEEP, rows)
        return [None] * len(rows)

    async def _begin(self, connection: Connection, asked: Sequence[_Mine]) -> list[bool]:
        theirs: set[_Mine] = set()
        for owner, references in _by_owner(asked).items():
            rows = await connection.rows(_BEGIN, references=references, owner=owner)
            theirs |= {(row["reference"], owner) for row in rows}
        return [each in theirs for each in asked]

    async def _settle(self, connection: Connection, asked: Sequence[tuple[_Mine, ...]]) -> list[None]:
        for owner, references in _by_owner(chain.from_iterable(asked)).items():
            await connection.do(_SETTLE, references=references, owner=owner)
        return [None] * len(asked)

    async def _extend(self, connection: Connection, asked: Sequence[tuple[str, float]]) -> list[None]:
        for owner, until in asked:
            await connection.do(_EXTEND, owner=owner, until=until)
        return [None] * len(asked)

    async def _take(self, connection: Connection, asked: Sequence[_Taking]) -> list[tuple[Owed, ...]]:
        return [await self._taken(connection, taking) for taking in asked]

    async def _taken(self, connection: Connection, taking: _Taking) -> tuple[Owed, ...]:
        rows = await connection.rows(
            _TAKE, owner=taking.owner, now=taking.now, until=taking.until, most=taking.most
        )
        return tuple(_owed(row) for row in rows)


def _by_owner(asked: Iterable[_Mine]) -> dict[str, list[str]]:
    """Return the references of each owner; there is one, but for tests and what was once written for another."""
    found: dict[str, list[str]] = defaultdict(list)
    for reference, owner in asked:
        found[owner].append(reference)
    return found


def _owed(row: Row) -> Owed:
    return Owed(
        reference=row["reference"],
        kind=cast("Kind", row["kind"]),
        user=SlackUser(row["enterprise_id"] or None, row["team_id"], row["user_id"]),
        response_url=row["response_url"],
        session_id=SessionId(row["session_id"]) if row["session_id"] else None,
        thread_ts=row["thread_ts"] or None,
        since=row["since"],
        begun=bool(row["begun"]),
        sought=row["sought"],
    )
