"""A person without a link asks for one; an admin enters the UID, or declines. Through the front door."""

import asyncio
import secrets
from contextlib import AbstractAsyncContextManager

import pytest
from structlog.testing import capture_logs

from bot.identity import IdentityUnavailableError
from bot.playground.run import Playground, playground
from bot.playground.slack import Message
from bot.playground.slack.dispatch import Delivery
from tests.listeners.people import ALEX, ROBIN, STEVE, TONY, answered, buttons

UID = {"uid": {"uid": "superhero4"}}


async def ask(ground: Playground, user: str = ROBIN) -> Delivery:
    """Let the person ask; return how their press was delivered."""
    await ground.slack.command(user, "standup")
    card = ground.slack.seen_by(user)[-1]
    assert buttons(card) == ["ask_admin"]
    return await ground.slack.press(user, card.ts, "ask_admin")


async def ask_again(ground: Playground, first: Delivery) -> None:
    """Let Robin press the button of a card that has lost it since, as on another device."""
    await ground.slack.command(ROBIN, "standup")
    assert buttons(ground.slack.seen_by(ROBIN)[-1]) == []
    await ground.slack.interact(ROBIN, {**first.payload, "trigger_id": secrets.token_hex(8)})


async def request(ground: Playground, admin: str = ALEX) -> Message:
    """Let Robin ask; return what the admin gets."""
    await ask(ground)
    return await answered(ground, admin, "requested access")


async def approving(ground: Playground, ts: str, admin: str = ALEX) -> str:
    """Press Approve; return the id of the modal that opens."""
    await ground.slack.press(admin, ts, "approve_link")
    await ground.slack.wait_for(lambda: ground.slack.modals(admin))
    return ground.slack.modals(admin)[-1].view_id


def with_two_admins() -> AbstractAsyncContextManager[Playground]:
    return playground(callinfo_admins="U0ALEX,U0TONY")


async def test_the_admins_get_the_person_s_profile_and_the_person_hears_who_was_asked() -> None:
    async with with_two_admins() as ground:
        await ask(ground)
        card = ground.slack.seen_by(ROBIN)[-1]
        for admin in (ALEX, TONY):
            got = await answered(ground, admin, "<@U0ROBIN> requested access")
            assert got.direct
            assert "Name: Robin" in got.text
            assert "Title: Support engineer" in got.text
            assert buttons(got) == ["approve_link", "decline_link"]
        mine = await answered(ground, ROBIN, "Request sent to <@U0ALEX>, <@U0TONY>.")
        assert mine.ts == card.ts, "the answer took the button's place"
        assert [each for each in ground.slack.seen_by(STEVE) if each.sender == "app"] == []
        assert ground.slack.refusals == []


async def test_the_admin_enters_the_uid_and_the_person_is_told(ground: Playground) -> None:
    got = await request(ground)
    await answered(ground, ROBIN, "Request sent")
    view_id = await approving(ground, got.ts)
    assert "U0ROBIN" in str(ground.slack.modals(ALEX)[0].blocks)
    with capture_logs() as logs:
        delivery = await ground.slack.submit(ALEX, view_id, UID)
        assert delivery.ok
        done = await answered(ground, ALEX, "<@U0ROBIN> is now linked to superhero4 in CometChat")
        await answered(ground, ROBIN, "<@U0ALEX> connected you")
    assert done.ts == got.ts, "the answer took the request's place"
    assert buttons(done) == []
    assert done.direct
    (line,) = [each for each in logs if each.get("deed") == "link"]
    assert (line["outcome"], line["subject"]) == ("linked", ROBIN)


@pytest.mark.parametrize(
    ("typed", "words"),
    [("nobody-at-all", "CometChat has no active user"), ("a b", "not a CometChat UID")],
)
async def test_a_wrong_uid_is_told_beside_the_input_and_the_request_stays_open(
    ground: Playground, typed: str, words: str
) -> None:
    view_id = await approving(ground, (await request(ground)).ts)
    delivery = await ground.slack.submit(ALEX, view_id, {"uid": {"uid": typed}})
    assert words in delivery.errors["uid"]
    assert (await ground.slack.submit(ALEX, view_id, UID)).ok
    await answered(ground, ROBIN, "connected you")


async def test_a_uid_that_another_has_is_asked_about_and_the_request_stays_open(ground: Playground) -> None:
    await ground.slack.command(ALEX, "link <@U0STEVE|steve> superhero4")
    view_id = await approving(ground, (await request(ground)).ts)
    assert (await ground.slack.submit(ALEX, view_id, UID)).ok
    question = await answered(ground, ALEX, "superhero4 already belongs to <@U0STEVE>")
    await ground.slack.press(ALEX, question.ts, "link_anyway")
    await answered(ground, ROBIN, "connected you")
    view_id = await approving(ground, (await answered(ground, ALEX, "requested access")).ts)
    delivery = await ground.slack.submit(ALEX, view_id, UID)
    assert "is no longer open" in delivery.errors["uid"]


async def test_declining_tells_the_person_and_takes_the_request_away(ground: Playground) -> None:
    got = await request(ground)
    await answered(ground, ROBIN, "Request sent")
    with capture_logs() as logs:
        await ground.slack.press(ALEX, got.ts, "decline_link")
        await answered(ground, ROBIN, "An admin declined your request")
        done = await answered(ground, ALEX, "You declined the request from <@U0ROBIN>")
    assert done.ts == got.ts
    assert [(each["deed"], each["outcome"]) for each in logs if each["event"] == "audit"] == [
        ("decline", "declined")
    ]
    await ground.slack.command(ROBIN, "whoami")
    assert "not connected" in ground.slack.seen_by(ROBIN)[-1].text


async def test_who_was_declined_does_not_ask_again_at_once(ground: Playground) -> None:
    first = await ask(ground)
    got = await answered(ground, ALEX, "requested access")
    await ground.slack.press(ALEX, got.ts, "decline_link")
    await answered(ground, ROBIN, "declined your request")
    # The admin's own message is replaced after the person was told
    await ground.slack.wait_for(
        lambda: not any("requested access" in each.text for each in ground.slack.seen_by(ALEX))
    )
    await ask_again(ground, first)
    await answered(ground, ROBIN, "An admin just declined your request")
    assert [each for each in ground.slack.seen_by(ALEX) if "requested access" in each.text] == []


async def test_of_two_admins_who_decide_at_once_one_does() -> None:
    async with with_two_admins() as ground:
        await ask(ground)
        views = {
            admin: await approving(ground, (await answered(ground, admin, "requested access")).ts, admin)
            for admin in (ALEX, TONY)
        }
        alex, tony = await asyncio.gather(
            ground.slack.submit(ALEX, views[ALEX], UID),
            ground.slack.submit(TONY, views[TONY], {"uid": {"uid": "superhero5"}}),
        )
        assert sorted([alex.ok, tony.ok]) == [False, True]
        loser = alex if tony.ok else tony
        assert "is no longer open" in loser.errors["uid"]
        await answered(ground, ROBIN, "connected you")
        await asyncio.sleep(0.2)
        assert len([each for each in ground.slack.seen_by(ROBIN) if "connected you" in each.text]) == 1


async def test_one_admin_declines_after_another_has_approved_to_no_effect() -> None:
    async with with_two_admins() as ground:
        await ask(ground)
        view_id = await approving(ground, (await answered(ground, ALEX, "requested access")).ts)
        await ground.slack.submit(ALEX, view_id, UID)
        await answered(ground, ROBIN, "connected you")
        await ground.slack.press(TONY, (await answered(ground, TONY, "requested access")).ts, "decline_link")
        await answered(ground, TONY, "is no longer open")
        assert [each for each in ground.slack.seen_by(ROBIN) if "declined" in each.text] == []


async def test_a_repeated_delivery_of_the_decision_acts_once(ground: Playground) -> None:
    got = await request(ground)
    delivery = await ground.slack.press(ALEX, got.ts, "decline_link")
    await answered(ground, ROBIN, "declined your request")
    await ground.slack.redeliver(delivery)
    await asyncio.sleep(0.3)
    assert len([each for each in ground.slack.seen_by(ROBIN) if "declined" in each.text]) == 1


async def test_nobody_floods_the_admins(ground: Playground) -> None:
    first = await ask(ground)
    await answered(ground, ROBIN, "Request sent")
    for _ in range(3):
        await ask_again(ground, first)
    await answered(ground, ROBIN, "You’ve already requested access")
    await asyncio.sleep(0.3)
    assert len([each for each in ground.slack.seen_by(ALEX) if "requested access" in each.text]) == 1


async def test_a_request_that_reaches_no_admin_is_told_and_can_be_made_again(ground: Playground) -> None:
    ground.slack.fail("chat.postMessage", status=500)
    await ask(ground)
    await answered(ground, ROBIN, "couldn’t reach an admin")
    await ask(ground)
    await answered(ground, ALEX, "requested access")


async def test_a_slack_that_does_not_know_the_profile_does_not_hold_the_request_up(
    ground: Playground,
) -> None:
    ground.slack.fail("users.info", status=500, times=9)
    got = await request(ground)
    assert "Slack didn’t return their profile." in got.text


async def test_with_no_admin_named_the_workspace_s_own_are_asked() -> None:
    async with playground(callinfo_admins="", callinfo_support="#help-callinfo") as ground:
        await ground.slack.command(ROBIN, "standup")
        card = ground.slack.seen_by(ROBIN)[-1]
        assert buttons(card) == ["ask_admin"]
        assert "Contact" not in card.text  # the button is the way
        await ground.slack.press(ROBIN, card.ts, "ask_admin")
        await answered(ground, ROBIN, "Request sent to <@U0ALEX>.")
        await answered(ground, ALEX, "<@U0ROBIN> requested access")


@pytest.mark.parametrize("trouble", ["no admins", "no answer"])
async def test_with_nobody_to_ask_that_is_said_and_asking_again_is_no_offence(trouble: str) -> None:
    async with playground(callinfo_admins="") as ground:
        if trouble == "no admins":
            ground.slack.admins.clear()
        else:
            ground.slack.fail("users.list", status=500, times=9)
        await ask(ground)
        await answered(ground, ROBIN, "couldn’t reach an admin")
        ground.slack.recover()
        ground.slack.admins.add(ALEX)
        await ask(ground)
        await answered(ground, ALEX, "<@U0ROBIN> requested access")


async def test_who_was_linked_meanwhile_is_told_so_instead(ground: Playground) -> None:
    await ground.slack.command(ROBIN, "standup")
    card = ground.slack.seen_by(ROBIN)[-1]
    await ground.slack.command(ALEX, "link <@U0ROBIN|robin> superhero4")
    await ground.slack.press(ROBIN, card.ts, "ask_admin")
    await answered(ground, ROBIN, "You are superhero4 in CometChat.")
    assert [each for each in ground.slack.seen_by(ALEX) if "requested access" in each.text] == []


async def test_a_link_by_command_settles_the_request_too(ground: Playground) -> None:
    got = await request(ground)
    await ground.slack.command(ALEX, "link <@U0ROBIN|robin> superhero4")
    await ground.slack.press(ALEX, got.ts, "decline_link")
    await answered(ground, ALEX, "is no longer open")


@pytest.mark.usefixtures("no_profiles_kept")
async def test_with_who_has_left_goes_their_request(ground: Playground) -> None:
    got = await request(ground)
    await answered(ground, ROBIN, "Request sent")
    ground.slack.deactivated.add(ROBIN)
    refused = await ground.slack.command(ALEX, "link <@U0ROBIN|robin> superhero4")
    assert "account is deactivated." in str(refused.message)
    await ground.slack.press(ALEX, got.ts, "decline_link")
    await answered(ground, ALEX, "is no longer open")


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"is_stranger": True}, "Only members of this workspace can be linked"),
        ({"is_bot": True}, "That’s a bot"),
    ],
)
async def test_who_turns_out_not_to_be_linkable_asks_nobody(
    ground: Playground, facts: dict[str, object], words: str
) -> None:
    ground.slack.fail("users.info", status=500, times=9)
    await ground.slack.command(ROBIN, "standup")
    ground.slack.recover()
    user = {"id": ROBIN, "team_id": "T0PLAYGROUND", **facts}
    ground.slack.fail("users.info", status=200, body={"ok": True, "user": user}, times=9)
    await ground.slack.press(ROBIN, ground.slack.seen_by(ROBIN)[-1].ts, "ask_admin")
    await answered(ground, ROBIN, words)
    assert [each for each in ground.slack.seen_by(ALEX) if each.direct] == []


@pytest.mark.parametrize("action", ["approve_link", "decline_link"])
async def test_who_is_no_admin_decides_nothing_whatever_they_send(ground: Playground, action: str) -> None:
    first = await ask(ground)
    got = await answered(ground, ALEX, "requested access")
    delivery = await ground.slack.press(ALEX, got.ts, action)
    if action == "decline_link":
        await answered(ground, ROBIN, "declined your request")
        await ask_again(ground, first)
    forged = {**delivery.payload, "user": {"id": STEVE, "team_id": "T0PLAYGROUND"}}
    await ground.slack.interact(STEVE, forged)
    await ground.slack.wait_for(
        lambda: any("Only admins" in str(each.body) for each in ground.slack.received)
    )
    assert ground.slack.modals(STEVE) == []


async def test_the_modal_of_who_is_no_admin_any_more_links_nobody() -> None:
    async with with_two_admins() as ground:
        await ask(ground)
        view_id = await approving(ground, (await answered(ground, ALEX, "requested access")).ts)
        delivery = await ground.slack.submit(ALEX, view_id, {"uid": {"uid": "a b"}})
        forged = {**delivery.payload, "user": {"id": ROBIN, "team_id": "T0PLAYGROUND"}}
        forged["view"] = {**forged["view"], "state": {"values": {"uid": {"uid": {"value": "superhero4"}}}}}
        answer = await ground.slack.interact(ROBIN, forged)
        assert "Only admins" in answer.body
        await ground.slack.command(ROBIN, "whoami")
        assert "not connected" in ground.slack.seen_by(ROBIN)[-1].text


async def test_a_member_of_another_workspace_is_not_linked_from_slack(ground: Playground) -> None:
    await ground.slack.command(ROBIN, "standup")
    delivery = await ground.slack.press(ROBIN, ground.slack.seen_by(ROBIN)[-1].ts, "ask_admin")
    await answered(ground, ROBIN, "Request sent")
    before = len(ground.slack.seen_by(ALEX))
    stranger = {**delivery.payload, "user": {"id": ROBIN, "team_id": "T0ELSEWHERE"}}
    await ground.slack.interact(ROBIN, stranger)
    await answered(ground, ROBIN, "Only members of this workspace can be linked from Slack")
    assert len(ground.slack.seen_by(ALEX)) == before


async def test_nobody_is_asked_while_the_own_workspace_is_unknown(
    ground: Playground, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def unknown(*_: object) -> bool:
        raise IdentityUnavailableError

    monkeypatch.setattr("bot.links.admins.Admins.is_member", unknown)
    await ask(ground)
    await answered(ground, ROBIN, "I can’t check who you are in CometChat right now")
    assert [each for each in ground.slack.seen_by(ALEX) if each.direct] == []


@pytest.mark.parametrize("action_id", ["approve_link", "decline_link", "link_anyway", "links_next"])
async def test_a_button_that_carries_what_callinfo_never_wrote_is_answered_in_words(
    ground: Playground, action_id: str
) -> None:
    got = await request(ground)
    pressed = await ground.slack.press(ALEX, got.ts, "approve_link")
    action = {**pressed.payload["actions"][0], "action_id": action_id, "value": "never written"}
    with capture_logs() as logs:
        await ground.slack.interact(ALEX, {**pressed.payload, "actions": [action]})
        await answered(ground, ALEX, "This button no longer works.")
    assert "crashed" not in {line["event"] for line in logs}
