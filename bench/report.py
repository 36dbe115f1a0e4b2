"""The results as a Markdown table and as JSON, with versions and machine."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from bench.figures import METRICS, Figures, over_rounds, ratio
from bench.programs import OTHERS, OURS, PROGRAMS

_PACKAGES = ("slack-bolt", "slack-sdk", "aiohttp", "httpx", "httpx-aiohttp", "pydantic")

Results = Mapping[str, Sequence[Figures]]
"""The rounds of each program, by its name."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """How it was measured. `seconds` is how long each scenario of a round took, `delay_ms` the upstream's."""

    seconds: float
    rounds: int
    delay_ms: float


def markdown(results: Results, conditions: Conditions) -> str:
    """Return the report for people."""
    figures = [
        (metric.title, *(str(over_rounds(results[each.name], metric)) for each in PROGRAMS))
        for metric in METRICS
    ]
    ratios = [
        (metric.title, *(str(ratio(results[OURS.name], results[each.name], metric)) for each in OTHERS))
        for metric in METRICS
    ]
    lost = ("commands without a summary", *(str(_lost(results[each.name])) for each in PROGRAMS))
    busy = (
        "share of a core that the load generator took, at most",
        *(_busy(results[p.name]) for p in PROGRAMS),
    )
    return "\n\n".join(
        [
            "# callinfo beside what people would otherwise write",
            (
                f"Medians of {conditions.rounds} rounds (lowest–highest), {conditions.seconds:g} s a scenario, "
                f"upstream delay {conditions.delay_ms:g} ms. {'; '.join(_machine().values())}."
            ),
            _table(["", *(each.name for each in PROGRAMS)], [*figures, lost, busy]),
            "## Ratios\n\nOurs to theirs, each round with itself.",
            _table(["", *(f"÷ {each.name}" for each in OTHERS)], ratios),
        ]
    )


def as_json(results: Results, conditions: Conditions) -> str:
    """Return every round's figures, for programs."""
    document = {
        "conditions": asdict(conditions),
        "machine": _machine(),
        "metrics": {metric.field: metric.title for metric in METRICS},
        "rounds": {name: [asdict(figures) for figures in rounds] for name, rounds in results.items()},
        "ratios": {
            each.name: {
                metric.field: asdict(ratio(results[OURS.name], results[each.name], metric))
                for metric in METRICS
            }
            for each in OTHERS
        },
    }
    return json.dumps(document, indent=2)


def _lost(rounds: Sequence[Figures]) -> int:
    return sum(figures.lost for figures in rounds)


def _busy(rounds: Sequence[Figures]) -> str:
    return f"{max(figures.generator_busy for figures in rounds):.0%}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _machine() -> dict[str, str]:
    return {
        "python": f"Python {platform.python_version()}",
        "packages": ", ".join(f"{name} {version(name)}" for name in _PACKAGES),
        "machine": f"{os.cpu_count()} cores of {_processor()}, {platform.system()} {platform.release()}",
    }


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
