"""Whose calls are looked for, when, and what becomes of a look at which something goes wrong; by a clock that the test turns."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.cometchat import (
    BadAnswerError,
    CallPage,
    CallQuery,
    NoSuchCallError,
    RateLimitedError,
    SessionCalls,
    SessionId,
    Uid,
    UnknownUidError,
)
from bot.cometchat.events import name_digest
from bot.cometchat.parsing import parse_call
from bot.identity import SlackUser
from bot.identity.links import StoreUnavailableError
from bot.slack.posts import NotPostedError
from bot.subscriptions import polling
from bot.subscriptions.following import (
    ASKING_SECONDS,
    EARLY_SECONDS,
    MISSED_SECONDS,
    PUT_OFF_SECONDS,
)
from bot.subscriptions.looking import PER_PAGE, RETRY_SECONDS
from bot.subscriptions.looks import AGAIN_SECONDS, NEVER
from bot.subscriptions.polling import CLAIM_SECONDS
from bot.throttling.concurrency import TooBusyError
from tests.subscriptions.bots import POLL
from tests.subscriptions.calls import person
from tests.subscriptions.play import AT_NOON, BOTH, Play, failing
from tests.subscriptions.scene import ADMIN, STEVE, TONY, UIDS

WITHIN = 60  # seconds until a test gives up


def instead(play: Play, name: str, answer: Callable[..., Awaitable[Any]]) -> None:
    """Let CometChat answer requests of that kind so."""
    vars(play.sky)[name] = answer


async def subscribed(play: Play, *users: SlackUser) -> None:
    """Let each of these subscribe to their own calls."""
    for user in users:
        await play.subscribe(id=f"S-{user.user_id}", owner=user, made_for=UIDS[user])


@asynccontextmanager
async def running(play: Play) -> AsyncIterator[None]:
    """Let the loops run."""
    loops = asyncio.create_task(play.bot.polling.run())
    try:
        yield
    finally:
        loops.cancel()
        await asyncio.wait([loops])


async def told(play: Play, calls: list[list[str]]) -> None:
    """Wait until the loops have found these."""
    async with asyncio.timeout(WITHIN):
        while play.read() != calls:
            play.bot.polling.wake()
            await asyncio.sleep(0.01)
            await play.bot.teller.round()


async def test_without_turns_what_is_not_known_at_a_hint_is_looked_for_until_it_is(play: Play) -> None:
    play.bot = play.process(poll=0)
    await play.subscribe()
    play.call("talk", seconds=50)
    play.world.slack_up = False
    await play.hinted("call_ended", session_id=SessionId("talk"), uids=(UIDS[TONY],))
    for _ in range(6):
        await play.later(RETRY_SECONDS + 1)
    assert play.read() == []
    play.world.slack_up = True
    await play.later(RETRY_SECONDS + 1)
    assert play.read() == [["talk"]]
    asked = len(play.sky.asked)
    await play.later(600)
    assert len(play.sky.asked) == asked, "nothing more is looked for"


async def test_a_call_that_rings_is_looked_for_once_nobody_can_take_it_any_more(play: Play) -> None:
    play.bot = play.process(poll=0)
    await play.subscribe()
    await play.hinted("call_initiated", session_id=SessionId("talk"), uids=(UIDS[TONY],))
    assert play.sky.asked == []
    await play.later(MISSED_SECONDS + 1)
    assert play.sky.asked != []


async def test_a_call_that_rings_while_one_before_it_is_found_is_looked_for_too(play: Play) -> None:
    play.bot = play.process(poll=0)
    await play.subscribe()
    play.call("first", status="cancelled")
    await play.hinted("call_initiated", uids=(UIDS[TONY],))
    play.world.now += 60
    play.call("second", status="initiated")
    await play.hinted("call_initiated", uids=(UIDS[TONY],))
    await play.later(MISSED_SECONDS - 60)
    assert play.read() == [["first"]]
    play.sky.calls["second"].records[0]["status"] = "unanswered"
    await play.later(60)
    assert play.read() == [["first", "second"]]


async def test_a_call_that_rings_while_another_ends_is_looked_for_too(play: Play) -> None:
    play.bot = play.process(poll=0)
    await play.subscribe()
    play.call("missed", status="initiated")
    await play.hinted("call_initiated", uids=(UIDS[TONY],))
    play.world.now += 10
    play.call("talk", seconds=50)
    await play.hinted("call_ended", session_id=SessionId("talk"), uids=(UIDS[TONY],))
    assert play.read() == [["talk"]]
    play.sky.calls["missed"].records[0]["status"] = "unanswered"
    for _ in range(3):
        await play.later(20)
    assert play.read() == [["talk"], ["missed"]]
    assert len(play.sky.asked) == 2, "when the one had ended, and when nobody could take the other any more"


async def test_a_record_that_is_never_complete_is_looked_at_again_three_times_and_no_more(play: Play) -> None:
    await play.subscribe()
    await play.bot.work()
    play.call("talk", seconds=50, endedAt=None, totalDurationInMinutes=None)
    list_calls, asked, began = play.sky.list_calls, list[float](), play.world.now

    async def slow(*what: Any) -> CallPage:
        asked.append(play.world.now)
        play.world.now += 0.1
        return await list_calls(*what)

    instead(play, "list_calls", slow)
    while play.world.now < began + 10 * POLL:
        play.world.now = await play.store.looks.next_after(play.world.now)
        await play.bot.work()
    assert len(asked) <= 10 + len(AGAIN_SECONDS)


async def test_while_cometchat_wants_a_pause_those_likeliest_to_know_a_session_stay_the_first(
    play: Play,
) -> None:
    await subscribed(play, TONY, STEVE)
    await play.bot.work()
    asked: list[Uid] = []

    async def limited(_: SlackUser, __: SessionId, uid: Uid, **___: object) -> SessionCalls:
        asked.append(uid)
        raise RateLimitedError(30, status=429)

    instead(play, "get_call", limited)
    await play.event("call_ended", session_id=SessionId("nobody-knows"))
    for _ in range(3):
        await play.bot.polling.follow()
        play.world.now += PUT_OFF_SECONDS
    assert len(asked) == 3
    assert len(set(asked)) == 1


async def test_an_event_that_comes_while_its_call_is_looked_for_the_last_time_is_followed(play: Play) -> None:
    play.bot = play.process(poll=0)
    await play.subscribe()
    play.call("talk", status="ongoing")
    await play.hinted("call_ended", session_id=SessionId("talk"), uids=(UIDS[TONY],))
    for seconds in AGAIN_SECONDS[:-1]:
        await play.later(seconds)
    list_calls = play.sky.list_calls

    async def meanwhile(*asked: Any) -> CallPage:
        found = await list_calls(*asked)
        if play.read() == []:
            play.call("talk", seconds=50)
            await play.event("call_ended", session_id=SessionId("talk"), uids=(UIDS[TONY],))
            await play.bot.polling.follow()
        return found

    instead(play, "list_calls", meanwhile)
    await play.later(AGAIN_SECONDS[-1])
    await play.later(1)
    assert play.read() == [["talk"]]


async def test_a_user_whom_cometchat_does_not_know_is_not_looked_for_without_end(play: Play) -> None:
    play.bot = play.process(poll=0)
    await play.subscribe()
    asked = []

    async def unknown(*_: object) -> None:
        asked.append(play.world.now)
        raise UnknownUidError

    instead(play, "list_calls", unknown)
    await play.hinted("call_ended", session_id=SessionId("talk"), uids=(UIDS[TONY],))
    for _ in range(20):
        await play.later(RETRY_SECONDS)
    assert len(asked) == 1 + len(AGAIN_SECONDS)


async def test_every_page_of_a_look_counts(play: Play) -> None:
    await play.subscribe()
    await play.bot.work()
    for number in range(PER_PAGE * 2):
        play.call(f"talk{number}", seconds=50)
    left = play.bot.budget.available()
    await play.hinted("call_ended", uids=(UIDS[TONY],))
    assert play.bot.budget.available() == left - 2


@pytest.mark.parametrize("says_how_many", [True, False])
async def test_the_newest_calls_are_found_where_the_oldest_are_listed_first(
    play: Play, *, says_how_many: bool
) -> None:
    """The API does not document its order."""
    await play.subscribe(channel_id="C1")
    await play.bot.work()
    for number in range(45):
        play.world.now += 61
        play.call(f"call-{number}", seconds=50)
    shown = [parse_call(each.last) for each in play.sky.calls.values()]
    read: list[int] = []

    async def oldest_first(_: SlackUser, query: CallQuery, __: Uid) -> CallPage:
        read.append(query.page)
        some = tuple(reversed(shown[(query.page - 1) * PER_PAGE : query.page * PER_PAGE]))
        return CallPage(some, 200, query.page == 3, pages=3 if says_how_many else None, oldest_first=True)

    instead(play, "list_calls", oldest_first)
    await play.later()
    assert read == ([1, 3, 2] if says_how_many else [1, 2, 3])
    assert "call-44" in str(play.read("C1"))


async def test_turns_that_were_set_without_an_interval_come_once_there_is_one(play: Play) -> None:
    await play.subscribe()
    without = play.process(poll=0)
    play.call("one", seconds=50)
    await play.event("call_ended", uids=(UIDS[TONY],))
    await without.work()
    assert play.read() == [["one"]]
    play.call("two", seconds=50)
    await play.later()
    assert play.read() == [["one"], ["two"]]


async def test_it_is_known_when_somebody_is_due_next(play: Play) -> None:
    looks = play.store.looks
    assert await looks.next_after(0) == NEVER
    await play.subscribe()
    assert await looks.next_after(0) == play.world.now
    assert await looks.next_after(play.world.now) == NEVER
    await play.bot.work()
    assert await looks.next_after(play.world.now) == play.world.now + POLL
    await play.event("call_initiated", uids=(UIDS[TONY],))
    await play.bot.polling.follow()
    assert await looks.next_after(play.world.now) == play.world.now + min(POLL, MISSED_SECONDS)
    assert await looks.next_after(play.world.now + POLL) == play.world.now + MISSED_SECONDS


async def test_the_loop_wakes_when_somebody_is_due(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "TICK_SECONDS", 10 * WITHIN)
    await play.subscribe()
    await play.bot.work()
    play.world.now += POLL - 0.01
    asked = len(play.sky.asked)
    next_after, seen = play.store.looks.next_after, asyncio.Event()

    async def looked_up(now: float) -> float:
        seen.set()
        return await next_after(now)

    vars(play.store.looks)["next_after"] = looked_up
    async with running(play), asyncio.timeout(WITHIN):
        await seen.wait()
        play.world.now += 0.01
        while len(play.sky.asked) == asked:  # noqa: ASYNC110 - the loop tells nobody
            await asyncio.sleep(0.01)


async def test_no_page_is_read_for_which_the_claim_is_too_short(play: Play) -> None:
    await play.subscribe()
    await play.bot.work()
    for number in range(PER_PAGE * 4):
        play.call(f"talk{number}", seconds=50)
    list_calls, pages = play.sky.list_calls, []

    async def slow(user: SlackUser, query: CallQuery, uid: Uid) -> CallPage:
        pages.append(query.page)
        play.world.now += CLAIM_SECONDS / 4
        return await list_calls(user, query, uid)

    instead(play, "list_calls", slow)
    await play.later()
    assert pages == [1, 2]
    del vars(play.sky)["list_calls"]
    await play.later(RETRY_SECONDS + 1)
    assert sum(map(len, play.read())) == PER_PAGE * 4, "what was not read then is read soon"


async def test_without_turns_a_record_that_lags_is_looked_at_again(play: Play) -> None:
    play.bot = play.process(poll=0)
    await play.subscribe()
    play.call("talk", seconds=50, endedAt=None, totalDurationInMinutes=None)
    await play.hinted("call_ended", session_id=SessionId("talk"), uids=(UIDS[TONY],))
    assert play.read() == []
    play.call("talk", seconds=50)
    await play.later(5)
    ((_, said),) = play.slack.posts.values()
    assert said["calls"][0][3] is not None, "its minutes"


async def test_while_cometchat_hangs_at_a_hint_the_calls_of_others_are_looked_for(play: Play) -> None:
    await play.subscribe()
    await play.bot.work()
    asked = asyncio.Event()

    async def hang(*_: object, **__: object) -> None:
        asked.set()
        await asyncio.Event().wait()

    instead(play, "get_call", hang)
    await play.event("call_ended", session_id=SessionId("theirs"))
    async with running(play):
        async with asyncio.timeout(WITHIN):
            await asked.wait()
        play.call("talk", seconds=50)
        play.world.now += POLL + 1
        await told(play, [["talk"]])


async def test_hints_wait_no_longer_than_seconds_for_those_before_them(play: Play) -> None:
    await play.subscribe()
    await play.bot.work()
    asked = []

    async def slow(_: SlackUser, session_id: SessionId, *__: object, **___: object) -> None:
        asked.append(session_id)
        play.world.now += ASKING_SECONDS
        raise TooBusyError(own=False)

    instead(play, "get_call", slow)
    for number in range(3):
        await play.event("call_ended", session_id=SessionId(f"session-{number}"))
    await play.bot.polling.follow()
    assert len(asked) == 1
    await play.bot.polling.follow()
    assert len(asked) == 2, "what is left goes on at once"


async def test_the_loops_go_on_after_an_outage_and_after_a_bug(play: Play) -> None:
    await play.subscribe()
    play.call("talk", seconds=50)
    play.world.now += POLL + 1
    failing(play.store.looks, "claim", StoreUnavailableError(), RuntimeError("a bug"))
    with capture_logs() as logs:
        async with running(play):
            await told(play, [["talk"]])
    assert [(line["event"], line["reason"]) for line in logs if "reason" in line] == [
        ("looking failed", "crashed")
    ]


@pytest.mark.parametrize(
    ("problem", "reasons"), [(RuntimeError("a bug"), ["crashed"]), (StoreUnavailableError(), [])]
)
async def test_a_look_that_breaks_off_keeps_nobody_else_waiting_and_is_repeated_when_its_claim_has_passed(
    play: Play, problem: Exception, reasons: list[str]
) -> None:
    await play.subscribe()
    await play.subscribe(id="S-steve", owner=STEVE, made_for=UIDS[STEVE])
    play.call("talk", seconds=50)
    failing(play.store.looks, "finish", problem)
    with capture_logs() as logs:
        await play.later()
    assert [line["reason"] for line in logs if line["event"] == "looking failed"] == reasons
    assert len(play.read() + play.read("U0STEVE")) == 1
    await play.later(CLAIM_SECONDS + 1)
    assert (play.read(), play.read("U0STEVE")) == ([["talk"]], [["talk"]])


async def test_a_look_whose_claim_has_passed_meanwhile_changes_nothing(play: Play) -> None:
    await play.subscribe()
    play.call("talk", seconds=50)
    (late,) = await play.store.looks.claim(play.world.now, play.world.now + CLAIM_SECONDS, 1, urgent=False)
    await play.later(CLAIM_SECONDS + 1)
    looked = await play.bot.looker.look(late, NEVER)
    await play.later()
    assert (looked.outcome, play.read()) == ("failed", [["talk"]])


async def test_where_there_is_no_place_for_a_look_a_hint_s_is_repeated_soon(play: Play) -> None:
    await play.subscribe()
    await play.bot.work()
    play.call("talk", seconds=50)
    failing(play.sky, "list_calls", TooBusyError(own=False))
    await play.hinted("call_ended", session_id=SessionId("talk"), uids=(UIDS[TONY],))
    assert play.read() == []
    await play.later(RETRY_SECONDS)
    assert play.read() == [["talk"]]


@pytest.mark.parametrize(("status", "calls"), [(400, [["talk"]]), (500, [])])
async def test_a_page_past_the_last_one_may_be_refused(
    play: Play, status: int, calls: list[list[str]]
) -> None:
    await play.subscribe()
    play.call("talk", seconds=50)
    list_calls = play.sky.list_calls

    async def refuse(user: SlackUser, query: CallQuery, on_behalf_of: Uid) -> CallPage:
        if query.page > 1:
            raise BadAnswerError(status=status)
        return replace(await list_calls(user, query, on_behalf_of), last=False)

    instead(play, "list_calls", refuse)
    await play.later()
    assert play.read() == calls


async def test_who_took_part_under_no_uid_keeps_nobody_from_being_told(play: Play) -> None:
    await play.subscribe()
    await play.subscribe(id="S-steve", owner=STEVE, made_for=UIDS[STEVE])
    await play.bot.work()
    people = [person(each, isJoined=True, state="ended") for each in ("no uid", *UIDS.values())]
    play.call("talk", seconds=50, participants=people)
    await play.hinted("call_ended", session_id=SessionId("talk"))
    assert (play.read(), play.read("U0STEVE")) == ([["talk"]], [["talk"]])


async def test_a_recording_s_event_waits_for_that_of_the_call_s_end_before_cometchat_is_asked(
    play: Play,
) -> None:
    await play.subscribe()
    await play.bot.work()
    play.call("talk", seconds=50, hasRecording=True)
    asked = len(play.sky.asked)
    await play.hinted("recording_generated", session_id=SessionId("talk"))
    assert len(play.sky.asked) == asked
    for _ in range(3):
        await play.later(EARLY_SECONDS / 2)
    assert play.read() == [["talk"]]


async def test_whoever_has_stopped_everything_is_asked_for_no_more(play: Play) -> None:
    made = await play.subscribe()
    await play.subscribe(id="S-steve", owner=STEVE, made_for=UIDS[STEVE])
    await play.bot.work()
    await play.store.subscriptions.remove((made.id,))
    play.sky.asked.clear()
    await play.hinted("call_ended", session_id=SessionId("nobody-knows"))
    assert set(play.sky.asked) == {UIDS[STEVE]}


async def test_hints_cause_no_more_requests_than_their_budget_allows(play: Play) -> None:
    await play.subscribe()
    await play.bot.work()
    play.call("talk", seconds=50)
    play.bot.budget.spend(play.bot.budget.available())
    asked = len(play.sky.asked)
    await play.hinted("call_ended", session_id=SessionId("talk"))
    await play.hinted("call_ended", session_id=SessionId("talk"), uids=(UIDS[TONY],))
    assert len(play.sky.asked) == asked
    await play.later(1)
    assert play.read() == [["talk"]]


async def test_probing_leaves_half_of_the_burst_to_looks(play: Play) -> None:
    await play.subscribe()
    await play.bot.work()
    play.call("talk", seconds=50)
    budget = play.bot.budget
    budget.spend(budget.available() // 2 + 1)
    asked = len(play.sky.asked)
    await play.hinted("call_ended", session_id=SessionId("talk"))
    assert len(play.sky.asked) == asked
    await play.hinted("call_ended", uids=(UIDS[TONY],))
    assert play.read() == [["talk"]]


@pytest.mark.parametrize("one", [TONY, STEVE])
async def test_probing_starts_with_those_who_were_just_called(play: Play, one: SlackUser) -> None:
    await subscribed(play, TONY, STEVE)
    await play.bot.work()
    await play.event("call_initiated", uids=(UIDS[one],))
    await play.bot.polling.follow()
    play.sky.asked.clear()
    await play.event("call_ended", session_id=SessionId("nobody-knows"))
    await play.bot.polling.follow()
    assert (play.sky.asked[0], set(play.sky.asked)) == (UIDS[one], {UIDS[TONY], UIDS[STEVE]})


async def test_probing_starts_with_those_whose_call_goes_on(play: Play) -> None:
    await subscribed(play, STEVE, TONY)
    play.call(
        "goes on", status="ongoing", initiator="superhero9", participants=[person(UIDS[TONY], isJoined=True)]
    )
    await play.bot.work()
    await play.event("call_initiated", uids=(UIDS[STEVE],))
    await play.bot.polling.follow()
    play.sky.asked.clear()
    await play.event("call_ended", session_id=SessionId("nobody-knows"))
    await play.bot.polling.follow()
    assert play.sky.asked[0] == UIDS[TONY]


async def test_probing_goes_on_where_it_ended_until_everybody_was_asked(play: Play) -> None:
    people = [Uid(f"member{number}") for number in range(1, 21)]
    for uid in people:
        await play.subscribe(id=f"S-{uid}", owner=ADMIN, made_for=uid, uid=uid)
    await play.bot.work()
    asked: list[Uid] = []

    async def slow(_: SlackUser, session_id: SessionId, uid: Uid, **__: object) -> SessionCalls:
        if session_id == "last":
            asked.append(uid)
        play.world.now += 0.25
        if uid == people[0]:
            raise BadAnswerError("no calls", status=400)
        raise NoSuchCallError

    instead(play, "get_call", slow)
    await play.event("call_ended", session_id=SessionId("of others"))
    await play.event("call_ended", session_id=SessionId("last"))
    for _ in range(2):
        await play.bot.polling.follow()
    assert asked, "the older session does not take all the time"
    while len(asked) < len(people) and play.world.now < AT_NOON + 2 * PUT_OFF_SECONDS:
        await play.bot.polling.follow()
        play.world.now += 0.1
    assert set(asked) == set(people)


async def test_whoever_was_called_and_did_not_join_is_asked_last(play: Play) -> None:
    await play.subscribe()
    play.call("before", seconds=50)
    await play.later()
    await subscribed(play, STEVE)
    play.call("of-a-group", initiator="superhero9", participants=[person(UIDS[TONY], state="unanswered")])
    play.sky.asked.clear()
    await play.event("call_ended", session_id=SessionId("of-a-group"), names=(name_digest("Carl"),))
    await play.bot.polling.follow()
    assert play.sky.asked == [UIDS[STEVE], UIDS[TONY]]
    await play.bot.work()
    assert play.read() == [["before"], ["of-a-group"]]


async def test_the_event_of_a_session_that_others_had_before_wakes_those_whom_it_names(play: Play) -> None:
    await play.subscribe()
    play.call("stand-up", seconds=50)
    await play.later()
    await subscribed(play, STEVE)
    await play.bot.work()
    play.sky.asked.clear()
    names = (name_digest(f"N {UIDS[STEVE]}"),)
    await play.hinted("call_ended", session_id=SessionId("stand-up"), names=names)
    assert {UIDS[STEVE]} <= set(play.sky.asked)


async def test_nobody_is_probed_whose_link_is_gone(play: Play) -> None:
    await subscribed(play, TONY, STEVE)
    await play.bot.work()
    await play.bot.links.remove(TONY)
    play.sky.asked.clear()
    await play.event("call_ended", session_id=SessionId("nobody-knows"))
    await play.bot.polling.follow()
    assert play.sky.asked == [UIDS[STEVE]]


async def test_a_look_for_what_is_new_comes_before_repeated_ones(play: Play) -> None:
    await subscribed(play, TONY, STEVE)
    await play.bot.work()
    await play.hinted("call_ended", session_id=SessionId("lags"), uids=(UIDS[TONY],))
    play.world.now += AGAIN_SECONDS[0] + 1
    await play.event("call_ended", session_id=SessionId("new"), uids=(UIDS[STEVE],))
    await play.bot.polling.follow()
    now = play.world.now
    claimed = [await play.store.looks.claim(now, now + CLAIM_SECONDS, 1, urgent=True) for _ in range(2)]
    assert [look.uid for looks in claimed for look in looks] == [UIDS[STEVE], UIDS[TONY]]


@pytest.mark.parametrize("unknown", [TONY, STEVE])
async def test_while_links_can_t_be_read_nothing_is_told_and_nothing_is_lost(
    play: Play, unknown: SlackUser
) -> None:
    await play.subscribe(wanted=replace(BOTH, with_whom="<@U0STEVE>"))
    get = play.bot.links.get
    known: list[SlackUser] = []

    async def unavailable(user: SlackUser) -> Any:
        if user == unknown and not known:
            raise StoreUnavailableError
        return await get(user)

    vars(play.bot.links)["get"] = unavailable
    play.call("talk", seconds=50)
    await play.later()
    assert play.read() == []
    known.append(unknown)
    await play.later(RETRY_SECONDS + 1)
    assert play.read() == [["talk"]]


async def test_while_nobody_knows_who_is_an_admin_nothing_is_told_of_another_s_calls(play: Play) -> None:
    of_steve = UIDS[STEVE]
    await play.subscribe(owner=ADMIN, made_for=of_steve, uid=of_steve)
    await play.bot.work()
    play.world.slack_up = False
    play.call("talk", seconds=50)
    await play.later()
    assert play.read("U0ADMIN") == []
    play.world.slack_up = True
    await play.later(RETRY_SECONDS + 1)
    assert play.read("U0ADMIN") == [["talk"]]


async def test_calls_that_join_a_message_which_may_be_there_already_are_in_it(play: Play) -> None:
    await play.subscribe()
    play.call("one")
    play.world.now += POLL + 1
    await play.bot.look()
    play.call("two")
    play.call("three")
    play.world.now += POLL + 1
    (look,) = await play.store.looks.claim(play.world.now, play.world.now + 20, 1, urgent=False)
    play.slack.lost = NotPostedError("TimeoutError")
    await play.bot.teller.round()
    await play.bot.looker.look(look, NEVER)
    await play.later()
    (together,) = play.read()
    assert sorted(together) == ["one", "three", "two"]


async def test_a_call_that_joins_a_message_which_is_about_to_be_sent_is_in_it(play: Play) -> None:
    await play.subscribe()
    play.call("one")
    play.world.now += POLL + 1
    await play.bot.look()
    (message,) = await play.store.messages.claim(play.world.now, play.world.now + 15, 8)
    play.call("two")
    play.world.now += POLL + 1
    await play.bot.look()
    await play.bot.teller._send(message)
    assert play.read() == [["one"]]
    await play.bot.work()
    assert play.read() == [["one", "two"]]
