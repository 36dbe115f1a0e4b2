"""The bot under test: the real server as a process of its own, its log, and what Linux says of it."""

from __future__ import annotations

import asyncio
import json
import re
import signal
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from bench.programs import cpu_seconds, environment
from bot.playground.samples import APP_ID, REGION
from fuzz import marks
from fuzz.oracle import Complaint, of_line
from fuzz.people import user_map
from fuzz.stand_ins import StandIns

_START_SECONDS = 60.0
_STOP_SECONDS = 30.0
_REPORT_SECONDS = 20.0
_SHOWN = 4
_LONGEST_LINE = 4 * 1024 * 1024


class DiedError(Exception):
    """The process does not serve; the text is the end of its log."""


@dataclass(frozen=True, slots=True)
class Sample:
    """How large the process is: resident memory in MiB, file descriptors, threads, asyncio tasks and what most are of."""

    rss: float
    fds: int
    threads: int
    tasks: int
    work: tuple[tuple[str, int], ...] = ()

    def __str__(self) -> str:
        work = ", ".join(f"{number} {name}" for name, number in self.work)
        return f"{self.rss:.1f} MiB, {self.fds} fds, {self.threads} threads, {self.tasks} tasks ({work})"


@dataclass
class Target:
    """The running bot. `lines` counts the log's, `tail` is their end, `outcomes` how often each outcome was logged."""

    pid: int
    process: asyncio.subprocess.Process
    report: Path
    port: int = 0
    lines: int = 0
    tail: list[str] = field(default_factory=list)
    outcomes: dict[str, int] = field(default_factory=dict)

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self.process.returncode is None

    async def sample(self) -> Sample:
        """Measure the process; raises DiedError."""
        try:
            self.report.unlink(missing_ok=True)
            self.process.send_signal(signal.SIGUSR1)
            return await asyncio.to_thread(self._measured)
        except (OSError, ValueError) as error:
            state = f"alive, but {error}" if self.alive else "dead"
            raise DiedError("\n".join([state, *self.tail[-20:]])) from error

    def _measured(self) -> Sample:
        """Wait for the process's own report, and add what Linux says. Raises OSError."""
        deadline = time.monotonic() + _REPORT_SECONDS
        while not self.report.exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        status = Path(f"/proc/{self.pid}/status").read_text()
        rss, threads = (_number(status, name) for name in ("VmRSS", "Threads"))
        fds = sum(1 for _ in Path(f"/proc/{self.pid}/fd").iterdir())
        tasks = Counter(json.loads(self.report.read_text()))
        return Sample(rss / 1024, fds, threads, tasks.total(), tuple(tasks.most_common(_SHOWN)))

    def cpu_seconds(self) -> float:
        """Return the processor time that it has used."""
        return cpu_seconds(self.pid)

    def titles(self) -> str:
        """Return all that other users of the machine see of the process: its arguments, and its threads' names."""
        arguments = Path(f"/proc/{self.pid}/cmdline").read_text()
        names = []
        for path in Path(f"/proc/{self.pid}/task").glob("*/comm"):
            with suppress(FileNotFoundError, ProcessLookupError):  # a thread that has just ended
                names.append(path.read_text())
        return " ".join([arguments, *names])


@asynccontextmanager
async def running(
    stand_ins: StandIns, folder: Path, complain: Callable[[Complaint], None], **changes: str
) -> AsyncIterator[Target]:
    """Run the bot until the block is left, then end it by SIGTERM; `changes` are more environment variables.

    Every line of its log is judged. Raises DiedError where it does not start.
    """
    settings = {
        "SLACK_BOT_TOKEN": marks.BOT_TOKEN,
        "SLACK_SIGNING_SECRET": marks.SIGNING_SECRET,
        "SLACK_API_URL": f"{stand_ins.url}/slack/",
        "COMETCHAT_APP_ID": APP_ID,
        "COMETCHAT_REGION": REGION,
        "COMETCHAT_API_KEY": marks.API_KEY,
        "COMETCHAT_WEBHOOK_USER": marks.WEBHOOK_USER,
        "COMETCHAT_WEBHOOK_PASSWORD": marks.WEBHOOK_PASSWORD,
        "COMETCHAT_BASE_URL": f"{stand_ins.url}/v3.0",
        "CALLINFO_USER_MAP": json.dumps(user_map()),
        "CALLINFO_RATE_LIMIT": "1000000/second",
        "HOST": "127.0.0.1",
        "PORT": "0",
        "LOG_FORMAT": "json",
        "FUZZ_REPORT": str(folder / "report"),
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "fuzz.instrumented"),
        cwd=folder,  # away from a developer's .env
        env=_environment(settings | changes),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        limit=_LONGEST_LINE,
    )
    target = Target(process.pid, process, folder / "report")
    ready = asyncio.Event()
    following = asyncio.create_task(_follow(target, ready, complain))
    try:
        await _until_ready(target, ready)
        yield target
    finally:
        await _ended(target, complain)
        await following


def _environment(settings: Mapping[str, str]) -> dict[str, str]:
    return environment() | dict(settings)


async def _until_ready(target: Target, ready: asyncio.Event) -> None:
    try:
        async with asyncio.timeout(_START_SECONDS):
            await ready.wait()
    except TimeoutError:
        raise DiedError("\n".join(target.tail[-20:])) from None
    if not target.port:
        raise DiedError("\n".join(target.tail[-20:]))


async def _follow(target: Target, ready: asyncio.Event, complain: Callable[[Complaint], None]) -> None:
    """Read the log to its end."""
    assert target.process.stdout  # noqa: S101 - it was asked for
    async for line in target.process.stdout:
        target.lines += 1
        target.tail = [*target.tail[-49:], line.decode(errors="replace").rstrip()]
        if found := re.search(rb'"outcome": "(\w+)".*"event": "interaction"', line):
            outcome = found[1].decode()
            target.outcomes[outcome] = target.outcomes.get(outcome, 0) + 1
        if complaint := of_line(line):
            complain(complaint)
        if not ready.is_set() and b'"ready"' in line:
            target.port = int(json.loads(line)["port"])
            ready.set()
    ready.set()


async def _ended(target: Target, complain: Callable[[Complaint], None]) -> None:
    """End the process as a platform does."""
    if target.alive:
        target.process.terminate()
    try:
        async with asyncio.timeout(_STOP_SECONDS):
            status = await target.process.wait()
    except TimeoutError:
        target.process.kill()
        status = await target.process.wait()
    if status:
        complain(Complaint(f"the process ended with {status}", "\n".join(target.tail[-5:])))


def _number(status: str, name: str) -> int:
    found = re.search(rf"{name}:\s+(\d+)", status)
    return int(found[1]) if found else 0
