"""What is remembered of calls for a while; the clock is the test's."""

import pytest

from bot.throttling.remembered import Memory


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_what_was_read_while_something_changed_is_not_remembered(clock: Clock) -> None:
    memory: Memory[str, int] = Memory(seconds=3, size=10, clock=clock)
    reading = memory.begin()
    memory.forget()
    memory.keep("a", 1, reading)
    assert memory.recall("a") is None


def test_a_slow_read_is_remembered_from_when_it_began(clock: Clock) -> None:
    memory: Memory[str, int] = Memory(seconds=3, size=10, clock=clock)
    reading = memory.begin()
    clock.now += 3
    memory.keep("a", 1, reading)
    assert memory.recall("a") is None


def test_no_more_is_remembered_than_there_is_room_for(clock: Clock) -> None:
    memory: Memory[int, int] = Memory(seconds=3, size=2, clock=clock)
    for number in range(3):
        memory.keep(number, number, memory.begin())
    assert [bool(memory.recall(number)) for number in range(3)] == [False, True, True]


def test_what_is_too_old_to_be_recalled_is_not_kept_either(clock: Clock) -> None:
    memory: Memory[int, int] = Memory(seconds=3, size=10, clock=clock)
    for number in range(5):
        memory.keep(number, number, memory.begin())
        clock.now += 1
    assert list(memory._kept) == [2, 3, 4]
