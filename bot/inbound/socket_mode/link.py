"""One WebSocket to Slack for as long as it lives: what comes by it, what goes by it, and what is still to be acked."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine
from typing import Any

import aiohttp

from bot.inbound.socket_mode.wire import Disconnect

SEND_SECONDS = 3.0
"""What Slack has not taken by then comes too late anyway."""


class Link:
    """A WebSocket that was just opened; closing it is whoever reads its texts' to do."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._since = time.monotonic()
        self._under_way: set[asyncio.Task[None]] = set()
        self.greeted = False
        self.disconnect: Disconnect | None = None
        self.settled = asyncio.Event()
        """Set once Slack has greeted, or has ended it instead."""
        self.leaving = asyncio.Event()
        """Set once it needs to be replaced: Slack has announced its end, or it has ended."""

    @property
    def lasted(self) -> float:
        """The seconds since it was opened."""
        return time.monotonic() - self._since

    def greet(self) -> None:
        """Note that Slack has said hello."""
        self.greeted = True
        self.settled.set()

    def leave(self, disconnect: Disconnect | None = None) -> None:
        """Note that it ends; `disconnect` is Slack's announcement of that, where it made one."""
        self.disconnect = self.disconnect or disconnect
        self.leaving.set()
        self.settled.set()

    async def received(self) -> str | None:
        """Return the next that Slack sends, None once either side has closed it."""
        while True:
            message = await self._socket.receive()
            if message.type is aiohttp.WSMsgType.TEXT:
                return str(message.data)
            if message.type is not aiohttp.WSMsgType.BINARY:
                return None

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Do what ends in an ack by this link, which is not closed before that."""
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def send(self, text: str) -> bool:
        """Send a text; return whether that was still possible."""
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await self._socket.send_str(text)
        except (aiohttp.ClientError, OSError):  # a TimeoutError is one of the latter
            return False
        return True

    async def close(self, within: float) -> None:
        """Wait until all is acked, at most `within` seconds and while it can be; then close."""
        deadline = time.monotonic() + within
        while self._under_way and not self._socket.closed and (left := deadline - time.monotonic()) > 0:
            await asyncio.wait(self._under_way, timeout=left, return_when=asyncio.FIRST_COMPLETED)
        await self._socket.close()
