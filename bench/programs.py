"""The programs under measurement, each in a process of its own, and what Linux says about it."""

from __future__ import annotations

import asyncio
import json
import os
import re
import socket
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

from bench.connection import got
from bench.people import SLACK_USERS
from bench.slack import BOT_TOKEN, SIGNING_SECRET

ROOT = Path(__file__).parent.parent
"""This checkout."""

_START_SECONDS = 30.0
_STOP_SECONDS = 10.0
_LOOK_SECONDS = 0.005


@dataclass(frozen=True, slots=True)
class Program:
    """Something that serves `/callinfo`: a name for the table, the module to run, and what it is measured at.

    `ready` is what its `/readyz` answers as soon as it serves: those that know no such path say so.

    `settings` are environment variables besides those that all get. `tree` is the checkout that it is run from, by
    `python`.
    """

    name: str
    module: str
    scenarios: tuple[str, ...]
    arguments: tuple[str, ...] = ()
    settings: dict[str, str] = field(default_factory=dict)
    ready: HTTPStatus = HTTPStatus.NOT_FOUND
    tree: Path = ROOT
    python: str = sys.executable


class StartError(Exception):
    """A program does not serve; the message says which, and ends with what it printed."""


@dataclass(frozen=True, slots=True)
class Serving:
    """A program's process, and how many seconds it took until it was ready."""

    port: int
    pid: int
    start_seconds: float

    def cpu_seconds(self) -> float:
        """Return the processor time that it has used, ended threads included."""
        return cpu_seconds(self.pid)

    def resident_mib(self) -> float:
        """Return its resident memory in MiB."""
        found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{self.pid}/status").read_text())
        return int(found[1]) / 1024 if found else 0.0


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What programs are run between: Slack's Web API, CometChat, and a folder for files."""

    slack_api_url: str
    upstream_url: str
    folder: Path

    def settings(self) -> dict[str, str]:
        """Return the environment variables that every program gets, the bot's as in production."""
        return {
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_SIGNING_SECRET": SIGNING_SECRET,
            "SLACK_API_URL": self.slack_api_url,
            "COMETCHAT_APP_ID": "2748663902141719",
            "COMETCHAT_REGION": "us",
            "COMETCHAT_API_KEY": "bench-api-key",
            "COMETCHAT_BASE_URL": self.upstream_url,
            "CALLINFO_USER_MAP": json.dumps(SLACK_USERS),
            "HOST": "127.0.0.1",
        }


@asynccontextmanager
async def serving(program: Program, around: Surroundings) -> AsyncIterator[Serving]:
    """Run a program as a platform would, until the block is left. Raises StartError."""
    port = _free_port()
    printed = around.folder / f"{program.module}.log"
    with printed.open("wb") as log:
        began = time.perf_counter()
        process = await asyncio.create_subprocess_exec(
            program.python,
            "-m",
            program.module,
            *program.arguments,
            cwd=around.folder,  # away from a developer's .env
            env=environment(program.tree) | around.settings() | program.settings | {"PORT": str(port)},
            stdout=log,
            stderr=log,
        )
    try:
        if not await _is_ready(port, process, program.ready):
            raise StartError(f"{program.name} does not serve:\n{printed.read_text()[-2000:]}")
        yield Serving(port, process.pid, time.perf_counter() - began)
    finally:
        await stop(process)


def environment(tree: Path = ROOT) -> dict[str, str]:
    """Return an environment in which the modules of a checkout are found, and nothing of the caller's settings is."""
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    return kept | {"PYTHONPATH": str(tree)}


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


def _free_port() -> int:
    with socket.socket() as any_port:
        any_port.bind(("127.0.0.1", 0))
        number: int = any_port.getsockname()[1]
    return number
