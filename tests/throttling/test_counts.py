from hypothesis import given, settings
from hypothesis import strategies as st

from bot.throttling import counts
from bot.throttling.counts import Counts
from bot.throttling.rates import Rate, Refused
from tests.throttling.people import Clock

TONY, STEVE = ("T01", "U0TONY"), ("T01", "U0STEVE")


def hit(counted: Counts, person: tuple[str, str]) -> Refused | None:
    refused = counted.refusal(person)
    if refused is None:
        counted.add(person)
    return refused


def test_whoever_has_made_all_their_look_ups_is_told_when_and_the_others_go_on() -> None:
    clock = Clock()
    counted = Counts([Rate(3, 60)], clock)
    assert [hit(counted, TONY) for _ in range(3)] == [None] * 3
    clock.now += 20
    assert hit(counted, TONY) == Refused(Rate(3, 60), 40)
    assert hit(counted, STEVE) is None
    assert hit(counted, ("T02", "U0TONY")) is None


def test_refusals_do_not_count_so_that_whoever_goes_on_trying_is_let_in_again() -> None:
    clock = Clock()
    counted = Counts([Rate(1, 60)], clock)
    hit(counted, TONY)
    for _ in range(1_000):
        assert hit(counted, TONY)
    clock.now += 61
    assert hit(counted, TONY) is None


def test_of_several_limits_the_one_that_holds_longest_is_told() -> None:
    clock = Clock()
    counted = Counts([Rate(2, 10), Rate(3, 3_600)], clock)
    hit(counted, TONY)
    hit(counted, TONY)
    assert hit(counted, TONY) == Refused(Rate(2, 10), 10)
    clock.now += 20
    assert hit(counted, TONY) is None
    assert hit(counted, TONY) == Refused(Rate(3, 3_600), 3_580)


def test_a_refusal_reckoned_elsewhere_is_kept_to_for_its_time() -> None:
    clock = Clock()
    counted = Counts([Rate(9, 60)], clock)
    counted.refuse(TONY, Refused(Rate(9, 60), 30))
    clock.now += 10
    assert counted.refusal(TONY) == Refused(Rate(9, 60), 20)
    clock.now += 20
    assert counted.refusal(TONY) is None


def test_a_flood_of_different_people_takes_bounded_memory() -> None:
    counted = Counts([Rate(1, 3_600)], Clock())
    hit(counted, TONY)
    for number in range(counts.MOST_KEPT):
        hit(counted, ("T01", f"U{number}"))
        if number == counts.MOST_KEPT // 2:
            hit(counted, STEVE)
    assert len(counted._accounts) == counts.MOST_KEPT
    assert counted.refusal(STEVE)
    assert counted.refusal(TONY) is None


@settings(deadline=None)
@given(
    st.lists(st.builds(Rate, st.integers(1, 6), st.integers(1, 90)), min_size=1, max_size=3),
    st.lists(st.floats(0, 40), min_size=1, max_size=60),
)
def test_the_limit_is_kept_and_after_the_time_that_was_told_there_is_a_look_up(
    rates: list[Rate], pauses: list[float]
) -> None:
    clock = Clock()
    counted = Counts(rates, clock)
    made: list[float] = []
    for pause in pauses:
        clock.now += pause
        refused = hit(counted, TONY)
        if refused is None:
            made.append(clock.now)
        elif pause > 20:
            clock.now += refused.seconds + 0.001
            assert hit(counted, TONY) is None
            made.append(clock.now)
    for rate in rates:  # a window of two counters lets at most this many through in any time as long as it
        for first in made:
            assert sum(first <= each < first + rate.seconds for each in made) <= 2 * rate.amount
