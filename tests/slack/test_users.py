"""What Slack says of people."""

import pytest
from pytest_mock import MockerFixture
from slack_sdk.web.async_client import AsyncWebClient

from bot.links.admins import counts_as_admin
from bot.playground.slack import StandInSlack
from bot.slack.users import ADMINS_KEPT_SECONDS, KEPT_SECONDS, People, PeopleUnavailableError, Profile

TEAM = "T0PLAYGROUND"


class Clock:
    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


def people(slack: StandInSlack, clock: Clock | None = None) -> People:
    return People(AsyncWebClient(token="xoxb-playground", base_url=slack.web_api_url), clock or Clock())


async def test_a_person_is_as_slack_knows_them(slack: StandInSlack) -> None:
    profile = await people(slack).profile("U0ROBIN")
    assert profile == Profile(
        "U0ROBIN", frozenset({TEAM}), "Robin", "Support engineer", zone="Asia/Kolkata", offset=19_800
    )


async def test_the_admins_are_found_on_whatever_page_they_are_and_kept_for_a_while(
    slack: StandInSlack, mocker: MockerFixture
) -> None:
    mocker.patch("bot.slack.users._PER_PAGE", 1)
    clock = Clock()
    known = people(slack, clock)
    slack.admins.add("U0TONY")
    assert await known.admins(counts_as_admin) == ("U0ALEX", "U0TONY")
    assert len(slack.received) == 4
    slack.admins.clear()
    assert await known.admins(counts_as_admin) == ("U0ALEX", "U0TONY")
    clock.at = ADMINS_KEPT_SECONDS + 1
    assert await known.admins(counts_as_admin) == ()


async def test_owners_stand_before_admins_and_who_has_left_or_is_a_bot_is_none(slack: StandInSlack) -> None:
    members = [
        {"id": "U3", "is_admin": True},
        {"id": "U2", "is_admin": True, "is_owner": True},
        {"id": "U1", "is_admin": True, "is_owner": True, "is_primary_owner": True},
        {"id": "U4", "is_admin": True, "deleted": True},
        {"id": "U5", "is_admin": True, "is_bot": True},
        {"id": "U6"},
        {"is_admin": True},
        "odd",
    ]
    slack.fail("users.list", status=200, body={"ok": True, "members": members})
    assert await people(slack).admins(counts_as_admin) == ("U1", "U2", "U3")
    slack.recover()
    slack.fail("users.list", status=200, body={"ok": True, "members": "odd"})
    assert await people(slack).admins(counts_as_admin) == ()
    slack.recover()
    slack.fail("users.list", status=500)
    with pytest.raises(PeopleUnavailableError):
        await people(slack).admins(counts_as_admin)


async def test_the_address_is_there_only_with_the_optional_scope() -> None:
    slack = StandInSlack(signing_secret="s", scopes=("users:read", "users:read.email"))
    await slack.start()
    profile = await people(slack).profile("U0ROBIN")
    assert profile
    assert profile.email == "robin@example.com"
    await slack.close()


async def test_what_slack_said_is_kept_for_a_minute(slack: StandInSlack) -> None:
    clock = Clock()
    known = people(slack, clock)
    for _ in range(3):
        await known.profile("U0ALEX")
    assert len(slack.received) == 1
    clock.at = KEPT_SECONDS + 1
    slack.admins.clear()
    profile = await known.profile("U0ALEX")
    assert profile
    assert not profile.admin


async def test_somebody_unknown_is_nobody(slack: StandInSlack) -> None:
    assert await people(slack).profile("U0NOBODY") is None


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, None),
        (429, None),
        (200, "<html>"),
        (200, {"ok": True}),
        (200, {"ok": False, "error": "missing_scope"}),
        (200, {"ok": True, "user": {"id": "U0OTHER"}}),
    ],
)
async def test_a_slack_that_can_not_be_asked_says_nothing_and_that_is_not_kept(
    slack: StandInSlack, status: int, body: str | dict[str, object] | None
) -> None:
    slack.fail("users.info", status=status, body=body)
    known = people(slack)
    with pytest.raises(PeopleUnavailableError):
        await known.profile("U0TONY")
    assert await known.profile("U0TONY")


async def test_out_of_reach_is_unavailable() -> None:
    nowhere = People(AsyncWebClient(token="xoxb-x", base_url="http://127.0.0.1:9/", timeout=1))
    with pytest.raises(PeopleUnavailableError):
        await nowhere.profile("U0TONY")


async def test_only_so_many_people_are_kept(slack: StandInSlack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.slack.users.MOST_KEPT", 1)
    known = people(slack)
    for user in ("U0TONY", "U0ALEX", "U0TONY"):
        await known.profile(user)
    assert len(slack.received) == 3


@pytest.mark.parametrize("user", [{}, {"profile": None, "enterprise_user": {"teams": "x"}}, {"deleted": 1}])
async def test_a_profile_may_lack_anything(slack: StandInSlack, user: dict[str, object]) -> None:
    slack.fail("users.info", status=200, body={"ok": True, "user": {"id": "U0TONY", **user}})
    assert await people(slack).profile("U0TONY") == Profile("U0TONY", frozenset())


@pytest.mark.parametrize("offset", ["3600", True, 10**9, None, 1.5])
async def test_an_offset_that_no_zone_has_is_none(slack: StandInSlack, offset: object) -> None:
    user = {"id": "U0ROBIN", "tz": 7, "tz_offset": offset}
    slack.fail("users.info", status=200, body={"ok": True, "user": user})
    profile = await people(slack).profile("U0ROBIN")
    assert profile
    assert (profile.zone, profile.offset) == ("", None)
