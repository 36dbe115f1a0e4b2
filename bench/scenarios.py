"""What is measured of a program in each round: one function for each scenario, by its name, with figures by theirs."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from bench.connection import Connection, got
from bench.figures import percentile
from bench.load import Load, closed_loop, open_loop
from bench.programs import Serving
from bench.slack import Slack

ROUND_TRIP_MS = 40.0
SLOW_UPSTREAM_MS = 100.0
EVEN_RATE = 200.0
_WARM_UP_COMMANDS = 60


@dataclass(frozen=True, slots=True)
class Upstream:
    """The stand-in for CometChat, which answers as it was last told to."""

    port: int

    @property
    def url(self) -> str:
        """The value for COMETCHAT_BASE_URL."""
        return f"http://127.0.0.1:{self.port}/v3.0"

    async def be(self, *, delay_ms: float = 0.0, people: int = 2) -> None:
        """Answer after that delay, with a call of so many people, from now on."""
        await got(self.port, f"/be/{delay_ms}/{people}")

    async def round_trip_ms(self, times: int = 200) -> float:
        """Return how long it takes to ask it, as the load generator asks (p50)."""
        connection, took = Connection(self.port), []
        for _ in range(times):
            began = time.perf_counter()
            await connection.send(b"GET /v3.0/calls/standup HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            took.append(time.perf_counter() - began)
        connection.close()
        return percentile(took, 0.5) * 1000


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
            self.slack, self.process.ports, in_flight=in_flight, seconds=seconds or self.seconds
        )


Figures = dict[str, float]
Scenario = Callable[[Bench], Awaitable[Figures]]


async def measured(bench: Bench, scenarios: tuple[str, ...]) -> Figures:
    """Return the figures of a process that has just started."""
    figures: Figures = {"start_s": bench.process.start_seconds, "lost": 0.0, "busy": 0.0}
    warm_up = await closed_loop(
        bench.slack, bench.process.ports, in_flight=4, commands=_WARM_UP_COMMANDS
    )  # what is loaded late counts as idle memory, and not as anybody's wait
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


async def far_away_ms(upstream: Upstream) -> float:
    """Return what the modelled way to CometChat takes in truth, with its timer and the stand-in's own work (p50)."""
    await upstream.be(delay_ms=ROUND_TRIP_MS)
    took = await upstream.round_trip_ms(times=20)
    await upstream.be()
    return took


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


async def _sixty_four(bench: Bench) -> Figures:
    load = await bench.closed(64)
    return {"rate_64": load.rate, "p99_64_ms": load.milliseconds(0.99), **_soundness(load)}


async def _even(bench: Bench) -> Figures:
    await bench.upstream.be(delay_ms=SLOW_UPSTREAM_MS)
    load = await open_loop(bench.slack, bench.process.ports[0], rate=EVEN_RATE, seconds=bench.seconds * 1.5)
    return {
        "even_p50_ms": load.milliseconds(0.5),
        "even_p99_ms": load.milliseconds(0.99),
        **_soundness(load),
    }


async def _fifty(bench: Bench) -> Figures:
    await bench.upstream.be(people=50)
    load = await bench.closed(1, bench.seconds / 2)
    return {"fifty_ms": load.milliseconds(0.5), **_soundness(load)}


async def _recent(bench: Bench) -> Figures:
    """Measure the list of a person's latest calls, of which CometChat gives a page of eleven."""
    bench.slack.asks = "recent"
    try:
        load = await bench.closed(1)
    finally:
        bench.slack.asks = ""
    return {"recent_ms": load.milliseconds(0.5), **_soundness(load)}


def _soundness(load: Load) -> Figures:
    return {"lost": float(load.lost), "busy": load.busy}


SCENARIOS: Mapping[str, Scenario] = {
    "idle": _idle,
    "one": _one,
    "network": _network,
    "sixteen": _sixteen,
    "sixty_four": _sixty_four,
    "even": _even,
    "fifty": _fifty,
    "recent": _recent,
}
