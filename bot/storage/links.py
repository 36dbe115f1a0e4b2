"""Links in a database, with those that were read within seconds cached.

Changes of one workspace's links wait for each other, in all processes, so that each sees what the one before it left. A
link closes the request that it answers in the same transaction; all else about requests is in `link_requests.py`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from cachetools import TTLCache
from sqlalchemy import Row, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.identity.links import CONFIRM_ANY, Link, LinksPage, RequestSettledError, UidConflict, UidTakenError
from bot.identity.users import SlackUser
from bot.observability.audit import Entry
from bot.storage import audit
from bot.storage.database import CHANGE_SECONDS, READ_SECONDS, Database, Result, Work
from bot.storage.link_requests import close_request, team_lock
from bot.storage.tables import key_of, link_requests, links, of_team, of_user

CACHED_SECONDS = 3.0
"""A change in another process is seen after this long at the latest, and the time of one read."""

_MOST_CACHED = 10_000


class StoredLinks:
    """Implements `Links`. `clock` is monotonic. A read or a change that takes longer than it may fails.

    Links are cached, since a read takes a third of a command's CPU time. So is that nobody has one, as where
    CALLINFO_USER_MAP names everybody.
    """

    def __init__(
        self,
        database: Database,
        *,
        clock: Callable[[], float] = time.monotonic,
        read_within: float | None = READ_SECONDS,
        change_within: float | None = CHANGE_SECONDS,
    ) -> None:
        self._database = database
        self._clock = clock
        self._read_within = read_within
        self._change_within = change_within
        self._clear_cache()

    async def get(self, user: SlackUser) -> Link | None:
        """Return the user's link: one indexed read, or none where it was read within seconds."""
        cache, nobody = self._cache, self._nobody
        with suppress(KeyError):
            return cache[user]
        if nobody:
            return None

        async def read(connection: AsyncConnection) -> Link | None:
            found = await link_of(connection, user)
            if not found and not (await connection.execute(select(links.c.uid).limit(1))).first():
                nobody[True] = True
            return found.link if found else None

        cache[user] = found = await self._database.read(read, within=self._read_within)
        return found

    async def put(
        self,
        link: Link,
        *,
        confirmed: str = "",
        asked_for: bool = False,
        configured: Sequence[SlackUser] = (),
        audited: Callable[[Link | None], Entry] | None = None,
    ) -> Link | None:
        """Make or replace the user's link, and close the request that they may have open, all or nothing.

        Return the link that it replaces. Raises UidTakenError where other users of the workspace have the UID,
        unless an admin `confirmed` that by its seal or the user has that UID already, and RequestSettledError where
        it was `asked_for` and no request is open. `configured` users have the UID too, unless they have a link.
        `audited` makes the entry that is stored with the change, from
        the link that it replaces.
        """

        async def work(connection: AsyncConnection) -> Link | None:
            closed = await close_request(connection, link.user, link.made_by)
            if asked_for and not closed:
                raise RequestSettledError
            before = await link_of(connection, link.user)
            conflict = UidConflict(
                await _others(connection, link, configured), before.link.uid if before else None
            )
            if before and before.link.uid == link.uid:
                row = row_of(link, confirmed=before.confirmed)
            elif conflict.others and confirmed not in {CONFIRM_ANY, conflict.fingerprint()}:
                raise UidTakenError(conflict)
            else:
                row = row_of(link, confirmed=bool(conflict.others))
            statement = update(links).where(of_user(links, link.user)) if before else insert(links)
            await connection.execute(statement.values(row))
            if audited:
                await audit.add(connection, (audited(before.link if before else None),))
            return before.link if before else None

        return await self._changed(work, link.user.team_id)

    async def remove(self, user: SlackUser, *, audited: Callable[[Link], Entry] | None = None) -> Link | None:
        """Remove the user's link; return it, None when there was none. `audited` makes the entry stored with it."""

        async def work(connection: AsyncConnection) -> Link | None:
            before = await link_of(connection, user)
            await connection.execute(delete(links).where(of_user(links, user)))
            if before and audited:
                await audit.add(connection, (audited(before.link),))
            return before.link if before else None

        return await self._changed(work, user.team_id)

    async def page(self, team_id: str, *, prefix: str = "", offset: int = 0, limit: int = 10) -> LinksPage:
        """Return links of a workspace whose Slack user id or UID begins with `prefix`, in either case."""
        wanted = of_team(links, team_id)
        if prefix:
            wanted &= links.c.user_id.startswith(prefix.upper(), autoescape=True) | links.c.uid.startswith(
                prefix.lower(), autoescape=True
            )
        counted = select(func.count()).select_from(links).where(wanted)
        listed = select(links).where(wanted).order_by(links.c.user_id).offset(offset).limit(limit)

        async def work(connection: AsyncConnection) -> LinksPage:
            total = (await connection.execute(counted)).scalar_one()
            rows = await connection.execute(listed)
            return LinksPage(tuple(from_row(row).link for row in rows), total)

        return await self._database.read(work, within=self._read_within)

    async def remove_team(
        self, team_id: str, *, until: int | None = None, audited: Callable[[Link], Entry] | None = None
    ) -> tuple[Link, ...]:
        """Remove all links of a workspace, and its requests for one, made `until` then (Unix time); return the links.

        `audited` is as for `remove`.
        """
        theirs, requested = of_team(links, team_id), of_team(link_requests, team_id)
        if until is not None:
            theirs &= links.c.made_at <= until
            requested &= link_requests.c.requested_at <= until

        async def work(connection: AsyncConnection) -> tuple[Link, ...]:
            removed = await connection.execute(delete(links).where(theirs).returning(links))
            gone = tuple(from_row(row).link for row in removed)
            await connection.execute(delete(link_requests).where(requested))
            if gone and audited:
                await audit.add(connection, tuple(audited(link) for link in gone))
            return gone

        return await self._changed(work, team_id)

    async def _changed(self, work: Work[Result], team_id: str) -> Result:
        try:
            return await self._database.change(work, within=self._change_within, lock=team_lock(team_id))
        finally:
            self._clear_cache()  # after a failure too: it may have been made all the same

    def _clear_cache(self) -> None:
        """Begin new caches: a read that is under way writes into the old ones, where nobody looks."""
        self._cache: TTLCache[SlackUser, Link | None] = TTLCache(_MOST_CACHED, CACHED_SECONDS, self._clock)
        self._nobody: TTLCache[bool, bool] = TTLCache(1, CACHED_SECONDS, self._clock)


@dataclass(frozen=True, slots=True)
class LinkRecord:
    """A link, with whether an admin confirmed that its UID has several users."""

    link: Link
    confirmed: bool


async def link_of(connection: AsyncConnection, user: SlackUser) -> LinkRecord | None:
    """Return the user's link: one read, by the primary key."""
    row = (await connection.execute(select(links).where(of_user(links, user)))).first()
    return from_row(row) if row else None


async def _others(
    connection: AsyncConnection, link: Link, configured: Sequence[SlackUser]
) -> tuple[SlackUser, ...]:
    """Return who else in the workspace has the link's UID."""
    same_uid = of_team(links, link.user.team_id) & (links.c.uid == link.uid)
    users = [from_row(row).link.user for row in await connection.execute(select(links).where(same_uid))]
    users += [user for user in configured if await link_of(connection, user) is None]
    # Sorted here: to have them sorted, SQLite would go through all links of the workspace
    return tuple(sorted((user for user in users if user != link.user), key=lambda user: user.user_id))


def from_row(row: Row[Any]) -> LinkRecord:
    """Return the link that a row holds."""
    user = SlackUser(row.enterprise_id or None, row.team_id, row.user_id)
    return LinkRecord(Link(user, row.uid, row.made_by, row.made_at, row.how), row.confirmed)


def row_of(link: Link, *, confirmed: bool) -> dict[str, object]:
    """Return all columns of a link's row."""
    return key_of(link.user) | {
        "enterprise_id": link.user.enterprise_id or "",
        "uid": link.uid,
        "confirmed": confirmed,
        "made_by": link.made_by,
        "made_at": link.made_at,
        "how": link.how,
    }
