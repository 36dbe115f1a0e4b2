"""Whether a subscription holds, by what Slack says of its owner."""

from __future__ import annotations

from typing import cast

import pytest

from bot.cometchat import Uid
from bot.identity import Identified, SlackUser
from bot.links.admins import Admins
from bot.slack.users import People, Profile
from bot.subscriptions.standing import Standing
from bot.subscriptions.tellings import Why
from tests.subscriptions.calls import OWNER, TONY, subscription


class InTeams:
    """Slack's people, all in those workspaces; counts how often it is asked."""

    def __init__(self, *teams: str) -> None:
        self.teams, self.asked = frozenset(teams), 0

    async def profile(self, user_id: str) -> Profile:
        self.asked += 1
        return Profile(user_id, self.teams)


class Linked:
    async def identify(self, _: SlackUser) -> Identified:
        return Identified(TONY, "link")


def standing(people: InTeams) -> Standing:
    return Standing(Linked(), cast("Admins", None), cast("People", people))


@pytest.mark.parametrize(
    ("teams", "viewer"),
    [((OWNER.team_id, "T02"), TONY), (("T02",), Why.LEFT), pytest.param((), TONY, id="Slack names none")],
)
async def test_who_is_in_other_workspaces_alone_has_left(teams: tuple[str, ...], viewer: Uid | Why) -> None:
    assert await standing(InTeams(*teams)).viewer(subscription(), asking_slack=False) == viewer


async def test_slack_is_asked_once_for_many_looks_and_again_before_anything_is_told() -> None:
    people = InTeams(OWNER.team_id)
    found = standing(people)
    for _ in range(3):
        await found.viewer(subscription(), asking_slack=False)
    assert people.asked == 1
    await found.viewer(subscription(), asking_slack=True)
    assert people.asked == 2
