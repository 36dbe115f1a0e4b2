"""The load generator: sends commands, and times each until its summary is there."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

from bench.connection import Connection
from bench.figures import percentile
from bench.people import is_summary
from bench.slack import Command, Slack

PATIENCE = 10.0
"""Seconds after which a command counts as lost."""


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

    @property
    def busy(self) -> float:
        """The share of a core that the generator took."""
        return self.generator_cpu / self.seconds

    def milliseconds(self, share: float) -> float:
        """Return the time that `share` (0 to 1) of the summaries did not exceed; what was lost took PATIENCE."""
        return percentile([*self.latencies, *[PATIENCE] * self.lost], share) * 1000


class _Timed:
    """Fills a load's clocks while it is open."""

    def __init__(self, load: Load) -> None:
        self._load = load

    def __enter__(self) -> Load:
        self._began, self._cpu = time.perf_counter(), time.process_time()
        return self._load

    def __exit__(self, *_: object) -> None:
        self._load.seconds = time.perf_counter() - self._began
        self._load.generator_cpu = time.process_time() - self._cpu


async def closed_loop(
    slack: Slack, ports: Sequence[int], *, in_flight: int, seconds: float = 0.0, commands: int = 0
) -> Load:
    """Keep `in_flight` commands under way, for `seconds` or until there were so many, then wait for the last ones.

    A command is under way until both its ack and its summary are there; only the summary is timed. Connections are
    shared out among the ports.
    """
    turns = itertools.count()

    async def one_after_another(port: int) -> None:
        connection = Connection(port)
        while time.perf_counter() < until and not (commands and next(turns) >= commands):
            await timed(slack, connection, slack.command(), load, time.perf_counter())
        connection.close()

    with _Timed(Load()) as load:
        until = time.perf_counter() + seconds if seconds else float("inf")
        await asyncio.gather(*(one_after_another(ports[number % len(ports)]) for number in range(in_flight)))
    return load


async def open_loop(slack: Slack, port: int, *, rate: float, seconds: float) -> Load:
    """Send commands evenly, whether or not those before are answered; each is timed from when it was due."""
    idle: list[Connection] = []

    async def one(due: float) -> None:
        connection = idle.pop() if idle else Connection(port)
        await timed(slack, connection, slack.command(), load, due)
        idle.append(connection)

    under_way: set[asyncio.Task[None]] = set()
    with _Timed(Load()) as load:
        began = time.perf_counter()
        for number in range(int(rate * seconds)):
            due = began + number / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            under_way.add(asyncio.create_task(one(due)))
        await asyncio.gather(*under_way)
    for connection in idle:
        connection.close()
    return load


async def timed(slack: Slack, connection: Connection, command: Command, load: Load, sent: float) -> None:
    """Send a command, and note when its summary came, or that it did not."""
    try:
        async with asyncio.timeout(PATIENCE):
            load.latencies.append(await _summary(connection, command) - sent)
    except (OSError, EOFError, ValueError):  # TimeoutError is an OSError
        load.lost += 1
        connection.close()
    slack.settle(command)


async def _summary(connection: Connection, command: Command) -> float:
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
