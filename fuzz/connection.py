"""A connection to the bot, by hand: what is sent is no client's, and two cores are shared with what is tested."""

from __future__ import annotations

import asyncio
import re
import socket
import struct
from dataclasses import dataclass

_LENGTH = re.compile(rb"\r\ncontent-length: *([0-9]+)", re.IGNORECASE)
_CLOSE = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)
_RESET = struct.pack("ii", 1, 0)
PATIENCE = 15.0
"""Seconds that a whole request may wait for its answer; Slack waits 3, but here the bot has both cores against it."""
_GLANCE = 0.03
"""Seconds that what may be no request at all is given."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer."""

    status: int
    head: bytes
    body: bytes


class Connection:
    """Kept open between requests, as long as the server likes."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, request: bytes, *, answers: int = 1, body_less: bool = False) -> list[Answer]:
        """Return the answers to whole requests, all of them in time. Raises OSError, EOFError or ValueError."""
        reader = await self._send(request)
        async with asyncio.timeout(PATIENCE):
            return [await self._read(reader, body_less=body_less) for _ in range(answers)]

    async def provoke(self, data: bytes) -> list[Answer]:
        """Return what is answered at once to what may be no whole request, perhaps nothing; then reset.

        Raises ValueError for an answer that is no HTTP.
        """
        found = []
        try:
            reader = await self._send(data)
            async with asyncio.timeout(_GLANCE):
                while True:
                    found.append(await self._read(reader, body_less=False))
        except (OSError, EOFError):  # TimeoutError is an OSError
            return found
        finally:
            self.reset()

    def close(self) -> None:
        """Hang up."""
        if self._streams:
            self._streams[1].close()
            self._streams = None

    def reset(self) -> None:
        """Hang up without a farewell, which leaves the port free at once."""
        if self._streams:
            writer = self._streams[1]
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            writer.transport.abort()
            self._streams = None

    async def _send(self, data: bytes) -> asyncio.StreamReader:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        writer.write(data)
        return reader

    async def _read(self, reader: asyncio.StreamReader, *, body_less: bool) -> Answer:
        """Read one answer; raises ValueError for what is no HTTP."""
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/"):
            raise ValueError(f"no HTTP: {head[:80]!r}")
        length = None if body_less or head[9:10] == b"1" else _LENGTH.search(head)
        body = await reader.readexactly(int(length[1])) if length else b""
        if _CLOSE.search(head) or not head.startswith(b"HTTP/1.1"):
            self.close()
        return Answer(int(head[9:12]), head, body)
