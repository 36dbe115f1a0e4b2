"""Whatever happens, in whatever order: each fitting call is told once, with the same words in the end, and to nobody else.

Two processes on one database, each with the real store, looks, hints and teller. CometChat answers everybody with any
call, its list lags behind, fails and goes back; its events come late, twice or never. Links, subscriptions and channels
change meanwhile. The model is a list of calls, each with the time at which it was over.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from typing import Any, TypeVar, cast

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import delete

from bot.answers import telling
from bot.cometchat import (
    SessionId,
    Uid,
)
from bot.cometchat.events import name_digest
from bot.cometchat.parsing import parse_call
from bot.identity import SlackUser
from bot.identity.links import CONFIRM_ANY, Link
from bot.slack.posts import NotPostedError, PostRefusedError
from bot.storage.store import Store, open_store
from bot.storage.tables import metadata
from bot.subscriptions.hints import Hint
from bot.subscriptions.subscription import Subscription, Wanted, new_id
from tests.parts import near_misses
from tests.subscriptions.bots import POLL, Channels, Played, Process, Sky, Words, facts
from tests.subscriptions.scene import KeptAudit, World

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("patient")]

TEAM = "T01"
USERS = [SlackUser(None, TEAM, user_id) for user_id in ("U0TONY", "U0STEVE", "U0ROBIN")]
UIDS = ["superhero1", "superhero2", "superhero3"]
STRANGERS = [uid for uid in near_misses("superhero1") if uid.isascii() and uid == uid.lower()][:3]
CHANNELS = [None, "C0ONE"]
WISHES = [
    Wanted(missed=True, ended=False),
    Wanted(missed=False, ended=True),
    Wanted(missed=True, ended=True, kind="video"),
    Wanted(missed=False, ended=True, longer_seconds=60),
]
EXAMPLES = int(os.environ.get("CALLINFO_EXAMPLES", "25")) // 4
Result = TypeVar("Result")


class Bots(RuleBasedStateMachine):
    """The rules are what happens; what is told is compared with the calls that were played."""

    url = ""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.stack = AsyncExitStack()
        self.world = World()
        self.sky, self.slack = Sky(), Channels(self.world)
        self.subscriptions: dict[str, Subscription] = {}
        self.gone: set[str] = set()
        self.changed: set[SlackUser] = set()
        self.links: dict[SlackUser, str] = {}
        self.history: list[tuple[float, SlackUser, str | None]] = []
        self.events: list[Hint] = []
        self.checked = 0
        stores = [self.run(self.stack.enter_async_context(open_store(self.url))) for _ in range(2)]
        self.run(self._empty(stores[0]))
        audit = KeptAudit()
        self.processes = [Process(store, self.sky, self.slack, self.world, audit) for store in stores]
        self.originals = vars(telling)["cards"]
        vars(telling)["cards"] = Words

    async def _empty(self, store: Store) -> None:
        async def work(connection: Any) -> None:
            for table in metadata.sorted_tables:
                await connection.execute(delete(table))

        await store.database.change(work, within=None)

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        return self.loop.run_until_complete(work)

    def teardown(self) -> None:
        try:
            self.settle()
        finally:
            vars(telling)["cards"] = self.originals
            self.run(self.stack.aclose())
            self.loop.close()

    # People

    @initialize(wishes=st.lists(st.sampled_from(WISHES), min_size=3, max_size=3))
    def everybody_is_linked_and_subscribes(self, wishes: list[Wanted]) -> None:
        for user, uid, wanted in zip(USERS, UIDS, wishes, strict=True):
            self.link(user, uid)
            self.subscribe(user, wanted, None)
        self.subscribe(USERS[0], WISHES[1], "C0ONE")

    @rule(user=st.sampled_from(USERS), uid=st.sampled_from(UIDS) | st.none())
    def link(self, user: SlackUser, uid: str | None) -> None:
        """Link somebody, to whom they are linked or to another, or take their link away."""
        if uid:
            link = Link(user, Uid(uid), "cli", 1, "import")
            self.run(self.processes[0].links.put(link, confirmed=CONFIRM_ANY))
        else:
            self.run(self.processes[0].links.remove(user))
        self._note_link(user, uid)

    def _note_link(self, user: SlackUser, uid: str | None) -> None:
        if self.links.get(user) != uid:
            self.changed.add(user)
            for each in self.subscriptions.values():
                if each.owner == user:
                    self.gone.add(each.id)
        self.links.pop(user, None)
        if uid:
            self.links[user] = uid
        self.world.now += 4  # by then the other process has heard of it

    @rule(user=st.sampled_from(USERS), wanted=st.sampled_from(WISHES), channel_id=st.sampled_from(CHANNELS))
    def subscribe(self, user: SlackUser, wanted: Wanted, channel_id: str | None) -> None:
        uid = self.links.get(user)
        if uid is None:
            return
        made = Subscription(
            new_id(), user, Uid(uid), None, channel_id, wanted, int(self.world.now), quiet_hours=False
        )
        stored = self.run(self.processes[0].store.subscriptions.add(made))
        if stored.id not in self.subscriptions:
            for each in self.subscriptions.values():  # of a link that was another, if there was the same
                if (each.owner, each.wanted, each.channel_id) == (user, wanted, channel_id):
                    self.gone.add(each.id)
            self.subscriptions[stored.id] = stored

    @rule(number=st.integers(0, 20))
    def unsubscribe(self, number: int) -> None:
        if ids := [each for each in self.subscriptions if each not in self.gone]:
            chosen = ids[number % len(ids)]
            self.run(self.processes[1].store.subscriptions.remove((chosen,)))
            self.gone.add(chosen)

    # Calls

    @rule(
        caller=st.sampled_from([*UIDS, *STRANGERS]),
        callees=st.lists(st.sampled_from([*UIDS, *STRANGERS]), min_size=1, max_size=3, unique=True),
        kind=st.sampled_from(["audio", "video"]),
        mid=st.booleans(),
    )
    def begin_call(self, caller: str, callees: list[str], kind: str, *, mid: bool) -> None:
        callees = [each for each in callees if each != caller]
        if not callees:
            return
        session_id, at = f"call-{len(self.sky.calls)}", int(self.world.now)
        group = len(callees) > 1
        record: dict[str, Any] = {
            "sessionId": session_id,
            "type": kind,
            "status": "initiated",
            "initiatedAt": at,
            "initiator": caller,
            "receiver": "the-team" if group else callees[0],
            "receiverType": "group" if group else "user",
            "participants": [{"uid": each, "name": f"N {each}"} for each in (caller, *callees)],
        }
        if mid:
            record["mid"] = f"mid-{session_id}"
        played = Played(session_id, (caller, *callees), group, [record])
        self.sky.calls[session_id] = played
        self._happened("call_initiated", played, uids=() if group else (caller, callees[0]), session=False)

    @rule(number=st.integers(0, 20), answered=st.booleans(), complete=st.booleans())
    def go_on(self, number: int, *, answered: bool, complete: bool) -> None:
        """Take a call that rings, or let it go unanswered; end one that goes on."""
        going = [each for each in self.sky.calls.values() if each.over_at is None]
        if not going:
            return
        self._go_on(going[number % len(going)], answered=answered, complete=complete)

    def _go_on(self, played: Played, *, answered: bool, complete: bool) -> None:
        now = int(self.world.now)
        if played.last["status"] == "initiated" and answered:
            people = [
                {"uid": each, "name": f"N {each}", "isJoined": True, "state": "ongoing", "joinedAt": now}
                for each in played.people
            ]
            played.records.append(
                {**played.last, "status": "ongoing", "startedAt": now, "participants": people}
            )
            self._happened("call_started", played)
        elif played.last["status"] == "initiated":
            people = [{"uid": each, "name": f"N {each}", "state": "unanswered"} for each in played.people]
            played.records.append({**played.last, "status": "unanswered", "participants": people})
            played.over_at = played.last["initiatedAt"]
            self._happened("call_unanswered", played, uids=played.people[:2], session=False)
        else:
            self._end(played, now, complete=complete)

    def _end(self, played: Played, now: int, *, complete: bool) -> None:
        started = played.last["startedAt"]
        people = [{**each, "state": "ended", "leftAt": now} for each in played.last["participants"]]
        ended = {**played.last, "status": "ended", "participants": people}
        if not complete:  # its end and its minutes come later
            played.records.append(ended)
        minutes = (now - started) / 60
        played.records.append({**ended, "endedAt": now, "totalDurationInMinutes": minutes})
        played.over_at = now
        self._happened("call_ended", played)

    @rule(number=st.integers(0, 20))
    def record(self, number: int) -> None:
        ended = [each for each in self.sky.calls.values() if each.last["status"] == "ended"]
        ended = [each for each in ended if not each.last.get("hasRecording")]
        if ended:
            played = ended[number % len(ended)]
            url = f"https://recordings.example/{played.session_id}.mp4"
            recording = {"rid": "1", "recording_url": url}
            played.records.append({**played.last, "hasRecording": True, "recordings": [recording]})
            self._happened("recording_generated", played)

    def _happened(
        self, trigger: str, played: Played, uids: tuple[str, ...] = (), *, session: bool = True
    ) -> None:
        names = tuple(name_digest(f"N {each}") for each in played.people) if len(self.events) % 2 else ()
        hint_session = SessionId(played.session_id) if session else None
        known = tuple(Uid(each) for each in uids)
        self.events.append(Hint(trigger, hint_session, known, self.world.now, names if session else ()))

    @rule(
        sides=st.permutations([*UIDS, *STRANGERS]),
        many=st.integers(2, 3),
        seconds=st.sampled_from([0, 5, 61, 400]),
        answered=st.booleans(),
        complete=st.booleans(),
        then=st.sampled_from(["told", "told", "", "subscribe", "relink", "work and relink"]),
    )
    def a_whole_call(
        self, sides: list[str], many: int, seconds: int, then: str, *, answered: bool, complete: bool
    ) -> None:
        """Play a call from its ring to its end, which the list knows at once or later; then something happens."""
        self.begin_call(sides[0], sides[1:many], "video", mid=answered)
        played = self.sky.calls[f"call-{len(self.sky.calls) - 1}"]
        at = [*self.sky.calls.values()].index(played)
        self._go_on(played, answered=answered, complete=complete)
        self.world.now += seconds
        if played.over_at is None:
            self._go_on(played, answered=answered, complete=complete)
        if then:
            played.visible = len(played.records)
            self.deliver(len(self.events) - 1, 1, at % 2)
        owner = next((user for user, uid in self.links.items() if uid in played.people), USERS[0])
        if then == "subscribe":
            self.world.now += 1
            self.subscribe(owner, WISHES[at % 2], f"C0LATE{at}")
        if then == "work and relink":  # what is found is not told yet
            self.run(self.processes[at % 2].look())
        if "relink" in then:
            self.link(owner, UIDS[(UIDS.index(self.links.get(owner, UIDS[0])) + 1) % len(UIDS)])
        if then:
            self.work(at % 2)

    @rule(number=st.integers(0, 20))
    def reveal(self, number: int) -> None:
        """Let the list catch up with a call."""
        behind = [each for each in self.sky.calls.values() if each.visible < len(each.records)]
        if behind:
            behind[number % len(behind)].visible += 1

    @rule(number=st.integers(0, 40), times=st.integers(1, 2), process=st.integers(0, 1))
    def deliver(self, number: int, times: int, process: int) -> None:
        """Let an event come: late, again, or after later ones. Those that never come are lost."""
        if self.events:
            event = self.events[number % len(self.events)]
            hint = Hint(event.trigger, event.session_id, event.uids, self.world.now, event.names)
            for _ in range(times):
                self.run(self.processes[process].store.hints.add(hint))

    @rule(seconds=st.sampled_from([1, 6, 20, 70, 700]))
    def time_goes_by(self, seconds: int) -> None:
        self.world.now += seconds

    @rule(
        up=st.sampled_from([True, True, False]),
        back=st.integers(0, 2),
        word=st.sampled_from(["", "", "ratelimited", "not_in_channel", "lost"]),
    )
    def trouble_comes_or_goes(self, back: int, word: str, *, up: bool) -> None:
        """Let CometChat fail, its list go back, or Slack take nothing once, or its answer to a post be lost."""
        self.sky.up, self.sky.back = up, back
        if word == "lost":
            self.slack.lost = NotPostedError("TimeoutError")
        elif word:
            refused = PostRefusedError(word)
            self.slack.problem = NotPostedError(word, 30.0) if word == "ratelimited" else refused

    @rule(process=st.integers(0, 1))
    def work(self, process: int) -> None:
        self.run(self.processes[process].work())

    @rule()
    def work_at_once(self) -> None:
        self.run(self._at_once())

    async def _at_once(self) -> None:
        await asyncio.gather(*(process.work() for process in self.processes))

    @invariant()
    def nobody_is_told_of_a_call_without_a_part_in_it(self) -> None:
        for channel, said in self.slack.told[self.checked :]:
            if "ended" in said:
                assert channel.startswith("U")
                continue
            subscription = self.subscriptions[said["subscription"]]
            assert channel == (subscription.channel_id or subscription.owner.user_id)
            assert self.links.get(subscription.owner) == said["viewer"] == subscription.made_for
            for session_id, *_ in said["calls"]:
                played = self.sky.calls[session_id]
                assert played.involves(subscription.made_for)
                assert self._fits(subscription, played, at_most=True), (subscription, played)
        self.checked = len(self.slack.told)

    def _fits(self, subscription: Subscription, played: Played, *, at_most: bool = False) -> bool:
        """Whether the call is told for the subscription; `at_most`: whether it may be, which is more."""
        last, wanted = played.last, subscription.wanted
        if not played.involves(subscription.made_for) or wanted.kind not in {None, last["type"]}:
            return False
        over = played.over_at if played.over_at is not None else last["initiatedAt"]
        if over < subscription.made_at:
            return False
        called = last["initiator"] != subscription.made_for
        rang_out = last["status"] == "initiated" and self.world.now - last["initiatedAt"] >= 60
        was_seen_ringing = (
            at_most and called and wanted.missed and last["initiatedAt"] >= subscription.made_at
        )
        if (called and wanted.missed and (last["status"] == "unanswered" or rang_out)) or was_seen_ringing:
            return True
        long = (last.get("endedAt", 0) - last.get("startedAt", 0)) >= wanted.longer_seconds
        return wanted.ended and last["status"] == "ended" and long

    def settle(self) -> None:
        """Let all end well: then each fitting call is told once, as it is."""
        self.sky.up, self.sky.back, self.slack.problem, self.slack.lost = True, 0, None, None
        for played in self.sky.calls.values():
            played.visible = len(played.records)
        for _ in range(4):
            self.world.now += POLL + 1
            self.run(self._at_once())
        self.world.now += 3_601  # what Slack refused is posted again every hour
        for _ in range(2):
            self.world.now += POLL + 1
            self.run(self._at_once())
        self.nobody_is_told_of_a_call_without_a_part_in_it()
        self.everything_is_told_once()

    def everything_is_told_once(self) -> None:
        told: dict[tuple[str, str], list[Any]] = {}
        for _, said in self.slack.posts.values():
            for call in said.get("calls", []):
                told.setdefault((said["subscription"], call[0]), []).append(call)
        assert [key for key, calls in told.items() if len(calls) > 1] == []
        for subscription in self.subscriptions.values():
            for played in self.sky.calls.values():
                found = told.get((subscription.id, played.session_id))
                if subscription.id in self.gone:
                    continue
                assert bool(found) == self._fits(subscription, played) or (
                    found and self._fits(subscription, played, at_most=True)
                ), (subscription, played, found)
                if found and played.last["status"] in {"ended", "unanswered"}:
                    assert found == [facts(parse_call(played.last))]
        in_threads = [words for _, words in self.slack.replies]
        assert len(in_threads) == len(set(in_threads))


def test_each_call_is_told_once_and_to_nobody_else(url: str) -> None:
    bots = cast("type[Bots]", type("BotsThere", (Bots,), {"url": url}))
    run_state_machine_as_test(
        bots, settings=settings(max_examples=EXAMPLES, stateful_step_count=30, deadline=None)
    )
