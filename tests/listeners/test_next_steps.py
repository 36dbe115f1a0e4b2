"""The buttons that lead on from a problem, a list or the Home tab: what they show is looked up anew for whoever presses."""

import pytest
from structlog.testing import capture_logs

from bot.app import Limits
from bot.cards.call_buttons import SHARE, details_button
from bot.cards.kit.blocks import actions, button
from bot.cometchat import SessionId
from bot.identity.links import StoreUnavailableError
from bot.playground.cometchat import LIST
from bot.playground.run import Playground, playground
from bot.playground.scripted import Answer, error_body
from tests.listeners.at_home import opened, pressed, reads, texts
from tests.listeners.people import ROBIN, STEVE, TONY, answered, buttons, logged, summary_of


def modal_buttons(ground: Playground, user: str) -> list[str]:
    """Return the action ids of the buttons in the person's modal."""
    blocks = ground.slack.modals(user)[-1].blocks
    return [each["action_id"] for block in blocks for each in block.get("elements", []) if "value" in each]


async def in_the_modal(ground: Playground, user: str, words: str) -> str:
    """Wait until the person reads those words in their modal; return its id."""
    await ground.slack.wait_for(
        lambda: ground.slack.modals(user) and words in texts(ground.slack.modals(user)[-1].blocks)
    )
    return ground.slack.modals(user)[-1].view_id


def card_about(ground: Playground, session_id: str) -> str:
    """Post a card whose call the bot has not looked up yet; return its time stamp."""
    block = actions([details_button(SessionId(session_id)), button("Share", SHARE, session_id)])
    return ground.slack.post(None, "a card", [block], bot=True)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(500, error_body("ERR_EXCEPTION", "No.")), "CometChat isn’t responding right now."),
        (
            Answer(429, error_body("ERR_TOO_MANY_REQUESTS", "No."), {"Retry-After": "30"}),
            "Too many requests to CometChat.\nTry again in 30 s.",
        ),
    ],
)
async def test_what_fails_again_is_told_in_its_place_and_not_twice(
    ground: Playground, answer: Answer, words: str
) -> None:
    ground.cometchat.script("standup", answer)
    problem = await summary_of(ground, TONY, "standup")
    assert problem.text == words
    assert buttons(problem) == ["retry_call"]
    with capture_logs() as logs:
        await ground.slack.press(TONY, problem.ts, "retry_call")
        await logged(logs, "interaction", "retry")
    (still,) = ground.slack.seen_by(TONY)
    assert (still.ts, buttons(still)) == (problem.ts, ["retry_call"])


async def test_what_has_passed_shows_the_call_to_whoever_presses_and_to_nobody_else(
    ground: Playground,
) -> None:
    session_id = ground.samples[0].session_id
    ground.cometchat.answer(session_id, status=500, body={}, times=1)
    problem = await summary_of(ground, TONY, session_id)
    delivery = await ground.slack.press(TONY, problem.ts, "retry_call")
    card = await answered(ground, TONY, "32 minutes")
    assert card.ts == problem.ts
    assert "share_call" in buttons(card)
    forged = {**delivery.payload, "user": {"id": ROBIN, "team_id": "T0PLAYGROUND"}, "trigger_id": "again"}
    await ground.slack.interact(ROBIN, forged)
    await ground.slack.wait_for(
        lambda: any("connected to CometChat yet" in str(each.body) for each in ground.slack.received)
    )
    assert {each.headers["onbehalfof"] for each in ground.cometchat.requests} == {"superhero1"}


async def test_a_time_out_and_a_database_that_is_away_have_the_button_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def away(*_: object, **__: object) -> None:
        raise StoreUnavailableError("gone")

    async with playground(limits=Limits(call=0.2), callinfo_user_map={TONY: "superhero1"}) as ground:
        ground.cometchat.hang("standup")
        late = await summary_of(ground, TONY, "standup")
        assert (late.text, buttons(late)) == ("CometChat took too long to answer.", ["retry_call"])
        monkeypatch.setattr("bot.storage.links.StoredLinks.get", away)
        unknown = await summary_of(ground, STEVE, "standup")
        words = "I can’t check who you are in CometChat right now."
        assert (unknown.text, buttons(unknown)) == (words, ["retry_call"])


async def test_details_that_fail_are_tried_again_in_their_own_modal(ground: Playground) -> None:
    session_id = ground.samples[0].session_id
    ground.cometchat.answer(session_id, status=500, body={}, times=1)
    await ground.slack.press(TONY, card_about(ground, session_id), "call_details")
    view_id = await in_the_modal(ground, TONY, "CometChat isn’t responding right now.")
    assert modal_buttons(ground, TONY) == ["retry_call"]
    await ground.slack.press(TONY, view_id, "retry_call")
    assert await in_the_modal(ground, TONY, "Release stand-up") == view_id
    assert ground.slack.refusals == []


async def test_a_call_that_was_found_is_tried_again_within_find_a_call(ground: Playground) -> None:
    session_id = ground.samples[0].session_id
    home = await opened(ground, TONY, "Release stand-up")
    await pressed(ground, TONY, "recent_calls")
    view_id = await in_the_modal(ground, TONY, "Release stand-up")
    ground.cometchat.answer(session_id, status=500, body={}, times=1)
    rows = [block["accessory"]["value"] for block in home.blocks if "accessory" in block]
    value = next(each for each in rows if each.startswith(session_id))
    await ground.slack.press(TONY, view_id, "found_call", value=value)
    await in_the_modal(ground, TONY, "CometChat isn’t responding right now.")
    assert modal_buttons(ground, TONY) == ["retry_call", "find_back", "find_change"]
    await ground.slack.press(TONY, view_id, "retry_call")
    await in_the_modal(ground, TONY, "Group video call started by")
    assert ground.slack.modals(TONY)[-1].callback_id == "callinfo_chosen"


async def test_a_share_that_fails_is_not_tried_again_as_something_else(ground: Playground) -> None:
    ground.cometchat.answer("standup", status=500, body={}, times=1)
    await ground.slack.press(TONY, card_about(ground, "standup"), "share_call")
    problem = await answered(ground, TONY, "CometChat isn’t responding right now.\nTry again in a minute.")
    assert buttons(problem) == []


async def test_a_list_that_fails_is_tried_again_in_its_place(ground: Playground) -> None:
    ground.cometchat.answer(LIST, status=500, body={}, times=1)
    await ground.slack.command(TONY, "recent video")
    (problem,) = ground.slack.seen_by(TONY)
    assert buttons(problem) == ["recent_newer"]
    await ground.slack.press(TONY, problem.ts, "recent_newer")
    assert (await answered(ground, TONY, "Your latest calls: video")).ts == problem.ts


async def test_the_home_tab_tries_its_calls_again(ground: Playground) -> None:
    ground.cometchat.answer(LIST, status=500, body={}, times=1)
    await opened(ground, TONY, "CometChat isn’t responding right now.")
    await pressed(ground, TONY, "recent_newer")
    await reads(ground, TONY, "Release stand-up")


async def test_a_session_id_that_finds_nothing_leads_to_the_latest_calls(ground: Playground) -> None:
    problem = await summary_of(ground, TONY, "nothing-like-it")
    assert buttons(problem) == ["recent_calls"]
    await ground.slack.press(TONY, problem.ts, "recent_calls")
    assert (await answered(ground, TONY, "Release stand-up")).ts == problem.ts
    assert {each.headers["onbehalfof"] for each in ground.cometchat.requests} == {"superhero1"}


async def test_so_it_does_in_a_modal_where_the_list_takes_its_place(ground: Playground) -> None:
    await ground.slack.press(TONY, card_about(ground, "nothing-like-it"), "call_details")
    view_id = await in_the_modal(ground, TONY, "No call of yours has this session id.")
    assert modal_buttons(ground, TONY) == ["recent_calls"]
    await ground.slack.press(TONY, view_id, "recent_calls")
    assert await in_the_modal(ground, TONY, "Release stand-up") == view_id


async def test_find_and_help_are_a_press_away_from_every_list(ground: Playground) -> None:
    await ground.slack.command(TONY, "")
    (listed,) = ground.slack.seen_by(TONY)
    await ground.slack.press(TONY, listed.ts, "find_call")
    modals = await ground.slack.wait_for(lambda: ground.slack.modals(TONY))
    assert modals[-1].callback_id == "callinfo_find"
    await ground.slack.press(TONY, listed.ts, "show_help")
    await answered(ground, TONY, "See who was in a CometChat call")
    assert listed.ts in [each.ts for each in ground.slack.seen_by(TONY)], "the list stays"


async def test_the_home_tab_leads_to_the_form_and_to_all_calls(ground: Playground) -> None:
    await opened(ground, TONY, "Release stand-up")
    await pressed(ground, TONY, "find_call")
    modals = await ground.slack.wait_for(lambda: ground.slack.modals(TONY))
    assert modals[-1].callback_id == "callinfo_find"
    await opened(ground, STEVE, "Release stand-up")
    await pressed(ground, STEVE, "recent_calls")
    await in_the_modal(ground, STEVE, "Release stand-up")
    assert ground.slack.modals(STEVE)[-1].callback_id == "callinfo_found"
    assert ground.slack.refusals == []
