"""Messages as rows, each claimed by one process at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, case, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import claims
from bot.storage.background import Background
from bot.storage.database import CHANGE_SECONDS, Database
from bot.storage.looks import message_row, store_ends, telling_from_row
from bot.storage.subscriptions import from_row, remove
from bot.storage.tables import hints, messages, subscriptions, tellings
from bot.subscriptions.looks import NEVER
from bot.subscriptions.outgoing import Outgoing, Sending
from bot.subscriptions.subscription import Subscription
from bot.subscriptions.tellings import (
    TOLD_SECONDS,
    MessageKind,
    NewMessage,
    Telling,
    Why,
    subscription_from_text,
)

KEPT_SECONDS = 3 * TOLD_SECONDS
"""How long it is known what was told: no call that old is told again."""


class StoredMessages:
    """Implements `MessageStore`. Every method raises StoreUnavailableError. Times are Unix seconds."""

    def __init__(self, database: Database | Background, *, within: float | None = CHANGE_SECONDS) -> None:
        self._database = database
        self._within = within

    async def claim(self, now: float, until: float, limit: int) -> tuple[Outgoing, ...]:
        """Claim messages for which something is due, the longest due first; return them."""
        is_free = (messages.c.due_at <= now) & (messages.c.claimed_until < now)
        if not await claims.is_any(self._database, messages.c.id, is_free):
            return ()

        async def work(connection: AsyncConnection) -> tuple[Outgoing, ...]:
            rows = await claims.claim(
                connection, messages.c.id, is_free, order=messages.c.due_at, limit=limit, until=until
            )
            return await _outgoing(connection, sorted(rows, key=lambda row: (row.due_at, row.made_at)))

        return await self._database.change(work, within=self._within)

    async def begin(self, message: Outgoing, what: Sending) -> bool:
        """Note that it is being posted; return False where the claim is not the caller's any more."""
        return await self._change(message, sending=what) > 0

    async def posted(self, message: Outgoing, channel: str, ts: str, shown: str) -> None:
        """Note where it was posted, and what it shows; what else is due for it still is."""
        where = {"posted_in": channel, "ts": ts, "shown": shown, "held": False}
        await self._change(message, **where, sending="", tries=0, refused_since=0, claimed_until=0.0)
        await self._take_back(message)

    async def updated(self, message: Outgoing, shown: str) -> None:
        """Note what it shows by now."""
        await self._change(message, shown=shown, tries=0, **_done(message))

    async def replied(self, message: Outgoing, what: Sending) -> None:
        """Note that its thread has that reply, or never will; there may be another to give."""
        replied = " ".join(sorted({*message.replied, what}))
        await self._change(message, replied=replied, sending="", tries=0, refused_since=0, claimed_until=0.0)
        await self._take_back(message)

    async def retry(self, message: Outgoing, at: float) -> None:
        """Do at that Unix time what failed now."""
        await self._change(message, tries=message.tries + 1, claimed_until=0.0, due_at=at)

    async def hold(self, message: Outgoing, until: float) -> None:
        """Keep it until then, as one with what is kept already for the subscription."""
        other = (
            (messages.c.subscription_id == _subscription_id(message))
            & messages.c.held
            & (messages.c.id != message.id)
            & (messages.c.ts == "")
            & (messages.c.sending == "")
            & (messages.c.due_at == until)
        )

        async def work(connection: AsyncConnection) -> None:
            kept = (await connection.execute(select(messages.c.id).where(other).limit(1))).scalar()
            if kept is None:
                await connection.execute(
                    update(messages)
                    .where(_is_claim(message))
                    .values(held=True, due_at=until, claimed_until=0.0)
                )
                return
            if (await connection.execute(delete(messages).where(_is_claim(message)))).rowcount:
                theirs = tellings.c.message_id == message.id
                await connection.execute(update(tellings).where(theirs).values(message_id=kept))
                together = update(messages).where(messages.c.id == kept).values(kind=MessageKind.MORNING)
                await connection.execute(together)

        lock = f"callinfo messages {_subscription_id(message)}"
        await self._database.change(work, within=self._within, lock=lock)

    async def refused(self, message: Outgoing, word: str, now: float, again_at: float, *, tell: bool) -> None:
        """Note that Slack takes nothing there, by that word; if `tell`, let the owner know, once."""
        values = {
            "sending": "",
            "tries": message.tries + 1,
            "refused_since": message.refused_since or int(now),
            "claimed_until": 0.0,
            "due_at": again_at,
        }
        subscription = message.subscription
        notice = NewMessage(
            _refused_id(message),
            _subscription_id(message),
            f"{MessageKind.REFUSED}:{word}",
            now,
        )
        note = self._database.insert(messages).values(message_row(notice, now)).on_conflict_do_nothing()

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(update(messages).where(_is_claim(message)).values(values))
            if tell and subscription:
                await connection.execute(note)

        await self._database.change(work, within=self._within)

    async def drop(self, message: Outgoing) -> None:
        """Delete it; its calls are never told."""

        async def work(connection: AsyncConnection) -> None:
            if (await connection.execute(delete(messages).where(_is_claim(message)))).rowcount:
                theirs = tellings.c.message_id == message.id
                await connection.execute(update(tellings).where(theirs).values(message_id=""))

        await self._database.change(work, within=self._within)

    async def end(self, subscription: Subscription, why: Why, now: float) -> bool:
        """End the subscription, with a word to its owner; return False where there is none any more."""
        one = select(subscriptions.c.id).where(subscriptions.c.id == subscription.id).with_for_update()

        async def work(connection: AsyncConnection) -> bool:
            if (await connection.execute(one)).first() is None:
                return False
            await remove(connection, (subscription.id,))
            await store_ends(connection, [(subscription, why)], now)
            return True

        return await self._database.change(work, within=self._within)

    async def prune(self, now: float) -> None:
        """Delete what can't be told or updated any more."""
        before = int(now) - KEPT_SECONDS
        over = (messages.c.made_at < before) & (messages.c.due_at > now)
        await self._database.execute(delete(messages).where(over), within=self._within)
        old = tellings.c.began_at < before
        await self._database.execute(delete(tellings).where(old), within=self._within)
        await self._database.execute(delete(hints).where(hints.c.received_at < before), within=self._within)

    async def _take_back(self, message: Outgoing) -> None:
        """Delete the word that Slack refuses the message, if it waits for the end of the owner's quiet hours."""
        if message.refused_since:
            word = (
                (messages.c.id == _refused_id(message)) & (messages.c.ts == "") & (messages.c.sending == "")
            )
            await self._database.execute(delete(messages).where(word), within=self._within)

    async def _change(self, message: Outgoing, **values: Any) -> int:
        statement = update(messages).where(_is_claim(message)).values(**values)
        return await self._database.execute(statement, within=self._within)


async def _outgoing(connection: AsyncConnection, rows: Sequence[Row[Any]]) -> tuple[Outgoing, ...]:
    """Return the messages of those rows, with their subscriptions and calls."""
    ids = {row.subscription_id for row in rows}
    found = await connection.execute(select(subscriptions).where(subscriptions.c.id.in_(ids)))
    known = {row.id: from_row(row) for row in found}
    of_message: defaultdict[str, list[Telling]] = defaultdict(list)
    theirs = tellings.c.message_id.in_([row.id for row in rows])
    order = (tellings.c.began_at, tellings.c.call_key)
    for row in await connection.execute(select(tellings).where(theirs).order_by(*order)):
        of_message[row.message_id].append(telling_from_row(row))
    return tuple(_from_row(row, known.get(row.subscription_id), tuple(of_message[row.id])) for row in rows)


def _from_row(row: Row[Any], subscription: Subscription | None, told: tuple[Telling, ...]) -> Outgoing:
    kind, _, detail = row.kind.partition(":")
    return Outgoing(
        id=row.id,
        claimed_until=row.claimed_until,
        due_at=row.due_at,
        kind=MessageKind(kind),
        detail=detail,
        subscription=subscription_from_text(row.about) if row.about else subscription,
        tellings=told,
        made_at=row.made_at,
        sending=row.sending,
        channel=row.posted_in,
        ts=row.ts,
        shown=row.shown,
        replied=frozenset(row.replied.split()),
        held=row.held,
        tries=row.tries,
        refused_since=row.refused_since,
    )


def _done(message: Outgoing) -> dict[str, Any]:
    """Return the values of a message for which nothing is due, unless something changed since it was claimed."""
    unchanged = messages.c.due_at == message.due_at
    return {"due_at": case((unchanged, NEVER), else_=messages.c.due_at), "claimed_until": 0.0}


def _is_claim(message: Outgoing) -> ColumnElement[bool]:
    return (messages.c.id == message.id) & (messages.c.claimed_until == message.claimed_until)


def _refused_id(message: Outgoing) -> str:
    return f"refused {_subscription_id(message)}"


def _subscription_id(message: Outgoing) -> str:
    return message.subscription.id if message.subscription else ""
