from contextlib import ExitStack

import pytest

from bot.identity import SlackUser
from bot.throttling.concurrency import ConcurrencyLimit, TooBusyError
from bot.throttling.refusals import Scope
from tests.throttling.people import STEVE, TONY, noted


async def test_one_person_s_look_ups_never_take_all_slots() -> None:
    counted: list[Scope] = []
    refusals = noted(counted.append)
    limit = ConcurrencyLimit(refusals, total=5, per_person=2)
    with ExitStack() as held:
        held.enter_context(limit.slot(TONY))
        held.enter_context(limit.slot(TONY))
        with pytest.raises(TooBusyError) as mine, limit.slot(TONY):
            pass
        assert mine.value.own
        with limit.slot(STEVE):
            pass
        assert counted == [Scope.USER_IN_FLIGHT]
    with limit.slot(TONY):
        pass


async def test_when_all_slots_are_taken_everybody_is_refused_at_once() -> None:
    counted: list[Scope] = []
    refusals = noted(counted.append)
    limit = ConcurrencyLimit(refusals, total=3, per_person=2)
    with ExitStack() as held:
        for number in range(3):
            held.enter_context(limit.slot(SlackUser(None, "T01", f"U{number}")))
        for user in (TONY, SlackUser(None, "T01", "U0")):
            with pytest.raises(TooBusyError) as all_of_them, limit.slot(user):
                pass
            assert not all_of_them.value.own
    assert counted == [Scope.IN_FLIGHT] * 2
    assert not limit._in_flight


async def test_a_slot_is_released_when_the_look_up_fails() -> None:
    limit = ConcurrencyLimit(noted(), total=1, per_person=1)
    for _ in range(3):
        with pytest.raises(ValueError, match="failed"), limit.slot(TONY):
            raise ValueError("failed")
    assert not limit._in_flight
