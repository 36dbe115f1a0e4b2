"""Links in a database: `Links` over `bot.storage`, with what was read within seconds remembered.

Changes of one workspace's links take turns, in all processes, so that each sees what the one before it left.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from sqlalchemy import Update, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.audit import Entry
from bot.identity.links import Link, LinksPage, RequestSettledError, UidTakenError
from bot.identity.users import SlackUser
from bot.storage import audit
from bot.storage.database import Database, Result, Work
from bot.storage.link_rows import kept, kept_link, key, of_team, of_user, turn_of, values
from bot.storage.remembered import Memory
from bot.storage.tables import link_requests, links

REMEMBERED_SECONDS = 3.0
"""A change in another process is seen after this long at the latest, and the time of one read."""

REQUEST_SECONDS = 86_400
"""How long an unanswered request keeps its person from asking again; admins may have missed it."""

_REMEMBERED = 10_000
_READ_SECONDS = 1.5
_CHANGE_SECONDS = 5.0


class StoredLinks:
    """Implements `Links`. `clock` is monotonic; a read or a change that takes longer than it may is unavailable."""

    def __init__(
        self,
        database: Database,
        *,
        clock: Callable[[], float] = time.monotonic,
        read_within: float | None = _READ_SECONDS,
        change_within: float | None = _CHANGE_SECONDS,
    ) -> None:
        self._database = database
        self._read_within = read_within
        self._change_within = change_within
        self._memory: Memory[SlackUser, Link | None] = Memory(
            seconds=REMEMBERED_SECONDS, size=_REMEMBERED, clock=clock
        )

    async def get(self, user: SlackUser) -> Link | None:
        """Return the user's link: one indexed read, or none where it was read within seconds."""
        if remembered := self._memory.recall(user):
            return remembered.value
        reading = self._memory.begin()
        found = await self._database.read(
            lambda connection: kept_link(connection, user), within=self._read_within
        )
        link = found.link if found else None
        self._memory.keep(user, link, reading)
        return link

    async def put(
        self,
        link: Link,
        *,
        confirmed: bool = False,
        asked_for: bool = False,
        audited: Callable[[Link], Entry] | None = None,
    ) -> Link | None:
        """Make or replace the user's link, and close the request that they may have open, all or nothing.

        Return the link that it replaces. Raises UidTakenError where another user of the workspace has the UID,
        unless an admin `confirmed` it or the user has that UID already, and RequestSettledError where it was
        `asked_for` and no request is open. `audited` makes the entry that is stored with the change.
        """

        async def work(connection: AsyncConnection) -> Link | None:
            settled = (await connection.execute(_settling(link.user, link.made_by))).rowcount
            if asked_for and not settled:
                raise RequestSettledError
            before = await kept_link(connection, link.user)
            others = await _others(connection, link)
            if before and before.link.uid == link.uid:
                row = values(link, confirmed=before.confirmed)
            elif others and not confirmed:
                raise UidTakenError(others)
            else:
                row = values(link, confirmed=bool(others))
            if before:
                await connection.execute(update(links).where(of_user(links, link.user)).values(row))
            else:
                await connection.execute(insert(links).values(row))
            if audited:
                await audit.add(connection, (audited(link),))
            return before.link if before else None

        return await self._changed(work, link.user.enterprise_id, link.user.team_id)

    async def remove(self, user: SlackUser, *, audited: Callable[[Link], Entry] | None = None) -> Link | None:
        """Remove the user's link; return it, None when there was none. `audited` is as for `put`."""

        async def work(connection: AsyncConnection) -> Link | None:
            before = await kept_link(connection, user)
            await connection.execute(delete(links).where(of_user(links, user)))
            if before and audited:
                await audit.add(connection, (audited(before.link),))
            return before.link if before else None

        return await self._changed(work, user.enterprise_id, user.team_id)

    async def page(
        self, enterprise_id: str | None, team_id: str, *, prefix: str = "", offset: int = 0, limit: int = 10
    ) -> LinksPage:
        """Return links of a workspace whose Slack user id or UID begins with `prefix`, in either case."""
        wanted = of_team(links, enterprise_id, team_id)
        if prefix:
            wanted &= links.c.user_id.startswith(prefix.upper(), autoescape=True) | links.c.uid.startswith(
                prefix.lower(), autoescape=True
            )
        counted = select(func.count()).select_from(links).where(wanted)
        listed = select(links).where(wanted).order_by(links.c.user_id).offset(offset).limit(limit)

        async def work(connection: AsyncConnection) -> LinksPage:
            total = (await connection.execute(counted)).scalar_one()
            rows = await connection.execute(listed)
            return LinksPage(tuple(kept(row).link for row in rows), total)

        return await self._database.read(work, within=self._read_within)

    async def remove_team(self, enterprise_id: str | None, team_id: str) -> int:
        """Remove all links of a workspace, and its requests for one; return how many links there were."""

        async def work(connection: AsyncConnection) -> int:
            await connection.execute(
                delete(link_requests).where(of_team(link_requests, enterprise_id, team_id))
            )
            return (
                await connection.execute(delete(links).where(of_team(links, enterprise_id, team_id)))
            ).rowcount

        return await self._changed(work, enterprise_id, team_id)

    async def request(self, user: SlackUser, at: int) -> bool:
        """Note that the user has asked for a link; return False where an open request is there already.

        A request that nobody has settled within REQUEST_SECONDS may be made again.
        """
        is_theirs = of_user(link_requests, user)
        row = key(user) | {"requested_at": at, "settled_by": ""}

        async def work(connection: AsyncConnection) -> bool:
            before = (await connection.execute(select(link_requests).where(is_theirs))).first()
            if before and not before.settled_by and at - before.requested_at < REQUEST_SECONDS:
                return False
            if before:
                await connection.execute(update(link_requests).where(is_theirs).values(row))
            else:
                await connection.execute(insert(link_requests).values(row))
            return True

        return await self._changed(work, user.enterprise_id, user.team_id)

    async def settle_request(self, user: SlackUser, by: str) -> bool:
        """Close the user's open request; return False where another admin has closed it, or there is none."""

        async def work(connection: AsyncConnection) -> bool:
            return (await connection.execute(_settling(user, by))).rowcount == 1

        return await self._changed(work, user.enterprise_id, user.team_id)

    async def _changed(self, work: Work[Result], enterprise_id: str | None, team_id: str) -> Result:
        try:
            return await self._database.change(
                work, within=self._change_within, turn=turn_of(enterprise_id, team_id)
            )
        finally:
            self._memory.forget()  # after a failure too: it may have been made all the same


def _settling(user: SlackUser, by: str) -> Update:
    """Return the statement that closes the user's open request."""
    is_open = link_requests.c.settled_by == ""
    return update(link_requests).where(of_user(link_requests, user), is_open).values(settled_by=by)


async def _others(connection: AsyncConnection, link: Link) -> list[SlackUser]:
    """Return who else in the workspace has the link's UID."""
    rows = await connection.execute(
        select(links)
        .where(of_team(links, link.user.enterprise_id, link.user.team_id))
        .where(links.c.uid == link.uid, links.c.user_id != link.user.user_id)
        .order_by(links.c.user_id)
    )
    return [kept(row).link.user for row in rows]
