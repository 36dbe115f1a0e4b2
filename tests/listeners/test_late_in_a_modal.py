"""What comes late to a modal, through the front door: nothing goes over what was done later, and no share is lost."""

import asyncio
import json
from typing import Any

from structlog.testing import capture_logs

from bot.playground.run import Playground, playground
from tests.listeners.people import TONY, answered, logged, sample
from tests.listeners.test_find import chosen, found_values, public, searched, shown

SLOW = 0.5


def standup(ground: Playground) -> str:
    return sample(ground, "Release stand-up").session_id


async def asked(ground: Playground, before: int) -> None:
    """Wait until CometChat has had one more request than before."""
    async with asyncio.timeout(30):
        while len(ground.cometchat.requests) == before:  # noqa: ASYNC110 - the stand-in tells nobody
            await asyncio.sleep(0.01)


def words(ground: Playground) -> str:
    return str(ground.slack.modals(TONY)[-1].view)


async def late(logs: list[Any], kind: str) -> None:
    """Wait until the answer that comes late has come, and was left out."""
    async with asyncio.timeout(30):
        while ("left to what was done later", kind) not in [  # noqa: ASYNC110 - as above
            (line.get("modal"), line.get("kind")) for line in logs
        ]:
            await asyncio.sleep(0.01)


async def test_who_has_gone_back_to_the_form_keeps_it_when_the_call_comes(ground: Playground) -> None:
    listed = await searched(ground)
    ground.cometchat.held = asyncio.Event()
    with capture_logs() as logs:
        await ground.slack.press(TONY, listed.view_id, "found_call", value=found_values(listed)[0])
        await ground.slack.press(TONY, listed.view_id, "find_change")
        await shown(ground, "How it ended")
        ground.cometchat.held.set()
        await late(logs, "found_call")
    assert "How it ended" in words(ground)


async def test_of_two_calls_the_one_chosen_last_shows_though_the_other_comes_later(
    ground: Playground,
) -> None:
    listed = await searched(ground)
    first, last, *_ = found_values(listed)
    held, before = asyncio.Event(), len(ground.cometchat.requests)
    ground.cometchat.held = held
    with capture_logs() as logs:
        await ground.slack.press(TONY, listed.view_id, "found_call", value=first)
        await asked(ground, before)
        ground.cometchat.held = None
        await ground.slack.press(TONY, listed.view_id, "found_call", value=last)
        await shown(ground, "Share to")
        held.set()
        await late(logs, "found_call")
    (modal,) = ground.slack.modals(TONY)
    assert json.loads(modal.view["private_metadata"])["call"] == last


async def test_a_list_that_is_on_its_way_as_a_call_is_shared_does_not_stay_over_the_word_of_it(
    ground: Playground,
) -> None:
    modal = await chosen(ground)
    ground.slack.fail("views.update", status=None, delay=SLOW, times=1)
    await ground.slack.press(TONY, modal.view_id, "find_back")
    await asyncio.sleep(SLOW / 2)  # by now it is on its way
    await ground.slack.submit(TONY, modal.view_id, {})
    await shown(ground, "Call shared.")
    await asyncio.sleep(2 * SLOW)
    assert "Call shared." in words(ground)
    assert len(public(ground)) == 1


async def test_a_list_that_comes_late_does_not_take_the_word_of_a_share_away(ground: Playground) -> None:
    modal = await chosen(ground)
    held, before = asyncio.Event(), len(ground.cometchat.requests)
    ground.cometchat.held = held
    with capture_logs() as logs:
        await ground.slack.press(TONY, modal.view_id, "find_back")
        await asked(ground, before)
        ground.cometchat.held = None
        await ground.slack.submit(TONY, modal.view_id, {})
        await shown(ground, "Call shared.")
        held.set()
        await late(logs, "search")
    assert "Call shared." in words(ground)


async def test_an_answer_on_its_way_to_slack_does_not_go_over_the_next_one(ground: Playground) -> None:
    listed = await searched(ground)
    ground.slack.fail("views.update", status=None, delay=SLOW, times=1)
    await ground.slack.press(TONY, listed.view_id, "found_call", value=found_values(listed)[0])
    await asyncio.sleep(0.1)  # it is on its way then, or not begun: nothing may differ
    with capture_logs() as logs:
        await ground.slack.press(TONY, listed.view_id, "find_change")
        await logged(logs, "interaction", "find")
    assert "How it ended" in words(ground)


async def test_a_share_whose_modal_has_moved_on_is_told_in_a_message() -> None:
    async with playground(callinfo_answer_within=0.1) as ground:
        listed = await searched(ground)
        value = next(each for each in found_values(listed) if each.startswith(standup(ground)))
        delivery = await ground.slack.press(TONY, listed.view_id, "found_call", value=value)
        modal = await shown(ground, "Share to")
        ground.cometchat.held = asyncio.Event()
        await ground.slack.submit(TONY, modal.view_id, {})
        await ground.slack.interact(TONY, {**delivery.payload, "trigger_id": "again"})
        ground.cometchat.held.set()
        told = await answered(ground, TONY, "Call shared.")
        assert told.ephemeral
        assert len(public(ground)) == 1
        await shown(ground, "Share to")


async def test_a_share_that_fails_when_its_modal_is_closed_is_told_in_a_message() -> None:
    async with playground(callinfo_answer_within=0.1) as ground:
        modal = await chosen(ground)
        ground.cometchat.answer(standup(ground), status=500, body={})
        ground.cometchat.held = asyncio.Event()
        with capture_logs() as logs:
            await ground.slack.submit(TONY, modal.view_id, {})
            await ground.slack.close_view(TONY, modal.view_id)
            ground.cometchat.held.set()
            told = await answered(ground, TONY, "CometChat isn’t responding")
            line = await logged(logs, "interaction", "share_found")
        assert told.ephemeral
        assert (line["modal"], line["told"]) == ("closed by the person", "told in a message")


async def test_a_share_that_was_made_though_its_modal_can_not_be_filled_is_told_as_what_it_is() -> None:
    async with playground(callinfo_answer_within=0.1) as ground:
        modal = await chosen(ground)
        ground.cometchat.held = asyncio.Event()
        ground.slack.fail("views.update", status=500, body="oops", times=9)
        with capture_logs() as logs:
            await ground.slack.submit(TONY, modal.view_id, {})
            ground.cometchat.held.set()
            await answered(ground, TONY, "Call shared.")
            line = await logged(logs, "reply failed", "share_found")
        assert line["last_resort"] == "told in a message"
        assert len(public(ground)) == 1
        assert "Press the button again" not in str(ground.slack.seen_by(TONY))


async def test_a_share_that_fails_though_its_modal_can_not_be_filled_is_told_in_its_own_words() -> None:
    async with playground(callinfo_answer_within=0.1) as ground:
        modal = await chosen(ground)
        ground.cometchat.answer(standup(ground), status=500, body={})
        ground.cometchat.held = asyncio.Event()
        ground.slack.fail("views.update", status=500, body="oops", times=9)
        await ground.slack.submit(TONY, modal.view_id, {})
        ground.cometchat.held.set()
        await answered(ground, TONY, "CometChat isn’t responding")
