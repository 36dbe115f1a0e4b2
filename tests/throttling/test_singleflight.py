import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot.throttling.singleflight import SingleFlight


class Work:
    """Something that takes until it is let go, and tells how often it was begun and cut off."""

    def __init__(self, error: Exception | None = None) -> None:
        self.done = asyncio.Event()
        self.begun = 0
        self.cut_off = 0
        self.error = error

    async def __call__(self) -> str:
        self.begun += 1
        try:
            await self.done.wait()
        except asyncio.CancelledError:
            self.cut_off += 1
            raise
        if self.error:
            raise self.error
        return "answer"


async def started(join: Callable[[], Awaitable[str]], many: int) -> list[asyncio.Task[str]]:
    async def one() -> str:
        return await join()

    tasks = [asyncio.create_task(one()) for _ in range(many)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    return tasks


async def test_the_same_work_is_done_once_for_all_who_wait() -> None:
    flights, work = SingleFlight[str, str](), Work()
    tasks = await started(lambda: flights.run("a", work), 20)
    work.done.set()
    assert set(await asyncio.gather(*tasks)) == {"answer"}
    assert work.begun == 1
    assert flights._in_flight == {}


async def test_other_work_is_done_beside_it_and_the_same_anew_once_it_is_done() -> None:
    flights, work, other = SingleFlight[str, str](), Work(), Work()
    tasks = [
        *await started(lambda: flights.run("a", work), 1),
        *await started(lambda: flights.run("b", other), 1),
    ]
    work.done.set()
    other.done.set()
    await asyncio.gather(*tasks)
    assert (work.begun, other.begun) == (1, 1)
    assert await flights.run("a", work) == "answer"
    assert work.begun == 2


async def test_who_is_cancelled_first_or_last_leaves_the_others_their_answer() -> None:
    flights, work = SingleFlight[str, str](), Work()
    tasks = await started(lambda: flights.run("a", work), 3)
    tasks[0].cancel()
    tasks[2].cancel()
    await asyncio.sleep(0)
    work.done.set()
    assert await tasks[1] == "answer"
    assert tasks[0].cancelled()
    assert work.cut_off == 0


async def test_when_nobody_waits_any_more_the_work_ends_and_the_next_begins_anew() -> None:
    flights, work = SingleFlight[str, str](), Work()
    tasks = await started(lambda: flights.run("a", work), 2)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    late = await started(lambda: flights.run("a", work), 1)
    assert work.cut_off == 1
    work.done.set()
    assert await late[0] == "answer"
    assert work.begun == 2
    assert flights._in_flight == {}


async def test_nobody_joins_work_that_nobody_waited_for_while_it_takes_its_time_to_end() -> None:
    flights, work, may_end = SingleFlight[str, str](), Work(), asyncio.Event()

    async def slow_to_end() -> str:
        try:
            return await work()
        finally:
            await may_end.wait()

    (abandoned,) = await started(lambda: flights.run("a", slow_to_end), 1)
    abandoned.cancel()
    await asyncio.gather(abandoned, return_exceptions=True)
    (late,) = await started(lambda: flights.run("a", work), 1)
    may_end.set()
    work.done.set()
    assert await late == "answer"


async def test_an_error_reaches_each_who_waits_with_a_trace_that_does_not_grow() -> None:
    flights, work = SingleFlight[str, str](), Work(ValueError("no"))
    tasks = await started(lambda: flights.run("a", work), 30)
    work.done.set()
    depths = []
    for task in tasks:
        with pytest.raises(ValueError, match="no") as caught:
            await task
        depths.append(len(caught.traceback))
    assert work.begun == 1
    assert max(depths) == min(depths)
