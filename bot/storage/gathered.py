"""Reads that are asked for while one is under way, made as one: a read costs as much for one key as for a hundred."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Hashable, Mapping
from typing import Any, Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")

_AT_ONCE = 2
"""Reads under way: one that hangs does not stop the next. They leave connections for changes."""


class Gathered(Generic[Key, Value]):
    """Asks `read` for the values of keys; what it leaves out has none. It begins after whoever gets its answer asked."""

    def __init__(self, read: Callable[[Collection[Key]], Awaitable[Mapping[Key, Value]]]) -> None:
        self._read = read
        self._under_way = asyncio.Semaphore(_AT_ONCE)
        self._wanted: set[Key] = set()
        self._next: asyncio.Task[Mapping[Key, Value]] | None = None

    async def get(self, key: Key) -> Value | None:
        """Return the key's value, None where it has none; raises what `read` raises."""
        if self._next is None:
            self._wanted = set()
            self._next = asyncio.create_task(self._read_next(self._wanted))
            self._next.add_done_callback(_looked_at)
        self._wanted.add(key)
        return (await asyncio.shield(self._next)).get(key)

    async def _read_next(self, wanted: set[Key]) -> Mapping[Key, Value]:
        async with self._under_way:
            self._next = None  # who asks from now on is in another read
            return await self._read(wanted)


def _looked_at(read: asyncio.Task[Any]) -> None:
    """Look at what became of the read, or asyncio complains of an error for which nobody waits any more."""
    if not read.cancelled():
        read.exception()
