"""From measurements to figures: percentiles, medians of rounds, spread, ratios. Pure."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Metric:
    """A row of the table: its key among a round's figures, and what it is in words."""

    key: str
    title: str


METRICS = (
    Metric("recent_ms", "one in flight: p50 of `/callinfo recent`, ms"),
    Metric("question_ms", "one in flight: p50 of Slackbot’s `recent_calls`, ms"),
    Metric("one_ms", "one in flight: p50 to the summary, ms"),
    Metric("network_ms", "modelled network, one in flight: p50 to the summary, ms"),
    Metric("rate_16", "16 in flight: summaries per second"),
    Metric("p99_16_ms", "16 in flight: p99 to the summary, ms"),
    Metric("cpu_10000", "16 in flight: CPU seconds for 10,000 commands"),
    Metric("start_s", "start to ready, s"),
    Metric("idle_mib", "idle: resident memory, MiB"),
    Metric("growth_mib", "growth over many commands, MiB"),
    Metric("lost", "commands without a summary"),
    Metric("busy", "share of a core that the load generator took, at most"),
)

NOT_COMPARED = frozenset({"growth_mib", "lost", "busy"})
"""Keys of which a ratio says nothing."""


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of rounds, and the lowest and highest."""

    median: float
    low: float
    high: float

    def __str__(self) -> str:
        if self.low == self.high:
            return short(self.median)
        return f"{short(self.median)} ({short(self.low)}–{short(self.high)})"


Rounds = Mapping[str, Sequence[float]]
"""What one program was measured at, round after round, by a metric's key."""


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that `share` (0 to 1) of the values do not exceed. There has to be a value."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def over_rounds(rounds: Rounds, key: str) -> Spread | None:
    """Return the spread of a metric over a program's rounds, None where it was not measured."""
    values = rounds.get(key)
    return _spread(values) if values else None


def ratio(ours: Rounds, theirs: Rounds, key: str) -> Spread | None:
    """Return the spread of ours to theirs, each round with itself, None where either was not measured."""
    pairs = list(zip(ours.get(key, ()), theirs.get(key, ()), strict=False))
    return _spread([a / b if b else math.nan for a, b in pairs]) if pairs else None


def short(value: float) -> str:
    """Return three significant digits, and no exponent."""
    if value == 0 or not math.isfinite(value):
        return f"{value:g}"
    return f"{value:,.{max(0, 2 - math.floor(math.log10(abs(value))))}f}"


def _spread(values: Sequence[float]) -> Spread:
    return Spread(statistics.median(values), min(values), max(values))
