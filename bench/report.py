"""The results as Markdown and as JSON, with goals, versions and machine; and the Markdown's place in the docs."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from bench.figures import METRICS, NOT_COMPARED, Rounds, Spread, over_rounds, ratio, short
from bench.goals import Goal, goals
from bench.line_up import BEFORE, BESIDE, OURS

_NOTHING = "–"
_PACKAGES = (
    "slack-bolt",
    "slack-sdk",
    "aiohttp",
    "httpx",
    "httpx-aiohttp",
    "pydantic",
    "sqlalchemy",
    "psycopg",
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
        return cls(**json.loads(text))

    def as_json(self) -> str:
        """Return every round's figures."""
        return json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n"


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
    said = (
        f"Medians of {conditions['rounds']:g} rounds in turn (lowest–highest), about {conditions['seconds']:g} s a "
        f"scenario; growth over {conditions['growth']:,.0f} commands; load average before it "
        f"{conditions['load']:.1f}. {'; '.join(results.machine.values())}."
    )
    figures = [
        (metric.title, *(_cell(over_rounds(rounds, metric.key)) for rounds in programs.values()))
        for metric in METRICS
        if any(metric.key in rounds for rounds in programs.values())
    ]
    parts = [said, goals_table(goals(programs)), table(["", *programs], figures)]
    if BEFORE in programs:
        parts += ["Ratios, each round with itself:", _ratios(programs)]
    return "\n\n".join(parts)


def _ratios(programs: Mapping[str, Rounds]) -> str:
    beside = [other for other in BESIDE if other in programs]
    rows = [
        (metric.title, *(_cell(ratio(programs[OURS], programs[other], metric.key)) for other in beside))
        for metric in METRICS
        if metric.key not in NOT_COMPARED
    ]
    return table([f"{OURS}, divided by", *beside], [row for row in rows if set(row[1:]) != {_NOTHING}])


def goals_table(reached: Iterable[Goal]) -> str:
    """Return goals, bounds and whether they were reached."""
    rows = [
        (
            goal.title,
            f"{'≥' if goal.at_least else '≤'} {short(goal.bound)}",
            short(goal.measured),
            "yes" if goal.reached else "no",
        )
        for goal in reached
    ]
    return table(["goal", "bound", "measured", "reached"], rows)


def within(page: str, name: str, report: str) -> str:
    """Return the page with the report between its two marks of that name; raises ValueError where it has none."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    before, _, rest = page.partition(begin)
    _, found, after = rest.partition(end)
    if not found:
        raise ValueError(f"the page has no {begin} … {end}")
    return f"{before}{begin}\n\n{report}\n\n{end}{after}"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _cell(spread: Spread | None) -> str:
    return str(spread) if spread else _NOTHING


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
