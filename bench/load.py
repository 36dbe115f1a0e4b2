"""The load generator: sends commands, and times each until its answer is there."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus

from bench.connection import Connection
from bench.figures import percentile
from bench.people import is_summary
from bench.slack import Command

PATIENCE = 10.0
"""Seconds after which a command counts as lost."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What is sent, and which message is an answer to it, rather than an empty ack, a promise or a problem."""

    command: Callable[[], Command]
    is_answer: Callable[[bytes], bool] = is_summary


@dataclass(slots=True)
class Load:
    """What became of the commands: seconds until the answer for each one that got it, and how many did not."""

    latencies: list[float] = field(default_factory=list)
    lost: int = 0
    seconds: float = 0.0
    generator_cpu: float = 0.0

    @property
    def rate(self) -> float:
        """Answers per second."""
        return len(self.latencies) / self.seconds

    @property
    def busy(self) -> float:
        """The share of a core that the generator took."""
        return self.generator_cpu / self.seconds

    def milliseconds(self, share: float) -> float:
        """Return the time that `share` (0 to 1) of the answers did not exceed; what was lost took PATIENCE."""
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
    ask: Ask, port: int, *, in_flight: int, seconds: float = 0.0, commands: int = 0, every: float = 0.0
) -> Load:
    """Keep `in_flight` commands under way, for `seconds` or until there were so many, then wait for the last ones.

    A command is under way until both its ack and its answer are there; only the answer is timed. The next one follows
    at once, or `every` so many seconds where that is later.
    """
    turns = itertools.count()

    async def one_after_another() -> None:
        connection = Connection(port)
        while time.perf_counter() < until and not (commands and next(turns) >= commands):
            sent = time.perf_counter()
            await _timed(ask, connection, load, sent)
            if every:
                await asyncio.sleep(max(0.0, sent + every - time.perf_counter()))
        connection.close()

    with _Timed(Load()) as load:
        until = time.perf_counter() + seconds if seconds else float("inf")
        await asyncio.gather(*(one_after_another() for _ in range(in_flight)))
    return load


async def open_loop(ask: Ask, port: int, *, rate: float, until: Callable[[], bool]) -> Load:
    """Send commands evenly until that holds, whether or not those before are answered; each is timed from when it was due."""
    idle: list[Connection] = []

    async def one(due: float) -> None:
        connection = idle.pop() if idle else Connection(port)
        await _timed(ask, connection, load, due)
        idle.append(connection)

    with _Timed(Load()) as load:
        began = time.perf_counter()
        async with asyncio.TaskGroup() as under_way:
            for number in itertools.count():
                due = began + number / rate
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
                if until():
                    break
                under_way.create_task(one(due))
    for connection in idle:
        connection.close()
    return load


async def _timed(ask: Ask, connection: Connection, load: Load, sent: float) -> None:
    """Send a command, and note when its answer came, or that it did not."""
    try:
        async with asyncio.timeout(PATIENCE):
            load.latencies.append(await _answered(ask, connection) - sent)
    except (OSError, EOFError, ValueError):  # TimeoutError is an OSError
        load.lost += 1
        connection.close()


async def _answered(ask: Ask, connection: Connection) -> float:
    """Return when the answer was there: in the ack, or else at the `response_url`. Raises ValueError if neither."""
    command = ask.command()
    status, body = await connection.send(command.request)
    if status != HTTPStatus.OK:
        raise ValueError(f"status {status}")
    if ask.is_answer(body):
        return time.perf_counter()
    post = await command.posted
    if not ask.is_answer(post.body):
        raise ValueError("no answer")
    return post.at
