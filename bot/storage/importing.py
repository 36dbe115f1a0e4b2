"""Many links at once: planned against those that are stored, then stored in one transaction, or not at all.

Reads no file and knows no Slack; `line` says where a row stands in the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cometchat import Uid
from bot.identity import SlackUser
from bot.identity.links import Link
from bot.observability.audit import Entry
from bot.storage import audit
from bot.storage.database import Database
from bot.storage.link_requests import close_requests, team_lock
from bot.storage.links import LinkRecord, from_row, row_of
from bot.storage.tables import links, of_team

_AT_ONCE = 500

Part = TypeVar("Part")


@dataclass(frozen=True, slots=True)
class Row:
    """A link that an import wants, and the line it stands on."""

    line: int
    link: Link


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with a line, for the person who imports."""

    line: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Change:
    """A link to store, with whether its UID is confirmed, and the link that it replaces."""

    link: Link
    confirmed: bool
    before: Link | None


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import will do: the links to store, or the troubles against it."""

    store: tuple[Change, ...]
    made: int
    replaced: int
    unchanged: int
    troubles: tuple[Trouble, ...]


def plan(
    before: Sequence[LinkRecord],
    rows: Sequence[Row],
    *,
    confirmed: bool,
    configured: Mapping[Uid, Sequence[SlackUser]],
) -> Plan:
    """Return what `rows`, one a user, do to the links `before`. A link that is there already stays as it is, its maker too.

    A UID that several users would have afterwards is a trouble, unless an admin `confirmed` it, or they have it now.
    `configured` users have theirs by the configuration, unless they have a link.
    """
    now = {each.link.user.user_id: each for each in before}
    wanted = {row.link.user.user_id: row for row in rows}
    holders: dict[str, set[str]] = {}
    for user_id in now.keys() | wanted.keys():
        uid = (wanted[user_id] if user_id in wanted else now[user_id]).link.uid
        holders.setdefault(uid, set()).add(user_id)
    for configured_uid, users in configured.items():
        without_link = {user.user_id for user in users} - now.keys() - wanted.keys()
        holders.setdefault(configured_uid, set()).update(without_link)
    changes = [row for row in rows if not _is_there(now, row.link)]
    shared = [row for row in changes if len(holders[row.link.uid]) > 1]
    return Plan(
        store=tuple(
            Change(row.link, len(holders[row.link.uid]) > 1, _present(now, row.link)) for row in changes
        ),
        made=sum(row.link.user.user_id not in now for row in changes),
        replaced=sum(row.link.user.user_id in now for row in changes),
        unchanged=len(rows) - len(changes),
        troubles=() if confirmed else tuple(_shared(row, holders[row.link.uid]) for row in shared),
    )


def _is_there(now: Mapping[str, LinkRecord], link: Link) -> bool:
    there = _present(now, link)
    return there is not None and there.uid == link.uid


def _present(now: Mapping[str, LinkRecord], link: Link) -> Link | None:
    there = now.get(link.user.user_id)
    return there.link if there else None


def _shared(row: Row, holders: set[str]) -> Trouble:
    others = sorted(holders - {row.link.user.user_id})
    named = ", ".join(others[:3]) + (f" and {len(others) - 3} more" if len(others) > 3 else "")  # noqa: PLR2004 - a line's worth
    return Trouble(row.line, f"{row.link.uid} would also be the UID of {named}; --share allows that")


async def import_links(
    database: Database,
    team_id: str,
    rows: Sequence[Row],
    *,
    confirmed: bool = False,
    configured: Mapping[Uid, Sequence[SlackUser]] | None = None,
    dry_run: bool = False,
    progress: Callable[[int], None] = lambda _: None,
) -> Plan:
    """Store the rows, all of that workspace, with their audit entries; return what was planned.

    Nothing is stored where the plan has troubles, and on a `dry_run`. `progress` gets how many are done.
    `configured` are those who have a UID by the configuration.
    Raises StoreUnavailableError, and then nothing is stored either.
    """

    async def work(connection: AsyncConnection) -> Plan:
        there = await connection.execute(select(links).where(of_team(links, team_id)))
        planned = plan(
            [from_row(row) for row in there], rows, confirmed=confirmed, configured=configured or {}
        )
        if not planned.troubles and not dry_run:
            await _store(connection, planned.store, progress)
            for part in _parts(rows):  # those included whose link was there before
                user_ids = [row.link.user.user_id for row in part]
                await close_requests(connection, team_id, user_ids, part[0].link.made_by)
        return planned

    return await database.change(work, within=None, lock=team_lock(team_id))


async def _store(
    connection: AsyncConnection, changes: Sequence[Change], progress: Callable[[int], None]
) -> None:
    """Store the changes. All that are replaced go first, since two users may exchange their UIDs."""
    for part in _parts(changes):
        user_ids = [each.link.user.user_id for each in part]
        theirs = of_team(links, part[0].link.user.team_id) & links.c.user_id.in_(user_ids)
        await connection.execute(delete(links).where(theirs))
    done = 0
    for part in _parts(changes):
        rows = [row_of(each.link, confirmed=each.confirmed) for each in part]
        await connection.execute(insert(links), rows)
        await audit.add(connection, tuple(entry_of(each) for each in part))
        done += len(part)
        progress(done)


def _parts(rows: Sequence[Part]) -> Iterator[Sequence[Part]]:
    return (rows[start : start + _AT_ONCE] for start in range(0, len(rows), _AT_ONCE))


def entry_of(change: Change) -> Entry:
    """Return the audit entry of an imported link."""
    link = change.link
    return Entry(
        at=link.made_at,
        deed="import",
        team_id=link.user.team_id,
        user_id=link.made_by,
        outcome="linked",
        uid=link.uid,
        subject=link.user.user_id,
        replaced=change.before.uid if change.before else "",
    )
