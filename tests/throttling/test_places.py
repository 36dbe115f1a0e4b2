from contextlib import ExitStack

import pytest

from bot.identity import SlackUser
from bot.throttling.places import IN_FLIGHT, OF_ONE, Places, TooBusyError
from bot.throttling.refusals import Refusals, Scope
from tests.throttling.people import STEVE, TONY


async def test_one_person_s_look_ups_never_take_the_places_of_all() -> None:
    counted: list[Scope] = []
    refusals = Refusals(counted.append)
    places = Places(refusals, in_all=5, of_one=2)
    with ExitStack() as held:
        held.enter_context(places.one(TONY))
        held.enter_context(places.one(TONY))
        with pytest.raises(TooBusyError) as mine, places.one(TONY):
            pass
        assert mine.value.own
        with places.one(STEVE):
            pass
        assert counted == [Scope.USER_IN_FLIGHT]
    with places.one(TONY):
        pass
    refusals.flush()


async def test_when_all_places_are_taken_everybody_is_told_and_nobody_waits() -> None:
    counted: list[Scope] = []
    refusals = Refusals(counted.append)
    places = Places(refusals, in_all=3, of_one=2)
    with ExitStack() as held:
        for number in range(3):
            held.enter_context(places.one(SlackUser(None, "T01", f"U{number}")))
        for user in (TONY, SlackUser(None, "T01", "U0")):
            with pytest.raises(TooBusyError) as all_of_them, places.one(user):
                pass
            assert not all_of_them.value.own
    assert counted == [Scope.IN_FLIGHT] * 2
    assert not places._taken
    refusals.flush()


async def test_a_place_is_given_back_when_the_look_up_fails() -> None:
    places = Places(Refusals(), in_all=1, of_one=1)
    for _ in range(3):
        with pytest.raises(ValueError, match="failed"), places.one(TONY):
            raise ValueError("failed")
    assert not places._taken


def test_a_person_s_part_is_a_small_one() -> None:
    assert OF_ONE * 10 < IN_FLIGHT
