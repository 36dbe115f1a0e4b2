"""What takes too long to be measured in every round: growth over many commands, an upstream that hangs, a flood."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus

from bench.connection import Connection
from bench.load import closed_loop, open_loop
from bench.people import FLOODER
from bench.scenarios import Bench, Figures
from bench.slack import Command, Slack

AT_ONCE = 200
HANG_MS = 10_000.0
ACK_SECONDS = 2.5
_ANSWER_SECONDS = 14.0
_SETTLING_COMMANDS = 4_000
_OTHERS_RATE = 20.0
_FLOOD_RATE = 100.0
_FLOOD_UPSTREAM_MS = 20.0


async def growth(bench: Bench, commands: int) -> Figures:
    """Measure how much resident memory so many commands add, once what is kept in bounded numbers is there."""
    await closed_loop(bench.slack, bench.process.ports, in_flight=16, commands=_SETTLING_COMMANDS)
    before = bench.process.resident_mib()
    load = await closed_loop(bench.slack, bench.process.ports, in_flight=16, commands=commands)
    return {"growth_mib": bench.process.resident_mib() - before, "growth_lost": float(load.lost)}


@dataclass(slots=True)
class _Person:
    """How long somebody waited for an ack in seconds, None for one that never came, and whether they were answered."""

    ack: float | None = None
    answered: bool = False


async def hang(bench: Bench) -> Figures:
    """Send many commands at once while CometChat says nothing for 10 s."""
    await bench.upstream.be(delay_ms=HANG_MS)
    people = await asyncio.gather(*(_wait(bench.slack, bench.process.ports[0]) for _ in range(AT_ONCE)))
    await bench.upstream.be()
    acks = [_ANSWER_SECONDS if person.ack is None else person.ack for person in people]
    return {
        "hang_ack_s": max(acks),
        "hang_late": float(sum(ack > ACK_SECONDS for ack in acks)),
        "hang_unanswered": float(sum(not person.answered for person in people)),
    }


async def _wait(slack: Slack, port: int) -> _Person:
    connection, command, person = Connection(port), slack.command(), _Person()
    sent = time.perf_counter()
    with suppress(OSError, EOFError):
        async with asyncio.timeout(_ANSWER_SECONDS):
            status, _ = await connection.send(command.request)
            if status == HTTPStatus.OK:
                person.ack = time.perf_counter() - sent
                await command.posted
                person.answered = True
    slack.settle(command)
    connection.close()
    return person


async def flood(bench: Bench, seconds: float) -> Figures:
    """Measure what others wait while one person sends 100 look-ups a second, and while nobody does."""
    await bench.upstream.be(delay_ms=_FLOOD_UPSTREAM_MS)
    port = bench.process.ports[0]
    quiet = await open_loop(bench.slack, port, rate=_OTHERS_RATE, seconds=seconds)
    others, answers = await asyncio.gather(
        open_loop(bench.slack, port, rate=_OTHERS_RATE, seconds=seconds),
        _flooding(bench.slack, port, seconds),
    )
    await bench.upstream.be()
    limited = sum(b"limit of" in answer for answer in answers)
    return {
        "quiet_p99_ms": quiet.milliseconds(0.99),
        "flood_p99_ms": others.milliseconds(0.99),
        "flood_limited": limited / max(1, len(answers)),
    }


async def _flooding(slack: Slack, port: int, seconds: float) -> list[bytes]:
    """Send one person's commands evenly; return what each was answered at once."""
    idle: list[Connection] = []
    answers: list[bytes] = []

    async def one(command: Command) -> None:
        connection = idle.pop() if idle else Connection(port)
        with suppress(OSError, EOFError):
            _, body = await connection.send(command.request)
            answers.append(body)
            idle.append(connection)
        slack.settle(command)

    began, under_way = time.perf_counter(), set[asyncio.Task[None]]()
    for number in range(int(_FLOOD_RATE * seconds)):
        await asyncio.sleep(max(0.0, began + number / _FLOOD_RATE - time.perf_counter()))
        under_way.add(asyncio.create_task(one(slack.command(FLOODER))))
    await asyncio.gather(*under_way)
    for connection in idle:
        connection.close()
    return answers
