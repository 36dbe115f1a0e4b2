"""Requests for a link in a database: `Requests` over `bot.storage`.

They take turns with the changes of their workspace's links, one of which may answer them (`identity/stored.py`).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.identity.requests import OpenRequest, OpenRequests, Requested
from bot.identity.users import SlackUser
from bot.storage.database import Database, Result, Work
from bot.storage.link_rows import CHANGE_SECONDS, READ_SECONDS, key, of_team, of_user, turn_of
from bot.storage.request_rows import is_open, open_of, settling
from bot.storage.tables import link_requests

REQUEST_SECONDS = 86_400
"""How long an unanswered request keeps its person from asking again; admins may have missed it."""

UNSENT_SECONDS = 60
"""How long a request does so that no admin has got: its messages are under way, or the bot died before them."""

DECLINED_SECONDS = 3_600
"""How long a declined one does: an admin who has just decided is not asked again at once."""


class StoredRequests:
    """Implements `Requests`. What takes longer than it may is unavailable."""

    def __init__(
        self,
        database: Database,
        *,
        change_within: float | None = CHANGE_SECONDS,
        read_within: float | None = READ_SECONDS,
    ) -> None:
        self._database = database
        self._read_within = read_within
        self._change_within = change_within

    async def request(self, user: SlackUser, at: int) -> Requested:
        """Note that the user asks for a link at that Unix time, unless a request of theirs says otherwise.

        An open one does for REQUEST_SECONDS, or UNSENT_SECONDS where it got to no admin, a declined one for
        DECLINED_SECONDS.
        """
        is_theirs = of_user(link_requests, user)
        row = key(user) | {"requested_at": at, "sent_at": 0, "settled_by": "", "declined_at": 0}

        async def work(connection: AsyncConnection) -> Requested:
            before = (await connection.execute(select(link_requests).where(is_theirs))).first()
            standing = _standing(before, at) if before else Requested.NOTED
            if standing is Requested.NOTED:
                await connection.execute(
                    update(link_requests).where(is_theirs).values(row)
                    if before
                    else insert(link_requests).values(row)
                )
            return standing

        return await self._changed(work, user.team_id)

    async def request_sent(self, user: SlackUser, at: int) -> None:
        """Note that admins have got the user's open request."""

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(update(link_requests).where(open_of(user)).values(sent_at=at))

        await self._changed(work, user.team_id)

    async def withdraw_request(self, user: SlackUser) -> None:
        """Close the user's open request as if it had never been made."""

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(delete(link_requests).where(open_of(user)))

        await self._changed(work, user.team_id)

    async def decline_request(self, user: SlackUser, by: str, at: int) -> bool:
        """Decline the user's open request; return False where another admin has closed it, or there is none."""

        async def work(connection: AsyncConnection) -> bool:
            declined = await connection.execute(settling(user, by).values(declined_at=at))
            return declined.rowcount == 1

        return await self._changed(work, user.team_id)

    async def open_requests(self, team_id: str, *, limit: int) -> OpenRequests:
        """Return a workspace's open requests, the oldest first, `limit` at most."""
        wanted = of_team(link_requests, team_id) & is_open()
        counted = select(func.count()).select_from(link_requests).where(wanted)
        order = (link_requests.c.requested_at, link_requests.c.user_id)
        listed = select(link_requests).where(wanted).order_by(*order).limit(limit)

        async def work(connection: AsyncConnection) -> OpenRequests:
            total = (await connection.execute(counted)).scalar_one()
            rows = await connection.execute(listed)
            return OpenRequests(tuple(_request(row) for row in rows), total)

        return await self._database.read(work, within=self._read_within)

    async def _changed(self, work: Work[Result], team_id: str) -> Result:
        return await self._database.change(work, within=self._change_within, turn=turn_of(team_id))


def _request(row: Row[Any]) -> OpenRequest:
    return OpenRequest(SlackUser(None, row.team_id, row.user_id), row.requested_at)


def _standing(request: Row[Any], at: int) -> Requested:
    """Return what the person's last request says to a new one; NOTED where it stands in nobody's way."""
    if request.declined_at and at - request.declined_at < DECLINED_SECONDS:
        return Requested.DECLINED
    kept_seconds = REQUEST_SECONDS if request.sent_at else UNSENT_SECONDS
    is_open = not request.settled_by and at - request.requested_at < kept_seconds
    return Requested.OPEN if is_open else Requested.NOTED
