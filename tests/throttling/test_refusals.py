import asyncio
from collections.abc import Sequence
from typing import Any

from structlog.testing import capture_logs

from bot.identity import SlackUser
from bot.throttling.refusals import MAX_NAMED, Refusals, Scope
from tests.throttling.people import STEVE, TONY


async def logged(logs: Sequence[Any], lines: int) -> None:
    async with asyncio.timeout(5):
        while len(logs) < lines:  # noqa: ASYNC110 - structlog's list tells nobody of what it takes
            await asyncio.sleep(0.01)


async def test_a_flood_of_refusals_is_one_line_a_person_with_their_number() -> None:
    counted: list[Scope] = []
    refusals = Refusals(counted.append)
    with capture_logs() as logs:
        for _ in range(3_000):
            refusals.note(Scope.USER, TONY)
        refusals.note(Scope.USER, STEVE)
        assert logs == []
        refusals.flush()
        refusals.flush()
    assert [(line["event"], line["user"], line["refused"]) for line in logs] == [
        ("look-ups refused", "U0TONY", 3_000),
        ("look-ups refused", "U0STEVE", 1),
    ]
    assert len(counted) == 3_001


async def test_the_lines_come_by_themselves_and_again_in_the_next_minute() -> None:
    refusals = Refusals(every=0.02)
    with capture_logs() as logs:
        for number in (1, 2):
            refusals.note(Scope.IN_FLIGHT, TONY)
            await logged(logs, number)
    assert [line["refused"] for line in logs] == [1, 1]
    assert logs[0]["scope"] == "in_flight"


async def test_a_flood_by_very_many_people_names_the_first_and_counts_the_others() -> None:
    refusals = Refusals()
    with capture_logs() as logs:
        for number in range(MAX_NAMED + 7):
            refusals.note(Scope.USER, SlackUser(None, "T01", f"U{number}"))
        refusals.note(Scope.USER, SlackUser(None, "T01", "U0"))
        refusals.flush()
    assert len(logs) == MAX_NAMED + 1
    assert logs[0]["refused"] == 2
    assert logs[-1]["event"] == "look-ups of others refused"
    assert logs[-1]["refused"] == 7
