"""Single flight: identical requests in flight are sent once, and share the response."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


@dataclass(slots=True)
class _Flight(Generic[Value]):
    task: asyncio.Task[Value]
    waiting: int = 0


class SingleFlight(Generic[Key, Value]):
    """The work in flight, by key."""

    def __init__(self) -> None:
        self._in_flight: dict[Key, _Flight[Value]] = {}

    async def run(self, key: Key, work: Callable[[], Coroutine[Any, Any, Value]]) -> Value:
        """Run `work`, or join the work in flight under the same key; return its result, or raise its error.

        A caller that is cancelled leaves the others their result; with the last caller the work is cancelled.
        """
        flight = self._in_flight.get(key)
        if flight is None:
            flight = self._in_flight[key] = _Flight(asyncio.create_task(work()))
            flight.task.add_done_callback(lambda _: self._remove(key, flight))
        flight.waiting += 1
        try:
            return await asyncio.shield(flight.task)
        finally:
            flight.waiting -= 1
            if not flight.waiting and not flight.task.done():
                self._remove(key, flight)  # at once: nobody may join work that is being cancelled
                flight.task.cancel()

    def _remove(self, key: Key, flight: _Flight[Value] | None) -> None:
        if self._in_flight.get(key) is flight:
            del self._in_flight[key]
