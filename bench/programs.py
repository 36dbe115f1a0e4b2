"""The programs under measurement, each a process of its own, and what Linux says about that process."""

from __future__ import annotations

import asyncio
import json
import os
import re
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.people import SLACK_USERS
from bench.slack import BOT_TOKEN, SIGNING_SECRET

_ROOT = Path(__file__).parent.parent
_START_SECONDS = 20.0
_STOP_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Program:
    """Something that serves `/callinfo`: a name for the table, and the module to run."""

    name: str
    module: str
    arguments: tuple[str, ...] = ()


OURS = Program("ours", "bot", ("serve",))
OTHERS = (
    Program("async tutorial", "bench.apps.async_tutorial"),
    Program("tutorial", "bench.apps.tutorial"),
    Program("floor", "bench.apps.floor"),
)
PROGRAMS = (OURS, *OTHERS)


class StartError(Exception):
    """A program does not serve; the message says which, and ends with what it printed."""


@dataclass(frozen=True, slots=True)
class Serving:
    """A program's process, which takes commands on `port`."""

    port: int
    pid: int

    def cpu_seconds(self) -> float:
        """Return the processor time that it has used, ended threads included."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")  # utime and stime of proc(5)

    def resident_mib(self) -> float:
        """Return its resident memory in MiB."""
        found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{self.pid}/status").read_text())
        return int(found[1]) / 1024 if found else 0.0


@asynccontextmanager
async def serving(
    program: Program, *, slack_api_url: str, upstream_url: str, folder: Path
) -> AsyncIterator[Serving]:
    """Run a program as a platform would, until the block is left. Raises StartError."""
    port = _free_port()
    settings = {
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "SLACK_API_URL": slack_api_url,
        "COMETCHAT_APP_ID": "2748663902141719",
        "COMETCHAT_REGION": "us",
        "COMETCHAT_API_KEY": "bench-api-key",
        "COMETCHAT_BASE_URL": upstream_url,
        "CALLINFO_USER_MAP": json.dumps(SLACK_USERS),
        "CALLINFO_RATE_LIMIT": "1000000/minute",  # two users do the typing of thousands
        "HOST": "127.0.0.1",
        "PORT": str(port),
    }
    printed = folder / f"{program.module}.log"
    with printed.open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            program.module,
            *program.arguments,
            cwd=folder,  # away from a developer's .env
            env=environment() | settings,
            stdout=log,
            stderr=log,
        )
    try:
        if not await _listens(port, process):
            raise StartError(f"{program.name} does not serve:\n{printed.read_text()[-2000:]}")
        yield Serving(port, process.pid)
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


async def _listens(port: int, process: asyncio.subprocess.Process) -> bool:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + _START_SECONDS
    while process.returncode is None and loop.time() < deadline:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.02)
        else:
            writer.close()
            return True
    return False


def _free_port() -> int:
    with socket.socket() as any_port:
        any_port.bind(("127.0.0.1", 0))
        number: int = any_port.getsockname()[1]
    return number
