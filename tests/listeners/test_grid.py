"""Enterprise Grid and Slack Connect: the same person everywhere, and nobody else.

A payload may name another workspace of the person's, or their organisation; what `users.info` says decides.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.identity import membership
from bot.identity.membership import Membership
from bot.identity.users import SlackUser
from bot.playground.run import Playground, playground
from bot.playground.slack import Delivery
from bot.playground.slack.workspace import TEAM_ID
from bot.slack.users import PeopleUnavailableError, Profile
from tests.listeners.people import ALEX, ROBIN, TONY, answered, audited, going_on, logged, summary_of

SALES, ORG, OTHER = "T02SALES", "E1ORG", "T99OTHER"
OWN = {"id": TEAM_ID, "enterprise_id": ORG}
ON_GRID = {"team_id": SALES, "enterprise_user": {"enterprise_id": ORG, "teams": [TEAM_ID, SALES]}}
NAMED: list[tuple[str, Any]] = [(SALES, OWN), (ORG, OWN), (SALES, None)]
"""What a payload says of a member of several workspaces: the person's team, and the app's."""
KINDS = {"refresh_call": "refresh", "call_details": "details", "share_call": "share"}
"""What the log calls the presses of those buttons."""
STRANGERS: list[tuple[str, dict[str, Any]]] = [
    (OTHER, {"team_id": OTHER, "is_stranger": True}),
    (OTHER, {"team_id": OTHER, "is_stranger": True, "enterprise_user": {"teams": [TEAM_ID, OTHER]}}),
    (OTHER, {"team_id": OTHER, "is_restricted": True}),
    (OTHER, {"team_id": TEAM_ID}),  # a member of ours that is called alike
    (OTHER, ON_GRID),  # as above, on Grid
    (SALES, {"team_id": SALES, "enterprise_user": {"enterprise_id": ORG, "teams": [SALES]}}),
    (SALES, {**ON_GRID, "deleted": True}),
    (SALES, {**ON_GRID, "is_bot": True}),
]


@pytest.fixture
async def grid(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Playground]:
    monkeypatch.setattr(membership, "WAIT_SECONDS", 30.0)
    async with playground() as ground:
        ground.cometchat.serve("standup", [going_on()])
        yield ground


def known_as(ground: Playground, user_id: str, facts: dict[str, Any]) -> None:
    """Let Slack say that of a person."""
    ground.slack.fail("users.info", status=200, body={"ok": True, "user": {"id": user_id, **facts}})


async def sent(ground: Playground, delivery: Delivery, team_id: str, team: Any) -> None:
    """Send the payload again as Grid would, with other workspaces and a new trigger in it."""
    user = {**delivery.payload["user"], "team_id": team_id}
    changes = {"user": user, "team": team, "trigger_id": ground.slack._state.triggers.issue(user["id"])}
    await ground.slack.interact(user["id"], {**delivery.payload, **changes})


async def done(ground: Playground, way: str) -> Delivery:
    """Do something that looks a call up, wait until it is over, and return what Slack sent for it."""
    with capture_logs() as logs:
        if way == "shortcut":
            delivery = await ground.slack.shortcut(TONY, ground.slack.post(TONY, "session_id: `standup`"))
        elif way == "find":
            delivery = await ground.slack.global_shortcut(TONY)
        else:
            card = await summary_of(ground, TONY, "standup")
            delivery = await ground.slack.press(TONY, card.ts, way)
        await logged(logs, "interaction", KINDS.get(way, way))
    return delivery


def asked(ground: Playground) -> list[str]:
    return [each.headers["onbehalfof"] for each in ground.cometchat.requests]


@pytest.mark.parametrize("way", ["refresh_call", "call_details", "share_call"])
@pytest.mark.parametrize(("team_id", "team"), NAMED)
async def test_a_member_of_several_workspaces_is_the_same_person_everywhere(
    grid: Playground, way: str, team_id: str, team: Any
) -> None:
    delivery = await done(grid, way)
    known_as(grid, TONY, ON_GRID)
    before = len(asked(grid))
    await sent(grid, delivery, team_id, team)
    await grid.slack.wait_for(lambda: len(asked(grid)) > before)
    assert set(asked(grid)) == {"superhero1"}


@pytest.mark.parametrize(
    ("team_id", "team", "organisation"),
    [
        pytest.param(ORG, OWN, {}, id="Slack names their workspaces alone"),
        pytest.param(ORG, {"id": TEAM_ID}, {"enterprise_id": ORG}, id="the payload names no organisation"),
        pytest.param("", OWN, {}, id="the payload names none of theirs"),
    ],
)
async def test_either_of_the_two_may_name_the_organisation(
    grid: Playground, team_id: str, team: Any, organisation: dict[str, str]
) -> None:
    delivery = await done(grid, "refresh_call")
    known_as(grid, TONY, {"team_id": SALES, "enterprise_user": {"teams": [TEAM_ID, SALES], **organisation}})
    before = len(asked(grid))
    await sent(grid, delivery, team_id, team)
    await grid.slack.wait_for(lambda: len(asked(grid)) > before)
    assert set(asked(grid)) == {"superhero1"}


@pytest.mark.parametrize(("team_id", "team"), NAMED)
async def test_they_find_a_call_and_pick_it_from_a_message(grid: Playground, team_id: str, team: Any) -> None:
    known_as(grid, TONY, ON_GRID)
    message = grid.slack.post(TONY, "session_id: nowhere-1, session_id: nowhere-2")
    for delivery in (await done(grid, "find"), await grid.slack.shortcut(TONY, message)):
        await sent(grid, delivery, team_id, team)
    await asyncio.sleep(0.1)
    assert not [each for each in grid.slack.received if "not connected" in str(each.body)]


async def test_an_admin_approves_a_request_from_another_workspace_of_theirs(grid: Playground) -> None:
    await grid.slack.command(ROBIN, "standup")
    await grid.slack.press(ROBIN, grid.slack.seen_by(ROBIN)[-1].ts, "ask_admin")
    request = await answered(grid, ALEX, "requested access")
    await grid.slack.press(ALEX, request.ts, "approve_link")
    view_id = (await grid.slack.wait_for(lambda: grid.slack.modals(ALEX)))[-1].view_id
    refused = await grid.slack.submit(ALEX, view_id, {"uid": {"uid": "a b"}})
    known_as(grid, ALEX, {**ON_GRID, "is_admin": True})
    typed = {"values": {"uid": {"uid": {"value": "superhero4"}}}}
    view = {**refused.payload["view"], "state": typed}
    user = {**refused.payload["user"], "team_id": SALES}
    await grid.slack.interact(ALEX, {**refused.payload, "user": user, "team": None, "view": view})
    await answered(grid, ROBIN, "superhero4")


async def test_a_member_of_several_workspaces_asks_an_admin(grid: Playground) -> None:
    await grid.slack.command(ROBIN, "standup")
    asking = await grid.slack.press(ROBIN, grid.slack.seen_by(ROBIN)[-1].ts, "ask_admin")
    await answered(grid, ROBIN, "Request sent")
    known_as(grid, ROBIN, ON_GRID)
    with capture_logs() as logs:
        await sent(grid, asking, SALES, OWN)
        line = await logged(logs, "interaction", "ask_admin")
    assert line["outcome"] != "other_workspace"
    assert line["team"] == TEAM_ID


@pytest.mark.parametrize("way", ["refresh_call", "share_call", "shortcut"])
@pytest.mark.parametrize(("team_id", "facts"), STRANGERS)
async def test_a_stranger_whose_id_is_in_the_map_is_shown_nothing(
    grid: Playground, way: str, team_id: str, facts: dict[str, Any]
) -> None:
    delivery = await done(grid, way)
    known_as(grid, TONY, facts)
    before = len(asked(grid))
    with capture_logs() as logs:
        await sent(grid, delivery, team_id, {"id": TEAM_ID})
        entry = await audited(logs, "look_up")
    assert entry["outcome"] == "not_linked"
    assert len(asked(grid)) == before


@pytest.mark.parametrize("way", ["refresh_call", "share_call"])
async def test_while_slack_is_away_they_read_that_they_should_try_again(grid: Playground, way: str) -> None:
    delivery = await done(grid, way)
    grid.slack.fail("users.info", status=500)
    before = len(asked(grid))
    await sent(grid, delivery, SALES, OWN)
    await answered(grid, TONY, "I can’t check who you are in CometChat right now")
    assert len(asked(grid)) == before


async def test_while_slack_is_away_nobody_reads_that_they_have_no_subscriptions(grid: Playground) -> None:
    """Nor that those are another's: they are told on all the while."""
    await grid.slack.command(TONY, "subscribe missed")
    pressed = await grid.slack.press(TONY, grid.slack.seen_by(TONY)[-1].ts, "unsubscribe")
    await answered(grid, TONY, "I’ll no longer message you")
    await grid.slack.command(TONY, "subscribe missed")
    grid.slack.fail("users.info", status=500, times=9)
    unknown = "I can’t check who you are in CometChat right now"
    for text in ("subscriptions", "unsubscribe", "unsubscribe here"):
        asked_by = await grid.slack.command(TONY, text, fields={"team_id": SALES})
        assert unknown in str(asked_by.message)
    told = len([each for each in grid.slack.seen_by(TONY) if unknown in each.text])
    await sent(grid, pressed, SALES, OWN)
    await grid.slack.wait_for(
        lambda: len([each for each in grid.slack.seen_by(TONY) if unknown in each.text]) > told
    )
    assert "When you miss a call" in str((await grid.slack.command(TONY, "subscriptions")).message)


async def test_before_slack_has_named_the_own_workspace_nobody_is_called_unknown() -> None:
    async with playground(
        callinfo_user_map={TONY: "superhero1"}, slack_api_url="http://127.0.0.1:9"
    ) as ground:
        for user_id in (TONY, ROBIN):
            asked_by = await ground.slack.command(user_id, "standup", fields={"team_id": SALES})
            assert "I can’t check who you are in CometChat right now" in str(asked_by.message)
        assert ground.cometchat.requests == []


async def test_while_slack_is_away_an_admin_reads_that_they_should_try_again(grid: Playground) -> None:
    grid.slack.fail("users.info", status=500)
    elsewhere = await grid.slack.command(ALEX, "links", fields={"team_id": SALES})
    assert "I can’t check whether you’re an admin right now" in str(elsewhere.message)
    known_as(grid, ALEX, {**ON_GRID, "is_admin": True})
    assert "No links yet." in str(
        (await grid.slack.command(ALEX, "links", fields={"team_id": SALES})).message
    )


async def test_a_person_without_a_team_in_the_payload_is_looked_up() -> None:
    async with playground() as ground:
        ground.cometchat.serve("standup", [going_on()])
        delivery = await done(ground, "refresh_call")
        known_as(ground, TONY, {"team_id": OTHER, "is_stranger": True})
        before = len(asked(ground))
        user = {key: value for key, value in delivery.payload["user"].items() if key != "team_id"}
        await ground.slack.interact(TONY, {**delivery.payload, "user": user, "team": {"id": TEAM_ID}})
        await answered(ground, TONY, "not connected")
        assert len(asked(ground)) == before


class CountedPeople:
    """Slack's word on one person, and how often it was asked for."""

    def __init__(self, profile: Profile | None) -> None:
        self.profile_of, self.asked = profile, 0

    async def profile(self, user_id: str, *, fresh: bool = False) -> Profile | None:
        self.asked += 1
        if self.profile_of is None:
            raise PeopleUnavailableError("down", user_id, fresh)
        return self.profile_of


async def test_who_is_a_member_is_kept_for_minutes_and_an_outage_is_not() -> None:
    async def own_team() -> str:
        return TEAM_ID

    now = [0.0]
    people = CountedPeople(None)
    membership = Membership(people, own_team, lambda: now[0])  # type: ignore[arg-type] # all that it uses
    user = SlackUser(ORG, SALES, TONY)
    assert (await membership.resolve(user)).unresolved
    people.profile_of = Profile(TONY, frozenset({TEAM_ID, SALES}))
    for _ in range(5):
        resolved = await membership.resolve(user)
        assert (resolved.team_id, resolved.unresolved) == (TEAM_ID, False)
    assert people.asked == 2
    people.profile_of = Profile(TONY, frozenset({SALES}))
    now[0] += 601
    assert (await membership.resolve(user)).team_id == SALES
