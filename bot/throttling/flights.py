"""Identical requests under way are one request: whoever asks for the same waits for the same answer."""

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


class Flights(Generic[Key, Value]):
    """The requests under way, by what makes them the same."""

    def __init__(self) -> None:
        self._under_way: dict[Key, _Flight[Value]] = {}

    async def join(self, key: Key, work: Callable[[], Coroutine[Any, Any, Value]]) -> Value:
        """Return what `work` returns, or what the same work of somebody else under way does; raise what it raises.

        Whoever is cancelled leaves the others their answer; when nobody is left to wait, the work is cancelled.
        """
        flight = self._under_way.get(key)
        if flight is None:
            flight = self._under_way[key] = _Flight(asyncio.create_task(work()))
            flight.task.add_done_callback(lambda _: self._forget(key, flight))
        flight.waiting += 1
        try:
            return await asyncio.shield(flight.task)
        finally:
            flight.waiting -= 1
            if not flight.waiting and not flight.task.done():
                self._forget(key, flight)  # at once: nobody may join what is about to end
                flight.task.cancel()

    def _forget(self, key: Key, flight: _Flight[Value] | None) -> None:
        if self._under_way.get(key) is flight:
            del self._under_way[key]
