"""Runs the table: a bot for each fault, between its stand-ins, with all cells of the fault acting on it at once.

Structlog's context says which bot a line of the log comes from, since they run side by side in one process.
"""

from __future__ import annotations

import asyncio
import socket
import sqlite3
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, closing, nullcontext
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import psycopg
import structlog
from structlog.contextvars import bound_contextvars, merge_contextvars
from structlog.testing import capture_logs

from bot.app import Limits
from bot.playground.cometchat import FILE, LIST, TRANSCRIPTIONS
from bot.playground.run import Playground, playground
from bot.playground.samples import call_json
from bot.playground.samples.build import ENDED_AT, STARTED_AT
from bot.playground.scripted import Slow
from bot.playground.spoken import bare_list, spoken
from tests.clocks import half_speed
from tests.databases import PostgreSQL
from tests.faults.model import (
    Cause,
    ClockOff,
    Database,
    Entry,
    Fault,
    ResponseUrlsLead,
    Scripted,
    Set,
    SlackFails,
    Transcribed,
)
from tests.faults.scene import Scene, Seen
from tests.listeners.people import ROBIN, STEVE, TONY
from tests.plain_http import plain_http

_ANYBODY = "U0CROWD1"  # an admin would be told otherwise what to do
# A person does one thing after the other, so that it is clear what came of which; the four act at once
_LANES = {
    TONY: (Entry.COMMAND, Entry.SLOW_COMMAND, Entry.HOME, Entry.SUBSCRIBE),
    STEVE: (Entry.SHARE, Entry.SEVERAL, Entry.TRANSCRIPT, Entry.STOP),
    ROBIN: (Entry.SHORTCUT, Entry.PICK, Entry.ASKING, Entry.SUBSCRIBE_HERE, Entry.SUBSCRIBE_FORM),
    _ANYBODY: (Entry.SUBMISSION, Entry.DETAILS, Entry.REFRESH, Entry.RECENT, Entry.QUESTION),
}
_MAP = dict.fromkeys(_LANES, "superhero1")
# A reply is given up after Slack stops opening windows, as when the bot runs, only sooner
_LIMITS = Limits(reply=3.1)
_SLOW = 3.3
# How many bots run at once; the runs that were held up, and came out otherwise for it, run again with fewer beside them
_AT_ONCE = (24, 4, 1, 1, 1)
_HELD_UP, _HELD_UP_IN_ALL = 0.1, 1.0
"""Seconds that the event loop was late, at once or in all, after which what a bot did in time or too late says nothing."""
_LOOK_EVERY = 0.05
_ALWAYS = 99

Line = dict[str, Any]
Judge = Callable[[Fault, Mapping[Entry, Seen], list[Line]], bool]


@dataclass(frozen=True)
class Matrix:
    """What all cells came to, the log of each fault's bots, and which of them were well after it."""

    seen: dict[tuple[str, Entry], Seen]
    log: dict[str, list[Line]]
    well: dict[str, bool]


@dataclass(frozen=True, eq=False)
class _Run:
    """A fault, and the cells that one bot shows."""

    fault: Fault
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class _Result:
    """What came of a run, whether its bot was well after it, and whether the event loop was late."""

    bot: str
    seen: dict[Entry, Seen]
    well: bool
    held_up: bool


class _Log:
    """Sorts the lines of all bots by the bot that they come from."""

    def __init__(self) -> None:
        self.of: defaultdict[str, list[Line]] = defaultdict(list)

    def __call__(self, _logger: Any, method: str, line: structlog.typing.EventDict) -> Mapping[str, Any]:
        self.of[str(line.get("bot"))].append({**line, "level": method})
        return line


async def run(faults: Iterable[Fault], server: PostgreSQL | None, as_expected: Judge) -> Matrix:
    """Run these faults; those that need PostgreSQL are left out where there is no server.

    What did not come out `as_expected` stands, unless the machine had no time for it: that is run again.
    """
    runs = [
        _Run(fault, entries)
        for fault in faults
        if server or Database.LOCKED not in fault.causes
        for entries in ([(entry,) for entry in fault.cells] if fault.apart else [tuple(fault.cells)])
    ]
    runs.sort(key=_wait, reverse=True)
    log, results = _Log(), dict[_Run, _Result]()
    with capture_logs(processors=[merge_contextvars, log]):
        for time_of, at_once in enumerate(_AT_ONCE, start=1):
            stage = _Stage(server, at_once, last=time_of == len(_AT_ONCE))
            async with asyncio.TaskGroup() as group:
                tasks = [
                    group.create_task(stage.run(run, f"bot {number}, time {time_of}", log))
                    for number, run in enumerate(runs)
                ]
            done = {run: task.result() for run, task in zip(runs, tasks, strict=True)}
            results |= done
            runs = [
                run
                for run, result in done.items()
                if result.held_up
                and not (result.well and as_expected(run.fault, result.seen, log.of[result.bot]))
            ]
    lines: defaultdict[str, list[Line]] = defaultdict(list)
    well: dict[str, bool] = {}
    for run, result in results.items():
        lines[run.fault.name] += log.of[result.bot]
        well[run.fault.name] = well.get(run.fault.name, True) and result.well
    seen = {
        (run.fault.name, entry): cell for run, each in results.items() for entry, cell in each.seen.items()
    }
    return Matrix(seen, dict(lines), well)


def _wait(run: _Run) -> int:
    """Return how long a run waits beside others, roughly: those that wait longest begin first."""
    if any(isinstance(cause, Database) for cause in run.fault.causes):
        return 2
    return 1 if Entry.SLOW_COMMAND in run.entries else 0


def _out_of_reach(fault: Fault) -> bool:
    """Whether no migration can run, since the bot never reaches its database."""
    return Database.REFUSES in fault.causes or Database.SILENT in fault.causes


class _Stage:
    """Starts bots one after the other, since migrations can't run side by side, and limits how many run at once."""

    def __init__(self, server: PostgreSQL | None, at_once: int, *, last: bool) -> None:
        self._server = server
        self._last = last
        self._start = asyncio.Lock()
        self._turn = asyncio.Semaphore(at_once)

    async def run(self, run: _Run, bot: str, log: _Log) -> _Result:
        """Run these cells of a fault on one bot; one that takes too long was held up, unless it is the last time."""
        try:
            return await self._run(run, bot, log)
        except TimeoutError:
            if self._last:
                raise
            return _Result(bot, {}, well=False, held_up=True)

    async def _run(self, run: _Run, bot: str, log: _Log) -> _Result:
        fault = run.fault
        with bound_contextvars(bot=bot):
            async with self._turn, AsyncExitStack() as stack:
                async with nullcontext() if _out_of_reach(fault) else self._start:
                    database = await stack.enter_async_context(_database(fault, self._server))
                    ground = await stack.enter_async_context(_bot(fault, database))
                scenes = {
                    entry: Scene(ground.slack, log.of[bot], user, entry, fault.name)
                    for user, lane in _LANES.items()
                    for entry in lane
                    if entry in run.entries
                }
                for cause in fault.causes:
                    if isinstance(cause, ResponseUrlsLead):  # else the window would lead to another address
                        _begin(cause, ground)
                for scene in scenes.values():
                    _serve(fault, scene, ground)
                async with _lateness() as late:
                    await asyncio.gather(*(scene.prepare() for scene in scenes.values()))
                    for cause in fault.causes:
                        _begin(cause, ground)
                    async with _lock(fault, database):
                        lanes = await asyncio.gather(*(_lane(scenes, lane) for lane in _LANES.values()))
                seen = {entry: each for lane in lanes for entry, each in lane.items()}
                held_up = max(late) > _HELD_UP or sum(late) > _HELD_UP_IN_ALL
                return _Result(bot, seen, await _is_well(ground), held_up)


@asynccontextmanager
async def _lateness() -> AsyncIterator[list[float]]:
    """Yield a list that grows by how many seconds the event loop was late, each time that it is looked at."""
    late = [0.0]

    async def look() -> None:
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + _LOOK_EVERY
            await asyncio.sleep(_LOOK_EVERY)
            late.append(loop.time() - due)

    looking = asyncio.create_task(look())
    try:
        yield late
    finally:
        looking.cancel()


async def _lane(scenes: Mapping[Entry, Scene], lane: Iterable[Entry]) -> dict[Entry, Seen]:
    return {entry: await scenes[entry].play() for entry in lane if entry in scenes}


async def _is_well(ground: Playground) -> bool:
    """Ask the bot whether it lives and takes requests."""
    async with plain_http() as client:
        answers = [await client.get(f"{ground.bot_url}/{path}") for path in ("livez", "readyz")]
    return all(answer.status_code == HTTPStatus.OK for answer in answers)


@asynccontextmanager
async def _bot(fault: Fault, database: str) -> AsyncIterator[Playground]:
    changes: dict[str, Any] = {"callinfo_user_map": _MAP, "database_url": database}
    limits = _LIMITS
    for cause in fault.causes:
        if isinstance(cause, Set):
            changes |= cause.values
            limits = cause.limits or limits
    now = half_speed() if fault.close_to_the_limit else time.time
    async with playground(limits=limits, now=now, **changes) as ground:
        yield ground


def _serve(fault: Fault, scene: Scene, ground: Playground) -> None:
    """Let CometChat know the call that is asked for, or do what the fault says."""
    ground.cometchat.serve(scene.session_id, [call_json(sessionId=scene.session_id)])
    if scene.entry is Entry.TRANSCRIPT:
        _transcribe(fault, scene, ground)
    for cause in fault.causes:
        if isinstance(cause, Scripted):
            asked_for = LIST if scene.entry in {Entry.RECENT, Entry.HOME} else scene.session_id
            ground.cometchat.script(asked_for, cause.step)
    if scene.entry is Entry.SLOW_COMMAND:
        ground.cometchat.script(scene.session_id, Slow(_SLOW))


def _transcribe(fault: Fault, scene: Scene, ground: Playground) -> None:
    """Let there be a transcript of the call, or what the fault says."""
    of = next((cause for cause in fault.causes if isinstance(cause, Transcribed)), Transcribed())
    tid = scene.session_id[-12:]
    said = of.content or bare_list([("superhero1", "Iron Man", 1.0, "Said in the call.")])
    if of.any:
        file = spoken(tid, STARTED_AT, ENDED_AT - STARTED_AT, said, url=of.url)
        ground.cometchat.transcribe(scene.session_id, file)
    for key, step in ((scene.session_id + TRANSCRIPTIONS, of.listed), (FILE + tid, of.file)):
        if step:
            ground.cometchat.script(key, step)


def _begin(cause: Cause, ground: Playground) -> None:
    match cause:
        case SlackFails():
            for target in cause.targets:
                ground.slack.fail(
                    target,
                    status=cause.status,
                    body=cause.body,
                    headers=cause.headers,
                    delay=cause.delay,
                    times=_ALWAYS,
                )
        case ResponseUrlsLead():
            ground.slack.lead_response_urls(cause.to)
        case ClockOff():
            ground.slack.put_clock_off(cause.seconds)
        case _:
            pass


@asynccontextmanager
async def _database(fault: Fault, server: PostgreSQL | None) -> AsyncIterator[str]:
    """Yield the address of a database that is as the fault says, or will be once it is locked."""
    if Database.REFUSES in fault.causes:
        yield "postgresql://callinfo:s3cret@127.0.0.1:9/links?sslmode=disable"
    elif Database.SILENT in fault.causes:
        with closing(socket.create_server(("127.0.0.1", 0))) as silent:  # connects, and nobody is there
            port = silent.getsockname()[1]
            yield f"postgresql://callinfo:s3cret@127.0.0.1:{port}/links"
    elif Database.LOCKED in fault.causes and server:
        yield await server.emptied()
    elif Database.NO_CHANGES in fault.causes:
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{folder}/links.db"
    else:
        yield "sqlite://"


@asynccontextmanager
async def _lock(fault: Fault, address: str) -> AsyncIterator[None]:
    """Hold the lock that the fault is about."""
    if Database.LOCKED in fault.causes:
        with psycopg.connect(address) as locker:
            locker.execute("LOCK TABLE links IN ACCESS EXCLUSIVE MODE")
            yield
    elif Database.NO_CHANGES in fault.causes:
        # Does not wait: the bot runs in this loop too, and could not end the change that it is at
        with closing(sqlite3.connect(address.removeprefix("sqlite:///"), timeout=0)) as other:
            while not other.in_transaction:
                try:
                    other.execute("BEGIN IMMEDIATE")
                except sqlite3.OperationalError:
                    await asyncio.sleep(0.01)
            yield
    else:
        yield
