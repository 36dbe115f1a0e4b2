"""The findings as a person reads them, or a program. Pure."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Sequence

from bot.checks.finding import Finding, State

_MARKS = {State.OK: "✔", State.FAILED: "✖", State.SKIPPED: "–"}
_WIDTH = 110
_ALL_WELL = "All is well. Start it with `python -m bot`, or let it run; once it says ready, type /callinfo help in Slack."


def next_step(findings: Sequence[Finding]) -> str | None:
    """Return the one thing to do next: of the first failure, since later ones may come from it; None where all is well."""
    return next((found.do for found in findings if found.state is State.FAILED), None)


def table(findings: Sequence[Finding]) -> str:
    """Return a line or more for each finding, a mark and a word for its state, and what to do next."""
    widest = max(len(found.check) for found in findings)
    lines = [line for found in findings for line in _row(found, widest)]
    step = next_step(findings)
    return "\n".join([*lines, "", *textwrap.wrap(f"Next: {step}" if step else _ALL_WELL, _WIDTH)])


def as_json(findings: Sequence[Finding]) -> str:
    """Return them as one JSON object."""
    told = {
        "ok": next_step(findings) is None,
        "checks": [
            {"check": found.check, "state": found.state.value, "sentence": found.sentence, "do": found.do}
            for found in findings
        ],
        "next": next_step(findings),
    }
    return json.dumps(told, ensure_ascii=False, indent=2)


def _row(found: Finding, widest: int) -> list[str]:
    head = f"{_MARKS[found.state]} {found.state.value:<7}  {found.check:<{widest}}  "
    return textwrap.wrap(
        found.sentence, _WIDTH, initial_indent=head, subsequent_indent=" " * len(head), break_on_hyphens=False
    )
