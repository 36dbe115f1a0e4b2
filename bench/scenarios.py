"""What is measured of a program in each round: one function for each scenario, by its name, with figures by theirs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from statistics import median

from bench.load import Ask, Load, closed_loop
from bench.people import is_summary
from bench.programs import Serving
from bench.slack import Slack
from bench.upstream import Upstream

ROUND_TRIP_MS = 40.0
_WARM_UP_COMMANDS = 60
_TURNS = 6
_SETTLING_COMMANDS = 4_000


@dataclass(frozen=True, slots=True)
class Bench:
    """A program under measurement, between its stand-ins; each scenario takes `seconds`."""

    slack: Slack
    upstream: Upstream
    process: Serving
    seconds: float

    async def closed(self, in_flight: int, seconds: float | None = None) -> Load:
        """Keep so many commands in flight."""
        return await closed_loop(
            Ask(self.slack.command), self.process.port, in_flight=in_flight, seconds=seconds or self.seconds
        )

    async def send(self, commands: int, in_flight: int) -> Load:
        """Send so many commands."""
        return await closed_loop(
            Ask(self.slack.command), self.process.port, in_flight=in_flight, commands=commands
        )


Figures = dict[str, float]
Scenario = Callable[[Bench], Awaitable[Figures]]


async def measured(bench: Bench, scenarios: tuple[str, ...]) -> Figures:
    """Return the figures of a process that has just started."""
    figures: Figures = {"start_s": bench.process.start_seconds, "lost": 0.0, "busy": 0.0}
    # What is loaded late counts as idle memory, and not as anybody's wait
    warm_up = await bench.send(_WARM_UP_COMMANDS, in_flight=4)
    figures["lost"] += warm_up.lost
    for name in scenarios:
        for key, value in (await SCENARIOS[name](bench)).items():
            if key == "lost":
                figures[key] += value
            else:
                figures[key] = max(figures[key], value) if key == "busy" else value
        await bench.upstream.be()
    return figures


async def _idle(bench: Bench) -> Figures:
    return {"idle_mib": bench.process.resident_mib()}


async def _one(bench: Bench) -> Figures:
    load = await bench.closed(1)
    return {"one_ms": load.milliseconds(0.5), **_soundness(load)}


async def _questions(bench: Bench) -> Figures:
    """Measure Slackbot's `recent_calls` beside `/callinfo recent`, in turns, so that both see the same machine."""
    asks = {
        "recent_ms": Ask(lambda: bench.slack.command("recent")),
        "question_ms": Ask(
            bench.slack.question, lambda body: is_summary(body) and b'"isError":false' in body
        ),
    }
    loads: dict[str, list[Load]] = {name: [] for name in asks}
    for _ in range(_TURNS):
        for name, ask in asks.items():
            seconds = bench.seconds / _TURNS
            loads[name].append(await closed_loop(ask, bench.process.port, in_flight=1, seconds=seconds))
    turns = [each for of in loads.values() for each in of]
    return {
        **{name: median(each.milliseconds(0.5) for each in of) for name, of in loads.items()},
        "lost": float(sum(each.lost for each in turns)),
        "busy": max(each.busy for each in turns),
    }


async def _network(bench: Bench) -> Figures:
    """Measure with a way to CometChat and a way to Slack."""
    await bench.upstream.be(delay_ms=ROUND_TRIP_MS)
    bench.slack.round_trip = ROUND_TRIP_MS / 1000
    try:
        load = await bench.closed(1)
    finally:
        bench.slack.round_trip = 0.0
    return {"network_ms": load.milliseconds(0.5), **_soundness(load)}


async def _sixteen(bench: Bench) -> Figures:
    before = bench.process.cpu_seconds()
    load = await bench.closed(16, bench.seconds * 1.5)
    cpu = bench.process.cpu_seconds() - before
    return {
        "rate_16": load.rate,
        "p99_16_ms": load.milliseconds(0.99),
        "cpu_10000": cpu / max(1, len(load.latencies)) * 10_000,
        **_soundness(load),
    }


async def growth(bench: Bench, commands: int) -> Figures:
    """Measure how much resident memory so many commands add, once what is kept in bounded numbers is there."""
    await bench.send(_SETTLING_COMMANDS, in_flight=16)
    before = bench.process.resident_mib()
    load = await bench.send(commands, in_flight=16)
    return {"growth_mib": bench.process.resident_mib() - before, "lost": float(load.lost)}


def _soundness(load: Load) -> Figures:
    return {"lost": float(load.lost), "busy": load.busy}


SCENARIOS: Mapping[str, Scenario] = {
    "idle": _idle,
    "one": _one,
    "questions": _questions,
    "network": _network,
    "sixteen": _sixteen,
}
