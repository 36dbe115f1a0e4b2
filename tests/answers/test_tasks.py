import asyncio

import pytest

from bot.answers.tasks import Tasks


async def test_work_under_way_is_waited_for_and_so_is_what_it_starts() -> None:
    tasks, done = Tasks(), list[str]()

    async def second() -> None:
        await asyncio.sleep(0.01)
        done.append("second")

    async def first() -> None:
        await asyncio.sleep(0.01)
        done.append("first")
        tasks.start(second())

    tasks.start(first())
    assert await tasks.finish(within=5) == 0
    assert done == ["first", "second"]


async def test_work_that_takes_too_long_is_cancelled_and_counted() -> None:
    tasks = Tasks()
    late = [tasks.start(asyncio.sleep(60)) for _ in range(2)]
    quick = tasks.start(asyncio.sleep(0, "done"))

    assert await tasks.finish(within=0.05) == 2
    assert all(task.cancelled() for task in late)
    assert await quick == "done"


async def test_work_that_fails_does_not_keep_the_rest_from_being_waited_for() -> None:
    async def broken() -> None:
        raise RuntimeError("a bug")

    tasks = Tasks()
    failed, other = tasks.start(broken()), tasks.start(asyncio.sleep(0.01, "done"))
    assert await tasks.finish(within=5) == 0
    assert await other == "done"
    with pytest.raises(RuntimeError, match="a bug"):
        await failed
