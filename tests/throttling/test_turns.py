"""Turns of one person: bounded, in order, and nobody else's affair."""

import asyncio

import pytest

from bot.throttling.turns import IN_LINE, OF_ONE, LineIsFullError, Turns
from tests.throttling.people import STEVE, TONY


async def test_what_goes_on_for_one_person_is_bounded_and_the_rest_waits_for_its_turn() -> None:
    turns, under_way, most = Turns(), 0, 0

    async def something() -> None:
        nonlocal under_way, most
        async with turns.one(TONY):
            under_way += 1
            most = max(most, under_way)
            await asyncio.sleep(0)
            under_way -= 1

    await asyncio.gather(*(something() for _ in range(IN_LINE)))
    assert most == OF_ONE
    assert turns._lines == {}, "who has nothing under way is not kept"


async def test_a_line_that_is_full_takes_nothing_more_and_is_nobody_else_s() -> None:
    turns, over = Turns(), asyncio.Event()

    async def slow() -> None:
        async with turns.one(TONY):
            await over.wait()

    waiting = [asyncio.create_task(slow()) for _ in range(IN_LINE)]
    await asyncio.sleep(0)
    with pytest.raises(LineIsFullError):
        async with turns.one(TONY):
            pass
    async with turns.one(STEVE):
        pass
    waiting[-1].cancel()
    await asyncio.wait({waiting[-1]})
    over.set()
    async with turns.one(TONY):  # who gave up has left the line
        await asyncio.gather(*waiting[:-1])
