"""The use cases of subscriptions on a real store, between fakes of Slack's people and CometChat's users."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from bot.cometchat import Uid, UnknownUidError
from bot.identity import SlackUser
from bot.identity.links import CONFIRM_ANY, Link
from bot.identity.requests import Requests
from bot.identity.rules import Chain, StoredLink
from bot.links.admins import Admins
from bot.links.audit_entries import AuditEntries
from bot.links.validation import LinkValidation
from bot.links.whoami import Whoami
from bot.observability.audit import Audit, Entry
from bot.slack.users import People, PeopleUnavailableError, Profile
from bot.storage.links import StoredLinks
from bot.storage.store import Store
from bot.subscriptions.service import Subscriptions
from tests.throttling.people import limited

if TYPE_CHECKING:
    from bot.identity.requests import LastRequest

TEAM = "T01"
TONY, STEVE, ADMIN, ROBIN = (
    SlackUser(None, TEAM, user_id) for user_id in ("U0TONY", "U0STEVE", "U0ADMIN", "U0ROBIN")
)
UIDS = {TONY: Uid("superhero1"), STEVE: Uid("superhero2"), ADMIN: Uid("superhero3")}
KNOWN = {*UIDS.values(), Uid("support-desk")}


@dataclass
class World:
    """What the fakes tell: who is an admin, who has left, or is `elsewhere` in the organisation by now, whether Slack answers.

    `now` is the time in Unix seconds.
    """

    admins: set[str] = field(default_factory=lambda: {ADMIN.user_id})
    left: set[str] = field(default_factory=set)
    elsewhere: set[str] = field(default_factory=set)
    slack_up: bool = True
    zone: str = "UTC"
    now: float = 1_763_812_800.0


class FakePeople:
    """Slack's people, as `users.info` tells of them."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def profile(self, user_id: str, *, fresh: bool = False) -> Profile | None:  # noqa: ARG002 - it knows no age
        if not self._world.slack_up:
            raise PeopleUnavailableError("away")
        return Profile(
            user_id,
            frozenset({"T02" if user_id in self._world.elsewhere else TEAM}),
            admin=user_id in self._world.admins,
            deactivated=user_id in self._world.left,
            zone=self._world.zone,
        )


class FakeUsers:
    """CometChat's users."""

    async def check_user(self, uid: Uid) -> None:
        if uid not in KNOWN:
            raise UnknownUidError(status=404)


class NoRequests:
    """Nobody asked for a link."""

    async def last_request(self, *_: object) -> LastRequest | None:
        return None


class KeptAudit(Audit):
    """An audit that only keeps what it is told."""

    def __init__(self) -> None:
        self.kept: list[Entry] = []

    def record(self, entry: Entry) -> None:
        self.kept.append(entry)


async def own_team() -> str:
    return TEAM


class Scene:
    """A workspace with people who are linked, and the use cases."""

    def __init__(self, store: Store, world: World | None = None) -> None:
        self.store = store
        self.world = world or World()
        self.audit = KeptAudit()
        self.woken = 0
        # Without time limits: a machine that stalls for a second proves nothing
        self.links = StoredLinks(store.database, clock=self.clock, read_within=None, change_within=None)
        people = cast("People", FakePeople(self.world))
        self.identity = Chain([StoredLink(self.links)])
        self.admins = Admins((), people, own_team, limited())
        self.service = Subscriptions(
            store=store.subscriptions,
            identity=self.identity,
            whoami=Whoami(self.identity, cast("Requests", NoRequests()), self.admins, self.now),
            admins=self.admins,
            validation=LinkValidation(people, FakeUsers()),
            rate_limiter=limited(),
            audit=AuditEntries(self.audit, self.now),
            now=self.now,
            wake=self.wake,
        )

    def now(self) -> float:
        return self.world.now

    def clock(self) -> float:
        return self.world.now

    def wake(self) -> None:
        self.woken += 1

    async def link(self, user: SlackUser, uid: Uid) -> None:
        await self.links.put(Link(user, uid, "cli", 1, "import"), confirmed=CONFIRM_ANY)

    async def everybody_linked(self) -> Scene:
        for user, uid in UIDS.items():
            await self.link(user, uid)
        return self
