"""The programs under measurement, each in processes of its own, and what Linux says about these."""

from __future__ import annotations

import asyncio
import json
import os
import re
import socket
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

from bench.connection import got
from bench.people import FLOODER, SLACK_USERS
from bench.slack import BOT_TOKEN, SIGNING_SECRET

_ROOT = Path(__file__).parent.parent
_START_SECONDS = 30.0
_STOP_SECONDS = 10.0
_LOOK_SECONDS = 0.005


@dataclass(frozen=True, slots=True)
class Program:
    """Something that serves `/callinfo`: a name for the table, the module to run, and what it is measured at.

    `ready` is what its `/readyz` answers as soon as it serves: those that know no such path say so.

    `settings` are environment variables besides those that all get, `processes` how many share the commands.
    """

    name: str
    module: str
    scenarios: tuple[str, ...]
    arguments: tuple[str, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)
    processes: int = 1
    ready: HTTPStatus = HTTPStatus.NOT_FOUND


class StartError(Exception):
    """A program does not serve; the message says which, and ends with what it printed."""


@dataclass(frozen=True, slots=True)
class Serving:
    """A program's processes, and how many seconds it took until the last of them was ready."""

    ports: tuple[int, ...]
    pids: tuple[int, ...]
    start_seconds: float

    def cpu_seconds(self) -> float:
        """Return the processor time that they have used, ended threads included."""
        return sum(cpu_seconds(pid) for pid in self.pids)

    def resident_mib(self) -> float:
        """Return their resident memory in MiB."""
        return sum(_resident_mib(pid) for pid in self.pids)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What programs are run between: Slack's Web API, CometChat, and a folder for files."""

    slack_api_url: str
    upstream_url: str
    folder: Path

    def settings(self) -> dict[str, str]:
        """Return the environment variables that every program gets, the bot's as in production."""
        people = SLACK_USERS | {FLOODER: next(iter(SLACK_USERS.values()))}
        return environment() | {
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_SIGNING_SECRET": SIGNING_SECRET,
            "SLACK_API_URL": self.slack_api_url,
            "COMETCHAT_APP_ID": "2748663902141719",
            "COMETCHAT_REGION": "us",
            "COMETCHAT_API_KEY": "bench-api-key",
            "COMETCHAT_BASE_URL": self.upstream_url,
            "CALLINFO_USER_MAP": json.dumps(people),
            "HOST": "127.0.0.1",
        }


@asynccontextmanager
async def serving(program: Program, around: Surroundings) -> AsyncIterator[Serving]:
    """Run a program as a platform would, until the block is left. Raises StartError."""
    async with AsyncExitStack() as stack:
        began = time.perf_counter()
        started = [
            await stack.enter_async_context(_process(program, around)) for _ in range(program.processes)
        ]
        for port, process, printed in started:
            if not await _is_ready(port, process, program.ready):
                raise StartError(f"{program.name} does not serve:\n{printed.read_text()[-2000:]}")
        seconds = time.perf_counter() - began
        yield Serving(
            tuple(port for port, _, _ in started), tuple(process.pid for _, process, _ in started), seconds
        )


@asynccontextmanager
async def _process(
    program: Program, around: Surroundings
) -> AsyncIterator[tuple[int, asyncio.subprocess.Process, Path]]:
    """Start one process; yield its port, itself, and the file that it prints to."""
    port = _free_port()
    printed = around.folder / f"{program.module}.log"
    with printed.open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            program.module,
            *program.arguments,
            cwd=around.folder,  # away from a developer's .env
            env=around.settings() | dict(program.settings) | {"PORT": str(port)},
            stdout=log,
            stderr=log,
        )
    try:
        yield port, process, printed
    finally:
        await stop(process)


def environment() -> dict[str, str]:
    """Return an environment in which our modules are found, and nothing of the caller's settings is."""
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    return kept | {"PYTHONPATH": str(_ROOT)}


async def stop(process: asyncio.subprocess.Process) -> None:
    """End a process, kindly first."""
    if process.returncode is None:
        process.terminate()
    try:
        async with asyncio.timeout(_STOP_SECONDS):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


async def _is_ready(port: int, process: asyncio.subprocess.Process, ready: HTTPStatus) -> bool:
    """Wait until it is; return False where it ended, or took too long."""
    deadline = time.perf_counter() + _START_SECONDS
    while process.returncode is None and time.perf_counter() < deadline:
        if await got(port, "/readyz") == ready:
            return True
        await asyncio.sleep(_LOOK_SECONDS)
    return False


def cpu_seconds(pid: int) -> float:
    """Return the processor time that a process has used, ended threads included."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")  # utime and stime of proc(5)


def _resident_mib(pid: int) -> float:
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


def _free_port() -> int:
    with socket.socket() as any_port:
        any_port.bind(("127.0.0.1", 0))
        number: int = any_port.getsockname()[1]
    return number
