"""What is refused: by whom it is attempted, what they read, and what of it is audited. Through the front door."""

from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.playground.run import Playground, playground
from tests.listeners.at_home import forged, opened
from tests.listeners.people import ALEX, ROBIN, STEVE, TONY, answered, audited, buttons, seen

NO_LINKS: dict[str, Any] = {"callinfo_user_map": {}}
YOURSELF = "You’re an admin, so connect yourself"
MEMBERS_ONLY = "Only members of this workspace can get access."


@pytest.mark.parametrize("text", ["standup", "recent", "recent missed with natasha", "whoami"])
@pytest.mark.parametrize("named", ["U0ALEX", ""])
async def test_an_admin_without_a_link_is_told_how_to_link_themself(text: str, named: str) -> None:
    async with playground(**NO_LINKS, callinfo_admins=named) as ground:
        await ground.slack.command(ALEX, text)
        card = ground.slack.seen_by(ALEX)[-1]
        assert YOURSELF in card.text
        assert "<@U0ALEX>" not in card.text
        assert buttons(card) == []


@pytest.mark.parametrize("named", ["U0ALEX", "U0ALEX,U0TONY", ""])
async def test_an_admin_who_asks_all_the_same_gets_no_message_from_themself(named: str) -> None:
    async with playground(callinfo_admins=named) as ground:
        await ground.slack.command(ROBIN, "standup")
        card = ground.slack.seen_by(ROBIN)[-1]
        pressed = await ground.slack.press(ROBIN, card.ts, "ask_admin")
        await answered(ground, ROBIN, "Request sent")
    async with playground(**NO_LINKS, callinfo_admins=named) as ground:
        await ground.slack.command(ALEX, "standup")
        await ground.slack.command(STEVE, "standup")
        card = ground.slack.seen_by(STEVE)[-1]
        pressed = await ground.slack.press(STEVE, card.ts, "ask_admin")
        await answered(ground, STEVE, "Request sent")
        forged = {**pressed.payload, "user": {"id": ALEX, "team_id": "T0PLAYGROUND"}}
        await ground.slack.interact(ALEX, forged)
        await ground.slack.wait_for(lambda: any(YOURSELF in str(each.body) for each in ground.slack.received))
        assert not any("<@U0ALEX> requested access" in str(each.body) for each in ground.slack.received)


@pytest.mark.parametrize("text", ["standup", "recent", "whoami"])
async def test_who_can_not_be_linked_is_not_offered_to_ask(ground: Playground, text: str) -> None:
    delivery = await ground.slack.command(ROBIN, text, fields={"team_id": "T0ELSEWHERE"})
    assert MEMBERS_ONLY in str(delivery.message)
    assert "ask_admin" not in str(delivery.message)
    assert "U0ALEX" not in str(delivery.message)


@pytest.mark.parametrize("facts", [{"is_bot": True}, {"is_stranger": True}, {"team_id": "T0OTHER"}])
async def test_nor_is_a_bot_or_a_stranger_who_comes_under_the_own_workspace(
    ground: Playground, facts: dict[str, object]
) -> None:
    user = {"id": ROBIN, "team_id": "T0PLAYGROUND", "is_admin": False, **facts}
    ground.slack.fail("users.info", status=200, body={"ok": True, "user": user}, times=9)
    for text in ("standup", "whoami"):
        await ground.slack.command(ROBIN, text)
        card = ground.slack.seen_by(ROBIN)[-1]
        assert MEMBERS_ONLY in card.text
        assert buttons(card) == []
    await opened(ground, ROBIN, MEMBERS_ONLY)
    home = ground.slack.home(ROBIN)
    assert home
    assert "ask_admin" not in str(home.blocks)
    assert "U0ALEX" not in str(home.blocks)


@pytest.mark.parametrize(
    ("text", "deed"),
    [("link <@U0ROBIN|robin> superhero4", "link"), ("unlink <@U0ROBIN|robin>", "unlink")],
)
async def test_a_refused_change_is_audited(ground: Playground, text: str, deed: str) -> None:
    with capture_logs() as logs:
        await ground.slack.command(TONY, text)
        line = await audited(logs, deed)
    assert (line["outcome"], line["user_id"], line["subject"]) == ("not_an_admin", TONY, ROBIN)


async def requested(ground: Playground) -> Any:
    """Let Robin ask, and Alex press Decline; return that press."""
    await ground.slack.command(ROBIN, "standup")
    await ground.slack.press(ROBIN, ground.slack.seen_by(ROBIN)[-1].ts, "ask_admin")
    got = await answered(ground, ALEX, "requested access")
    return (await ground.slack.press(ALEX, got.ts, "decline_link")).payload


async def test_a_refused_decision_is_audited(ground: Playground) -> None:
    forged = {**await requested(ground), "user": {"id": STEVE, "team_id": "T0PLAYGROUND"}}
    await answered(ground, ROBIN, "declined your request")
    with capture_logs() as logs:
        await ground.slack.interact(STEVE, forged)
        line = await audited(logs, "decline")
    assert (line["outcome"], line["user_id"], line["subject"]) == ("not_an_admin", STEVE, ROBIN)


@pytest.mark.parametrize("text", ["link <@U0ROBIN|robin> superhero4", "unlink <@U0ROBIN|robin>", "links"])
async def test_refused_attempts_are_limited_and_not_audited_beyond(text: str) -> None:
    async with playground(callinfo_rate_limit="3/day") as ground:
        with capture_logs() as logs:
            answers = [str((await ground.slack.command(TONY, text)).message) for _ in range(20)]
        assert ["Only admins" in each for each in answers] == [True] * 3 + [False] * 17
        assert all("limit of 3 look-ups a day" in each for each in answers[3:])
        assert len([line for line in logs if line["event"] == "audit"]) <= 3
        assert "link" in str((await ground.slack.command(ALEX, "links")).message)


@pytest.mark.parametrize("action", ["approve_link", "decline_link", "link_anyway", "links_next"])
async def test_so_are_refused_presses(action: str) -> None:
    async with playground(callinfo_rate_limit="3/day") as ground:
        payload = await requested(ground)
        await answered(ground, ROBIN, "declined your request")
        value = {
            "link_anyway": f":T0PLAYGROUND:U0ROBIN:superhero4::{'0' * 16}",
            "links_next": "0",
        }
        pressed = {**payload["actions"][0], "action_id": action}
        pressed["value"] = value.get(action, pressed["value"])
        with capture_logs() as logs:
            for number in range(8):
                forged = {
                    **payload,
                    "user": {"id": STEVE, "team_id": "T0PLAYGROUND"},
                    "actions": [{**pressed, "action_ts": str(number)}],
                    "trigger_id": f"x{number}",
                }
                await ground.slack.interact(STEVE, forged)
            await seen(ground, ROBIN, lambda _: True)
            await ground.slack.wait_for(
                lambda: any("limit of 3 look-ups" in str(each.body) for each in ground.slack.received)
            )
        assert len([line for line in logs if line["event"] == "audit" and line["user_id"] == STEVE]) <= 3


async def asked_an_admin(ground: Playground) -> Any:
    """Let Robin ask an admin to be linked; return that press."""
    await ground.slack.command(ROBIN, "standup")
    card = ground.slack.seen_by(ROBIN)[-1]
    payload = (await ground.slack.press(ROBIN, card.ts, "ask_admin")).payload
    await answered(ground, ROBIN, "Request sent")
    return payload


async def test_asking_again_and_again_is_limited_too() -> None:
    async with playground(callinfo_rate_limit="3/day") as ground:
        payload = await asked_an_admin(ground)
        with capture_logs() as logs:
            for number in range(4):  # Slack takes no more answers by one response_url
                await ground.slack.interact(ROBIN, {**payload, "trigger_id": f"x{number}"})
            await ground.slack.wait_for(
                lambda: sum("limit of 3 look-ups" in str(each.body) for each in ground.slack.received) == 2
            )
        asked = [line["outcome"] for line in logs if line["event"] == "audit"]
        assert asked == ["already_asked", "already_asked"]


async def test_so_is_asking_of_who_is_connected() -> None:
    async with playground(callinfo_rate_limit="3/day") as ground:
        payload = await asked_an_admin(ground)
        payload["user"]["id"] = TONY
        with capture_logs() as logs:
            for number in range(4):
                await ground.slack.interact(TONY, {**payload, "trigger_id": f"x{number}"})
            await ground.slack.wait_for(
                lambda: any("limit of 3 look-ups" in str(each.body) for each in ground.slack.received)
            )
        asked = [line["outcome"] for line in logs if line["event"] == "audit"]
        assert asked == ["linked_already"] * 3


async def test_so_is_stopping_what_is_another_s() -> None:
    async with playground(callinfo_rate_limit="3/day") as ground:
        await opened(ground, ROBIN)
        with capture_logs() as logs:
            for number in range(8):
                await forged(ground, ROBIN, "unsubscribe", f"{'mute:' if number % 2 else ''}x{number}")
            await ground.slack.wait_for(
                lambda: any("limit of 3 look-ups" in str(each.body) for each in ground.slack.received)
            )
        refused = [line["outcome"] for line in logs if line["event"] == "audit"]
        assert refused.count("no_such_subscription") == 3
        assert len(refused) <= 4


QUESTION = "superhero1 already belongs to <@U0TONY>"


@pytest.mark.parametrize("key", ["U0TONY", "T0PLAYGROUND:U0TONY"])
async def test_a_uid_that_the_map_gives_to_another_is_asked_about(key: str) -> None:
    async with playground(callinfo_user_map={key: "superhero1"}) as ground:
        await ground.slack.command(ALEX, "link <@U0ROBIN|robin> superhero1")
        question = ground.slack.seen_by(ALEX)[-1]
        assert QUESTION in question.text
        await ground.slack.command(ROBIN, "whoami")
        assert "not connected" in ground.slack.seen_by(ROBIN)[-1].text
        await ground.slack.press(ALEX, question.ts, "link_anyway")
        await answered(ground, ROBIN, "connected you")


async def test_a_uid_that_the_rule_gives_to_another_is_asked_about() -> None:
    async with playground(**NO_LINKS, callinfo_uid_rule="slack-id") as ground:
        ground.cometchat.uids.update({"u0tony", "user1"})
        await ground.slack.command(ALEX, "link <@U0ROBIN|robin> u0tony")
        assert "u0tony already belongs to <@U0TONY>" in ground.slack.seen_by(ALEX)[-1].text
        await ground.slack.command(ALEX, "link <@U0ROBIN|robin> user1")
        assert "is now linked to" in ground.slack.seen_by(ALEX)[-1].text, "Slack has no USER1"


@pytest.mark.parametrize(
    ("settings", "before", "uid"),
    [
        ({}, "", "superhero4"),
        ({"callinfo_user_map": {"U0ROBIN": "superhero1"}}, "", "superhero1"),
        ({"callinfo_user_map": {"T0OTHER:U0TONY": "superhero1"}}, "", "superhero1"),
        (
            {"callinfo_user_map": {"T0PLAYGROUND:U0TONY": "superhero2", "U0TONY": "superhero1"}},
            "",
            "superhero1",
        ),
        ({}, "link <@U0TONY|tony> superhero5", "superhero1"),
        ({"callinfo_user_map": {"U0NOBODY": "superhero1"}}, "", "superhero1"),
        (
            {"callinfo_user_map": {"U0TONY": "superhero1"}, "callinfo_uid_rule": "slack-id"},
            "",
            "u0tony",
        ),
    ],
)
async def test_who_does_not_act_as_that_uid_is_not_asked_about(
    settings: dict[str, Any], before: str, uid: str
) -> None:
    async with playground(**settings) as ground:
        ground.cometchat.uids.add("u0tony")
        if before:
            await ground.slack.command(ALEX, before)
        await ground.slack.command(ALEX, f"link <@U0ROBIN|robin> {uid}")
        assert "<@U0ROBIN> is now linked to" in ground.slack.seen_by(ALEX)[-1].text


async def test_an_admin_whom_slack_does_not_call_one_now_gets_no_message_from_themself() -> None:
    async with playground(**NO_LINKS, callinfo_admins="") as ground:
        ground.slack.fail("users.info", status=500, times=99)
        await ground.slack.command(ALEX, "standup")
        await ground.slack.press(ALEX, ground.slack.seen_by(ALEX)[-1].ts, "ask_admin")
        await answered(ground, ALEX, "I couldn’t reach an admin.")
        assert not any("requested access" in each.text for each in ground.slack.seen_by(ALEX))
