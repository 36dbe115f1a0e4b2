"""Share, through the front door."""

import asyncio
import copy
import re
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.playground.run import Playground
from bot.playground.samples import call_json
from bot.slack.response_url import Replies
from tests.listeners.people import (
    ALEX,
    ROBIN,
    STEVE,
    TONY,
    answered,
    buttons,
    logged,
    sample,
    seen,
    summary_of,
)


async def test_sharing_makes_a_public_message_and_the_original_goes(ground: Playground) -> None:
    card = await summary_of(ground, TONY, ground.samples[0].session_id)
    delivery = await ground.slack.press(TONY, card.ts, "share_call")
    assert (delivery.status, delivery.body) == (200, "")
    shared = await seen(ground, ROBIN, lambda each: "Shared by" in each.text)
    await ground.slack.wait_for(lambda: card.ts not in [each.ts for each in ground.slack.seen_by(TONY)])
    assert not shared.ephemeral
    assert buttons(shared) == ["call_details"]
    assert shared.blocks
    assert shared.blocks[-1]["elements"][0]["text"].startswith("Shared by <@U0TONY> · `v1.")
    assert "(you)" not in f"{shared.text}{shared.blocks}"
    assert re.findall(r"<@\w+>", shared.text) == ["<@U0TONY>"]
    assert "https" not in f"{shared.text}{shared.blocks}"
    assert "Release stand-up: group video call, 32 minutes" in shared.text
    assert ground.slack.refusals == []


async def test_a_confirm_dialog_says_what_everyone_will_see(ground: Playground) -> None:
    card = await summary_of(ground, TONY, ground.samples[0].session_id)
    (actions,) = [block for block in card.blocks or [] if block["type"] == "actions"]
    confirm = actions["elements"][0]["confirm"]
    assert confirm["text"]["text"] == (
        "Everyone in #support will see who took part, when, and how it ended. Recordings and transcripts stay private."
    )
    assert confirm["confirm"]["text"] == "Share"


async def test_the_presser_is_looked_up_anew_and_not_taken_from_the_button(ground: Playground) -> None:
    """A signed payload in which somebody else presses the button that Tony was given."""
    card = await summary_of(ground, TONY, sample(ground, "Busy").session_id)  # Steve has no part in it
    delivery = await ground.slack.press(TONY, card.ts, "share_call")
    await seen(ground, TONY, lambda each: "Shared by" in each.text)
    forwarded = copy.deepcopy(dict(delivery.payload))
    forwarded["user"] = {**forwarded["user"], "id": STEVE, "username": "steve", "name": "steve"}
    forwarded["container"] = {**forwarded["container"], "message_ts": "1763812800.000900"}
    before = len(ground.slack.seen_by(ROBIN))
    await ground.slack.interact(STEVE, forwarded)
    await answered(ground, TONY, "No call of yours has this session id")  # whose response_url it is
    assert len(ground.slack.seen_by(ROBIN)) == before
    assert [each.headers["onbehalfof"] for each in ground.cometchat.requests][-1] == "superhero2"


async def test_a_call_that_is_no_longer_the_sharer_s_is_not_shared(ground: Playground) -> None:
    ground.cometchat.serve("standup", [call_json(initiator="superhero1")])
    card = await summary_of(ground, TONY, "standup")
    ground.cometchat.serve(
        "standup", [call_json(initiator="superhero9", receiver="superhero8", participants=[])]
    )
    await ground.slack.press(TONY, card.ts, "share_call")
    await answered(ground, TONY, "No call of yours has this session id")
    assert [each for each in ground.slack.seen_by(ROBIN) if each.sender == "app"] == []


async def test_a_call_that_has_changed_is_shared_as_it_is_now(ground: Playground) -> None:
    ground.cometchat.serve("standup", [call_json(initiator="superhero1", status="ongoing", endedAt=None)])
    card = await summary_of(ground, TONY, "standup")
    ground.cometchat.serve("standup", [call_json(initiator="superhero1", status="ended")])
    await ground.slack.press(TONY, card.ts, "share_call")
    shared = await seen(ground, ROBIN, lambda each: "Shared by" in each.text)
    assert shared.text.startswith("Audio call between Iron Man and Captain America, 4 minutes 5 seconds.")


async def test_pressing_twice_and_a_repeated_delivery_post_once(ground: Playground) -> None:
    card = await summary_of(ground, TONY, ground.samples[0].session_id)
    ground.cometchat.delay = 0.2
    first, second = await asyncio.gather(
        ground.slack.press(TONY, card.ts, "share_call"), ground.slack.press(TONY, card.ts, "share_call")
    )
    await seen(ground, ROBIN, lambda each: "Shared by" in each.text)
    assert (first.status, second.status) == (200, 200)
    await ground.slack.redeliver(first)
    await asyncio.sleep(0.6)
    assert sum("Shared by" in each.text for each in ground.slack.seen_by(ROBIN)) == 1


async def test_from_a_thread_it_is_posted_into_the_thread(ground: Playground) -> None:
    root = ground.slack.post(STEVE, "a thread")
    ts = ground.slack.post(STEVE, ground.samples[0].session_id, thread_ts=root)
    await ground.slack.shortcut(TONY, ts)
    card = await answered(ground, TONY, "Release stand-up")
    assert "Anyone in #support who opens this thread will see who took part" in str(card.blocks)
    await ground.slack.press(TONY, card.ts, "share_call")
    shared = await seen(ground, ROBIN, lambda each: "Shared by" in each.text)
    assert shared.thread_ts == root


async def test_where_slack_ignores_threads_it_is_posted_into_the_channel(ground: Playground) -> None:
    ground.slack.thread_replies = False
    root = ground.slack.post(STEVE, "a thread")
    ts = ground.slack.post(STEVE, ground.samples[0].session_id, thread_ts=root)
    await ground.slack.shortcut(TONY, ts)
    card = await answered(ground, TONY, "Release stand-up")
    await ground.slack.press(TONY, card.ts, "share_call")
    shared = await seen(ground, ROBIN, lambda each: "Shared by" in each.text)
    assert shared.thread_ts is None


async def test_a_press_beside_one_that_may_yet_fail_keeps_the_card(
    ground: Playground, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = await summary_of(ground, TONY, ground.samples[0].session_id)
    publish, both_pressed = Replies.publish, asyncio.Event()

    async def late(self: Replies, *arguments: Any, **named: Any) -> None:
        await both_pressed.wait()
        await publish(self, *arguments, **named)

    monkeypatch.setattr(Replies, "publish", late)
    with capture_logs() as logs:
        for _ in range(2):
            await ground.slack.press(TONY, card.ts, "share_call")
        await answered(ground, TONY, "already being shared")
        ground.slack.fail("response_url", status=404, times=1)
        both_pressed.set()
        await answered(ground, TONY, "didn’t accept the message")
    assert "share_under_way" in [each.get("outcome") for each in logs]
    assert card.ts in [each.ts for each in ground.slack.seen_by(TONY)]
    await ground.slack.press(TONY, card.ts, "share_call")
    await seen(ground, ROBIN, lambda each: "Shared by" in each.text)


async def test_a_share_that_crashes_while_it_is_posted_is_not_posted_again(
    ground: Playground, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = await summary_of(ground, TONY, ground.samples[0].session_id)
    publish = Replies.publish

    async def posted_and_crashed(self: Replies, *arguments: Any, **named: Any) -> None:
        await publish(self, *arguments, **named)
        raise ZeroDivisionError

    monkeypatch.setattr(Replies, "publish", posted_and_crashed)
    with capture_logs() as logs:
        await ground.slack.press(TONY, card.ts, "share_call")
        await logged(logs, "crashed")
        await ground.slack.press(TONY, card.ts, "share_call")
        await ground.slack.wait_for(lambda: card.ts not in [each.ts for each in ground.slack.seen_by(TONY)])
    assert sum("Shared by" in each.text for each in ground.slack.seen_by(ROBIN)) == 1


@pytest.mark.parametrize("status", [404, 429])
async def test_a_share_that_slack_refuses_is_told_and_can_be_tried_again(
    ground: Playground, status: int
) -> None:
    card = await summary_of(ground, TONY, ground.samples[0].session_id)
    ground.slack.fail("response_url", status=status, headers={"Retry-After": "0"}, times=9)
    with capture_logs() as logs:
        await ground.slack.press(TONY, card.ts, "share_call")
        line = await logged(logs, "reply failed")
    assert "didn’t accept the message" in str(ground.slack.modals(TONY)[0].view)
    assert (line["outcome"], line["upstream_code"]) == ("slack_refused", f"status {status}")
    assert [each for each in ground.slack.seen_by(ROBIN) if "Shared by" in each.text] == []
    ground.slack.recover()
    await ground.slack.press(TONY, card.ts, "share_call")
    await seen(ground, ROBIN, lambda each: "Shared by" in each.text)


async def test_an_original_that_can_not_be_deleted_is_no_failure_of_the_share(ground: Playground) -> None:
    card = await summary_of(ground, TONY, ground.samples[0].session_id)
    ground.slack.fail("response_url", status=None, times=1)  # the share itself goes through
    ground.slack.fail("response_url", status=404, times=9)
    with capture_logs() as logs:
        await ground.slack.press(TONY, card.ts, "share_call")
        await seen(ground, ROBIN, lambda each: "Shared by" in each.text)
        await logged(logs, "interaction", "share")
        await logged(logs, "original not deleted")
    assert [each["event"] for each in logs if each["log_level"] == "warning"] == ["original not deleted"]


async def test_an_admin_of_slack_sees_no_more_than_others(ground: Playground) -> None:
    card = await summary_of(ground, TONY, ground.samples[0].session_id)
    assert card.ts not in [each.ts for each in ground.slack.seen_by(ALEX)]


@pytest.mark.parametrize("fault", [{"status": 500}, {"status": None, "delay": 6.0}])
async def test_a_share_that_slack_does_not_confirm_is_never_posted_again_unasked(
    ground: Playground, fault: dict[str, Any]
) -> None:
    card = await summary_of(ground, TONY, ground.samples[0].session_id)
    ground.slack.fail("response_url", times=1, **fault)
    with capture_logs() as logs:
        delivery = await ground.slack.press(TONY, card.ts, "share_call")
        line = await logged(logs, "interaction", "share")
    assert line["outcome"] == "share_unconfirmed"
    await answered(ground, TONY, "Check the channel.")
    await ground.slack.redeliver(delivery)
    await ground.slack.press(TONY, card.ts, "share_call")
    await asyncio.sleep(0.3)
    assert sum("Shared by" in each.text for each in ground.slack.seen_by(ROBIN)) <= 1


async def test_pressing_again_takes_away_an_original_that_stayed(ground: Playground) -> None:
    card = await summary_of(ground, TONY, ground.samples[0].session_id)
    ground.slack.fail("response_url", status=None, times=1)
    ground.slack.fail("response_url", status=404, times=1)
    await ground.slack.press(TONY, card.ts, "share_call")
    await seen(ground, ROBIN, lambda each: "Shared by" in each.text)
    await ground.slack.press(TONY, card.ts, "share_call")
    await ground.slack.wait_for(lambda: card.ts not in [each.ts for each in ground.slack.seen_by(TONY)])
    assert sum("Shared by" in each.text for each in ground.slack.seen_by(ROBIN)) == 1


async def test_a_share_does_not_wait_for_the_original_s_deletion(
    ground: Playground, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = await summary_of(ground, TONY, ground.samples[0].session_id)
    delete, shared = Replies.delete_original, asyncio.Event()

    async def slow(self: Replies, *arguments: Any, **named: Any) -> None:
        await shared.wait()
        await delete(self, *arguments, **named)

    monkeypatch.setattr(Replies, "delete_original", slow)
    with capture_logs() as logs:
        await ground.slack.press(TONY, card.ts, "share_call")
        assert (await logged(logs, "interaction", "share"))["outcome"] == "shared"
    shared.set()
    await ground.slack.wait_for(lambda: card.ts not in [each.ts for each in ground.slack.seen_by(TONY)])


async def test_an_unconfirmed_share_is_told_in_its_own_words_in_the_last_resort_too(
    ground: Playground,
) -> None:
    card = await summary_of(ground, TONY, ground.samples[0].session_id)
    ground.slack.fail("response_url", status=500, headers={"Retry-After": "0"}, times=9)
    await ground.slack.press(TONY, card.ts, "share_call")
    await ground.slack.wait_for(lambda: ground.slack.modals(TONY))
    assert "Check the channel." in str(ground.slack.modals(TONY)[0].view)


async def test_the_hint_about_another_cometchat_app_is_for_the_viewer_only(ground: Playground) -> None:
    session_id = "v1.us.31780434a95d45.171"
    ground.cometchat.serve(session_id, [call_json(sessionId=session_id)])
    card = await summary_of(ground, TONY, session_id)
    assert "is from CometChat app 31780434a95d45" in card.text
    await ground.slack.press(TONY, card.ts, "share_call")
    shared = await answered(ground, STEVE, "Shared by")
    assert "CometChat app" not in f"{shared.text} {shared.blocks}"
