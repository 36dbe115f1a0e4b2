"""`python -m fuzz`: the command line and the report. Exit status 1 means that something was found."""

from __future__ import annotations

import argparse
import asyncio
import math
import secrets
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fuzz.cards import Broken, check
from fuzz.database import database
from fuzz.oracle import Complaint
from fuzz.run import Finding, Fuzz, Ground
from fuzz.stand_ins import StandIns
from fuzz.target import DiedError, Sample, running

JUDGED_FROM = 50_000
"""Requests from which on growth is judged: fewer do not fill what the bot keeps for a while."""
MOST_GROWTH = 10.0
"""MiB after the warm-up: 6 for the shares and the people counted, whose 10,000 each are not full by then, and 4 for
what the heap keeps free. 200,000 requests of seed 1 grow by 7.7.
"""
_MOST_FDS, _MOST_TASKS = 32, 16
_SHOWN = 3_000


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is done: requests and seconds at most, answers through the pure parts, the first number."""

    seed: int
    requests: float
    seconds: float
    cards: int
    case: int | None = None
    postgresql: bool = False


def main(arguments: Sequence[str] | None = None) -> int:
    """Fuzz as the arguments say; return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m fuzz", description="Fuzz the running bot, and its pure parts"
    )
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6), help="replays an earlier run")
    parser.add_argument(
        "--requests", type=int, help="how many at most (default: as many as the seconds take)"
    )
    parser.add_argument("--seconds", type=float, help="for how long at most (default: 300, or no limit)")
    parser.add_argument("--cards", type=int, help="answers through the pure parts (default: a tenth)")
    parser.add_argument("--case", type=int, help="send only that one, and show it")
    parser.add_argument("--postgresql", action="store_true", help="with a real PostgreSQL, not a SQLite file")
    options = parser.parse_args(arguments)
    requests = options.requests or math.inf
    seconds = options.seconds or (300 if math.isinf(requests) else math.inf)
    cards = options.cards if options.cards is not None else int(min(requests, seconds * 400) / 10)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # or the bot would be left behind
    return asyncio.run(fuzz(Plan(options.seed, requests, seconds, cards, options.case, options.postgresql)))


async def fuzz(plan: Plan) -> int:
    """Carry the plan out, and print what came of it."""
    print(f"seed {plan.seed}", flush=True)
    if plan.case is not None:
        return await _one(plan, plan.case)
    broken = _cards(plan)
    findings = await _server(plan)
    print(f"\n{len(broken) + len(findings)} bugs found")
    return 1 if broken or findings else 0


def _cards(plan: Plan) -> list[Broken]:
    """Take answers through the pure parts; print and return those that they do not bear, one of each sort."""
    began, found = time.monotonic(), dict[str, Broken]()
    for number in range(plan.cards):
        if broken := check(plan.seed, number):
            found.setdefault(broken.reason[-200:], broken)
    print(f"cards: {plan.cards} answers in {time.monotonic() - began:.1f} s, {len(found)} broken")
    for broken in found.values():
        print(
            f"\nanswer {broken.number}: {broken.reason}\n  {broken.reply.status} {broken.reply.body[:_SHOWN]!r}"
        )
    return list(found.values())


async def _server(plan: Plan) -> list[Finding]:
    began = time.monotonic()
    warm_at = min(plan.requests / 4, 25_000)

    def more(sent: int) -> bool:
        return sent < plan.requests and time.monotonic() - began < plan.seconds

    run = Fuzz(plan.seed, more)
    samples: list[Sample] = []
    with tempfile.TemporaryDirectory(prefix="callinfo-fuzz-") as folder:
        async with (
            StandIns(run.complain, run.reply, seed=plan.seed) as stand_ins,
            database(Path(folder), postgresql=plan.postgresql) as url,
            running(stand_ins, Path(folder), run.complain, DATABASE_URL=url) as target,
        ):
            ground, began = Ground(target, stand_ins), time.monotonic()
            working = asyncio.create_task(run.run(ground))
            try:
                while not working.done():
                    await asyncio.sleep(0.5)
                    if not samples and run.counts.requests >= warm_at:
                        samples.append(await run.settled(target))
                        _say(run, began, samples[-1])
                await working
                took = time.monotonic() - began
                print(
                    f"processor: the bot {target.cpu_seconds():.0f} s, the fuzzer {time.process_time():.0f} s"
                )
                samples.append(await run.settled(target, samples[0].tasks if samples else 0))
            except DiedError as error:
                run.findings.append(Finding(Complaint("the process died", str(error)), None))
                took = time.monotonic() - began
        _judge(run, samples)
        _report(run, took, samples, ground)
    return run.findings


def _say(run: Fuzz, began: float, sample: Sample) -> None:
    print(f"after {run.counts.requests} requests, {time.monotonic() - began:.0f} s: {sample}", flush=True)


def _judge(run: Fuzz, samples: list[Sample]) -> None:
    """Complain of growth between the first sample, after the warm-up, and the last."""
    if len(samples) < 2 or run.counts.requests < JUDGED_FROM:  # noqa: PLR2004 - one before, one after
        return
    first, last = samples[0], samples[-1]
    if last.rss - first.rss > MOST_GROWTH:
        run.findings.append(Finding(Complaint("memory grew", f"{first} → {last}"), None))
    if last.fds - first.fds > _MOST_FDS or last.tasks - first.tasks > _MOST_TASKS:
        run.findings.append(Finding(Complaint("file descriptors or tasks grew", f"{first} → {last}"), None))


def _report(run: Fuzz, took: float, samples: list[Sample], ground: Ground) -> None:
    counts, outcomes = run.counts, sorted(ground.target.outcomes.items(), key=lambda each: -each[1])
    print(f"\n{counts.requests} requests, {counts.signed} of them signed, in {took:.0f} s")
    print(
        f"  a second: {counts.requests / took:.0f}; good commands: {counts.good}, {counts.late} of them late"
    )
    print(f"  statuses: {dict(sorted(counts.statuses.items()))}")
    print(f"  kinds: {dict(counts.kinds.most_common())}")
    print(f"  outcomes: {dict(outcomes)}; {ground.target.lines} lines of log")
    print(f"  stand-ins: {dict(ground.stand_ins.took)}")
    for name, sample in zip(("warm", "end"), (samples[0], samples[-1]) if samples else (), strict=False):
        print(f"  {name}: {sample}")
    for finding in run.findings:
        _show(run.seed, finding)


def _show(seed: int, finding: Finding) -> None:
    print(f"\n! {finding.complaint.sort}\n  {finding.complaint.text[:_SHOWN]}")
    if finding.culprit is None:
        print(f"  no single case shows it; among {finding.among[0]} to {finding.among[1]}")
        return
    print(f"  replay: python -m fuzz --seed {seed} --case {finding.culprit.number}")
    print(f"  smallest request: {finding.culprit.data[:_SHOWN]!r}")
    if finding.reply and f"fuzz-{finding.culprit.number}".encode() in finding.culprit.data:
        print(f"  CometChat's answer: {finding.reply.status} {finding.reply.body[:_SHOWN]!r}")


async def _one(plan: Plan, number: int) -> int:
    """Send a single case, as small as it shows the same."""
    broken = check(plan.seed, number)
    if broken:
        print(f"cards: {broken.reason}\n  {broken.reply.status} {broken.reply.body[:_SHOWN]!r}")
    run = Fuzz(plan.seed, lambda _: False)
    with tempfile.TemporaryDirectory(prefix="callinfo-fuzz-") as folder:
        async with (
            StandIns(run.complain, run.reply, seed=plan.seed) as stand_ins,
            database(Path(folder), postgresql=plan.postgresql) as url,
            running(stand_ins, Path(folder), run.complain, DATABASE_URL=url) as target,
        ):
            for line in await run.alone(number, Ground(target, stand_ins)):
                print(line)
            print("log:", *target.tail[1:], sep="\n  ")
    for finding in run.findings:
        _show(plan.seed, finding)
    return 1 if broken or run.findings else 0


if __name__ == "__main__":
    sys.exit(main())
