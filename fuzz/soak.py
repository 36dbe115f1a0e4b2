"""The soak: a day of a busy workspace at full speed, and whether the process is as small after it. `python -m fuzz.soak --help`.

What time does is compressed where the bot itself keeps something for a while (`instrumented.py`). Not compressed are the
time limits of requests, the wall clock that signatures and cards are made with, and what libraries keep for a while:
connections in the pools, and those to the database.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from fuzz import signed
from fuzz.answers import GOOD, Reply
from fuzz.connection import Connection
from fuzz.oracle import Complaint
from fuzz.stand_ins import StandIns
from fuzz.target import DiedError, Sample, Target, running

DAY = 24 * 3600.0
COMMANDS = 500_000
MOST_GROWTH = 10.0
JUDGED_FROM = 50_000
_FASTEST = 1_000
"""Commands a second that no run exceeds: a slower one goes on for more than a day of what the bot keeps."""
_IN_FLIGHT = 32
_MORE_FDS, _MORE_THREADS, _MORE_TASKS = 16, 8, 4
_EVERY = 5.0
_SETTLING = 60.0
_SLOW = 0.6
_ANSWER_WITHIN = "0.3"
_KINDS = (
    "found",
    "missing",
    "error",
    "slow",
    "usage",
    "whoami",
    "share_call",
    "call_details",
    "refresh_call",
    "shortcut",
)
_HOW_OFTEN = (50, 10, 5, 0.3, 5, 5, 8, 8, 6, 3)
_ERRORS = (
    Reply(500, b"{}"),
    Reply(404, b'{"error":{"code":"ERR_CALL_SESSION_NOT_FOUND"}}'),
    Reply(429, b'{"error":{"code":"ERR_OTHER"}}'),
    Reply(200, b'{"data":'),
    Reply(502, b"<html>Bad Gateway</html>"),
)


@dataclass
class Soak:
    """A run: what was sent, what was complained of, and how large the process was at times."""

    seed: int
    commands: int
    sent: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    complaints: dict[str, Complaint] = field(default_factory=dict)
    samples: list[tuple[int, Sample]] = field(default_factory=list)

    def complain(self, complaint: Complaint) -> None:
        """Take note of a complaint, once for each sort."""
        self.complaints.setdefault(complaint.sort, complaint)

    async def run(self, target: Target, stand_ins: StandIns) -> None:
        """Send all commands, and measure the process meanwhile."""
        self.samples.append((0, await target.sample()))
        work = [asyncio.create_task(self._work(target, stand_ins)) for _ in range(_IN_FLIGHT)]
        watching = asyncio.create_task(self._watch(target))
        await asyncio.gather(*work)
        watching.cancel()
        idle, deadline = self.samples[0][1], time.monotonic() + _SETTLING
        while time.monotonic() < deadline:  # until what is under way is done, and idle connections are closed
            await asyncio.sleep(2)
            self.samples.append((self.sent, await target.sample()))
            if _as_small(self.samples[-1][1], idle, fds=self.commands >= JUDGED_FROM):
                break

    async def _work(self, target: Target, stand_ins: StandIns) -> None:
        connection = Connection(target.port)
        while self.sent < self.commands and target.alive:
            number, self.sent = self.sent, self.sent + 1
            rng = Random(f"soak:{self.seed}:{number}")
            kind = rng.choices(_KINDS, _HOW_OFTEN)[0]
            self.kinds[kind] += 1
            try:
                answer = (await connection.ask(_request(kind, number, stand_ins.reply_base, rng)))[0]
            except (OSError, EOFError, ValueError) as error:
                connection.reset()
                self.complain(Complaint(f"no answer: {type(error).__name__}", f"{kind} {number}: {error}"))
                continue
            self.statuses[answer.status] += 1
            if complaint := _wrong(kind, answer.status, answer.body):
                self.complain(complaint)
        connection.close()

    async def _watch(self, target: Target) -> None:
        while True:
            await asyncio.sleep(_EVERY)
            self.samples.append((self.sent, await target.sample()))
            if len(self.samples) % 12 == 1:
                print(f"{self.sent:>8} {self.samples[-1][1]}", flush=True)


def _request(kind: str, number: int, reply_base: str, rng: Random) -> bytes:
    of = signed.scene(number, reply_base, rng)
    session_id = f"{kind}-{number}" if rng.random() < 0.7 else f"{kind}-{number % 100}"  # noqa: PLR2004 - some come again
    of = signed.Scene(of.who, session_id, of.reply_to, of.trigger, rng)
    if kind.endswith("_call") or kind == "call_details":
        return signed.signed_request(signed.press_body(of, kind))
    if kind == "shortcut":
        return signed.signed_request(signed.shortcut_body(of))
    words = {"usage": "help", "whoami": "whoami"}.get(kind, session_id)
    return signed.signed_request(signed.command_body(of, words))


def _wrong(kind: str, status: int, body: bytes) -> Complaint | None:
    if status != 200:  # noqa: PLR2004 - OK
        return Complaint(f"status {status}", f"{kind}: {body[:300]!r}")
    is_command = kind in {"found", "missing", "error", "slow", "usage", "whoami"}
    return Complaint("a command without an answer", kind) if is_command and not body else None


def answers(session_id: str) -> Reply:
    """Return CometChat's answer, by what the session is called."""
    kind, _, number = session_id.partition("-")
    if kind == "missing":
        return _ERRORS[1]
    if kind == "error":
        return _ERRORS[int(number) % len(_ERRORS)]
    return Reply(200, GOOD)


def main(arguments: Sequence[str] | None = None) -> int:
    """Soak as the arguments say; return the exit status, 1 where something grew or was complained of."""
    parser = argparse.ArgumentParser(
        prog="python -m fuzz.soak", description="A day of commands at full speed"
    )
    parser.add_argument("--commands", type=int, default=COMMANDS, help=f"how many (default: {COMMANDS})")
    parser.add_argument(
        "--clock", type=float, help="how many times faster what is kept grows old (default: a day)"
    )
    parser.add_argument("--seed", type=int, default=1, help="replays an earlier run")
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # or the bot would be left behind
    clock = options.clock or DAY / (options.commands / _FASTEST)
    return asyncio.run(soak(Soak(options.seed, options.commands), clock))


async def soak(run: Soak, clock: float) -> int:
    """Carry the run out and print what came of it."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="callinfo-soak-") as folder:
        async with (
            StandIns(run.complain, answers, delay=_delay) as stand_ins,
            running(
                stand_ins,
                Path(folder),
                run.complain,
                DATABASE_URL=f"sqlite:///{folder}/soak.db",
                FUZZ_CLOCK=str(clock),
                CALLINFO_ANSWER_WITHIN=_ANSWER_WITHIN,
            ) as target,
        ):
            began = time.monotonic()
            try:
                await run.run(target, stand_ins)
            except DiedError as error:
                run.complain(Complaint("the process died", str(error)))
            took = time.monotonic() - began
            print(
                f"{run.sent} commands in {took:.0f} s; {took * clock / 3600:.1f} hours for what the bot keeps"
            )
            print(f"  processor: the bot {target.cpu_seconds():.0f} s, the soak {time.process_time():.0f} s")
            print(f"  kinds: {dict(run.kinds.most_common())}; statuses: {dict(run.statuses)}")
            print(f"  outcomes: {target.outcomes}\n  stand-ins: {dict(stand_ins.took)}")
    _judge(run)
    for complaint in run.complaints.values():
        print(f"\n! {complaint.sort}\n  {complaint.text[:2000]}")
    return 1 if run.complaints else 0


def _delay(session_id: str) -> float:
    return _SLOW if session_id.startswith("slow") else 0.0


def _judge(run: Soak) -> None:
    """Compare memory with the first tenth, when all is warm, and the rest with the idle process at the start."""
    warm = [sample for sent, sample in run.samples if sent >= run.commands / 10]
    if not warm:
        return
    idle, first, last = run.samples[0][1], warm[0], run.samples[-1][1]
    most = Sample(*(max(getattr(each, name) for each in warm) for name in ("rss", "fds", "threads", "tasks")))
    print(f"  idle: {idle}\n  warm: {first}\n  most: {most}\n  end:  {last}")
    if run.commands >= JUDGED_FROM and last.rss - first.rss > MOST_GROWTH:
        run.complain(Complaint("memory grew", f"{first} → {last}"))
    if not _as_small(last, idle, fds=run.commands >= JUDGED_FROM):
        run.complain(Complaint("file descriptors, threads or tasks grew", f"{idle} → {last}"))


def _as_small(sample: Sample, idle: Sample, *, fds: bool) -> bool:
    """Whether no more is left than what is kept by intent: a few connections to the database, and threads for them.

    File descriptors count with `fds` only: it takes 15 s until aiohttp closes a connection that nobody uses.
    """
    return (
        (not fds or sample.fds <= idle.fds + _MORE_FDS)
        and sample.threads <= idle.threads + _MORE_THREADS
        and sample.tasks <= idle.tasks + _MORE_TASKS
    )


if __name__ == "__main__":
    sys.exit(main())
