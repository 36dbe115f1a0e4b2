"""What a check finds, and how all results read, for a person or a program. Pure."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

_WIDTH = 110
_START = "Start the bot with `python -m bot`, unless it is running. Once it says ready, type /callinfo help in Slack."


class State(Enum):
    """How a check went; SKIPPED where it could not be made, which says nothing about the set-up."""

    OK = "ok"
    FAILED = "failed"
    SKIPPED = "skipped"


_MARKS = {State.OK: "✔", State.FAILED: "✖", State.SKIPPED: "–"}


@dataclass(frozen=True, slots=True)
class Result:
    """What a check found: a sentence, and for a failure the one thing to do. The runner fills `check` in, its name."""

    state: State
    sentence: str
    do: str | None = None
    check: str = ""


def ok(sentence: str) -> Result:
    """Return the result where all is well."""
    return Result(State.OK, sentence)


def failed(sentence: str, do: str) -> Result:
    """Return the result where something has to be done."""
    return Result(State.FAILED, sentence, do)


def skipped(sentence: str) -> Result:
    """Return the result where nothing can be said."""
    return Result(State.SKIPPED, sentence)


def next_step(results: Sequence[Result]) -> str | None:
    """Return what to do about the first failure, since later ones may come from it; None where all is well."""
    return next((result.do for result in results if result.state is State.FAILED), None)


def as_table(results: Sequence[Result]) -> str:
    """Return a line or more for each result, with a mark and a word for its state, and what to do next."""
    widest = max(len(result.check) for result in results)
    lines = [line for result in results for line in _row(result, widest)]
    step = next_step(results)
    last = f"Next: {step}" if step else f"{_all_well(results)} {_START}"
    return "\n".join([*lines, "", *textwrap.wrap(last, _WIDTH)])


def _all_well(results: Sequence[Result]) -> str:
    """Return how far all is well: nothing is known of what was skipped."""
    skipped = sum(result.state is State.SKIPPED for result in results)
    if not skipped:
        return "No problems found."
    return (
        f"No problems found. {skipped} of {len(results)} checks {'was' if skipped == 1 else 'were'} skipped."
    )


def as_json(results: Sequence[Result]) -> str:
    """Return the results as one JSON object."""
    document = {
        "ok": next_step(results) is None,
        "checks": [
            {
                "check": result.check,
                "state": result.state.value,
                "sentence": result.sentence,
                "do": result.do,
            }
            for result in results
        ],
        "next": next_step(results),
    }
    return json.dumps(document, ensure_ascii=False, indent=2)


def _row(result: Result, widest: int) -> list[str]:
    head = f"{_MARKS[result.state]} {result.state.value:<7}  {result.check:<{widest}}  "
    return textwrap.wrap(
        result.sentence,
        _WIDTH,
        initial_indent=head,
        subsequent_indent=" " * len(head),
        break_on_hyphens=False,
    )
