"""Being told, on both databases and by a clock that the test turns: waits, refusals, quiet hours, ends."""

from __future__ import annotations

import json
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.answers.telling import REFUSED_SECONDS
from bot.cards import told as real_cards
from bot.cometchat import RateLimitedError, SessionId, Uid
from bot.cometchat.events import name_digest
from bot.identity.links import CONFIRM_ANY, Link
from bot.slack.posts import NotPostedError, PostRefusedError
from bot.subscriptions.looks import NEVER
from bot.subscriptions.reasons import ended_because, refused_because
from bot.subscriptions.subscription import Wanted
from bot.subscriptions.tellings import Why
from tests.subscriptions.bots import POLL, Channels, Words
from tests.subscriptions.calls import person
from tests.subscriptions.play import AT_NIGHT, AT_NOON, MORNING, Play
from tests.subscriptions.scene import ADMIN, ROBIN, STEVE, TEAM, TONY, UIDS


def test_the_cards_of_these_tests_are_cards_that_there_are() -> None:
    assert {each for each in dir(Words) if each[0] != "_"} <= set(dir(real_cards))


async def test_each_place_is_told_and_what_comes_later_updates_the_message_or_is_in_its_thread(
    play: Play,
) -> None:
    await play.subscribe()
    await play.subscribe(channel_id="C1")
    play.call("talk", seconds=50)
    await play.later()
    assert (play.read(), play.read("C1")) == ([["talk"]], [["talk"]])
    recording = [{"rid": "1", "recording_url": "https://recordings.example/x.mp4"}]
    played = play.sky.calls["talk"]
    played.records.append({**played.records[0], "hasRecording": True, "recordings": recording})
    played.visible = 2
    await play.hinted("recording_generated", session_id=SessionId("talk"))
    await play.hinted("recording_generated", session_id=SessionId("talk"))
    assert (play.read(), play.read("C1")) == ([["talk"]], [["talk"]])
    direct = next(said for where, said in play.slack.posts.values() if where == "U0TONY")
    assert direct["calls"][0][-1] is True, "it says that there is a recording"
    assert [words.split()[-1] for _, words in play.slack.replies] == ["talk"], "one reply, in the channel"
    told = [each for each in play.audit.kept if each.deed == "tell"]
    assert {(each.user_id, each.uid, each.session_id) for each in told} == {("U0TONY", "superhero1", "talk")}


async def test_missed_calls_of_one_caller_become_one_message_that_is_updated(play: Play) -> None:
    await play.subscribe()
    for number in range(3):
        play.call(f"call-{number}")
        await play.later(120)
    assert play.read() == [["call-0", "call-1", "call-2"]]
    play.world.now += 700
    play.call("much-later")
    await play.later()
    assert play.read() == [["call-0", "call-1", "call-2"], ["much-later"]]


async def test_after_hours_without_the_bot_more_than_five_calls_are_one_message(play: Play) -> None:
    await play.subscribe()
    await play.later()
    for number in range(7):
        play.call(f"call-{number}", seconds=30)
        play.world.now += 1_800
    play.call("too-old", seconds=30, startedAt=int(AT_NOON) - 90_000, endedAt=int(AT_NOON) - 88_000)
    await play.later()
    assert play.read() == [[f"call-{number}" for number in range(7)]]


async def test_quiet_hours_end_in_the_morning_with_one_message(play: Play) -> None:
    play.world.now = AT_NIGHT
    await play.subscribe()
    await play.subscribe(channel_id="C1")
    await play.subscribe(id="S-loud", wanted=Wanted(missed=True, ended=False), quiet_hours=False)
    play.call("one")
    await play.later()
    play.call("two", seconds=40)
    await play.later()
    assert play.read() == [["one"]], "only the subscription without quiet hours"
    assert play.read("C1") == [["one"], ["two"]], "a channel has none"
    play.world.now = MORNING - 1
    await play.bot.work()
    assert play.read() == [["one"]]
    await play.later(2)
    assert play.read() == [["one"], ["one", "two"]]
    await play.later()
    assert len(play.read()) == 2


async def test_the_night_is_where_the_person_is(play: Play) -> None:
    play.world.zone = "Asia/Kolkata"  # five and a half hours ahead: half past four in the morning
    play.world.now = AT_NIGHT
    await play.subscribe()
    play.call("one")
    await play.later()
    assert play.read() == []
    play.world.now = MORNING - 5.5 * 3_600 + 1
    await play.bot.work()
    assert play.read() == [["one"]]


async def test_nothing_is_told_of_what_happened_in_a_mute(play: Play) -> None:
    made = await play.subscribe()
    play.call("before")
    await play.bot.look()
    await play.store.subscriptions.mute(made.id, int(play.world.now) + 600)
    await play.later()
    play.call("meanwhile")
    await play.later(700)
    play.call("after", seconds=1)
    await play.later()
    assert play.read() == [["after"]]


async def test_in_a_mute_a_message_is_updated_without_a_reply_in_its_thread(play: Play) -> None:
    made = await play.subscribe(channel_id="C1")
    play.call("talk", seconds=50)
    await play.later()
    await play.store.subscriptions.mute(made.id, int(play.world.now) + 600)
    play.sky.calls["talk"].records[0]["hasRecording"] = True
    await play.hinted("recording_generated", session_id=SessionId("talk"))
    await play.later(700)
    ((_, said),) = play.slack.posts.values()
    assert (said["calls"][0][-1], play.slack.replies) == (True, [])


async def test_a_call_is_told_as_it_is_when_its_record_lags_for_long_and_updated_later(play: Play) -> None:
    await play.subscribe()
    play.call("talk", seconds=50, endedAt=None, totalDurationInMinutes=None)
    await play.hinted("call_ended", session_id=SessionId("talk"), uids=(UIDS[TONY],))
    for seconds in (5, 15, 59):
        await play.later(seconds)
        assert play.read() == []
    await play.later(2)
    assert play.read() == [["talk"]]
    play.call("talk", seconds=50)
    await play.later()
    ((_, said),) = play.slack.posts.values()
    assert said["calls"][0][3] is not None, "its minutes"


async def test_a_record_that_is_late_is_found_after_seconds_without_a_turn(play: Play) -> None:
    await play.subscribe()
    await play.bot.work()
    await play.hinted("call_ended", session_id=SessionId("talk"), uids=(UIDS[TONY],))
    play.call("talk", seconds=50)
    await play.later(5)
    assert play.read() == [["talk"]]
    asked = len(play.sky.asked)
    await play.later(20)
    assert len(play.sky.asked) == asked, "nothing is awaited any more"


async def test_a_ring_that_nobody_hears_more_of_is_missed_after_a_minute(play: Play) -> None:
    await play.subscribe()
    await play.bot.work()
    play.call("rings", status="initiated")
    await play.hinted("call_initiated", uids=(UIDS[STEVE], UIDS[TONY]))
    await play.later(30)
    assert play.read() == []
    await play.later(36)
    assert play.read() == [["rings"]]


@pytest.mark.parametrize("names", [(), ("N superhero1",), ("N superhero1", "N superhero2")])
async def test_an_event_with_a_session_alone_finds_everybody_who_was_there(
    play: Play, names: tuple[str, ...]
) -> None:
    await play.subscribe()
    await play.subscribe(id="S-steve", owner=STEVE, made_for=UIDS[STEVE])
    await play.subscribe(id="S-admin", owner=ADMIN, made_for=UIDS[ADMIN])
    play.call("before", seconds=5)  # by which CometChat's names of them are known
    await play.later()
    play.call("talk", seconds=50)
    digests = tuple(name_digest(each) for each in names)
    await play.hinted("call_ended", session_id=SessionId("talk"), names=digests)
    assert (play.read()[-1], play.read("U0STEVE")[-1], play.read("U0ADMIN")) == (["talk"], ["talk"], [])


async def test_events_about_nobody_who_subscribed_are_given_up(play: Play) -> None:
    await play.subscribe()
    await play.bot.work()
    play.call("theirs", seconds=50, initiator="x", receiver="y", participants=[person("x"), person("y")])
    for _ in range(3):
        await play.hinted("call_ended", session_id=SessionId("theirs"), received_at=play.world.now)
        await play.hinted("call_unanswered", uids=(Uid("x"),))
        await play.later(40)
    await play.later(100)
    assert play.read() == []
    assert await play.store.hints.claim(play.world.now + 1_000, play.world.now + 2_000, 9) == ()
    assert await play.store.hints.latest() is not None, "the newest is remembered"


@pytest.mark.parametrize(
    ("problem", "wait"),
    [
        (NotPostedError("ratelimited", 30.0), 30),
        (NotPostedError("ClientConnectorError"), 5),
        (NotPostedError("status 503"), 5),
    ],
)
async def test_what_slack_does_not_take_now_is_told_later(
    play: Play, problem: Exception, wait: float
) -> None:
    await play.subscribe()
    play.call("talk", seconds=50)
    play.slack.problem = problem
    await play.later()
    await play.later(wait - 1)
    assert play.read() == []
    await play.later(2)
    assert play.read() == [["talk"]]


@pytest.mark.parametrize("channel_id", ["C1", None])
async def test_what_may_have_arrived_is_told_once_and_shows_what_came_meanwhile(
    play: Play, channel_id: str | None
) -> None:
    await play.subscribe(channel_id=channel_id)
    play.call("one")
    play.slack.lost = NotPostedError("TimeoutError")
    with capture_logs() as logs:
        await play.later()
    assert [each["reason"] for each in logs if each["event"] == "not told"] == ["TimeoutError"]
    play.call("two")
    await play.later(100)
    assert play.read(channel_id or "U0TONY") == [["one", "two"]]


async def test_a_reply_that_may_have_arrived_is_given_once(play: Play) -> None:
    await play.subscribe(channel_id="C1")
    play.call("talk")
    await play.later()
    play.call("talk", hasRecording=True)
    play.slack.lost = NotPostedError("TimeoutError")
    await play.later()
    await play.later(100)
    assert len(play.slack.replies) == 1


async def test_a_message_that_was_deleted_before_anybody_knew_where_it_was_is_not_told_again(
    play: Play,
) -> None:
    made = await play.subscribe(channel_id="C1")
    play.call("one")
    play.slack.problem = PostRefusedError("duplicate_message_not_found")
    await play.later()
    await play.later(REFUSED_SECONDS + 1)
    assert (play.read("C1"), play.words()) == ([], [])
    assert await play.store.subscriptions.get(made.id)


@pytest.mark.parametrize("word", ["not_in_channel", "channel_not_found", "is_archived", "restricted_action"])
async def test_a_channel_that_refuses_is_tried_every_hour_and_the_owner_is_told_once(
    play: Play, word: str
) -> None:
    await play.subscribe(channel_id="C1")
    for number in range(2):
        play.call(f"call-{number}", seconds=50)
        play.slack.problem = PostRefusedError(word)
        await play.later()
    assert (play.read("C1"), play.words()) == ([], [refused_because(word)])
    await play.later(REFUSED_SECONDS + 1)
    assert sorted(play.read("C1")) == [["call-0"], ["call-1"]]
    assert len(play.words()) == 1


async def test_a_channel_that_refuses_for_a_day_ends_the_subscription(play: Play) -> None:
    made = await play.subscribe(channel_id="C1", quiet_hours=False)
    play.call("talk", seconds=50)

    async def refuse(channel: str, message: Any, *, key: str, thread_ts: str = "") -> Any:
        if "because" in json.loads(message.text):
            return await Channels.post(play.slack, channel, message, key=key, thread_ts=thread_ts)
        raise PostRefusedError("not_in_channel")

    vars(play.slack)["post"] = refuse
    for _ in range(25):
        assert await play.store.subscriptions.get(made.id)
        await play.later(REFUSED_SECONDS + 1)
    await play.later(10)
    assert await play.store.subscriptions.get(made.id) is None
    assert play.words()[-1] == ended_because(Why.CHANNEL_REFUSES)
    assert [each.outcome for each in play.audit.kept if each.deed == "unsubscribe"] == ["channel_refuses"]


async def test_a_call_is_told_although_the_message_that_it_joins_is_kept_with_another_meanwhile(
    play: Play,
) -> None:
    play.world.now = AT_NIGHT
    await play.subscribe()
    play.call("first", initiator="superhero3")
    await play.later()
    play.call("second")
    play.world.now += POLL + 1
    await play.bot.look()
    play.call("third")
    play.world.now += POLL + 1
    (look,) = await play.store.looks.claim(play.world.now, play.world.now + 20, 1, urgent=False)
    await play.bot.teller.round()  # the second one's message is now one with the first one's
    await play.bot.looker.look(look, NEVER)
    play.world.now = MORNING
    await play.bot.work()
    assert sorted(call for calls in play.read() for call in calls) == ["first", "second", "third"]


async def test_a_subscription_ends_with_a_word_when_the_link_is_lost_or_changed(play: Play) -> None:
    await play.subscribe()
    await play.subscribe(id="S-steve", owner=STEVE, made_for=UIDS[STEVE])
    await play.bot.links.remove(TONY)
    await play.bot.links.put(Link(STEVE, Uid("superhero9"), "cli", 1, "import"), confirmed=CONFIRM_ANY)
    play.call("talk", seconds=50)
    await play.later()
    assert (play.read(), play.read("U0STEVE")) == ([], [])
    assert play.words() == [ended_because(Why.LINK_LOST)]
    assert play.words("U0STEVE") == [ended_because(Why.LINK_CHANGED)]
    assert await play.store.looks.count() == 0, "nobody is looked for any more"


@pytest.mark.parametrize("where", ["left", "elsewhere"])
async def test_who_has_left_is_told_nothing_and_their_subscription_ends(play: Play, where: str) -> None:
    made = await play.subscribe()
    await play.bot.work()
    getattr(play.world, where).add(TONY.user_id)
    play.call("talk", seconds=50)
    await play.later()
    assert play.slack.posts == {}
    assert await play.store.subscriptions.get(made.id) is None


async def test_of_another_user_s_calls_only_an_admin_is_told(play: Play) -> None:
    desk = Uid("superhero1")
    await play.subscribe(owner=ADMIN, made_for=desk, uid=desk, channel_id="C1")
    play.call("one", seconds=50)
    await play.later()
    play.world.admins.clear()
    play.call("two", seconds=50)
    await play.later()
    assert play.read("C1") == [["one"]]
    assert play.words("U0ADMIN") == [ended_because(Why.NO_LONGER_ADMIN)]


async def test_while_nobody_knows_who_is_who_nothing_is_told_and_nothing_is_lost(play: Play) -> None:
    await play.subscribe()
    await play.subscribe(id="S-with", wanted=Wanted(missed=True, ended=True, with_whom="<@U0STEVE>"))
    await play.subscribe(
        id="S-robin", wanted=Wanted(missed=True, ended=True, with_whom=f"<@{ROBIN.user_id}>")
    )
    play.world.slack_up = False
    play.call("talk", seconds=50)
    await play.later()
    assert play.read() == []
    play.world.slack_up = True
    await play.later(31)
    assert play.read() == [["talk"], ["talk"]], "Robin has no UID, so no call is with them"


async def test_when_cometchat_wants_a_pause_turns_come_less_often(play: Play) -> None:
    await play.subscribe()
    await play.bot.work()

    async def limited(*_: object) -> Any:
        play.sky.asked.append("limited")
        raise RateLimitedError(30, status=429)

    vars(play.sky)["list_calls"] = limited
    await play.later(POLL + 1)
    del vars(play.sky)["list_calls"]
    asked = len(play.sky.asked)
    await play.later(POLL - 5)
    assert len(play.sky.asked) == asked, "not even for what was due"
    play.call("talk", seconds=50)
    await play.later(POLL)
    assert play.read() == [["talk"]]


async def test_what_was_told_long_ago_is_forgotten(play: Play) -> None:
    await play.subscribe()
    play.call("talk", seconds=50)
    await play.later()
    await play.store.messages.prune(play.world.now + 2 * 86_400)
    assert await play.store.looks.told_of([SessionId("talk")])
    await play.store.messages.prune(play.world.now + 4 * 86_400)
    assert not await play.store.looks.told_of([SessionId("talk")])


async def test_a_workspace_that_goes_is_told_nothing_not_even_that_a_subscription_has_ended(
    play: Play,
) -> None:
    before = await play.subscribe()
    play.world.now += 10
    await play.subscribe(id="S-since", owner=STEVE, made_for=UIDS[STEVE])
    for owner in (TONY, STEVE):
        await play.bot.links.remove(owner)
    await play.bot.look()
    await play.store.subscriptions.remove_team(TEAM, before.made_at)
    await play.bot.work()
    assert (play.words(), play.words("U0STEVE")) == ([], [ended_because(Why.LINK_LOST)])
