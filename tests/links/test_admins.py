"""Who is an admin, and who can be linked while Slack or CometChat can't be asked."""

import asyncio
from typing import cast

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.calls.problems import Problem, ProblemKind
from bot.cometchat import CallProblemError, NoAnswerInTimeError, Uid, UnavailableError, UnknownUidError
from bot.identity import IdentityUnavailableError, SlackUser
from bot.links.admins import Admins, AdminStatus
from bot.links.validation import LinkValidation
from bot.playground.slack import StandInSlack
from bot.slack.users import People, PeopleUnavailableError, Profile
from tests.throttling.people import Clock, limited

TEAM = "T0PLAYGROUND"
TONY, ROBIN, ALEX = (SlackUser(None, TEAM, user) for user in ("U0TONY", "U0ROBIN", "U0ALEX"))


class Silent:
    """A Slack that can't be asked, or takes its time."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds = seconds

    async def profile(self, _: str, *, fresh: bool = False) -> Profile | None:  # noqa: ARG002 - it knows no age
        await asyncio.sleep(self.seconds)
        raise PeopleUnavailableError


class Users:
    def __init__(self, error: CallProblemError | None = None) -> None:
        self.error = error

    async def check_user(self, _: Uid) -> None:
        if self.error:
            raise self.error


def validation(seconds: float = 0.0, error: CallProblemError | None = None) -> LinkValidation:
    return LinkValidation(cast("People", Silent(seconds)), Users(error))


async def test_while_slack_says_nothing_the_admin_s_mention_will_do() -> None:
    assert await validation().check_subject(ALEX, ROBIN) is None


@pytest.mark.parametrize(
    "subject",
    [SlackUser(None, "T02", "U0ROBIN"), SlackUser(None, "", "U")],
)
async def test_nobody_of_another_workspace_can_be_linked_whatever_slack_says(subject: SlackUser) -> None:
    problem = await validation().check_subject(ALEX, subject)
    assert problem
    assert problem.kind is ProblemKind.NOT_LINKABLE


@pytest.mark.parametrize(
    ("error", "known"), [(None, True), (UnavailableError(), False), (NoAnswerInTimeError(), False)]
)
async def test_a_uid_is_confirmed_or_could_not_be_checked(
    error: CallProblemError | None, known: object
) -> None:
    assert await validation(error=error).check_uid(Uid("superhero1")) is known


async def test_a_uid_that_cometchat_does_not_know_is_refused_by_name() -> None:
    problem = await validation(error=UnknownUidError(status=404)).check_uid(Uid("superhero9"))
    assert isinstance(problem, Problem)
    assert "superhero9" in problem.happened


async def test_a_slow_slack_holds_no_list_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.links.validation.PROFILES_SECONDS", 0.05)
    async with asyncio.timeout(30):
        assert await validation(seconds=60).deactivated([ALEX, ROBIN]) == ()


def people(slack: StandInSlack) -> People:
    return People(AsyncWebClient(token="xoxb-playground", base_url=slack.web_api_url))


async def own_team() -> str:
    return TEAM


async def unknown_team() -> str:
    raise IdentityUnavailableError


async def test_admins_are_those_named_and_those_of_the_workspace(slack: StandInSlack) -> None:
    admins = Admins(["U0TONY"], people(slack), own_team, limited())
    assert await admins.status(TONY) is AdminStatus.ADMIN
    assert slack.received == [], "Slack need not be asked about those named"
    assert await admins.status(ALEX) is AdminStatus.ADMIN
    assert await admins.status(ROBIN) is AdminStatus.NOT_ADMIN
    assert await admins.status(SlackUser(None, TEAM, "U0NOBODY")) is AdminStatus.NOT_ADMIN


async def test_a_namesake_of_another_workspace_is_no_admin(slack: StandInSlack) -> None:
    admins = Admins(["U0TONY"], people(slack), own_team, limited())
    for user in ("U0TONY", "U0ALEX"):
        assert await admins.status(SlackUser(None, "T0ELSEWHERE", user)) is AdminStatus.NOT_ADMIN


@pytest.mark.parametrize(
    "facts", [{"team_id": "T0ELSEWHERE"}, {"deleted": True}, {"is_bot": True}, {"is_admin": "yes"}]
)
async def test_an_admin_elsewhere_a_deactivated_one_and_a_bot_are_none(
    slack: StandInSlack, facts: dict[str, object]
) -> None:
    user = {"id": "U0ALEX", "team_id": TEAM, "is_admin": True, **facts}
    slack.fail("users.info", status=200, body={"ok": True, "user": user})
    assert await Admins([], people(slack), own_team, limited()).status(ALEX) is AdminStatus.NOT_ADMIN


async def test_an_owner_and_an_admin_of_an_organisation_s_workspace_are_admins(slack: StandInSlack) -> None:
    user = {"id": "U0ALEX", "team_id": "T0OTHER", "is_owner": True, "enterprise_user": {"teams": [TEAM]}}
    slack.fail("users.info", status=200, body={"ok": True, "user": user})
    assert await Admins([], people(slack), own_team, limited()).status(ALEX) is AdminStatus.ADMIN


async def test_who_can_not_be_found_to_be_an_admin_is_none_for_now(slack: StandInSlack) -> None:
    slack.fail("users.info", status=500)
    assert await Admins(["U0TONY"], people(slack), own_team, limited()).status(ALEX) is AdminStatus.UNKNOWN
    assert (
        await Admins(["U0TONY"], people(slack), unknown_team, limited()).status(TONY) is AdminStatus.UNKNOWN
    )


async def test_an_admin_is_known_for_a_minute(slack: StandInSlack) -> None:
    clock = Clock()
    asked = People(AsyncWebClient(token="xoxb-playground", base_url=slack.web_api_url), clock)
    admins = Admins([], asked, own_team, limited())
    assert await admins.status(ALEX) is AdminStatus.ADMIN
    slack.admins.remove(ALEX.user_id)
    clock.now += 59
    assert await admins.status(ALEX) is AdminStatus.ADMIN
    clock.now += 2
    assert await admins.status(ALEX) is AdminStatus.NOT_ADMIN
