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

from bench.databases import PostgreSQL, linked, migrated, sqlite
from bench.goals import IMPORT, UPSTREAM
from bench.line_up import ASYNC_TUTORIAL, OURS, TUTORIAL, line_up
from bench.once import flood, growth, hang
from bench.plot import svg
from bench.programs import Program, StartError, Surroundings, environment, serving, stop
from bench.report import Results, machine, markdown, within
from bench.scenarios import Bench, Figures, Upstream, far_away_ms, measured
from bench.slack import TEAM_ID, Slack

RESULTS = Path(__file__).parent / "results"
DOCS = Path(__file__).parent.parent / "docs"


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured: `seconds` of each scenario, `growth` commands, `flood` seconds, who is left to `hang`."""

    rounds: int
    seconds: float
    growth: int
    flood: float
    hang: tuple[str, ...] = (OURS, ASYNC_TUTORIAL, TUTORIAL)


QUICK = Plan(rounds=2, seconds=0.3, growth=1_000, flood=2.0, hang=(OURS,))
USUAL = Plan(rounds=5, seconds=0.8, growth=50_000, flood=10.0)
FULL = Plan(rounds=9, seconds=2.0, growth=50_000, flood=30.0)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark as the arguments say; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure the bot beside others")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--quick", action="store_true", help="only to see that it works: about a minute")
    how.add_argument("--full", action="store_true", help="for a quiet machine: about 15 minutes")
    how.add_argument("--docs", action="store_true", help="write the last results into docs/performance.md")
    options = parser.parse_args(arguments)
    if options.docs:
        return _document()
    try:
        results = asyncio.run(measure(QUICK if options.quick else FULL if options.full else USUAL))
    except StartError as error:
        print(error, file=sys.stderr)
        return 1
    RESULTS.mkdir(exist_ok=True)
    name = "quick" if options.quick else "bench"
    report = markdown(results)
    (RESULTS / f"{name}.md").write_text(f"# callinfo beside what people would otherwise write\n\n{report}\n")
    (RESULTS / f"{name}.json").write_text(results.as_json())
    (RESULTS / f"{name}.svg").write_text(svg(results.programs))
    print(report)
    ours = results.programs[OURS]
    return 1 if any([*ours["lost"], *ours["hang_unanswered"], *ours["growth_lost"]]) else 0


def _document() -> int:
    results = Results.from_json((RESULTS / "bench.json").read_text())
    page = DOCS / "performance.md"
    page.write_text(within(page.read_text(), markdown(results)))
    (DOCS / "performance.svg").write_text(svg(results.programs))
    return 0


async def measure(plan: Plan) -> Results:
    """Measure everybody. Raises StartError."""
    found: dict[str, dict[str, list[float]]] = {}

    def note(name: str, figures: Figures) -> None:
        for key, value in figures.items():
            found.setdefault(name, {}).setdefault(key, []).append(value)

    began_with = os.getloadavg()[0]
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="callinfo-bench-")))
        slack = await stack.enter_async_context(Slack())
        upstream = await stack.enter_async_context(_upstream())
        around = Surroundings(slack.web_api_url, upstream.url, folder)
        programs = await _programs(stack, folder)

        @asynccontextmanager
        async def running(program: Program) -> AsyncIterator[Bench]:
            async with serving(program, around) as process:
                yield Bench(slack, upstream, process, plan.seconds)

        for number in range(plan.rounds):
            note(
                UPSTREAM,
                {"one_ms": await upstream.round_trip_ms(), "network_ms": await far_away_ms(upstream)},
            )
            note(IMPORT, {"start_s": await _seconds("-c", "import slack_bolt.async_app")})
            note(OURS, {"fifty_cpu_ms": float(await _printed("-m", "bench.card"))})
            first = number % len(programs)
            for program in programs[first:] + programs[:first]:
                _tell(f"round {number + 1} of {plan.rounds}: {program.name}")
                async with running(program) as bench:
                    note(program.name, await measured(bench, program.scenarios))
        for program in programs:
            if program.name in plan.hang:
                _tell(f"an upstream that hangs: {program.name}")
                async with running(program) as bench:
                    note(program.name, await hang(bench))
        ours = programs[0]
        _tell(f"a flood, then {plan.growth:,} commands: {ours.name}")
        async with running(ours) as bench:
            note(ours.name, await flood(bench, plan.flood))
        async with running(ours) as bench:
            note(ours.name, await growth(bench, plan.growth))
    order = [program.name for program in programs] + [UPSTREAM, IMPORT]
    conditions = {key: value for key, value in asdict(plan).items() if key != "hang"} | {"load": began_with}
    return Results(conditions, machine(), {name: found[name] for name in order})


async def _programs(stack: AsyncExitStack, folder: Path) -> tuple[Program, ...]:
    """Return the line-up, with databases for it; without PostgreSQL where there is no wheel of it."""
    mapped = await migrated(sqlite(folder, "mapped"))
    with_links = await linked(await migrated(sqlite(folder, "linked")), TEAM_ID, folder)
    try:
        server = PostgreSQL(folder / "postgresql")
    except ImportError:
        return line_up(mapped=mapped, linked=with_links, postgresql=None)
    stack.callback(server.close)
    postgresql = await linked(await migrated(server.url), TEAM_ID, folder)
    return line_up(mapped=mapped, linked=with_links, postgresql=postgresql)


@asynccontextmanager
async def _upstream() -> AsyncIterator[Upstream]:
    """Run the stand-in for CometChat."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.upstream", env=environment(), stdout=asyncio.subprocess.PIPE
    )
    try:
        port = (await process.stdout.readline()).strip().decode() if process.stdout else ""
        if not port:
            raise StartError("the upstream does not serve")
        yield Upstream(int(port))
    finally:
        await stop(process)


async def _seconds(*arguments: str) -> float:
    """Return how long Python takes with those arguments."""
    began = time.perf_counter()
    await _printed(*arguments)
    return time.perf_counter() - began


async def _printed(*arguments: str) -> str:
    """Return what Python prints with those arguments. Raises StartError."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, env=environment(), stdout=asyncio.subprocess.PIPE
    )
    printed, _ = await process.communicate()
    if process.returncode:
        raise StartError(f"python {' '.join(arguments)} failed")
    return printed.decode().strip()


def _tell(what: str) -> None:
    print(what, file=sys.stderr, flush=True)
