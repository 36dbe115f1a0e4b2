"""Links as rows: the reads and writes that single changes and imports share, each within somebody's transaction."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, exists, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.identity.links import Link
from bot.identity.users import SlackUser
from bot.storage.tables import links

CHANGE_SECONDS = 5.0
"""How long a change of a workspace's links or requests may take, the wait for its turn included."""


READ_SECONDS = 1.5
"""How long a read may take."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A link as it is kept: with whether an admin confirmed that its UID has several users."""

    link: Link
    confirmed: bool


def turn_of(team_id: str) -> str:
    """Return the turn that changes of a workspace's links take (see Database.change)."""
    return f"callinfo links {team_id}"


def of_team(table: Table, team_id: str) -> ColumnElement[bool]:
    """Return the condition for the rows of a workspace."""
    return table.c.team_id == team_id


def of_user(table: Table, user: SlackUser) -> ColumnElement[bool]:
    """Return the condition for the row of a user."""
    return of_team(table, user.team_id) & (table.c.user_id == user.user_id)


async def kept_link(connection: AsyncConnection, user: SlackUser) -> Kept | None:
    """Return the user's link: one read, by the primary key."""
    row = (await connection.execute(select(links).where(of_user(links, user)))).first()
    return kept(row) if row else None


async def kept_links(connection: AsyncConnection, users: Collection[SlackUser]) -> dict[SlackUser, Kept]:
    """Return the links of those of the users who have one: one read, by the primary key."""
    teams, ids = {user.team_id for user in users}, {user.user_id for user in users}
    rows = await connection.execute(select(links).where(links.c.team_id.in_(teams), links.c.user_id.in_(ids)))
    found = [kept(row) for row in rows]  # where there are several teams, it may be more than was asked for
    return {each.link.user: each for each in found if each.link.user in users}


async def has_links(connection: AsyncConnection) -> bool:
    """Return whether anybody has a link."""
    return bool((await connection.execute(select(exists(select(links.c.user_id))))).scalar())


def kept(row: Row[Any]) -> Kept:
    """Return the link that a row holds."""
    user = SlackUser(row.enterprise_id or None, row.team_id, row.user_id)
    return Kept(Link(user, row.uid, row.made_by, row.made_at, row.how), row.confirmed)


def key(user: SlackUser) -> dict[str, str]:
    """Return the key columns of a user's row."""
    return {"team_id": user.team_id, "user_id": user.user_id}


def values(link: Link, *, confirmed: bool) -> dict[str, object]:
    """Return all columns of a link's row."""
    return key(link.user) | {
        "enterprise_id": link.user.enterprise_id or "",
        "uid": link.uid,
        "confirmed": confirmed,
        "made_by": link.made_by,
        "made_at": link.made_at,
        "how": link.how,
    }
