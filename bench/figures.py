"""From measurements to figures: percentiles, medians of rounds, spread, ratios. Pure."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figures:
    """What one program did in one round. A field's name is its key in the JSON."""

    p50_one_ms: float
    rate_16: float
    p99_16_ms: float
    cpu_per_1000: float
    idle_mib: float
    lost: int
    generator_busy: float


@dataclass(frozen=True, slots=True)
class Metric:
    """A row of the table: a field of Figures, in words."""

    field: str
    title: str


METRICS = (
    Metric("p50_one_ms", "one in flight: p50 to the summary, ms"),
    Metric("rate_16", "16 in flight: summaries per second"),
    Metric("p99_16_ms", "16 in flight: p99 to the summary, ms"),
    Metric("cpu_per_1000", "16 in flight: CPU seconds per 1,000 commands"),
    Metric("idle_mib", "idle: resident memory, MiB"),
)


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of rounds, and the lowest and highest."""

    median: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{_short(self.median)} ({_short(self.low)}–{_short(self.high)})"


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that `share` (0 to 1) of the values do not exceed. There has to be a value."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def over_rounds(rounds: Sequence[Figures], metric: Metric) -> Spread:
    """Return the spread of a metric over a program's rounds."""
    return _spread([getattr(figures, metric.field) for figures in rounds])


def ratio(ours: Sequence[Figures], theirs: Sequence[Figures], metric: Metric) -> Spread:
    """Return the spread of ours to theirs, each round compared with itself."""
    pairs = zip(ours, theirs, strict=True)
    return _spread([_divided(getattr(a, metric.field), getattr(b, metric.field)) for a, b in pairs])


def _divided(a: float, b: float) -> float:
    return a / b if b else math.nan


def _spread(values: Sequence[float]) -> Spread:
    return Spread(statistics.median(values), min(values), max(values))


def _short(value: float) -> str:
    """Return three significant digits, and no exponent."""
    if value == 0 or not math.isfinite(value):
        return str(value)
    return f"{value:,.{max(0, 2 - math.floor(math.log10(abs(value))))}f}"
