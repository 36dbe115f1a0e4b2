"""What was to be reached, and whether it was: each goal a number from the medians, and the bound for it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bench.figures import Rounds, over_rounds, ratio
from bench.line_up import ASYNC_TUTORIAL, FLOOR, OURS, POSTGRESQL_LINKS, TUTORIAL, TWO
from bench.scenarios import ROUND_TRIP_MS, SLOW_UPSTREAM_MS

UPSTREAM, IMPORT = "upstream", "import of Bolt"
"""Not programs, but measured beside them: a round trip to the stand-in, and `python -c "import slack_bolt.async_app"`."""

_COMPARED = (
    ("one in flight, p50", ASYNC_TUTORIAL, "one_ms", 0.6),
    ("modelled network, p50", ASYNC_TUTORIAL, "network_ms", 0.35),
    ("16 in flight, p99", ASYNC_TUTORIAL, "p99_16_ms", 0.35),
    ("CPU for 10,000 commands", ASYNC_TUTORIAL, "cpu_10000", 0.5),
    ("idle memory with the in-memory map", FLOOR, "idle_mib", 1.7),
)
_FASTER = ((ASYNC_TUTORIAL, 2.5), (TUTORIAL, 2.0))


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal, what was measured, and the bound; `at_least` where more is better."""

    title: str
    measured: float
    bound: float
    at_least: bool = False

    @property
    def reached(self) -> bool:
        """Whether it is."""
        return self.measured >= self.bound if self.at_least else self.measured <= self.bound


def goals(results: Mapping[str, Rounds]) -> list[Goal]:
    """Return the goals for which there are figures."""
    return [*_compared(results), *_bounded(results)]


def _compared(results: Mapping[str, Rounds]) -> Iterator[Goal]:
    """Yield what is a ratio to another program, each round with itself."""
    for title, other, key, bound in _COMPARED:
        if spread := ratio(results.get(OURS, {}), results.get(other, {}), key):
            yield Goal(f"{title} ÷ {other}", spread.median, bound)
    for other, bound in _FASTER:
        if spread := ratio(results.get(OURS, {}), results.get(other, {}), "rate_16"):
            yield Goal(f"16 in flight, summaries per second ÷ {other}", spread.median, bound, at_least=True)


def _bounded(results: Mapping[str, Rounds]) -> Iterator[Goal]:
    """Yield what is reckoned from medians."""

    def of(key: str, name: str = OURS) -> float | None:
        spread = over_rounds(results.get(name, {}), key)
        return spread.median if spread else None

    def less(a: float | None, *others: float | None) -> float | None:
        known = [other for other in others if other is not None]
        return a - sum(known) if a is not None and len(known) == len(others) else None

    def divided(a: float | None, b: float | None) -> float | None:
        return a / b if a is not None and b else None

    candidates = (
        (
            "one in flight, p50 less the floor’s and an upstream round trip, ms",
            less(of("one_ms"), of("one_ms", FLOOR), of("one_ms", UPSTREAM)),
            1.5,
        ),
        (
            "recent calls, one in flight: p50 less the floor’s and an upstream round trip, ms",
            less(of("recent_ms"), of("one_ms", FLOOR), of("one_ms", UPSTREAM)),
            2.0,
        ),
        (
            "modelled network, p50 less the upstream’s 40 ms, ms",
            less(of("network_ms"), ROUND_TRIP_MS),
            3.0,
        ),
        ("200 a second, p50 less the upstream’s 100 ms, ms", less(of("even_p50_ms"), SLOW_UPSTREAM_MS), 8.0),
        ("200 a second, p99 less the upstream’s 100 ms, ms", less(of("even_p99_ms"), SLOW_UPSTREAM_MS), 50.0),
        ("200 at once, 10 s hang: slowest ack, s", of("hang_ack_s"), 2.5),
        ("200 at once, 10 s hang: people told nothing", of("hang_unanswered"), 0.0),
        ("a call of 50: CPU from bytes to card, ms", of("fifty_cpu_ms"), 1.5),
        (
            f"idle memory with PostgreSQL links ÷ {FLOOR}",
            divided(of("idle_mib", POSTGRESQL_LINKS), of("idle_mib", FLOOR)),
            2.2,
        ),
        ("growth over many commands, MiB", of("growth_mib"), 5.0),
        (
            "start to ready ÷ import of Bolt’s async app",
            divided(of("start_s"), of("start_s", IMPORT)),
            2.5,
        ),
        (
            "another’s p99 during a flood ÷ without",
            divided(of("flood_p99_ms"), of("quiet_p99_ms")),
            2.0,
        ),
    )
    yield from (Goal(title, value, bound) for title, value, bound in candidates if value is not None)
    if rate := divided(of("rate_16", TWO), of("rate_16")):
        yield Goal("two processes, summaries per second ÷ one", rate, 1.8, at_least=True)
