"""A process of the bot that looks and tells, between a CometChat and a Slack that a test plays, and its clock."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any, cast

from bot.answers.tasks import Tasks
from bot.answers.telling import Teller
from bot.calls.local_days import LocalDays
from bot.cards.kit.message import Message
from bot.cometchat import (
    Call,
    CallPage,
    CallQuery,
    NoSuchCallError,
    SessionCalls,
    SessionId,
    Uid,
    UnavailableError,
)
from bot.cometchat.parsing import parse_call
from bot.identity import SlackUser
from bot.identity.rules import Chain, StoredLink
from bot.links.admins import Admins
from bot.links.audit_entries import AuditEntries
from bot.slack.posts import Posted, Posts
from bot.slack.users import People
from bot.storage.links import StoredLinks
from bot.storage.store import Store
from bot.subscriptions.budget import Budget
from bot.subscriptions.following import Follower
from bot.subscriptions.looking import Looker
from bot.subscriptions.polling import Polling
from bot.subscriptions.standing import Standing
from bot.subscriptions.subscription import Subscription
from bot.throttling.client import ThrottledClient
from tests.subscriptions.scene import FakePeople, KeptAudit, World, own_team
from tests.throttling.people import limited, metrics

POLL = 60.0


@dataclass
class Played:
    """A call as it is: what the API tells of it by and by. `visible` counts what its list has caught up with."""

    session_id: str
    people: tuple[str, ...]
    group: bool
    records: list[dict[str, Any]] = field(default_factory=list)
    visible: int = 0
    over_at: float | None = None

    @property
    def last(self) -> dict[str, Any]:
        return self.records[-1]

    def involves(self, uid: str) -> bool:
        return uid in self.people


@dataclass
class Sky:
    """CometChat: all calls, for whoever asks. `up`: whether it answers; `back`: by how many states its list lags."""

    calls: dict[str, Played] = field(default_factory=dict)
    up: bool = True
    back: int = 0
    asked: list[str] = field(default_factory=list)

    async def list_calls(self, _: SlackUser, query: CallQuery, on_behalf_of: Uid) -> CallPage:
        self.asked.append(on_behalf_of)
        await asyncio.sleep(0)
        if not self.up:
            raise UnavailableError
        shown = [parse_call(record) for each in self.calls.values() if (record := self._shown(each))]
        shown.sort(key=lambda call: call.began_at or 0, reverse=True)
        first = (query.page - 1) * query.per_page
        page = tuple(shown[first : first + query.per_page])
        return CallPage(page, 200, last=first + query.per_page >= len(shown))

    async def get_call(
        self, _: SlackUser, session_id: SessionId, on_behalf_of: Uid, *, fresh: bool = False
    ) -> SessionCalls:
        assert fresh
        self.asked.append(on_behalf_of)
        await asyncio.sleep(0)
        if not self.up:
            raise UnavailableError
        played = self.calls.get(session_id)
        if played is None or not played.visible:
            raise NoSuchCallError
        return SessionCalls((parse_call(played.records[played.visible - 1]),), 200)

    def _shown(self, played: Played) -> dict[str, Any] | None:
        seen = max(0, played.visible - self.back)
        return played.records[seen - 1] if seen else None


@dataclass
class Channels:
    """Slack: what was posted where. `problem` is raised by the next post or update, `lost` after it was taken."""

    world: World
    posts: dict[str, tuple[str, Any]] = field(default_factory=dict)
    replies: list[tuple[str, str]] = field(default_factory=list)
    problem: Exception | None = None
    lost: Exception | None = None
    known: dict[str, Posted] = field(default_factory=dict)
    told: list[tuple[str, Any]] = field(default_factory=list)

    async def post(self, channel: str, message: Message, *, key: str, thread_ts: str = "") -> Posted:
        await self._asked()
        if key not in self.known:
            self.known[key] = self._post(channel, json.loads(message.text), thread_ts)
        if lost := self.lost:
            self.lost = None
            raise lost
        return self.known[key]

    def _post(self, channel: str, said: Any, thread_ts: str) -> Posted:
        if thread_ts:
            assert thread_ts in self.posts
            self.replies.append((thread_ts, said["reply"]))
            return Posted(channel, "reply")
        ts = f"{len(self.posts) + 1}.0"
        self.posts[ts] = (channel, said)
        self.told.append((channel, said))
        return Posted(channel, ts)

    async def update(self, where: Posted, message: Message) -> None:
        await self._asked()
        channel, _ = self.posts[where.ts]
        assert channel == where.channel
        self.posts[where.ts] = (channel, json.loads(message.text))
        self.told.append(self.posts[where.ts])

    async def _asked(self) -> None:
        await asyncio.sleep(0)
        if problem := self.problem:
            self.problem = None
            raise problem


def facts(call: Call) -> list[Any]:
    """Return what a message says of a call in these tests."""
    return [call.session_id, call.status, call.ended_at, call.minutes, bool(call.has_recording)]


class Words:
    """Cards that say plainly what they are about."""

    @staticmethod
    def told(subscription: Subscription, calls: list[Call], *, viewer: Uid, **_: object) -> Message:
        said = {"subscription": subscription.id, "viewer": viewer, "calls": [facts(call) for call in calls]}
        return Message(json.dumps(said), ())

    told_together = told

    @staticmethod
    def recording_ready(subscription: Subscription, call: Call) -> Message:
        assert call.has_recording
        return Message(json.dumps({"reply": f"{subscription.id} {call.session_id}"}), ())

    transcript_ready = recording_ready

    @staticmethod
    def subscription_ended(subscription: Subscription, because: str) -> Message:
        return Message(json.dumps({"ended": subscription.id, "because": because}), ())

    channel_refuses = subscription_ended


class Process:
    """One process of the bot."""

    def __init__(
        self, store: Store, sky: Sky, slack: Channels, world: World, audit: KeptAudit, *, poll: float = POLL
    ) -> None:
        def now() -> float:
            return world.now

        people = cast("People", FakePeople(world))
        self.links = StoredLinks(store.database, clock=now, read_within=None, change_within=None)
        identity = Chain([StoredLink(self.links)])
        standing = Standing(identity, Admins((), people, own_team, limited()), people)
        self.store, tasks, client = store, Tasks(), cast("ThrottledClient", sky)
        self.budget = Budget(100_000, now)
        self.teller = Teller(
            store=store.messages,
            posts=cast("Posts", slack),
            standing=standing,
            zone_of=LocalDays(people).zone_of,
            audit=AuditEntries(audit, now),
            metrics=metrics(),
            tasks=tasks,
            now=now,
        )
        self.looker = Looker(store.looks, client, standing, now=now)
        self.polling = Polling(
            looks=store.looks,
            looker=self.looker,
            follower=Follower(store.hints, store.looks, client, standing, self.budget, now=now, clock=now),
            budget=self.budget,
            metrics=metrics(),
            start=tasks.start,
            interval=poll,
            now=now,
            clock=now,
        )

    async def look(self) -> None:
        """Follow all hints, and look for all who are due."""
        while await self.polling.follow() or await self.polling.look():
            pass

    async def work(self) -> None:
        """Do all that is due now."""
        await self.look()
        while await self.teller.round():
            pass
