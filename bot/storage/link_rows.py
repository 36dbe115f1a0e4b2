"""Links as rows: the reads and writes that single changes and imports share, each within somebody's transaction."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from bot.identity.links import Link
from bot.identity.users import SlackUser
from bot.storage.connection import Connection, Row, Value

CHANGE_SECONDS = 5.0
"""How long a change of a workspace's links or requests may take, the wait for its turn included."""


READ_SECONDS = 1.5
"""How long a read may take."""

INSERT = """
INSERT INTO links (team_id, user_id, enterprise_id, uid, confirmed, made_by, made_at, how)
VALUES (:team_id, :user_id, :enterprise_id, :uid, :confirmed, :made_by, :made_at, :how)
"""
"""Stores a link of which there are the `values`."""

_OF_USER = "SELECT * FROM links WHERE team_id = :team_id AND user_id = :user_id"

_OF_USERS = "SELECT * FROM links WHERE team_id IN :team_ids AND user_id IN :user_ids"


@dataclass(frozen=True, slots=True)
class Kept:
    """A link as it is kept: with whether an admin confirmed that its UID has several users."""

    link: Link
    confirmed: bool


def turn_of(team_id: str) -> str:
    """Return the turn that changes of a workspace's links take (see Database.change)."""
    return f"callinfo links {team_id}"


async def kept_link(connection: Connection, user: SlackUser) -> Kept | None:
    """Return the user's link: one read, by the primary key."""
    row = await connection.row(_OF_USER, **key(user))
    return kept(row) if row else None


async def kept_links(connection: Connection, users: Collection[SlackUser]) -> dict[SlackUser, Kept]:
    """Return the links of those of the users who have one: one read, by the primary key."""
    rows = await connection.rows(
        _OF_USERS,
        team_ids=sorted({user.team_id for user in users}),
        user_ids=sorted({user.user_id for user in users}),
    )
    found = [kept(row) for row in rows]  # where there are several teams, it may be more than was asked for
    return {each.link.user: each for each in found if each.link.user in users}


async def has_links(connection: Connection) -> bool:
    """Return whether anybody has a link."""
    return await connection.row("SELECT 1 FROM links LIMIT 1") is not None


def kept(row: Row) -> Kept:
    """Return the link that a row holds."""
    user = SlackUser(row["enterprise_id"] or None, row["team_id"], row["user_id"])
    link = Link(user, row["uid"], row["made_by"], row["made_at"], row["how"])
    return Kept(link, bool(row["confirmed"]))


def key(user: SlackUser) -> dict[str, Value]:
    """Return the key columns of a user's row."""
    return {"team_id": user.team_id, "user_id": user.user_id}


def values(link: Link, *, confirmed: bool) -> dict[str, Value]:
    """Return all columns of a link's row."""
    return key(link.user) | {
        "enterprise_id": link.user.enterprise_id or "",
        "uid": link.uid,
        "confirmed": confirmed,
        "made_by": link.made_by,
        "made_at": link.made_at,
        "how": link.how,
    }
