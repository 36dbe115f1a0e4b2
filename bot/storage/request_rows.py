"""Requests for a link as rows: how one is closed, within somebody's transaction."""

from __future__ import annotations

from bot.identity.users import SlackUser
from bot.storage.connection import Connection
from bot.storage.link_rows import key

_SETTLE = """
UPDATE link_requests SET settled_by = :by, declined_at = :declined_at
WHERE team_id = :team_id AND user_id = :user_id AND settled_by = ''
"""


async def settle(connection: Connection, user: SlackUser, by: str, *, declined_at: int = 0) -> bool:
    """Close the user's open request, declined at that Unix time or answered; return False where there is none."""
    return await connection.do(_SETTLE, **key(user), by=by, declined_at=declined_at) > 0
