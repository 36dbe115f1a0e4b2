"""The command line, and the order of a run: in each round every program once, on its own, in a turning order.

Times are reported, never judged. Exit status 1 means that a program did not serve, or that ours lost a command.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from bench.figures import Figures, percentile
from bench.load import Load, closed_loop
from bench.programs import OURS, PROGRAMS, Serving, StartError, environment, serving, stop
from bench.report import Conditions, as_json, markdown
from bench.slack import Slack

RESULTS = Path(__file__).parent / "results"
MANY = 16
_WARM_UP_SECONDS = 0.3


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark as the arguments say; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure the bot beside others")
    parser.add_argument("--seconds", type=float, help="of each scenario in each round (default: 2)")
    parser.add_argument("--rounds", type=int, help="how often every program is measured (default: 7)")
    parser.add_argument(
        "--delay", type=float, default=0.0, help="milliseconds that CometChat takes (default: 0)"
    )
    parser.add_argument("--quick", action="store_true", help="only to see that it works: 2 rounds of 0.6 s")
    options = parser.parse_args(arguments)
    seconds, rounds = (0.6, 2) if options.quick else (2.0, 7)
    conditions = Conditions(options.seconds or seconds, options.rounds or rounds, options.delay)
    try:
        results = asyncio.run(measure(conditions))
    except StartError as error:
        print(error, file=sys.stderr)
        return 1
    RESULTS.mkdir(exist_ok=True)
    report = markdown(results, conditions)
    name = "quick" if options.quick else "bench"
    (RESULTS / f"{name}.md").write_text(report + "\n")
    (RESULTS / f"{name}.json").write_text(as_json(results, conditions) + "\n")
    print(report)
    return 1 if any(figures.lost for figures in results[OURS.name]) else 0


async def measure(conditions: Conditions) -> dict[str, list[Figures]]:
    """Return the figures of each program's rounds, by its name. Raises StartError."""
    results: dict[str, list[Figures]] = {program.name: [] for program in PROGRAMS}
    with tempfile.TemporaryDirectory(prefix="callinfo-bench-") as folder:
        async with Slack() as slack, _upstream(conditions.delay_ms) as upstream_url:
            for number in range(conditions.rounds):
                first = number % len(PROGRAMS)
                for program in PROGRAMS[first:] + PROGRAMS[:first]:
                    print(f"round {number + 1}: {program.name}", file=sys.stderr)
                    async with serving(
                        program,
                        slack_api_url=slack.web_api_url,
                        upstream_url=upstream_url,
                        folder=Path(folder),
                    ) as process:
                        figures = await _figures(slack, process, conditions.seconds)
                        if figures is None:
                            raise StartError(f"{program.name} gave no summary")
                        results[program.name].append(figures)
    return results


async def _figures(slack: Slack, process: Serving, seconds: float) -> Figures | None:
    """Measure a process that has just started; return nothing where it gave no summary.

    Idle is after its first commands: what is loaded late counts.
    """
    warm_up = await closed_loop(slack, process.port, in_flight=2, seconds=_WARM_UP_SECONDS)
    idle = process.resident_mib()
    one = await closed_loop(slack, process.port, in_flight=1, seconds=seconds)
    cpu = process.cpu_seconds()
    many = await closed_loop(slack, process.port, in_flight=MANY, seconds=seconds)
    cpu = process.cpu_seconds() - cpu
    if not one.latencies or not many.latencies:
        return None
    return Figures(
        p50_one_ms=percentile(one.latencies, 0.5) * 1000,
        rate_16=many.rate,
        p99_16_ms=percentile(many.latencies, 0.99) * 1000,
        cpu_per_1000=cpu / len(many.latencies) * 1000,
        idle_mib=idle,
        lost=warm_up.lost + one.lost + many.lost,
        generator_busy=max(_busy(one), _busy(many)),
    )


def _busy(load: Load) -> float:
    return load.generator_cpu / load.seconds


@asynccontextmanager
async def _upstream(delay_ms: float) -> AsyncIterator[str]:
    """Run the stand-in for CometChat; yield the value for COMETCHAT_BASE_URL."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bench.upstream",
        "--delay",
        str(delay_ms),
        env=environment(),
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        port = (await process.stdout.readline()).strip().decode() if process.stdout else ""
        if not port:
            raise StartError("the upstream does not serve")
        yield f"http://127.0.0.1:{port}/v3.0"
    finally:
        await stop(process)
