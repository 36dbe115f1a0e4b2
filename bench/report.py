"""The results as Markdown and as JSON, with goals, versions and machine; and the Markdown's place in the docs."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from bench.figures import METRICS, NOT_COMPARED, Rounds, Spread, over_rounds, ratio, short
from bench.goals import goals
from bench.line_up import BESIDE, OURS

BEGIN, END = "<!-- bench: begin -->", "<!-- bench: end -->"

_NOTHING = "–"
_PACKAGES = (
    *("slack-bolt", "slack-sdk", "aiohttp", "httpx", "httpx-aiohttp", "pydantic"),
    *("aiosqlite", "psycopg"),
)


@dataclass(frozen=True, slots=True)
class Results:
    """What was measured: the rounds of each program by its name, how, and on what."""

    conditions: Mapping[str, float]
    machine: Mapping[str, str]
    programs: Mapping[str, Rounds]

    @classmethod
    def from_json(cls, text: str) -> Results:
        """Read what `as_json` wrote."""
        document = json.loads(text)
        return cls(document["conditions"], document["machine"], document["programs"])

    def as_json(self) -> str:
        """Return every round's figures, with ratios and goals, for programs."""
        ours = self.programs[OURS]
        ratios = {
            other: {
                metric.key: asdict(spread)
                for metric in METRICS
                if (spread := ratio(ours, self.programs.get(other, {}), metric.key))
            }
            for other in BESIDE
        }
        reached = [asdict(goal) | {"reached": goal.reached} for goal in goals(self.programs)]
        document = {**asdict(self), "ratios": ratios, "goals": reached}
        return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def machine() -> dict[str, str]:
    """Return what this runs on."""
    return {
        "python": f"Python {platform.python_version()}",
        "packages": ", ".join(f"{name} {version(name)}" for name in _PACKAGES),
        "machine": f"{os.cpu_count()} cores of {_processor()}, {platform.system()} {platform.release()}",
    }


def markdown(results: Results) -> str:
    """Return the report for people."""
    programs, conditions = results.programs, results.conditions
    shown = [metric for metric in METRICS if any(metric.key in rounds for rounds in programs.values())]
    figures = [
        (metric.title, *(_cell(over_rounds(rounds, metric.key)) for rounds in programs.values()))
        for metric in shown
    ]
    beside = [other for other in BESIDE if other in programs]
    reached = [
        (
            goal.title,
            f"{'≥' if goal.at_least else '≤'} {short(goal.bound)}",
            short(goal.measured),
            "yes" if goal.reached else "no",
        )
        for goal in goals(programs)
    ]
    said = (
        f"Medians of {conditions['rounds']:g} rounds in turn (lowest–highest), about {conditions['seconds']:g} s a "
        f"scenario; growth over {conditions['growth']:,.0f} commands; load average before it "
        f"{conditions['load']:.1f}. {'; '.join(results.machine.values())}."
    )
    parts = [
        said,
        _table(["goal", "bound", "measured", "reached"], reached),
        "### Ratios\n\nOurs to theirs, each round with itself.",
        _table(["", *(f"÷ {other}" for other in beside)], _ratios(programs, beside)),
        "### Figures",
        _table(["", *programs], figures),
    ]
    return "\n\n".join(parts)


def _ratios(programs: Mapping[str, Rounds], beside: Sequence[str]) -> list[tuple[str, ...]]:
    rows = [
        (metric.title, *(_cell(ratio(programs[OURS], programs[other], metric.key)) for other in beside))
        for metric in METRICS
        if metric.key not in NOT_COMPARED
    ]
    return [row for row in rows if set(row[1:]) != {_NOTHING}]


def within(page: str, report: str) -> str:
    """Return the page with the report between its two markers; raises ValueError where it has none."""
    before, _, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        raise ValueError(f"the page has no {BEGIN} … {END}")
    return f"{before}{BEGIN}\n\n{report}\n\n{END}{after}"


def _cell(spread: Spread | None) -> str:
    return str(spread) if spread else _NOTHING


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
