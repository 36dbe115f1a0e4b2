"""Being told, by a clock that the test turns: one process of the bot, and what a test does around it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.answers import telling
from bot.identity.links import CONFIRM_ANY, Link
from bot.storage.store import Store
from bot.subscriptions.hints import Hint
from bot.subscriptions.subscription import Subscription, Wanted
from tests.subscriptions.bots import POLL, Channels, Played, Process, Sky, Words
from tests.subscriptions.calls import raw, taken
from tests.subscriptions.scene import TONY, UIDS, KeptAudit, World

BOTH = Wanted(missed=True, ended=True)
AT_NOON = datetime(2026, 3, 3, 12, 0, tzinfo=UTC).timestamp()
AT_NIGHT = datetime(2026, 3, 3, 23, 0, tzinfo=UTC).timestamp()
MORNING = datetime(2026, 3, 4, 7, 0, tzinfo=UTC).timestamp()


class Play:
    """One process, and what a test does around it."""

    def __init__(self, store: Store) -> None:
        self.world = World(now=AT_NOON)
        self.sky, self.slack, self.audit = Sky(), Channels(self.world), KeptAudit()
        self.store = store
        self.bot = self.process()

    def process(self, *, poll: float = POLL) -> Process:
        """Return another process; with `poll` 0, one that looks for nobody without a hint."""
        return Process(self.store, self.sky, self.slack, self.world, self.audit, poll=poll)

    async def subscribe(self, **facts: Any) -> Subscription:
        known: dict[str, Any] = {
            "id": f"S{len(self.slack.posts)}-{facts.get('channel_id')}",
            "owner": TONY,
            "made_for": UIDS[TONY],
            "uid": None,
            "channel_id": None,
            "wanted": BOTH,
            "made_at": int(self.world.now),
        }
        return await self.store.subscriptions.add(Subscription(**(known | facts)))

    def call(self, session_id: str, *, seconds: int = 0, **more: Any) -> None:
        """Let Tony miss a call of Steve's, or take one that lasted so many seconds until now."""
        now = int(self.world.now)
        record = raw(session_id, now - seconds)
        record |= taken(now - seconds, now) if seconds else {}
        self.sky.calls[session_id] = Played(session_id, (), group=False, records=[record | more], visible=1)

    async def later(self, seconds: float = POLL + 1) -> None:
        self.world.now += seconds
        await self.bot.work()

    async def event(self, trigger: str, **facts: Any) -> None:
        known = {"session_id": None, "uids": (), "received_at": self.world.now}
        await self.store.hints.add(Hint(trigger, **(known | facts)))

    async def hinted(self, trigger: str, **facts: Any) -> None:
        await self.event(trigger, **facts)
        await self.bot.work()

    def read(self, channel: str = "U0TONY") -> list[list[str]]:
        """Return the calls of each message there."""
        said = [said for where, said in self.slack.posts.values() if where == channel]
        return [[call[0] for call in each["calls"]] for each in said if "calls" in each]

    def words(self, user_id: str = "U0TONY") -> list[str]:
        """Return the words about subscriptions that somebody got."""
        return [
            said["because"]
            for where, said in self.slack.posts.values()
            if where == user_id and "because" in said
        ]


@pytest.fixture
async def play(
    patient: None,  # noqa: ARG001 - for what it does
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
) -> Play:
    monkeypatch.setitem(vars(telling), "cards", Words)
    play = Play(store)
    for user, uid in UIDS.items():
        await play.bot.links.put(Link(user, uid, "cli", 1, "import"), confirmed=CONFIRM_ANY)
    return play


def failing(subject: object, name: str, *problems: Exception | None) -> None:
    """Let the next calls of that method raise these, one each, or do nothing for None."""
    original, left = getattr(subject, name), list(problems)

    async def fail(*args: Any, **how: Any) -> Any:
        if not left:
            return await original(*args, **how)
        if problem := left.pop(0):
            raise problem
        return None

    vars(subject)[name] = fail
