"""Background tasks: what goes on after Slack was answered, so that a shutdown can wait for it.

Bolt keeps no reference to its own tasks, and waits for none of them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, TypeVar

Result = TypeVar("Result")


MOST = 2_000
"""Tasks from which on no new request is taken: many times what the look-ups under way need.

Only replies that Slack takes slowly, to a flood of presses, could become so many.
"""


class Tasks:
    """The tasks under way."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[Any]] = set()
        self._finishing = asyncio.Event()

    def start(self, work: Coroutine[Any, Any, Result]) -> asyncio.Task[Result]:
        """Run `work`, and hold a reference to it until it ends."""
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    async def pause(self, seconds: float) -> bool:
        """Wait before a retry; return False at once when a shutdown begins, so that there is none."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._finishing.wait(), seconds)
        return not self._finishing.is_set()

    @property
    def full(self) -> bool:
        """Whether so much is under way that nothing more should begin."""
        return len(self._running) >= MOST

    async def finish(self, within: float) -> int:
        """Wait at most `within` seconds until none is left; return how many had to be cancelled."""
        self._finishing.set()
        loop = asyncio.get_running_loop()
        deadline = loop.time() + within
        while self._running and (left := deadline - loop.time()) > 0:  # a task may start another
            await asyncio.wait(self._running, timeout=left)
        late = list(self._running)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        return len(late)
