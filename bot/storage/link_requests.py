"""Requests for a link in a database: `Requests` over `bot.storage`.

They take turns with the changes of their workspace's links, one of which may answer them (`storage/links.py`).
"""

from __future__ import annotations

from bot.identity.requests import LastRequest, OpenRequest, OpenRequests, RequestResult
from bot.identity.users import SlackUser
from bot.storage.connection import Connection, Row
from bot.storage.database import Database, Result, Work
from bot.storage.link_rows import CHANGE_SECONDS, READ_SECONDS, key, turn_of
from bot.storage.request_rows import settle

REQUEST_SECONDS = 86_400
"""How long an unanswered request keeps its person from asking again; admins may have missed it."""

UNSENT_SECONDS = 60
"""How long a request does so that no admin has got: its messages are under way, or the bot died before them."""

DECLINED_SECONDS = 3_600
"""How long a declined one does: an admin who has just decided is not asked again at once."""

_OF_USER = "SELECT * FROM link_requests WHERE team_id = :team_id AND user_id = :user_id"

_NOTE = """
INSERT INTO link_requests (team_id, user_id, requested_at, sent_at, settled_by, declined_at)
VALUES (:team_id, :user_id, :at, 0, '', 0)
ON CONFLICT (team_id, user_id) DO UPDATE SET requested_at = :at, sent_at = 0, settled_by = '', declined_at = 0
"""

_NOTE_SENT = """
UPDATE link_requests SET sent_at = :at WHERE team_id = :team_id AND user_id = :user_id AND settled_by = ''
"""

_WITHDRAW = "DELETE FROM link_requests WHERE team_id = :team_id AND user_id = :user_id AND settled_by = ''"

_COUNT_OPEN = "SELECT count(*) AS total FROM link_requests WHERE team_id = :team_id AND settled_by = ''"

_OPEN = """
SELECT * FROM link_requests WHERE team_id = :team_id AND settled_by = '' ORDER BY requested_at, user_id LIMIT :limit
"""


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

    async def request(self, user: SlackUser, at: int) -> RequestResult:
        """Note that the user asks for a link at that Unix time, unless a request of theirs says otherwise.

        An open one does for REQUEST_SECONDS, or UNSENT_SECONDS where it got to no admin, a declined one for
        DECLINED_SECONDS.
        """

        async def work(connection: Connection) -> RequestResult:
            before = await connection.row(_OF_USER, **key(user))
            standing = _standing(before, at) if before else RequestResult.RECORDED
            if standing is RequestResult.RECORDED:
                await connection.do(_NOTE, **key(user), at=at)
            return standing

        return await self._changed(work, user.team_id)

    async def last_request(self, user: SlackUser, at: int) -> LastRequest | None:
        """Return the user's last request at that Unix time: one that is open, or was declined not long ago."""

        async def work(connection: Connection) -> LastRequest | None:
            row = await connection.row(_OF_USER, **key(user))
            return _last(row, at) if row else None

        return await self._database.read(work, within=self._read_within)

    async def request_sent(self, user: SlackUser, at: int) -> None:
        """Note that admins have got the user's open request."""

        async def work(connection: Connection) -> None:
            await connection.do(_NOTE_SENT, **key(user), at=at)

        await self._changed(work, user.team_id)

    async def withdraw_request(self, user: SlackUser) -> None:
        """Close the user's open request as if it had never been made."""

        async def work(connection: Connection) -> None:
            await connection.do(_WITHDRAW, **key(user))

        await self._changed(work, user.team_id)

    async def decline_request(self, user: SlackUser, by: str, at: int) -> bool:
        """Decline the user's open request; return False where another admin has closed it, or there is none."""

        async def work(connection: Connection) -> bool:
            return await settle(connection, user, by, declined_at=at)

        return await self._changed(work, user.team_id)

    async def open_requests(self, team_id: str, *, limit: int) -> OpenRequests:
        """Return a workspace's open requests, the oldest first, `limit` at most."""

        async def work(connection: Connection) -> OpenRequests:
            counted = await connection.row(_COUNT_OPEN, team_id=team_id)
            rows = await connection.rows(_OPEN, team_id=team_id, limit=limit)
            return OpenRequests(tuple(_request(row) for row in rows), counted["total"] if counted else 0)

        return await self._database.read(work, within=self._read_within)

    async def _changed(self, work: Work[Result], team_id: str) -> Result:
        return await self._database.change(work, within=self._change_within, turn=turn_of(team_id))


def _request(row: Row) -> OpenRequest:
    return OpenRequest(SlackUser(None, row["team_id"], row["user_id"]), row["requested_at"])


def _last(row: Row, at: int) -> LastRequest | None:
    standing = _standing(row, at)
    if standing is RequestResult.DECLINED:
        return LastRequest(row["declined_at"], delivered=True, if_repeated=standing)
    if row["settled_by"]:
        return None
    return LastRequest(row["requested_at"], delivered=bool(row["sent_at"]), if_repeated=standing)


def _standing(request: Row, at: int) -> RequestResult:
    """Return what the person's last request says to a new one; NOTED where it stands in nobody's way."""
    if request["declined_at"] and at - request["declined_at"] < DECLINED_SECONDS:
        return RequestResult.DECLINED
    kept_seconds = REQUEST_SECONDS if request["sent_at"] else UNSENT_SECONDS
    is_open = not request["settled_by"] and at - request["requested_at"] < kept_seconds
    return RequestResult.OPEN if is_open else RequestResult.RECORDED
