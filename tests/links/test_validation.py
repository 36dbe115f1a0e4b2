"""Who can be linked while Slack or CometChat can't be asked."""

import asyncio
from typing import cast

import pytest

from bot.calls.problems import Problem, ProblemKind
from bot.cometchat import CallProblemError, NoAnswerInTimeError, Uid, UnavailableError, UnknownUidError
from bot.identity import SlackUser
from bot.links.validation import Linkable
from bot.slack.users import People, PeopleUnavailableError, Profile

ALEX, ROBIN = SlackUser(None, "T01", "U0ALEX"), SlackUser(None, "T01", "U0ROBIN")


class Silent:
    """A Slack that can't be asked, or takes its time."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds = seconds

    async def profile(self, _: str, *, anew: bool = False) -> Profile | None:  # noqa: ARG002 - it knows no age
        await asyncio.sleep(self.seconds)
        raise PeopleUnavailableError


class Users:
    def __init__(self, error: CallProblemError | None = None) -> None:
        self.error = error

    async def check_user(self, _: Uid) -> None:
        if self.error:
            raise self.error


def linkable(seconds: float = 0.0, error: CallProblemError | None = None) -> Linkable:
    return Linkable(cast("People", Silent(seconds)), Users(error))


async def test_while_slack_says_nothing_the_admin_s_mention_will_do() -> None:
    assert await linkable().unfit(ALEX, ROBIN) is None


@pytest.mark.parametrize(
    "subject",
    [SlackUser(None, "T02", "U0ROBIN"), SlackUser(None, "", "U")],
)
async def test_nobody_of_another_workspace_can_be_linked_whatever_slack_says(subject: SlackUser) -> None:
    problem = await linkable().unfit(ALEX, subject)
    assert problem
    assert problem.kind is ProblemKind.NOT_LINKABLE


@pytest.mark.parametrize(
    ("error", "known"), [(None, True), (UnavailableError(), False), (NoAnswerInTimeError(), False)]
)
async def test_a_uid_is_confirmed_or_could_not_be_checked(
    error: CallProblemError | None, known: object
) -> None:
    assert await linkable(error=error).checked(Uid("superhero1")) is known


async def test_a_uid_that_cometchat_does_not_know_is_refused_by_name() -> None:
    problem = await linkable(error=UnknownUidError(status=404)).checked(Uid("superhero9"))
    assert isinstance(problem, Problem)
    assert "superhero9" in problem.happened


async def test_a_slow_slack_holds_no_list_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.links.validation.PROFILES_SECONDS", 0.05)
    async with asyncio.timeout(1):
        assert await linkable(seconds=9).who_left([ALEX, ROBIN]) == ()
