"""Whatever people, admins, CometChat and the store do, in whatever order: nobody sees a call that is not theirs.

The real Lookup, Chain, LinkService, LinkRequests and store of links (SQLite, in memory) against a model that is a few dictionaries. The
CometChat here answers everybody with any call.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.answers.tasks import Tasks
from bot.calls.cursor import PageRequest
from bot.calls.history import CallHistory, HistoryPage
from bot.calls.local_days import LocalDays
from bot.calls.lookup import Lookup, LookupResult
from bot.cometchat import (
    CallPage,
    CallQuery,
    CallsApp,
    SessionCalls,
    SessionId,
    Uid,
    UnavailableError,
    UnknownUidError,
)
from bot.cometchat.parsing import parse_call
from bot.identity import SlackUser
from bot.identity.links import CONFIRM_ANY, Link, Links, LinksPage, StoreUnavailableError, UidConflict
from bot.identity.requests import Requests
from bot.identity.rules import Chain, ConfiguredUsers, SlackIdRule, StoredLink, UserMap
from bot.links.admins import Admins
from bot.links.audit_entries import AuditEntries
from bot.links.changes import LinkChanges
from bot.links.requests import LinkRequests
from bot.links.results import Linked, LinkList, RequestSent, UidTaken, Unlinked
from bot.links.service import LinkService, ProposedLink
from bot.links.validation import LinkValidation
from bot.links.whoami import Whoami
from bot.observability.audit import Audit, Entry
from bot.slack.users import People, PeopleUnavailableError, Profile
from bot.storage.link_requests import DECLINED_SECONDS, REQUEST_SECONDS, StoredRequests
from bot.storage.links import StoredLinks
from bot.storage.store import open_store
from tests.throttling.people import NoCometChat, limited, throttled

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("patient")]

TEAM, ELSEWHERE = "T01", "T02"
NAMED, OF_SLACK = "U0NAMED", "U0ADMIN"
IDS = (NAMED, OF_SLACK, "U0TONY", "U0STEVE", "U0ROBIN")
UIDS = ("superhero1", "superhero2", "u0robin", "u0steve")
MAP = {"U0TONY": Uid("superhero1"), f"{ELSEWHERE}:U0STEVE": Uid("superhero2")}
CALLS: dict[str, dict[str, Any]] = {
    "one-to-one": {"initiator": "superhero1", "receiver": "superhero2", "receiverType": "user"},
    "group": {
        "initiator": "u0robin",
        "receiver": "superhero2",  # a group that is called like a user
        "receiverType": "group",
        "participants": [{"uid": "superhero1"}],
    },
    "missed": {"receiver": {"uid": "u0steve"}, "receiverType": "user"},
    "nobody's": {"participants": []},
}
PARTIES = {
    "one-to-one": {"superhero1", "superhero2"},
    "group": {"u0robin", "superhero1"},
    "missed": {"u0steve"},
    "nobody's": set[str](),
}

teams = st.sampled_from([TEAM, TEAM, ELSEWHERE])
users = st.builds(SlackUser, st.just(None), teams, st.sampled_from(IDS))
# Half of the attempts to decide are by admins, and by their namesakes of another workspace
deciders = st.builds(SlackUser, st.just(None), teams, st.sampled_from([NAMED, OF_SLACK])) | users
uids = st.sampled_from([*UIDS, "SuperHero1", "nobody", "not a uid", ""])
Result = TypeVar("Result")


@dataclass
class World:
    """What the fakes tell: who is admin, who has left, what is up."""

    slack_admins: set[str] = field(default_factory=lambda: {OF_SLACK})
    left: set[str] = field(default_factory=set)
    slack_up: bool = True
    store_up: bool = True
    cometchat_up: bool = True
    told: list[str] = field(default_factory=list)


class FearedCometChat(NoCometChat):
    def __init__(self, world: World) -> None:
        self._world = world
        self.asked: list[str] = []

    async def get_call(self, session_id: SessionId, on_behalf_of: Uid) -> SessionCalls:
        self.asked.append(on_behalf_of)
        return SessionCalls((parse_call(CALLS[session_id]),), 200)

    async def list_calls(self, _: CallQuery, on_behalf_of: Uid) -> CallPage:
        self.asked.append(on_behalf_of)
        return CallPage(tuple(parse_call(call) for call in CALLS.values()), 200, last=True)

    async def check_user(self, uid: Uid) -> None:
        if not self._world.cometchat_up:
            raise UnavailableError
        if uid not in UIDS:
            raise UnknownUidError


class FakePeople:
    def __init__(self, world: World) -> None:
        self._world = world

    async def profile(self, user_id: str, *, fresh: bool = False) -> Profile | None:  # noqa: ARG002 - it knows no age
        if not self._world.slack_up:
            raise PeopleUnavailableError
        return Profile(
            user_id,
            frozenset({TEAM}),
            admin=user_id in self._world.slack_admins,
            deactivated=user_id in self._world.left,
        )


class FakeNotices:
    def __init__(self, world: World) -> None:
        self._world = world

    async def linked(self, link: Link) -> bool:
        self._world.told.append(link.user.user_id)
        return True

    async def declined(self, user: SlackUser) -> bool:
        self._world.told.append(user.user_id)
        return True

    async def requested(self, user: SlackUser, _: Profile | None, admins: Sequence[str]) -> tuple[str, ...]:
        assert user.team_id == TEAM
        return tuple(admins) if self._world.slack_up else ()


class Entries:
    def __init__(self) -> None:
        self.kept: list[Entry] = []

    async def insert(self, entries: tuple[Entry, ...]) -> None:
        self.kept += entries


class Switched:
    """The real store, of links or of requests, behind a switch."""

    def __init__(self, store: Links | Requests, world: World) -> None:
        self._store = store
        self._world = world

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._store, name)

        async def asked(*arguments: Any, **named: Any) -> Any:
            if not self._world.store_up:
                raise StoreUnavailableError
            return await method(*arguments, **named)

        return asked


async def own_team() -> str:
    return TEAM


class Bot(RuleBasedStateMachine):
    """The rules are what people do; `self.links` and `self.open` are what must be so."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.stack = AsyncExitStack()
        self.world = World()
        self.links: dict[SlackUser, str] = {}
        self.open: dict[SlackUser, float] = {}
        self.declined: dict[SlackUser, float] = {}
        self.shown: dict[SlackUser, str] = {}
        self.renewed: set[SlackUser] = set()
        self.seals = [""]
        self.now = 1_763_812_800.0

    @initialize(by_slack_id=st.booleans())
    def start(self, *, by_slack_id: bool) -> None:
        self.by_slack_id = by_slack_id
        store = self.run(self.stack.enter_async_context(open_store("sqlite://")))
        # Without time limits: a machine that stalls for a second is no step of the model
        self.store = StoredLinks(store.database, read_within=None, change_within=None)
        links = cast("Links", Switched(self.store, self.world))
        stored_requests = StoredRequests(store.database, change_within=None)
        requests = cast("Requests", Switched(stored_requests, self.world))
        people = cast("People", FakePeople(self.world))
        chain = Chain(
            [StoredLink(links), UserMap(MAP, own_team)], SlackIdRule(own_team) if by_slack_id else None
        )
        self.cometchat = FearedCometChat(self.world)
        self.entries = Entries()
        client = throttled(self.cometchat)
        self.lookup = Lookup(client, chain, CallsApp("app1", "eu"), limited())
        self.recent = CallHistory(client, chain, limited(), LocalDays(people).zone_of)
        admins, validation = (
            Admins([NAMED], people, own_team, limited()),
            LinkValidation(people, self.cometchat),
        )
        self.say_who = Whoami(chain, requests, admins, lambda: self.now)
        notices = FakeNotices(self.world)
        self.tasks = Tasks()
        audit = AuditEntries(Audit(self.entries, self.tasks), lambda: self.now)
        changes = LinkChanges()
        changes.subscribe(lambda user, _: self.renewed.add(user))
        self.linking = LinkService(
            links=links,
            requests=requests,
            identity=chain,
            admins=admins,
            validation=validation,
            notifier=notices,
            audit=audit,
            changes=changes,
            now=lambda: self.now,
            configured=ConfiguredUsers(MAP, own_team, by_slack_id=by_slack_id).of,
        )
        self.requests = LinkRequests(
            requests=requests,
            whoami=self.say_who,
            admins=admins,
            validation=validation,
            notifier=notices,
            audit=audit,
            changes=changes,
            now=lambda: self.now,
        )

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        return self.loop.run_until_complete(work)

    def teardown(self) -> None:
        self.run(self.tasks.finish(5))
        self.run(self.stack.aclose())
        self.run(asyncio.sleep(0))
        self.loop.close()

    # What must be so

    def is_admin(self, user: SlackUser) -> bool:
        if user.team_id != TEAM:
            return False
        known = self.world.slack_up and user.user_id not in self.world.left
        return user.user_id == NAMED or (known and user.user_id in self.world.slack_admins)

    def mapping(self, user: SlackUser) -> str | None:
        """Return whom the user is mapped to; None where nobody says so, or it can't be asked now."""
        if self.world.store_up and user in self.links:
            return self.links[user]
        own = MAP.get(user.user_id) if user.team_id == TEAM else None
        if mapped := MAP.get(f"{user.team_id}:{user.user_id}") or own:
            return mapped
        if self.by_slack_id and self.world.store_up and user.team_id == TEAM:
            return user.user_id.lower()
        return None

    # What people do

    @rule(user=users, session_id=st.sampled_from(sorted(CALLS)))
    def look_up(self, user: SlackUser, session_id: str) -> None:
        asked = len(self.cometchat.asked)
        found = self.run(self.lookup(user, SessionId(session_id)))
        uid = self.mapping(user)
        assert self.cometchat.asked[asked:] == ([uid] if uid else [])
        assert isinstance(found, LookupResult) == (uid in PARTIES[session_id])

    @rule(by=deciders, subject=users, typed=uids, data=st.data(), requested=st.booleans())
    def link(
        self, by: SlackUser, subject: SlackUser, typed: str, data: st.DataObject, *, requested: bool
    ) -> None:
        told = len(self.world.told)
        confirmed = data.draw(st.sampled_from(self.seals[-4:]))
        wish = ProposedLink(by, subject, typed, confirmed=confirmed, requested=requested)
        result = self.run(self.linking.link(wish))
        if isinstance(result, Linked):
            assert self.is_admin(by)
            assert by.team_id == subject.team_id == TEAM
            assert not requested or subject in self.open
            uid = typed.lower()
            assert uid in UIDS or not self.world.cometchat_up
            if not self.is_allowed(subject, uid, confirmed):
                self.holders_who_left_have_lost_it(subject, uid)
                assert self.is_allowed(subject, uid, confirmed)
            self.links[subject] = uid
            self.open.pop(subject, None)
        elif isinstance(result, UidTaken):
            self.seals.append(result.conflict.fingerprint())
            assert not self.is_allowed(subject, result.uid, confirmed)
            self.holders_who_left_have_lost_it(subject, result.uid)
            assert set(result.conflict.others) == set(self.others(subject, result.uid))
        elif self.is_admin(by) and self.world.store_up and typed and " " not in typed:
            self.must_have_lost_it(subject)
        is_news = isinstance(result, Linked) and by != subject
        assert self.world.told[told:] == ([subject.user_id] if is_news else [])

    def others(self, subject: SlackUser, uid: str) -> tuple[SlackUser, ...]:
        """Return who else has the UID: by a link, or, without one, by the configuration while Slack knows them."""
        linked = {user for user, theirs in self.links.items() if theirs == uid}
        configured = {
            user
            for user_id in IDS
            if (user := SlackUser(None, TEAM, user_id)) not in self.links
            and self.by_configuration(user) == uid
            and not (self.world.slack_up and user_id in self.world.left)
        }
        others = {user for user in linked | configured if user.team_id == subject.team_id} - {subject}
        return tuple(sorted(others, key=lambda user: user.user_id))

    def by_configuration(self, user: SlackUser) -> str | None:
        """Return the UID that the map or the rule gives to a member of the bot's own workspace."""
        by_rule = user.user_id.lower() if self.by_slack_id else None
        return MAP.get(f"{TEAM}:{user.user_id}") or MAP.get(user.user_id) or by_rule

    def is_allowed(self, subject: SlackUser, uid: str, confirmed: str) -> bool:
        """Return whether nobody else has the UID, or just that was confirmed, or the person has it already."""
        others, present = self.others(subject, uid), self.links.get(subject)
        sharing = UidConflict(others, cast("Uid | None", present))
        return not others or confirmed == sharing.fingerprint() or present == uid

    def holders_who_left_have_lost_it(self, subject: SlackUser, uid: str) -> None:
        for other in self.others(subject, uid):
            self.must_have_lost_it(other)

    def must_have_lost_it(self, subject: SlackUser) -> None:
        """Who has left loses the link where a command learns of it: the next invariant sees that it did."""
        if self.world.slack_up and subject.team_id == TEAM and subject.user_id in self.world.left:
            self.links.pop(subject, None)
            self.open.pop(subject, None)

    @rule(by=deciders, subject=users)
    def unlink(self, by: SlackUser, subject: SlackUser) -> None:
        if isinstance(self.run(self.linking.unlink(by, subject)), Unlinked):
            assert self.is_admin(by)
            del self.links[subject]

    @rule(by=deciders, prefix=st.sampled_from(["", "super", "U0", "%"]), offset=st.integers(-1, 20))
    def list_links(self, by: SlackUser, prefix: str, offset: int) -> None:
        result = self.run(self.linking.page(by, prefix=prefix, offset=offset))
        if isinstance(result, LinkList):
            assert self.is_admin(by)
            for user in result.deactivated:
                self.must_have_lost_it(user)
            if self.world.slack_up:
                assert not [link for link in result.page.links if link.user.user_id in self.world.left]

    @rule(user=users)
    def ask(self, user: SlackUser) -> None:
        if isinstance(self.run(self.requests.ask(user)), RequestSent):
            assert user.team_id == TEAM
            assert self.now - self.open.get(user, 0) >= REQUEST_SECONDS
            assert self.now - self.declined.get(user, 0) >= DECLINED_SECONDS
            assert user not in self.links
            self.open[user] = self.now
            self.declined.pop(user, None)

    @rule(by=deciders, subject=users)
    def decline(self, by: SlackUser, subject: SlackUser) -> None:
        if self.run(self.requests.decline(by, subject)) is None:
            assert self.is_admin(by)
            assert subject in self.renewed
            del self.open[subject]
            self.declined[subject] = self.now

    @rule(user=users)
    def list_calls(self, user: SlackUser) -> None:
        self.cometchat.asked.clear()
        listed, uid = self.run(self.recent(user, PageRequest())), self.mapping(user)
        assert set(self.cometchat.asked) <= {uid}
        theirs = [name for name, parties in PARTIES.items() if uid in parties]
        assert isinstance(listed, HistoryPage) == (uid is not None)
        if isinstance(listed, HistoryPage):
            assert len(listed.calls) == len(theirs)
            assert all(call.involves(listed.viewer) for call in listed.calls)

    @rule(user=users)
    def whoami(self, user: SlackUser) -> None:
        acting = self.run(self.say_who(user))
        assert getattr(getattr(acting, "identified", None), "uid", None) == self.mapping(user)

    @rule(team=st.sampled_from([TEAM, ELSEWHERE]))
    def uninstall(self, team: str) -> None:
        if self.world.store_up:
            self.run(self.linking.forget_workspace(team, int(self.now)))
            self.links = {user: uid for user, uid in self.links.items() if user.team_id != team}
            self.open = {user: at for user, at in self.open.items() if user.team_id != team}
            self.declined = {user: at for user, at in self.declined.items() if user.team_id != team}
            self.shown = dict(self.links)  # Slack takes nothing of the bot's any more

    @rule(user=users, uid=st.sampled_from(UIDS))
    def link_on_the_command_line(self, user: SlackUser, uid: str) -> None:
        self.run(self.store.put(Link(user, Uid(uid), "cli", 1, "import"), confirmed=CONFIRM_ANY))
        self.links[user] = uid
        self.shown = dict(self.links)  # which has no way to Slack

    # What happens around them

    @rule(user_id=st.sampled_from(IDS))
    def leave_or_come_back(self, user_id: str) -> None:
        self.world.left ^= {user_id}

    @rule(user_id=st.sampled_from(IDS))
    def become_or_cease_to_be_an_admin(self, user_id: str) -> None:
        self.world.slack_admins ^= {user_id}

    @rule(minutes=st.sampled_from([10, 50, 12 * 60]))
    def time_goes_by(self, minutes: int) -> None:
        self.now += minutes * 60

    @rule(what=st.sampled_from(["slack_up", "store_up", "cometchat_up"]))
    def fail_or_recover(self, what: str) -> None:
        setattr(self.world, what, not getattr(self.world, what))

    @invariant()
    def the_links_are_those_that_admins_made(self) -> None:
        if hasattr(self, "store"):
            pages: list[LinksPage] = [
                self.run(self.store.page(team, limit=100)) for team in (TEAM, ELSEWHERE)
            ]
            assert {link.user: link.uid for page in pages for link in page.links} == self.links

    @invariant()
    def whose_link_was_changed_is_told_of_for_their_home_to_be_drawn_anew(self) -> None:
        people = self.links.keys() | self.shown.keys()
        changed = {user for user in people if self.links.get(user) != self.shown.get(user)}
        # People who have left have no Home tab any more, and get no message
        assert {user for user in changed if user.user_id not in self.world.left} <= self.renewed
        self.shown = dict(self.links)
        self.renewed.clear()


TestBot = Bot.TestCase
TestBot.settings = settings(max_examples=25, stateful_step_count=50, deadline=None)


def test_a_page_that_has_moved_up_shows_nobody_who_has_left() -> None:
    bot = Bot()
    bot.start(by_slack_id=False)
    gone = SlackUser(None, TEAM, "U0ROBIN")
    bot.link_on_the_command_line(gone, "superhero1")
    bot.leave_or_come_back(gone.user_id)
    bot.list_links(SlackUser(None, TEAM, NAMED), prefix="", offset=20)
    assert not bot.links
    bot.whose_link_was_changed_is_told_of_for_their_home_to_be_drawn_anew()
    bot.teardown()
