"""The command line, and the order of a run: in each round every program once, on its own, in a turning order.

Times are reported, never judged. Exit status 1 means that a program did not serve, or that ours lost a command.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from bench import scale, subscriptions, transcripts
from bench.databases import PostgreSQL, linked, migrated, sqlite
from bench.goals import IMPORT
from bench.line_up import BEFORE, OURS, line_up, python_of
from bench.plot import svg
from bench.programs import ROOT, Program, StartError, Surroundings, environment, serving
from bench.report import Results, machine, markdown, within
from bench.scenarios import Bench, Figures, growth, measured
from bench.slack import TEAM_ID, Slack
from bench.upstream import upstream
from bot.observability.logs import configure_logs

RESULTS = Path(__file__).parent / "results"
DOCS = ROOT / "docs"


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured: how many rounds, `seconds` for each scenario, and commands for the growth of memory."""

    rounds: int
    seconds: float
    growth: int


QUICK = Plan(rounds=2, seconds=0.3, growth=1_000)
USUAL = Plan(rounds=5, seconds=0.8, growth=50_000)
FULL = Plan(rounds=9, seconds=2.0, growth=50_000)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark as the arguments say; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure the bot beside others")
    parser.add_argument(
        "what",
        nargs="?",
        choices=("speed", "scale", "subscriptions", "transcripts"),
        default="speed",
        help="speed: beside other programs; scale: with a full database beside an almost empty one; "
        "subscriptions: a flood of CometChat's events; transcripts: three hours of talk",
    )
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--quick", action="store_true", help="only to see that it works: about a minute")
    how.add_argument("--full", action="store_true", help="for a quiet machine: about 15 minutes")
    how.add_argument("--docs", action="store_true", help="write the last results into docs/performance.md")
    parser.add_argument(
        "--beside", type=Path, metavar="DIR", help="a checkout of an older version, which is measured too"
    )
    options = parser.parse_args(arguments)
    RESULTS.mkdir(exist_ok=True)
    name = f"{options.what}-quick" if options.quick else options.what
    try:
        if options.docs:
            _document()
        elif options.what == "scale":
            report = asyncio.run(scale.measure(scale.QUICK if options.quick else scale.USUAL))
            _write(f"{name}.md", report)
        elif options.what == "subscriptions":
            plan_of_events = subscriptions.QUICK if options.quick else subscriptions.USUAL
            _write(f"{name}.md", asyncio.run(subscriptions.measure(plan_of_events)))
        elif options.what == "transcripts":
            configure_logs("ERROR", None)
            report = asyncio.run(
                transcripts.measure(transcripts.QUICK if options.quick else transcripts.USUAL)
            )
            _write(f"{name}.md", report)
        else:
            plan = QUICK if options.quick else FULL if options.full else USUAL
            results = asyncio.run(measure(plan, options.beside and options.beside.resolve()))
            _write(f"{name}.json", results.as_json())
            _write(f"{name}.svg", svg(results.programs))
            _write(f"{name}.md", markdown(results))
            return int(any(results.programs[OURS]["lost"]))
    except StartError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _write(name: str, text: str) -> None:
    (RESULTS / name).write_text(text)
    if name.endswith(".md"):
        print(text)


def _document() -> None:
    results = Results.from_json((RESULTS / "speed.json").read_text())
    page = DOCS / "performance.md"
    text = within(page.read_text(), "speed", markdown(results))
    for name in ("scale", "transcripts"):  # which may not have been measured
        measured = RESULTS / f"{name}.md"
        text = within(text, name, measured.read_text()) if measured.exists() else text
    page.write_text(text)
    (DOCS / "performance.svg").write_text(svg(results.programs))


async def measure(plan: Plan, before: Path | None) -> Results:
    """Measure each program. Raises StartError."""
    found: dict[str, dict[str, list[float]]] = {}

    def note(name: str, figures: Figures) -> None:
        for key, value in figures.items():
            found.setdefault(name, {}).setdefault(key, []).append(value)

    load = os.getloadavg()[0]
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="callinfo-bench-")))
        slack = await stack.enter_async_context(Slack())
        cometchat = await stack.enter_async_context(upstream())
        around = Surroundings(slack.web_api_url, cometchat.url, folder)
        programs = await _programs(stack, folder, before)

        @asynccontextmanager
        async def running(program: Program) -> AsyncIterator[Bench]:
            async with serving(program, around) as process:
                yield Bench(slack, cometchat, process, plan.seconds)

        for number in range(plan.rounds):
            note(IMPORT, {"start_s": await _import_seconds()})
            first = number % len(programs)
            for program in programs[first:] + programs[:first]:
                print(f"round {number + 1} of {plan.rounds}: {program.name}", file=sys.stderr)
                async with running(program) as bench:
                    note(program.name, await measured(bench, program.scenarios))
        for program in programs:
            if program.name in {OURS, BEFORE}:
                print(f"{plan.growth:,} commands: {program.name}", file=sys.stderr)
                async with running(program) as bench:
                    note(program.name, await growth(bench, plan.growth))
    order = [program.name for program in programs] + [IMPORT]
    return Results(asdict(plan) | {"load": load}, machine(), {name: found[name] for name in order})


async def _programs(stack: AsyncExitStack, folder: Path, before: Path | None) -> tuple[Program, ...]:
    """Return the line-up, with databases for it; without PostgreSQL where there is no wheel of it."""
    mapped = await migrated(sqlite(folder, "mapped"))
    before_mapped = (
        await migrated(sqlite(folder, "before"), tree=before, python=python_of(before)) if before else ""
    )
    try:
        server = PostgreSQL(folder / "postgresql")
    except ImportError:
        return line_up(mapped=mapped, linked=None, before=before, before_mapped=before_mapped)
    stack.callback(server.close)
    with_links = await linked(await migrated(server.create("links")), TEAM_ID, folder)
    return line_up(mapped=mapped, linked=with_links, before=before, before_mapped=before_mapped)


async def _import_seconds() -> float:
    """Return how long Python takes to start and import Bolt's async app. Raises StartError."""
    began = time.perf_counter()
    code = "import slack_bolt.async_app"
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, env=environment())
    if await process.wait():
        raise StartError(f"python -c '{code}' failed")
    return time.perf_counter() - began
