"""Refresh, through the front door."""

from structlog.testing import capture_logs

from bot.playground.run import Playground
from bot.playground.samples import call_json
from tests.listeners.people import STEVE, TONY, answered, buttons, going_on, logged, sample, seen, summary_of


async def test_refresh_replaces_the_message_with_the_call_as_it_is_now(ground: Playground) -> None:
    ground.cometchat.serve("standup", [going_on()])
    card = await summary_of(ground, TONY, "standup")
    assert buttons(card) == ["share_call", "call_details", "refresh_call"]
    assert "As of <!date^" in card.text
    ground.cometchat.serve("standup", [call_json(initiator="superhero1", status="ended")])
    await ground.slack.press(TONY, card.ts, "refresh_call")
    now = await seen(ground, TONY, lambda each: "4 minutes" in each.text)
    assert now.ephemeral
    assert buttons(now) == ["share_call", "call_details"]
    assert "As of" not in now.text
    assert len(ground.slack.seen_by(TONY)) == 1
    assert ground.slack.refusals == []


async def test_a_call_that_still_goes_on_can_be_refreshed_again_and_again(ground: Playground) -> None:
    card = await summary_of(ground, TONY, sample(ground, "Going on now").session_id)
    with capture_logs() as logs:
        for _ in range(3):
            await ground.slack.press(TONY, card.ts, "refresh_call")
            await logged(logs, "interaction", "refresh")
            logs.clear()
    assert len(ground.cometchat.requests) == 4
    assert ground.slack.refusals == []


async def test_a_problem_does_not_take_the_card_away(ground: Playground) -> None:
    session_id = sample(ground, "Going on now").session_id
    card = await summary_of(ground, TONY, session_id)
    ground.cometchat.answer(session_id, status=500, body={})
    await ground.slack.press(TONY, card.ts, "refresh_call")
    await answered(ground, TONY, "CometChat isn’t responding")
    assert card.ts in [each.ts for each in ground.slack.seen_by(TONY)]


async def test_a_button_s_value_that_is_no_id_is_refused_without_a_request(ground: Playground) -> None:
    card = await summary_of(ground, TONY, sample(ground, "Going on now").session_id)
    delivery = await ground.slack.press(TONY, card.ts, "refresh_call")
    asked = len(ground.cometchat.requests)
    forged = dict(delivery.payload)
    forged["actions"] = [{**forged["actions"][0], "value": "../../users"}]
    await ground.slack.interact(STEVE, forged)
    await ground.slack.wait_for(
        lambda: [each for each in ground.slack.received if "That’s not a session id" in str(each.body)]
    )
    assert len(ground.cometchat.requests) <= asked + 1
    assert all("users" not in each.raw_path for each in ground.cometchat.requests)
