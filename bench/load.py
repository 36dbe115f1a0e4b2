"""The load generator: keeps some commands in flight, and times each until its summary is there.

It speaks HTTP by hand: on two cores, what it spends is taken from the program it measures.
"""

from __future__ import annotations

import asyncio
import re
import time
from dataclasses import dataclass, field
from http import HTTPStatus

from bench.people import is_summary
from bench.slack import Command, Slack

PATIENCE = 10.0
"""Seconds after which a command counts as lost."""

_LENGTH = re.compile(rb"\r\ncontent-length: *([0-9]+)", re.IGNORECASE)
_CLOSE = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)


@dataclass(slots=True)
class Load:
    """What became of the commands: seconds until the summary for each one that got it, and how many did not."""

    latencies: list[float] = field(default_factory=list)
    lost: int = 0
    seconds: float = 0.0
    generator_cpu: float = 0.0

    @property
    def rate(self) -> float:
        """Summaries per second."""
        return len(self.latencies) / self.seconds


class _Connection:
    """A connection kept open between requests, as long as the server likes."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def send(self, request: bytes) -> tuple[int, bytes]:
        """Return status and body; raises OSError or EOFError."""
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = _LENGTH.search(head)
        body = await (reader.readexactly(int(length[1])) if length else reader.read())
        if not length or head.startswith(b"HTTP/1.0") or _CLOSE.search(head):
            self.close()
        return int(head[9:12]), body

    def close(self) -> None:
        """Hang up."""
        if self._streams:
            self._streams[1].close()
            self._streams = None


async def closed_loop(slack: Slack, port: int, *, in_flight: int, seconds: float) -> Load:
    """Keep `in_flight` commands under way for `seconds`, then wait for the last ones.

    A command is under way until both its ack and its summary are there; only the summary is timed.
    """
    load = Load()
    began, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*(_one_after_another(slack, port, load, began + seconds) for _ in range(in_flight)))
    load.seconds = time.perf_counter() - began
    load.generator_cpu = time.process_time() - cpu
    return load


async def _one_after_another(slack: Slack, port: int, load: Load, until: float) -> None:
    connection = _Connection(port)
    while time.perf_counter() < until:
        command = slack.command()
        sent = time.perf_counter()
        try:
            async with asyncio.timeout(PATIENCE):
                load.latencies.append(await _summary(connection, command) - sent)
        except (OSError, EOFError, ValueError):  # TimeoutError is an OSError
            load.lost += 1
            connection.close()
        slack.settle(command)
    connection.close()


async def _summary(connection: _Connection, command: Command) -> float:
    """Return when the summary was there: in the ack, or else at the `response_url`. Raises ValueError if neither."""
    status, body = await connection.send(command.request)
    if status != HTTPStatus.OK:
        raise ValueError(f"status {status}")
    if is_summary(body):
        return time.perf_counter()
    post = await command.posted
    if not is_summary(post.body):
        raise ValueError("no summary")
    return post.at
