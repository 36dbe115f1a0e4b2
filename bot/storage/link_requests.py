"""Requests for a link in a database.

Their changes take the same lock as changes of the workspace's links, since a link closes its request (`links.py`).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Row, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.identity.requests import LastRequest, OpenRequest, OpenRequests, RequestResult
from bot.identity.users import SlackUser
from bot.storage.database import CHANGE_SECONDS, READ_SECONDS, Database
from bot.storage.tables import key_of, link_requests, of_team, of_user

REQUEST_SECONDS = 86_400
"""How long an unanswered request prevents another; admins may have missed it."""

UNSENT_SECONDS = 60
"""How long one does that no admin has got: its messages are under way, or the bot died before it sent them."""

DECLINED_SECONDS = 3_600
"""How long a declined one does, so that an admin who has just decided is left alone."""


class StoredRequests:
    """Implements `Requests`. What takes longer than it may fails."""

    def __init__(self, database: Database, *, change_within: float | None = CHANGE_SECONDS) -> None:
        self._database = database
        self._change_within = change_within

    async def request(self, user: SlackUser, at: int) -> RequestResult:
        """Record that the user asks for a link at that Unix time, unless an earlier request prevents it.

        An open one does for REQUEST_SECONDS, or UNSENT_SECONDS where no admin has got it, a declined one for
        DECLINED_SECONDS.
        """
        row = {"requested_at": at, "sent_at": 0, "settled_by": "", "declined_at": 0}
        key = [link_requests.c.team_id, link_requests.c.user_id]
        note = self._database.insert(link_requests).values(key_of(user) | row)

        async def work(connection: AsyncConnection) -> RequestResult:
            query = select(link_requests).where(of_user(link_requests, user))
            before = (await connection.execute(query)).first()
            status = _status(before, at) if before else RequestResult.RECORDED
            if status is RequestResult.RECORDED:
                await connection.execute(note.on_conflict_do_update(index_elements=key, set_=row))
            return status

        return await self._database.change(work, within=self._change_within, lock=team_lock(user.team_id))

    async def last_request(self, user: SlackUser, at: int) -> LastRequest | None:
        """Return the user's last request at that Unix time: one that is open, or was declined not long ago."""
        query = select(link_requests).where(of_user(link_requests, user))
        rows = await self._database.fetch(query, within=READ_SECONDS)
        return _last(rows[0], at) if rows else None

    async def request_sent(self, user: SlackUser, at: int) -> None:
        """Record that admins have got the user's open request."""
        statement = update(link_requests).where(_is_open_of(user)).values(sent_at=at)
        await self._execute(statement, user)

    async def withdraw_request(self, user: SlackUser) -> None:
        """Delete the user's open request, as if it had never been made."""
        await self._execute(delete(link_requests).where(_is_open_of(user)), user)

    async def decline_request(self, user: SlackUser, by: str, at: int) -> bool:
        """Decline the user's open request; return False where another admin has closed it, or there is none."""

        async def work(connection: AsyncConnection) -> bool:
            return await close_request(connection, user, by, declined_at=at)

        return await self._database.change(work, within=self._change_within, lock=team_lock(user.team_id))

    async def open_requests(self, team_id: str, *, limit: int) -> OpenRequests:
        """Return a workspace's open requests, the oldest first, `limit` at most."""
        wanted = of_team(link_requests, team_id) & _is_open()
        counted = select(func.count()).select_from(link_requests).where(wanted)
        order = (link_requests.c.requested_at, link_requests.c.user_id)
        listed = select(link_requests).where(wanted).order_by(*order).limit(limit)

        async def work(connection: AsyncConnection) -> OpenRequests:
            total = (await connection.execute(counted)).scalar_one()
            rows = await connection.execute(listed)
            return OpenRequests(tuple(_request(row) for row in rows), total)

        return await self._database.read(work, within=READ_SECONDS)

    async def _execute(self, statement: Any, user: SlackUser) -> None:
        await self._database.execute(statement, within=self._change_within, lock=team_lock(user.team_id))


def team_lock(team_id: str) -> str:
    """Return the lock that changes of a workspace's links and requests take (see Database.change)."""
    return f"callinfo links {team_id}"


async def close_request(
    connection: AsyncConnection, user: SlackUser, by: str, *, declined_at: int = 0
) -> bool:
    """Close the user's open request, declined at that Unix time or answered; return False where there is none."""
    statement = update(link_requests).where(_is_open_of(user)).values(settled_by=by, declined_at=declined_at)
    return (await connection.execute(statement)).rowcount > 0


async def close_requests(connection: AsyncConnection, team_id: str, user_ids: list[str], by: str) -> None:
    """Close the open requests of people of a workspace who were linked."""
    theirs = of_team(link_requests, team_id) & _is_open() & link_requests.c.user_id.in_(user_ids)
    await connection.execute(update(link_requests).where(theirs).values(settled_by=by))


def _is_open() -> ColumnElement[bool]:
    return link_requests.c.settled_by == ""


def _is_open_of(user: SlackUser) -> ColumnElement[bool]:
    return of_user(link_requests, user) & _is_open()


def _request(row: Row[Any]) -> OpenRequest:
    return OpenRequest(SlackUser(None, row.team_id, row.user_id), row.requested_at)


def _last(row: Row[Any], at: int) -> LastRequest | None:
    status = _status(row, at)
    if status is RequestResult.DECLINED:
        return LastRequest(row.declined_at, delivered=True, if_repeated=status)
    if row.settled_by:
        return None
    return LastRequest(row.requested_at, delivered=bool(row.sent_at), if_repeated=status)


def _status(request: Row[Any], at: int) -> RequestResult:
    """Return what would come of another request after this one."""
    if request.declined_at and at - request.declined_at < DECLINED_SECONDS:
        return RequestResult.DECLINED
    kept_seconds = REQUEST_SECONDS if request.sent_at else UNSENT_SECONDS
    is_open = not request.settled_by and at - request.requested_at < kept_seconds
    return RequestResult.OPEN if is_open else RequestResult.RECORDED
