"""Links in a database: `Links` over `bot.storage`, with what was read within seconds remembered.

Changes of one workspace's links take turns, in all processes, so that each sees what the one before it left. A link
closes the request that it answers in the same transaction; all else about requests is `stored_requests.py`'s.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Collection

from bot.identity.links import (
    CONFIRM_ANY,
    Link,
    LinksPage,
    RequestSettledError,
    UidConflict,
    UidTakenError,
)
from bot.identity.users import SlackUser
from bot.observability.audit import Entry
from bot.storage import audit
from bot.storage.connection import Connection
from bot.storage.database import Database, Result, Work
from bot.storage.gathered import Gathered
from bot.storage.link_rows import (
    CHANGE_SECONDS,
    INSERT,
    READ_SECONDS,
    has_links,
    kept,
    kept_link,
    kept_links,
    key,
    turn_of,
    values,
)
from bot.storage.remembered import Memory
from bot.storage.request_rows import settle

REMEMBERED_SECONDS = 3.0
"""A change in another process is seen after this long at the latest, and the time of one read."""

_REMEMBERED = 10_000

_UPDATE = """
UPDATE links SET enterprise_id = :enterprise_id, uid = :uid, confirmed = :confirmed, made_by = :made_by,
    made_at = :made_at, how = :how
WHERE team_id = :team_id AND user_id = :user_id
"""

_REMOVE = "DELETE FROM links WHERE team_id = :team_id AND user_id = :user_id"

_OTHERS = """
SELECT * FROM links WHERE team_id = :team_id AND uid = :uid AND user_id <> :user_id ORDER BY user_id
"""

# With no prefix both patterns match everything
_BEGINS = "team_id = :team_id AND (user_id LIKE :user_id ESCAPE '/' OR uid LIKE :uid ESCAPE '/')"
_COUNT = f"SELECT count(*) AS total FROM links WHERE {_BEGINS}"  # noqa: S608 - a constant
_PAGE = f"SELECT * FROM links WHERE {_BEGINS} ORDER BY user_id LIMIT :limit OFFSET :offset"  # noqa: S608 - a constant

_OF_TEAM = "SELECT * FROM links WHERE team_id = :team_id AND made_at <= :until"
_REMOVE_OF_TEAM = "DELETE FROM links WHERE team_id = :team_id AND made_at <= :until"
_REMOVE_REQUESTS = "DELETE FROM link_requests WHERE team_id = :team_id AND requested_at <= :until"

_EVER = 2**63 - 1  # the last moment that a column of times can hold


class StoredLinks:
    """Implements `Links`. `clock` is monotonic; a read or a change that takes longer than it may is unavailable."""

    def __init__(
        self,
        database: Database,
        *,
        clock: Callable[[], float] = time.monotonic,
        read_within: float | None = READ_SECONDS,
        change_within: float | None = CHANGE_SECONDS,
    ) -> None:
        self._database = database
        self._read_within = read_within
        self._change_within = change_within
        self._memory: Memory[SlackUser, Link | None] = Memory(
            seconds=REMEMBERED_SECONDS, size=_REMEMBERED, clock=clock
        )
        # Whether anybody has a link: where CALLINFO_USER_MAP says it all, one read does for everybody
        self._any: Memory[None, bool] = Memory(seconds=REMEMBERED_SECONDS, size=1, clock=clock)
        self._reads = Gathered(self._read)

    async def get(self, user: SlackUser) -> Link | None:
        """Return the user's link: one indexed read for all who ask at once, or none where it was read within seconds.

        Otherwise many commands at once would wait for each other's reads, and run out of time.
        """
        if remembered := self._memory.recall(user):
            return remembered.value
        if (anybody := self._any.recall(None)) and not anybody.value:
            return None
        return await self._reads.get(user)

    async def _read(self, users: Collection[SlackUser]) -> dict[SlackUser, Link]:
        reading = self._memory.begin()

        async def work(connection: Connection) -> dict[SlackUser, Link]:
            found = await kept_links(connection, users)
            if not found and not self._any.recall(None):
                self._any.keep(None, await has_links(connection), reading)
            return {user: each.link for user, each in found.items()}

        found = await self._database.read(work, within=self._read_within)
        for user in users:
            self._memory.keep(user, found.get(user), reading)
        return found

    async def put(
        self,
        link: Link,
        *,
        confirmed: str = "",
        asked_for: bool = False,
        audited: Callable[[Link | None], Entry] | None = None,
    ) -> Link | None:
        """Make or replace the user's link, and close the request that they may have open, all or nothing.

        Return the link that it replaces. Raises UidTakenError where other users of the workspace have the UID,
        unless an admin `confirmed` that by its seal or the user has that UID already, and RequestSettledError where
        it was `asked_for` and no request is open. `audited` makes the entry that is stored with the change, from
        the link that it replaces.
        """

        async def work(connection: Connection) -> Link | None:
            settled = await settle(connection, link.user, link.made_by)
            if asked_for and not settled:
                raise RequestSettledError
            before = await kept_link(connection, link.user)
            sharing = UidConflict(await _others(connection, link), before.link.uid if before else None)
            if before and before.link.uid == link.uid:
                row = values(link, confirmed=before.confirmed)
            elif sharing.others and confirmed not in {CONFIRM_ANY, sharing.fingerprint()}:
                raise UidTakenError(sharing)
            else:
                row = values(link, confirmed=bool(sharing.others))
            await connection.do(_UPDATE if before else INSERT, **row)
            if audited:
                await audit.add(connection, (audited(before.link if before else None),))
            return before.link if before else None

        return await self._changed(work, link.user.team_id)

    async def remove(self, user: SlackUser, *, audited: Callable[[Link], Entry] | None = None) -> Link | None:
        """Remove the user's link; return it, None when there was none. `audited` makes the entry stored with it."""

        async def work(connection: Connection) -> Link | None:
            before = await kept_link(connection, user)
            await connection.do(_REMOVE, **key(user))
            if before and audited:
                await audit.add(connection, (audited(before.link),))
            return before.link if before else None

        return await self._changed(work, user.team_id)

    async def page(self, team_id: str, *, prefix: str = "", offset: int = 0, limit: int = 10) -> LinksPage:
        """Return links of a workspace whose Slack user id or UID begins with `prefix`, in either case."""
        wanted = {
            "team_id": team_id,
            "user_id": _beginning(prefix.upper()),
            "uid": _beginning(prefix.lower()),
        }

        async def work(connection: Connection) -> LinksPage:
            counted = await connection.row(_COUNT, **wanted)
            rows = await connection.rows(_PAGE, **wanted, offset=offset, limit=limit)
            return LinksPage(tuple(kept(row).link for row in rows), counted["total"] if counted else 0)

        return await self._database.read(work, within=self._read_within)

    async def remove_team(
        self, team_id: str, *, until: int | None = None, audited: Callable[[Link], Entry] | None = None
    ) -> tuple[Link, ...]:
        """Remove all links of a workspace, and its requests for one, made `until` then (Unix time); return the links.

        `audited` is as for `remove`.
        """
        last = _EVER if until is None else until

        async def work(connection: Connection) -> tuple[Link, ...]:
            rows = await connection.rows(_OF_TEAM, team_id=team_id, until=last)
            there = [kept(row).link for row in rows]
            await connection.do(_REMOVE_REQUESTS, team_id=team_id, until=last)
            await connection.do(_REMOVE_OF_TEAM, team_id=team_id, until=last)
            if there and audited:
                await audit.add(connection, tuple(audited(link) for link in there))
            return tuple(there)

        return await self._changed(work, team_id)

    async def _changed(self, work: Work[Result], team_id: str) -> Result:
        try:
            return await self._database.change(work, within=self._change_within, turn=turn_of(team_id))
        finally:
            self._memory.forget()  # after a failure too: it may have been made all the same
            self._any.forget()


async def _others(connection: Connection, link: Link) -> tuple[SlackUser, ...]:
    """Return who else in the workspace has the link's UID."""
    rows = await connection.rows(_OTHERS, **key(link.user), uid=link.uid)
    return tuple(kept(row).link.user for row in rows)


def _beginning(prefix: str) -> str:
    """Return the pattern of what begins with these letters as they stand; / is what takes a letter's meaning."""
    return re.sub("[/%_]", r"/\g<0>", prefix) + "%"
