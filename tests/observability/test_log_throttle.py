"""A flood of like lines is one line and a count."""

import asyncio

from structlog.testing import capture_logs

from bot.observability.log_throttle import Floodgate
from tests.listeners.people import logged


async def test_the_first_line_comes_at_once_and_its_like_as_a_count() -> None:
    gate = Floodgate(period=0.05)
    with capture_logs() as logs:
        for _ in range(1000):
            gate.warning("request refused", status=401)
        gate.warning("request refused", status=400)
        assert [line["status"] for line in logs] == [401, 400]
        async with asyncio.timeout(5):
            while len(logs) < 3:  # noqa: ASYNC110 - the log tells nobody
                await asyncio.sleep(0.01)
    assert logs[-1] == {"event": "request refused", "status": 401, "more": 999, "log_level": "warning"}


async def test_after_a_quiet_period_a_line_comes_at_once_again() -> None:
    gate = Floodgate(period=0.01)
    with capture_logs() as logs:
        gate.info("request repeated")
        await asyncio.sleep(0.1)
        gate.info("request repeated")
    assert logs == [{"event": "request repeated", "log_level": "info"}] * 2


async def test_at_the_end_the_counts_so_far_are_told() -> None:
    gate = Floodgate()
    with capture_logs() as logs:
        for _ in range(3):
            gate.info("request repeated")
        gate.info("other")
        gate.close()
        await logged(logs, "request repeated")
    assert [line.get("more") for line in logs] == [None, None, 2]
