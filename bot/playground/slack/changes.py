"""Notifies all watchers that something changed; they look up what."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


class Changes:
    """A bell: `announce` sets the event of everyone who is in `watch`."""

    def __init__(self) -> None:
        self._watchers: set[asyncio.Event] = set()

    def announce(self) -> None:
        """Wake all watchers."""
        for event in self._watchers:
            event.set()

    @contextmanager
    def watch(self) -> Iterator[asyncio.Event]:
        """Give an event that is set at each change; the watcher clears it."""
        event = asyncio.Event()
        self._watchers.add(event)
        try:
            yield event
        finally:
            self._watchers.discard(event)
