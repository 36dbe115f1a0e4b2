"""What becomes of a message, an update or a reply that Slack or the database does not take; by a clock that the test turns."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from bot.answers.telling import CLAIM_SECONDS, REFUSED_SECONDS
from bot.identity.links import StoreUnavailableError
from bot.slack.posts import DELETED, NotPostedError, PostRefusedError
from bot.storage.outgoing import KEPT_SECONDS
from bot.subscriptions.reasons import ended_because, refused_because
from bot.subscriptions.tellings import Why
from tests.subscriptions.bots import POLL
from tests.subscriptions.play import AT_NIGHT, MORNING, Play, failing
from tests.subscriptions.scene import STEVE, TONY, UIDS


async def found(play: Play) -> None:
    """Let a call be found that is not told yet."""
    play.call("talk", seconds=50)
    play.world.now += POLL + 1
    await play.bot.look()


def recorded(play: Play) -> None:
    """Let the call have a recording by now."""
    played = play.sky.calls["talk"]
    played.records.append({**played.records[0], "hasRecording": True})
    played.visible = 2


async def test_while_slack_does_not_say_who_is_there_nothing_is_told_and_nothing_is_lost(play: Play) -> None:
    await play.subscribe()
    await found(play)
    play.world.slack_up = False
    await play.bot.work()
    assert play.read() == []
    play.world.slack_up = True
    await play.later(31)
    assert play.read() == [["talk"]]


@pytest.mark.parametrize(
    ("problem", "reasons"), [(RuntimeError("a bug"), ["crashed"]), (StoreUnavailableError(), [])]
)
@pytest.mark.parametrize("at", ["begin", "posted"])
async def test_what_breaks_off_keeps_no_other_message_waiting_and_is_told_once_when_its_claim_has_passed(
    play: Play, at: str, problem: Exception, reasons: list[str]
) -> None:
    await play.subscribe()
    await play.subscribe(id="S-steve", owner=STEVE, made_for=UIDS[STEVE])
    await found(play)
    failing(play.store.messages, at, problem)
    with capture_logs() as logs:
        await play.bot.work()
    assert [line["reason"] for line in logs if line["event"] == "not told"] == reasons
    assert len(play.slack.posts) == (2 if at == "posted" else 1)
    await play.later(CLAIM_SECONDS + 1)
    assert (play.read(), play.read("U0STEVE")) == ([["talk"]], [["talk"]])


async def test_a_message_whose_claim_has_passed_is_left_to_whoever_has_it_now(play: Play) -> None:
    await play.subscribe()
    await found(play)
    (late,) = await play.store.messages.claim(play.world.now, play.world.now + CLAIM_SECONDS, 8)
    await play.later(CLAIM_SECONDS + 1)
    assert not await play.store.messages.begin(late, "message")
    assert play.read() == [["talk"]]


async def test_nothing_is_posted_under_a_claim_that_has_passed(play: Play) -> None:
    await play.subscribe()
    await found(play)
    failing(play.store.messages, "begin", None)
    await play.bot.work()
    assert play.read() == []
    await play.later(CLAIM_SECONDS + 1)
    assert play.read() == [["talk"]]


@pytest.mark.parametrize(
    ("problem", "updated"), [(NotPostedError("ratelimited", 30.0), True), (PostRefusedError("x"), False)]
)
async def test_an_update_is_repeated_or_what_is_there_stays_as_it_is(
    play: Play, problem: Exception, *, updated: bool
) -> None:
    await play.subscribe()
    await found(play)
    await play.bot.work()
    recorded(play)
    play.slack.problem = problem
    await play.later()
    await play.later(31)
    await play.later()
    ((_, said),) = play.slack.posts.values()
    assert said["calls"][0][-1] is updated, "whether it says that there is a recording"


@pytest.mark.parametrize(
    ("problem", "replies"), [(NotPostedError("ratelimited", 30.0), 1), (PostRefusedError("x"), 0)]
)
async def test_a_reply_in_a_thread_is_repeated_or_left_out(
    play: Play, problem: Exception, replies: int
) -> None:
    await play.subscribe(channel_id="C1")
    await found(play)
    await play.bot.work()
    recorded(play)
    play.slack.problem = problem
    with capture_logs() as logs:
        await play.later()
        await play.later(31)
        await play.later(REFUSED_SECONDS + 1)
    assert len(play.slack.replies) == replies
    assert len([line for line in logs if line["event"] == "not told"]) == 1


async def test_a_reply_whose_claim_has_passed_is_left_to_whoever_has_it_now(play: Play) -> None:
    await play.subscribe(channel_id="C1")
    await found(play)
    await play.bot.work()
    recorded(play)
    failing(play.store.messages, "begin", None)
    await play.later()
    assert play.slack.replies == []
    await play.later(CLAIM_SECONDS + 1)
    assert len(play.slack.replies) == 1


@pytest.mark.parametrize("word", sorted(DELETED))
async def test_a_message_that_somebody_deleted_before_its_repetition_is_not_there_again(
    play: Play, word: str
) -> None:
    made = await play.subscribe(channel_id="C1")
    await found(play)
    play.slack.problem = PostRefusedError(word)
    await play.bot.work()
    await play.later(REFUSED_SECONDS + 1)
    assert (play.read("C1"), play.words()) == ([], [])
    assert await play.store.subscriptions.get(made.id)


async def test_a_word_about_a_subscription_that_can_t_be_delivered_is_left_out(play: Play) -> None:
    await play.subscribe()
    await play.bot.links.remove(TONY)
    await play.bot.look()
    play.slack.problem = PostRefusedError("messages_tab_disabled")
    await play.bot.work()
    await play.later(REFUSED_SECONDS + 1)
    assert play.words() == []


async def test_a_reply_that_a_channel_refuses_is_given_when_somebody_has_let_the_bot_in_again(
    play: Play,
) -> None:
    await play.subscribe(channel_id="C1")
    await found(play)
    await play.bot.work()
    recorded(play)
    play.slack.problem = PostRefusedError("not_in_channel")
    await play.later()
    assert (play.slack.replies, play.words()) == ([], [refused_because("not_in_channel")])
    await play.later(REFUSED_SECONDS + 1)
    assert len(play.slack.replies) == 1
    assert len(play.words()) == 1


async def test_while_slack_takes_no_direct_messages_a_subscription_goes_on(play: Play) -> None:
    made = await play.subscribe(quiet_hours=False)
    await found(play)
    for _ in range(26):
        play.slack.problem = PostRefusedError("messages_tab_disabled")
        await play.later(REFUSED_SECONDS + 1)
    assert await play.store.subscriptions.get(made.id)
    await play.later(REFUSED_SECONDS + 1)
    assert (play.read(), play.words()) == ([["talk"]], [])


@pytest.mark.parametrize("channel_id", ["C1", None])
async def test_a_word_about_a_subscription_waits_for_the_end_of_its_owner_s_quiet_hours(
    play: Play, channel_id: str | None
) -> None:
    await play.subscribe(channel_id=channel_id)
    play.world.now = AT_NIGHT
    await play.bot.links.remove(TONY)
    await play.bot.look()
    await play.bot.work()
    assert play.words() == []
    await play.later(MORNING - play.world.now)
    assert play.words() == [ended_because(Why.LINK_LOST)]


async def test_a_word_that_a_channel_refuses_is_taken_back_where_it_takes_the_message_before_the_morning(
    play: Play,
) -> None:
    await play.subscribe(channel_id="C1")
    play.world.now = AT_NIGHT
    await found(play)
    play.slack.problem = PostRefusedError("not_in_channel")
    await play.bot.work()
    await play.later(REFUSED_SECONDS + 1)
    assert play.read("C1") == [["talk"]]
    await play.later(MORNING - play.world.now)
    assert play.words() == []


async def test_a_word_about_a_subscription_is_said_once_although_slack_s_answer_is_lost(play: Play) -> None:
    await play.subscribe()
    await play.bot.links.remove(TONY)
    await play.bot.look()
    play.slack.lost = NotPostedError("TimeoutError")
    await play.bot.work()
    await play.later(REFUSED_SECONDS + 1)
    assert play.words() == [ended_because(Why.LINK_LOST)]
    assert len(play.slack.told) == 1


async def test_a_subscription_that_was_stopped_meanwhile_does_not_end_a_second_time(play: Play) -> None:
    made = await play.subscribe()
    await play.store.subscriptions.remove((made.id,))
    assert not await play.store.messages.end(made, Why.LINK_LOST, play.world.now)
    await play.bot.work()
    assert play.words() == []


async def test_what_has_waited_for_so_long_that_it_is_forgotten_is_not_told(play: Play) -> None:
    await play.subscribe()
    await found(play)
    play.world.now += 2 * KEPT_SECONDS
    await play.store.messages.prune(play.world.now)
    await play.bot.work()
    assert play.read() == []
    assert await play.store.messages.claim(play.world.now, play.world.now + 1, 8) == ()
