"""The goals: each one a number from the medians, and its bound. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bench.figures import Rounds, over_rounds, ratio
from bench.line_up import ASYNC_TUTORIAL, FLOOR, OURS, POSTGRESQL_LINKS
from bench.scenarios import ROUND_TRIP_MS

IMPORT = "import of Bolt"
"""No program, but measured beside them: `python -c "import slack_bolt.async_app"`."""

_RATIOS = (
    ("one in flight: p50", OURS, "one_ms", ASYNC_TUTORIAL, 0.6),
    ("16 in flight: p99", OURS, "p99_16_ms", ASYNC_TUTORIAL, 0.4),
    ("16 in flight: CPU", OURS, "cpu_10000", ASYNC_TUTORIAL, 0.55),
    ("idle memory", OURS, "idle_mib", FLOOR, 2.2),
    ("idle memory with PostgreSQL links", POSTGRESQL_LINKS, "idle_mib", FLOOR, 2.5),
    ("start to ready", OURS, "start_s", IMPORT, 2.5),
)


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
    return list(_goals(results))


def _goals(results: Mapping[str, Rounds]) -> Iterator[Goal]:
    ours = results.get(OURS, {})
    if rate := ratio(ours, results.get(ASYNC_TUTORIAL, {}), "rate_16"):
        yield Goal(f"16 in flight: summaries per second ÷ {ASYNC_TUTORIAL}", rate.median, 2.0, at_least=True)
    for title, name, key, other, bound in _RATIOS:
        if spread := ratio(results.get(name, {}), results.get(other, {}), key):
            yield Goal(f"{title} ÷ {other}", spread.median, bound)
    asked, recent = over_rounds(ours, "question_ms"), over_rounds(ours, "recent_ms")
    if asked and recent:
        yield Goal("Slackbot’s recent_calls ÷ /callinfo recent: p50", asked.median / recent.median, 1.2)
    if network := over_rounds(ours, "network_ms"):
        yield Goal("modelled network: p50 less the upstream’s 40 ms, ms", network.median - ROUND_TRIP_MS, 5.0)
    if growth := over_rounds(ours, "growth_mib"):
        yield Goal("growth over 50,000 commands, MiB", growth.median, 8.0)
