import asyncio
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.identity import SlackUser
from bot.throttling.rate_limiter import (
    CountsUnavailableError,
    LimitReached,
    RateLimiter,
    parse_rates,
)
from bot.throttling.refusals import Scope
from tests.throttling.people import STEVE, TONY, Clock, limited, noted

NAMESAKE = SlackUser(None, "T02", "U0TONY")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(time, "time", clock)
    return clock


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30/minute", [(30, 60)]),
        ("30 per minute", [(30, 60)]),
        ("5/10 seconds; 500/day", [(5, 10), (500, 86_400)]),
        ("5/minute; 5/minute", [(5, 60)]),
    ],
)
def test_rates_are_read_in_the_notation_of_limits(text: str, expected: list[tuple[int, int]]) -> None:
    assert [(rate.amount, rate.get_expiry()) for rate in parse_rates(text)] == expected


@pytest.mark.parametrize("text", ["", "often", "30", "30/fortnight", "0/minute"])
def test_what_is_no_rate_or_allows_nothing_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_rates(text)


async def test_a_person_over_the_limit_is_told_when_to_try_again_and_others_go_on(clock: Clock) -> None:
    scopes: list[Scope] = []
    refusals = noted(scopes.append)
    limiter = RateLimiter(parse_rates("3/minute"), refusals)
    assert [await limiter.hit(TONY) for _ in range(3)] == [None] * 3
    clock.now += 19
    assert await limiter.hit(TONY) == LimitReached(3, 60, 40)
    assert await limiter.hit(STEVE) is None
    assert await limiter.hit(NAMESAKE) is None
    assert scopes == [Scope.USER]


async def test_refused_look_ups_do_not_count(clock: Clock) -> None:
    limiter = limited("1/minute")
    await limiter.hit(TONY)
    for _ in range(100):
        assert await limiter.hit(TONY)
    clock.now += 61
    assert await limiter.hit(TONY) is None


@pytest.mark.parametrize("rates", ["1/10 seconds; 1/hour", "1/hour; 1/10 seconds"])
@pytest.mark.usefixtures("clock")
async def test_of_several_limits_that_are_reached_the_one_with_the_longest_wait_is_told(rates: str) -> None:
    limiter = limited(rates)
    assert await limiter.hit(TONY) is None
    reached = await limiter.hit(TONY)
    assert reached
    assert (reached.amount, reached.seconds) == (1, 3_600)


async def test_the_limit_that_is_reached_is_told_with_its_own_wait(clock: Clock) -> None:
    limiter = limited("2/10 seconds; 3/hour")
    for _ in range(2):
        assert await limiter.hit(TONY) is None
    assert await limiter.hit(TONY) == LimitReached(2, 10, 9)
    clock.now += 20
    assert await limiter.hit(TONY) is None
    assert await limiter.hit(TONY) == LimitReached(3, 3_600, 3_579)


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 6), st.integers(1, 90)), min_size=1, max_size=3),
    st.lists(st.floats(0, 40), min_size=1, max_size=60),
)
async def test_the_limit_is_kept_and_after_the_wait_a_look_up_is_allowed(
    rates: list[tuple[int, int]], pauses: list[float]
) -> None:
    clock = Clock()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(time, "time", clock)
        limiter = limited(";".join(f"{amount}/{seconds} seconds" for amount, seconds in rates))
        made: list[float] = []
        for pause in pauses:
            clock.now += pause
            while reached := await limiter.hit(TONY):  # of several limits, another may be reached then
                clock.now += reached.retry_after + 0.001
            made.append(clock.now)
    for amount, seconds in rates:  # a sliding window of two counters lets through at most twice the amount
        for first in made:
            assert sum(first <= each < first + seconds for each in made) <= 2 * amount


class Shared:
    """Counts of all processes: `left` look-ups are allowed, unless they are away."""

    def __init__(self, left: int = 100, *, away: bool = False) -> None:
        self.left = left
        self.away = away
        self.asked = 0

    async def hit(self, _: SlackUser) -> LimitReached | None:
        self.asked += 1
        await asyncio.sleep(0)
        if self.away:
            raise CountsUnavailableError
        self.left -= 1
        return None if self.left >= 0 else LimitReached(3, 60, 25)


def sharing(shared: Shared) -> RateLimiter:
    return RateLimiter(parse_rates("3/hour"), noted(), shared)


async def test_look_ups_in_other_processes_count() -> None:
    shared = Shared(left=1)
    limiter = sharing(shared)
    assert await limiter.hit(TONY) is None
    assert await limiter.hit(TONY) == LimitReached(3, 60, 25)
    shared.left = 1
    assert await limiter.hit(TONY) is None


async def test_a_person_over_the_limit_in_this_process_costs_the_shared_store_nothing() -> None:
    shared = Shared()
    limiter = sharing(shared)
    for _ in range(50):
        await limiter.hit(TONY)
    assert shared.asked == 3


async def test_while_the_shared_store_is_away_each_process_counts_alone_even_many_at_once() -> None:
    limiter = sharing(Shared(away=True))
    answers = await asyncio.gather(*(limiter.hit(TONY) for _ in range(20)))
    assert answers.count(None) == 3
