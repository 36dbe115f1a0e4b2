"""A flood of like lines is one line and a count."""

import asyncio

from structlog.testing import capture_logs

from bot.observability.log_throttle import LogThrottle
from tests.listeners.people import logged


async def test_the_first_line_comes_at_once_and_its_like_as_a_count() -> None:
    throttle = LogThrottle(period=0.05)
    with capture_logs() as logs:
        for _ in range(1000):
            throttle.warning("request refused", status=401)
        throttle.warning("request refused", status=400)
        assert [line["status"] for line in logs] == [401, 400]
        async with asyncio.timeout(30):
            while len(logs) < 3:  # noqa: ASYNC110 - the log tells nobody
                await asyncio.sleep(0.01)
    assert logs[-1] == {"event": "request refused", "status": 401, "more": 999, "log_level": "warning"}


async def test_after_a_quiet_period_a_line_comes_at_once_again() -> None:
    throttle = LogThrottle(period=0.01)
    with capture_logs() as logs:
        throttle.info("request repeated")
        await asyncio.sleep(0.1)
        throttle.info("request repeated")
    assert logs == [{"event": "request repeated", "log_level": "info"}] * 2


async def test_at_the_end_the_counts_so_far_are_told() -> None:
    throttle = LogThrottle()
    with capture_logs() as logs:
        for _ in range(3):
            throttle.info("request repeated")
        throttle.info("other")
        throttle.close()
        await logged(logs, "request repeated")
    assert [line.get("more") for line in logs] == [None, None, 2]


async def test_past_the_most_lines_what_comes_on_top_is_counted_by_its_event_alone() -> None:
    throttle = LogThrottle(most=2)
    with capture_logs() as logs:
        for number in (1, 2, 3, 4, 1, 5):
            throttle.warning("look-ups refused", user=f"U{number}")
        throttle.close()
    assert [(line.get("user"), line.get("more")) for line in logs] == [
        ("U1", None),
        ("U2", None),
        (None, None),
        ("U1", 1),
        (None, 2),
    ]
