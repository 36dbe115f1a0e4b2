"""Where a person's days begin."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calls.local_days import LocalDays, Zone
from bot.identity import SlackUser
from bot.slack.users import PeopleUnavailableError, Profile

TONY = SlackUser(None, "T01", "U0TONY")


class Known:
    def __init__(self, zone: str = "", offset: int | None = None) -> None:
        self.profile_of_all = Profile("U0TONY", frozenset(), zone=zone, offset=offset)

    async def profile(self, _: str) -> Profile | None:
        return self.profile_of_all


class Nobody:
    async def profile(self, _: str) -> Profile | None:
        return None


class Away:
    async def profile(self, _: str) -> Profile | None:
        raise PeopleUnavailableError


async def zone(people: object) -> Zone:
    return await LocalDays(people).zone_of(TONY)  # type: ignore[arg-type] # as much of People as is needed


def at(zone: Zone, day: date) -> str:
    return datetime.fromtimestamp(zone.begins(day), UTC).isoformat()


async def test_a_zone_s_name_knows_of_summer() -> None:
    berlin = await zone(Known("Europe/Berlin", 0))
    assert berlin.known
    assert at(berlin, date(2025, 1, 15)) == "2025-01-14T23:00:00+00:00"
    assert at(berlin, date(2025, 7, 15)) == "2025-07-14T22:00:00+00:00"
    assert berlin.ends(date(2025, 3, 30)) - berlin.begins(date(2025, 3, 30)) == 23 * 3600


@pytest.mark.parametrize("name", ["", "Middle/Earth", "../../etc/passwd", "/etc/passwd", "America", "a\0b"])
async def test_a_name_that_is_none_gives_way_to_the_offset(name: str) -> None:
    india = await zone(Known(name, 19_800))
    assert india.known
    assert at(india, date(2025, 7, 15)) == "2025-07-14T18:30:00+00:00"


@pytest.mark.parametrize("people", [Known(), Nobody(), Away()])
async def test_for_want_of_a_zone_it_is_utc_and_not_known(people: object) -> None:
    assert await zone(people) == Zone(UTC, known=False)


@given(st.integers(0, 253_402_214_400), st.integers(-14 * 3600, 14 * 3600))
async def test_every_moment_is_in_its_day(moment: int, offset: int) -> None:
    theirs = await zone(Known(offset=offset))
    day = theirs.day(moment - 14 * 3600 if moment > 14 * 3600 else moment)
    assert theirs.begins(day) < theirs.ends(day)
    assert theirs.begins(theirs.day(moment)) <= moment < theirs.ends(theirs.day(moment))


@pytest.mark.parametrize("day", [date.min, date.max])
async def test_the_first_and_the_last_day_have_a_beginning_and_an_end(day: date) -> None:
    for people in (Known("Pacific/Kiritimati"), Known("Pacific/Niue"), Known()):
        theirs = await zone(people)
        assert theirs.begins(day) < theirs.ends(day)
