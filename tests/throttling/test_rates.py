import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.throttling.rates import Rate, Window, parse_rates, told

RATE = Rate(30, 60)
rates = st.builds(Rate, st.integers(1, 100), st.integers(1, 3_600))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30/minute", [Rate(30, 60)]),
        ("30 per minute", [Rate(30, 60)]),
        ("5/10 seconds; 500/day", [Rate(5, 10), Rate(500, 86_400)]),
        ("1000000/minute", [Rate(1_000_000, 60)]),
    ],
)
def test_rates_are_read_in_the_notation_of_limits(text: str, expected: list[Rate]) -> None:
    assert list(parse_rates(text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "often",
        "30",
        "30/fortnight",
        "0/minute",
        "2000000000/minute",
        "1/400 days",
        "1/second;" * 5 + "1/day",
    ],
)
def test_what_is_no_rate_or_none_that_can_be_kept_to_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_rates(text)


@pytest.mark.parametrize(
    ("window", "wait"),
    [
        (Window(), 0),
        (Window(current=29, current_left=60), 0),
        (Window(current=30, current_left=10), 10),
        (Window(previous=30, previous_left=60), 0),  # at its start all 30 count, a moment later 29
        (Window(previous=30, previous_left=30, current=15, current_left=30), 0),
        (Window(previous=30, previous_left=30, current=16, current_left=30), 2),
    ],
)
def test_the_wait_follows_from_both_counts(window: Window, wait: float) -> None:
    assert window.wait(RATE) == pytest.approx(wait)


def after(window: Window, rate: Rate, seconds: float) -> Window:
    """Return the window as it is later, when nothing was counted meanwhile."""
    if seconds < window.current_left:
        left = window.current_left - seconds
        return Window(window.previous, left, window.current, left)
    left = max(0.0, rate.seconds - (seconds - window.current_left))
    return Window(window.current, left, 0, left)


@settings(deadline=None)
@given(rates, st.data())
def test_after_the_wait_one_look_up_is_allowed_and_shortly_before_none_is(
    rate: Rate, data: st.DataObject
) -> None:
    left = data.draw(st.floats(0.001, rate.seconds))
    previous, current = data.draw(st.integers(0, rate.amount)), data.draw(st.integers(0, rate.amount))
    window = Window(previous, left, current, left)
    wait = window.wait(rate)
    assert after(window, rate, wait + 0.001).wait(rate) == 0
    if wait > 0.01:
        assert after(window, rate, wait - 0.01).wait(rate) > 0


@pytest.mark.parametrize(("wait", "seconds"), [(0.0, 1), (0.2, 1), (1.0, 1), (1.1, 2)])
def test_people_are_told_whole_seconds_that_are_enough(wait: float, seconds: int) -> None:
    assert told(RATE, wait).seconds == seconds
