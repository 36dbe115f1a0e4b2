from structlog.testing import capture_logs

from bot.observability.log_throttle import LogThrottle
from bot.throttling.refusals import Refusals, Scope
from tests.throttling.people import STEVE, TONY


async def test_a_flood_of_refusals_is_a_line_and_a_number_for_each_person() -> None:
    counted: list[Scope] = []
    throttle = LogThrottle()
    refusals = Refusals(throttle, counted.append)
    with capture_logs() as logs:
        for _ in range(3_000):
            refusals.note(Scope.USER, TONY)
        refusals.note(Scope.IN_FLIGHT, STEVE)
        throttle.close()
    assert [(line["event"], line["scope"], line["user"], line.get("more")) for line in logs] == [
        ("look-ups refused", "user", "U0TONY", None),
        ("look-ups refused", "in_flight", "U0STEVE", None),
        ("look-ups refused", "user", "U0TONY", 2_999),
    ]
    assert len(counted) == 3_001
