"""Answers owed, as rows: who promised them, and until when nobody else may give them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, cast

from sqlalchemy import ColumnElement, Row, Select, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cometchat import SessionId
from bot.identity.users import SlackUser
from bot.interactions import Kind
from bot.owed import Owed
from bot.storage.database import Database
from bot.storage.inserting import insert_on
from bot.storage.tables import owed_answers as owed_rows
from bot.storage.together import Together

_WITHIN_SECONDS = 4.0
"""More than anybody waits: on a machine at its end a promise that is kept late is kept all the same."""

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
        self._keeping = insert_on(database)(owed_rows).on_conflict_do_nothing()
        # In this order an answer goes its way, also where all of it is asked for at once
        self._together = Together(
            database, self._keep, self._begin, self._settle, self._extend, self._take, within=_WITHIN_SECONDS
        )

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

        async def any_left(connection: AsyncConnection) -> bool:
            return (await connection.execute(_forsaken(taking).limit(1))).first() is not None

        taking = _Taking(owner, now, until, most)
        if not await self._database.read(any_left, within=_WITHIN_SECONDS):  # as nearly always
            return ()
        return await self._together.change(self._take, taking)

    async def _keep(self, connection: AsyncConnection, rows: Sequence[dict[str, Any]]) -> list[None]:
        await connection.execute(self._keeping, rows)
        return [None] * len(rows)

    async def _begin(self, connection: AsyncConnection, asked: Sequence[_Mine]) -> list[bool]:
        theirs: set[_Mine] = set()
        for owner, references in _by_owner(asked).items():
            beginning = update(owed_rows).where(_of(owner, references)).values(begun=True)
            rows = await connection.execute(beginning.returning(owed_rows.c.reference))
            theirs |= {(row.reference, owner) for row in rows}
        return [each in theirs for each in asked]

    async def _settle(self, connection: AsyncConnection, asked: Sequence[tuple[_Mine, ...]]) -> list[None]:
        for owner, references in _by_owner(chain.from_iterable(asked)).items():
            await connection.execute(delete(owed_rows).where(_of(owner, references)))
        return [None] * len(asked)

    async def _extend(self, connection: AsyncConnection, asked: Sequence[tuple[str, float]]) -> list[None]:
        for owner, until in asked:
            await connection.execute(
                update(owed_rows).where(owed_rows.c.owner == owner).values(owner_until=until)
            )
        return [None] * len(asked)

    async def _take(self, connection: AsyncConnection, asked: Sequence[_Taking]) -> list[tuple[Owed, ...]]:
        return [await self._taken(connection, taking) for taking in asked]

    async def _taken(self, connection: AsyncConnection, taking: _Taking) -> tuple[Owed, ...]:
        # Of two who take at once, the second finds the condition false by the time that it gets the row
        statement = (
            update(owed_rows)
            .where(owed_rows.c.reference.in_(_forsaken(taking).limit(taking.most)), _is_forsaken(taking))
            .values(owner=taking.owner, owner_until=taking.until)
            .returning(*owed_rows.c)
        )
        return tuple(_owed(row) for row in await connection.execute(statement))


def _is_forsaken(taking: _Taking) -> ColumnElement[bool]:
    return (owed_rows.c.owner_until < taking.now) & (owed_rows.c.owner != taking.owner)


def _forsaken(taking: _Taking) -> Select[tuple[str]]:
    return select(owed_rows.c.reference).where(_is_forsaken(taking)).order_by(owed_rows.c.since)


def _of(owner: str, references: Collection[str]) -> ColumnElement[bool]:
    return owed_rows.c.reference.in_(references) & (owed_rows.c.owner == owner)


def _by_owner(asked: Iterable[_Mine]) -> dict[str, list[str]]:
    """Return the references of each owner; there is one, but for tests and what was once written for another."""
    found: dict[str, list[str]] = defaultdict(list)
    for reference, owner in asked:
        found[owner].append(reference)
    return found


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
