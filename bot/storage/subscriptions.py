"""Subscriptions in a database. Changes of one workspace's wait for each other, in all processes."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Row, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cometchat import Uid
from bot.identity.users import SlackUser
from bot.storage.database import CHANGE_SECONDS, READ_SECONDS, Database
from bot.storage.tables import key_of, looks, messages, of_team, of_user, subscriptions, tellings
from bot.subscriptions.looks import NEVER
from bot.subscriptions.service import TooManySubscriptionsError
from bot.subscriptions.subscription import MOST_SUBSCRIPTIONS, Subscription, Wanted
from bot.subscriptions.tellings import subscription_from_text

_OLDEST_FIRST = (subscriptions.c.made_at, subscriptions.c.id)


class StoredSubscriptions:
    """Implements `SubscriptionStore`. Every method raises StoreUnavailableError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, subscription: Subscription) -> Subscription:
        """Store the subscription, or return the one that wants the same there; its UID is looked for at once."""
        owner = subscription.owner
        of_owner = of_user(subscriptions, owner)
        same = of_owner & _wants_the_same(subscription)
        counted = select(func.count()).select_from(subscriptions).where(of_owner)
        begin = self._database.insert(looks).values(
            uid=subscription.made_for, due_at=float(subscription.made_at), wake_at=NEVER
        )
        begin = begin.on_conflict_do_update(
            index_elements=[looks.c.uid], set_={"due_at": float(subscription.made_at)}
        )
        renewed = {
            "made_for": subscription.made_for,
            "quiet_hours": subscription.quiet_hours,
            "muted_until": 0,
        }

        async def work(connection: AsyncConnection) -> Subscription:
            before = (await connection.execute(select(subscriptions).where(same))).first()
            if before and before.made_for == subscription.made_for:
                changed = update(subscriptions).where(same).values(renewed).returning(subscriptions)
                return from_row((await connection.execute(changed)).one())
            if before:  # of a link that is another by now: it would end at the next look
                await remove(connection, (before.id,))
            elif (await connection.execute(counted)).scalar_one() >= MOST_SUBSCRIPTIONS:
                raise TooManySubscriptionsError
            await connection.execute(insert(subscriptions).values(row_of(subscription)))
            await connection.execute(begin)
            return subscription

        return await self._database.change(work, within=CHANGE_SECONDS, lock=_lock(owner.team_id))

    async def get(self, subscription_id: str) -> Subscription | None:
        """Return the subscription, None where there is none."""
        found = await self._read(subscriptions.c.id == subscription_id)
        return found[0] if found else None

    async def of_owner(self, owner: SlackUser) -> tuple[Subscription, ...]:
        """Return a person's subscriptions, the oldest first."""
        return await self._read(of_user(subscriptions, owner))

    async def for_admins(self, team_id: str, channel_id: str | None) -> tuple[Subscription, ...]:
        """Return the workspace's subscriptions to that channel, and those of another UID, the oldest first."""
        shown = [subscriptions.c.uid != ""]
        if channel_id:
            shown.append(subscriptions.c.channel_id == channel_id)
        return await self._read(of_team(subscriptions, team_id) & or_(*shown))

    async def remove(self, subscription_ids: tuple[str, ...]) -> None:
        """End subscriptions, with all that is still to be told of them."""
        await self._database.change(
            lambda connection: remove(connection, subscription_ids), within=CHANGE_SECONDS
        )

    async def mute(self, subscription_id: str, until: int) -> None:
        """Tell nothing until that Unix time."""
        one = subscriptions.c.id == subscription_id
        await self._database.execute(
            update(subscriptions).where(one).values(muted_until=until), within=CHANGE_SECONDS
        )

    async def remove_team(self, team_id: str, until: int) -> None:
        """End all subscriptions of a workspace that were made until that Unix time, with every word about them."""
        theirs = of_team(subscriptions, team_id) & (subscriptions.c.made_at <= until)
        words = select(messages.c.id, messages.c.about).where(messages.c.about != "")

        async def work(connection: AsyncConnection) -> None:
            ids = (await connection.execute(select(subscriptions.c.id).where(theirs))).scalars().all()
            await remove(connection, tuple(ids))
            said = [(row.id, subscription_from_text(row.about)) for row in await connection.execute(words)]
            gone = [key for key, about in said if about.owner.team_id == team_id and about.made_at <= until]
            await connection.execute(delete(messages).where(messages.c.id.in_(gone)))

        await self._database.change(work, within=CHANGE_SECONDS, lock=_lock(team_id))

    async def _read(self, wanted: ColumnElement[bool]) -> tuple[Subscription, ...]:
        query = select(subscriptions).where(wanted).order_by(*_OLDEST_FIRST)
        return tuple(from_row(row) for row in await self._database.fetch(query, within=READ_SECONDS))


async def remove(connection: AsyncConnection, subscription_ids: tuple[str, ...]) -> None:
    """End subscriptions within somebody's transaction; the words that they have ended stay."""
    await connection.execute(delete(subscriptions).where(subscriptions.c.id.in_(subscription_ids)))
    await connection.execute(delete(tellings).where(tellings.c.subscription_id.in_(subscription_ids)))
    of_calls = messages.c.subscription_id.in_(subscription_ids) & (messages.c.about == "")
    await connection.execute(delete(messages).where(of_calls))


def from_row(row: Row[Any]) -> Subscription:
    """Return the subscription that a row holds."""
    return Subscription(
        id=row.id,
        owner=SlackUser(row.enterprise_id or None, row.team_id, row.user_id),
        made_for=Uid(row.made_for),
        uid=Uid(row.uid) if row.uid else None,
        channel_id=row.channel_id or None,
        wanted=Wanted(
            missed=row.missed,
            ended=row.ended,
            kind=row.kind or None,
            longer_seconds=row.longer_seconds,
            with_whom=row.with_whom,
        ),
        made_at=row.made_at,
        quiet_hours=row.quiet_hours,
        muted_until=row.muted_until,
    )


def row_of(subscription: Subscription) -> dict[str, object]:
    """Return all columns of a subscription's row."""
    return {
        **key_of(subscription.owner),
        **_what(subscription),
        "id": subscription.id,
        "enterprise_id": subscription.owner.enterprise_id or "",
        "made_for": subscription.made_for,
        "quiet_hours": subscription.quiet_hours,
        "made_at": subscription.made_at,
        "muted_until": subscription.muted_until,
    }


def _what(subscription: Subscription) -> dict[str, object]:
    """Return the columns by which two of a person's subscriptions are the same."""
    wanted = subscription.wanted
    return {
        "uid": subscription.uid or "",
        "channel_id": subscription.channel_id or "",
        "missed": wanted.missed,
        "ended": wanted.ended,
        "kind": wanted.kind or "",
        "longer_seconds": wanted.longer_seconds,
        "with_whom": wanted.with_whom,
    }


def _wants_the_same(subscription: Subscription) -> ColumnElement[bool]:
    conditions = [subscriptions.c[name] == value for name, value in _what(subscription).items()]
    same = conditions[0]
    for condition in conditions[1:]:
        same &= condition
    return same


def _lock(team_id: str) -> str:
    return f"callinfo subscriptions {team_id}"
