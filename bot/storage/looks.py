"""Looks as rows, one for each UID that anybody has subscribed to; each is claimed by one process at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from itertools import chain
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, bindparam, delete, exists, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cometchat import SessionId, Uid
from bot.storage import claims
from bot.storage.background import Background
from bot.storage.database import CHANGE_SECONDS, READ_SECONDS, Database
from bot.storage.subscriptions import from_row, remove
from bot.storage.tables import looks, messages, subscriptions, tellings
from bot.subscriptions.looks import MOST_AWAITED, NEVER, Awaited, Findings, Look, LookReason, Wake
from bot.subscriptions.subscription import Occasion, Subscription
from bot.subscriptions.tellings import (
    REMEMBERED_SECONDS,
    MessageKind,
    MessageState,
    NewMessage,
    Telling,
    Why,
    call_from_text,
    call_to_text,
    new_message_id,
    subscription_to_text,
)

YIELDS_SECONDS = 20.0
"""For each repetition, a look is sorted as if it were due so much later: new ones go first."""

GAP_SECONDS = 3_600
"""A look after so long without one catches up."""


class StoredLooks:
    """Implements `LookStore`. Every method raises StoreUnavailableError. Times are Unix seconds."""

    def __init__(self, database: Database | Background, *, within: float | None = CHANGE_SECONDS) -> None:
        self._database = database
        self._within = within

    async def claim(self, now: float, until: float, limit: int, *, urgent: bool) -> tuple[Look, ...]:
        """Claim looks that are due, each for one caller, with all that they need to know."""
        due = looks.c.wake_at <= now if urgent else and_(looks.c.due_at <= now, looks.c.wake_at > now)
        is_free = due & (looks.c.claimed_until < now)
        order = looks.c.wake_at + looks.c.again * YIELDS_SECONDS if urgent else looks.c.due_at
        if not await claims.is_any(self._database, looks.c.uid, is_free):
            return ()

        async def work(connection: AsyncConnection) -> tuple[Look, ...]:
            rows = await claims.claim(connection, looks.c.uid, is_free, order=order, limit=limit, until=until)
            return await _looks(connection, rows, now, urgent=urgent)

        return await self._database.change(work, within=self._within)

    async def finish(self, look: Look, findings: Findings, began_at: float) -> bool:
        """Store what the look that began then found, all or nothing; return False where its claim has been lost."""

        async def work(connection: AsyncConnection) -> bool:
            row = (await connection.execute(select(looks).where(_is_claim(look)).with_for_update())).first()
            if row is None:
                return False
            await _store_tellings(connection, findings, began_at)
            if findings.ended:
                await remove(connection, tuple(each.id for each, _ in findings.ended))
                await store_ends(connection, findings.ended, began_at)
            still = select(subscriptions.c.id).where(subscriptions.c.made_for == look.uid).limit(1)
            if (await connection.execute(still)).first() is None:
                await connection.execute(delete(looks).where(_is_claim(look)))
            else:
                values = _after(row, look, findings, began_at)
                await connection.execute(update(looks).where(_is_claim(look)).values(values))
            return True

        return await self._database.change(work, within=self._within)

    async def postpone(self, look: Look, until: float) -> None:
        """Give the claim back: the look failed, and is due again then."""
        due = {"due_at": until} if look.reason in {"poll", "catch_up"} else {"wake_at": until}
        statement = update(looks).where(_is_claim(look)).values(claimed_until=0.0, **due)
        await self._database.execute(statement, within=self._within)

    async def wake(self, wakes: Sequence[Wake]) -> None:
        """Ask for these looks, of those whom anybody has subscribed to."""
        of_uid: defaultdict[str, list[Wake]] = defaultdict(list)
        for each in wakes:
            of_uid[each.uid].append(each)
        theirs = looks.c.uid.in_(sorted(of_uid))
        if not wakes or not await claims.is_any(self._database, looks.c.uid, theirs):
            return

        async def work(connection: AsyncConnection) -> None:
            locked = select(looks).where(theirs).order_by(looks.c.uid).with_for_update()
            woken = [
                {
                    "of_uid": row.uid,
                    "at": min(row.wake_at, *(each.at for each in of_uid[row.uid])),
                    "what": _text_of(_with(row.awaited, of_uid[row.uid])),
                }
                for row in await connection.execute(locked)
            ]
            if woken:
                values = {"wake_at": bindparam("at"), "awaited": bindparam("what"), "again": 0}
                await connection.execute(
                    update(looks).where(looks.c.uid == bindparam("of_uid")).values(values), woken
                )

        await self._database.change(work, within=self._within)

    async def subscriptions_for(self, uid: Uid) -> tuple[Subscription, ...]:
        """Return the subscriptions that tell of that UID's calls."""
        query = select(subscriptions).where(subscriptions.c.made_for == uid).order_by(subscriptions.c.id)
        rows = await self._database.fetch(query, within=READ_SECONDS)
        return tuple(from_row(row) for row in rows)

    async def next_after(self, now: float) -> float:
        """Return when the first look is due after that time, NEVER for none."""
        times = (looks.c.due_at, looks.c.wake_at)
        first = [select(func.min(at)).where(at > now).scalar_subquery() for at in times]
        (row,) = await self._database.fetch(select(*first), within=READ_SECONDS)
        return min((at for at in row if at is not None), default=NEVER)

    async def bring_forward(self, later_than: float, to: float) -> None:
        """Let turns that come only after that time come at the other: they were set while there were none."""
        later = looks.c.due_at > later_than
        if await claims.is_any(self._database, looks.c.uid, later):
            await self._database.execute(update(looks).where(later).values(due_at=to), within=self._within)

    async def count(self) -> int:
        """Return how many UIDs anybody has subscribed to."""
        rows = await self._database.fetch(select(func.count()).select_from(looks), within=READ_SECONDS)
        return int(rows[0][0])

    async def subscribers(self) -> tuple[tuple[Uid, str], ...]:
        """Return the UIDs that anybody has subscribed to, each with the name that CometChat gives that user.

        First those in a call that goes on, then those whose look is pending.
        """
        anybody = exists().where(subscriptions.c.made_for == looks.c.uid)
        soonest = (looks.c.open_since.desc(), looks.c.wake_at)
        query = select(looks.c.uid, looks.c.name).where(anybody).order_by(*soonest)
        rows = await self._database.fetch(query, within=READ_SECONDS)
        return tuple((Uid(row.uid), row.name) for row in rows)

    async def told_of(self, sessions: Collection[SessionId]) -> Mapping[SessionId, frozenset[Uid]]:
        """Return the UIDs for whose subscriptions a call of each session is told; sessions without any are left out."""
        query = (
            select(tellings.c.session_id, subscriptions.c.made_for)
            .join(subscriptions, tellings.c.subscription_id == subscriptions.c.id)
            .where(tellings.c.session_id.in_(sessions))
            .distinct()
        )
        found: defaultdict[SessionId, set[Uid]] = defaultdict(set)
        for row in await self._database.fetch(query, within=READ_SECONDS):
            found[SessionId(row.session_id)].add(Uid(row.made_for))
        return {session: frozenset(uids) for session, uids in found.items()}


def telling_from_row(row: Row[Any]) -> Telling:
    """Return the telling that a row holds."""
    return Telling(
        row.subscription_id, row.call_key, row.message_id, Occasion(row.occasion), call_from_text(row.call)
    )


def _with(awaited: str, wakes: Sequence[Wake]) -> list[Awaited]:
    """Return what a row awaits, and what these add to it."""
    added = chain.from_iterable(each.awaited for each in wakes)
    return list(dict.fromkeys([*_awaited(awaited), *added]))[-MOST_AWAITED:]


async def _looks(
    connection: AsyncConnection, rows: Sequence[Row[Any]], now: float, *, urgent: bool
) -> tuple[Look, ...]:
    """Return the looks of those rows, with the subscriptions of each, and what is told of these."""
    of_uid: defaultdict[str, list[Subscription]] = defaultdict(list)
    theirs = subscriptions.c.made_for.in_([row.uid for row in rows])
    for row in await connection.execute(select(subscriptions).where(theirs).order_by(subscriptions.c.id)):
        of_uid[row.made_for].append(from_row(row))
    ids = [each.id for each in chain.from_iterable(of_uid.values())]
    told: defaultdict[str, list[Telling]] = defaultdict(list)
    recent = tellings.c.subscription_id.in_(ids) & (tellings.c.began_at >= now - REMEMBERED_SECONDS)
    for row in await connection.execute(select(tellings).where(recent).order_by(tellings.c.began_at)):
        told[row.subscription_id].append(telling_from_row(row))
    states = await connection.execute(select(messages).where(messages.c.subscription_id.in_(ids)))
    known = {row.id: MessageState(row.kind, posted=bool(row.ts)) for row in states}
    return tuple(
        Look(
            uid=Uid(row.uid),
            claimed_until=row.claimed_until,
            looked_at=row.looked_at,
            open_since=row.open_since,
            awaited=_awaited(row.awaited),
            again=row.again,
            reason=_reason(row, now, urgent=urgent),
            subscriptions=tuple(of_uid[row.uid]),
            tellings={each.id: tuple(told[each.id]) for each in of_uid[row.uid]},
            messages=known,
        )
        for row in rows
    )


def _reason(row: Row[Any], now: float, *, urgent: bool) -> LookReason:
    if urgent:
        return "again" if row.again else "event"
    return "catch_up" if row.looked_at and now - row.looked_at > GAP_SECONDS else "poll"


async def _store_tellings(connection: AsyncConnection, findings: Findings, at: float) -> None:
    """Store new tellings of subscriptions that there still are, with their messages, and what changed of the others."""
    wanted = {each.subscription_id for each in findings.tellings}
    query = select(subscriptions.c.id).where(subscriptions.c.id.in_(wanted)).with_for_update()
    there = set((await connection.execute(query)).scalars()) if wanted else set()
    told = [each for each in findings.tellings if each.subscription_id in there]
    new_messages = [each for each in findings.messages if each.subscription_id in there]
    new_messages += await _gone(connection, told, {each.id for each in new_messages}, at)
    if new_messages:
        await connection.execute(insert(messages), [message_row(each, at) for each in new_messages])
    new = [_telling_row(each) for each in told]
    if new:
        await connection.execute(insert(tellings), new)
    for each in findings.changed:
        one = (tellings.c.subscription_id == each.subscription_id) & (tellings.c.call_key == each.key)
        await connection.execute(update(tellings).where(one).values(call=call_to_text(each.call)))
    for message_id, due_at in findings.due.items():
        await connection.execute(update(messages).where(messages.c.id == message_id).values(due_at=due_at))


async def _gone(
    connection: AsyncConnection, told: Sequence[Telling], new: set[str], at: float
) -> list[NewMessage]:
    """Return again the messages that a call was to join, and that have become one with another meanwhile (`hold`)."""
    joined = {each.message_id: each.subscription_id for each in told if each.message_id not in new}
    if not joined:
        return []
    query = select(messages.c.id).where(messages.c.id.in_(joined)).with_for_update()
    there = set((await connection.execute(query)).scalars())
    return [
        NewMessage(message_id, subscription_id, MessageKind.CALLS, at)
        for message_id, subscription_id in joined.items()
        if message_id not in there
    ]


async def store_ends(
    connection: AsyncConnection, ended: Sequence[tuple[Subscription, Why]], at: float
) -> None:
    """Store the words that subscriptions have ended, for those who are there to read them."""
    words = [
        NewMessage(new_message_id(), each.id, f"{MessageKind.ENDED}:{why}", at, about=each)
        for each, why in ended
        if why is not Why.LEFT
    ]
    if words:
        await connection.execute(insert(messages), [message_row(each, at) for each in words])


def message_row(message: NewMessage, at: float) -> dict[str, object]:
    """Return all columns of a new message's row that have no default."""
    return {
        "id": message.id,
        "subscription_id": message.subscription_id,
        "kind": message.kind,
        "about": subscription_to_text(message.about) if message.about else "",
        "due_at": message.due_at,
        "made_at": int(at),
    }


def _telling_row(telling: Telling) -> dict[str, object]:
    return {
        "subscription_id": telling.subscription_id,
        "call_key": telling.key,
        "message_id": telling.message_id,
        "session_id": telling.call.session_id or "",
        "began_at": telling.call.began_at or 0,
        "occasion": telling.occasion,
        "call": call_to_text(telling.call),
    }


def _after(row: Row[Any], look: Look, findings: Findings, began_at: float) -> dict[str, object]:
    """Return what the row of the look says after it; what hints asked for meanwhile stays."""
    woken = row.again < look.again  # by an event that says again what is awaited
    came = [item for item in _awaited(row.awaited) if woken or item not in look.awaited]
    asked_later = row.wake_at if came or row.wake_at > began_at else NEVER
    values: dict[str, object] = {
        "claimed_until": 0.0,
        "due_at": findings.due_at,
        "wake_at": min(findings.wake_at, asked_later),
        "awaited": _text_of(list(dict.fromkeys([*findings.awaited, *came]))[-MOST_AWAITED:]),
        "again": 0 if came else findings.again,
        "open_since": findings.open_since,
    }
    if findings.complete:
        values["looked_at"] = int(began_at)
    if findings.name:
        values["name"] = findings.name[:80]
    return values


def _is_claim(look: Look) -> ColumnElement[bool]:
    return (looks.c.uid == look.uid) & (looks.c.claimed_until == look.claimed_until)


def _awaited(text: str) -> tuple[Awaited, ...]:
    return tuple(Awaited.from_text(line) for line in text.splitlines())


def _text_of(items: Sequence[Awaited]) -> str:
    return "\n".join(item.to_text() for item in items)
