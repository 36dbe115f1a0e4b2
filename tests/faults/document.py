"""docs/faults.md, made of the table: for an operator who has a line of the log, or somebody's screen, before them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from tests.faults import events, telling
from tests.faults.model import LOOK_UPS, TOLD_IN, Cell, Entry, Fault, Group, Place, good
from tests.faults.table import GROUPS

PATH = Path(__file__).parents[2] / "docs" / "faults.md"

_INTRODUCTION = """\
# When something fails

What people read, what the log says, and what to do, for each fault that callinfo is known to meet. `python -m tests.faults`
writes this page from the table in `tests/faults/`. The tests cause each fault at each thing that a person can do, and
compare.

**What holds for all of them.** Slack gets its ack within 3 seconds, and the person gets one answer, in words. Where
nothing can reach them, this page says so. Where the same fault may pass within a minute, a button *Try again* is below the
words. One line in the log has the `outcome` and the `reference`, which the person reads as well where they are told to
pass it on: search the log for it. The line’s event is `interaction`, or `reply failed` where Slack did not take the
answer. `upstream_status` and `upstream_code` are what CometChat answered, or the kind of the network’s error. A trace
is in the log only where callinfo itself has a bug (`outcome=crashed`). No token, key, address to reply to, or message
of CometChat’s is in either.

*(and whom to ask)* is one more sentence, with `CALLINFO_ADMINS` and `CALLINFO_SUPPORT`. *It takes longer* is what
people read first if the answer takes longer than Slack waits. The answer follows.

**Where people read it**, if nothing else is said:
"""

_ASK = " *(and whom to ask)*"
_PROMISE = "*It takes longer*, then "


def document() -> str:
    """Return the page."""
    groups = (line for group in GROUPS for line in _group(group))
    return "\n".join([_INTRODUCTION, *_places(), *groups, *telling.page(), *events.page()])


def _places() -> Iterator[str]:
    by_place = sorted(LOOK_UPS, key=lambda entry: list(Place).index(TOLD_IN[entry]))
    for place, entries in groupby(by_place, key=lambda entry: TOLD_IN[entry]):
        yield f"- {', '.join(entries)}: {place}"
    yield ""


def _group(group: Group) -> Iterator[str]:
    yield from (f"## {group.name}", "", group.about, "")
    for fault in group.faults:
        yield from (f"### {fault.name}", "")
        yield from _fault(fault)
        yield from (f"**To do:** {fault.to_do}", "")


def _fault(fault: Fault) -> Iterator[str]:
    usual, rows = _rows(fault)
    told = [pair for row in rows for pair in row]
    if not rows:
        yield "**People read** what they asked for. **The log:** the usual `outcome`."
    elif not usual and all(_same_but_for_place(told[0][1], entry, cell) for entry, cell in told):
        yield from (f"> {_reads(told[0][1])}", "", f"**The log:** {_log(told)}")
    else:
        yield from ("| at | people read | the log |", "|---|---|---|")
        for row in rows:
            cell = row[0][1]
            where = "" if cell.place is Place.NOWHERE else f", {cell.place}"
            yield f"| {'; '.join(entry for entry, _ in row)} | {_reads(cell)}{where} | {_log(row)} |"
        if usual:
            yield f"| {'; '.join(usual)} | what they asked for | the usual `outcome` |"
    if beside := set(fault.also) - {cell.event for _, cell in told}:
        yield from ("", f"**Beside it:** {', '.join(f'`{event}`' for event in sorted(beside))}")
    yield ""


_Row = list[tuple[Entry, Cell]]


def _same_but_for_place(one: Cell, entry: Entry, cell: Cell) -> bool:
    return cell.place is TOLD_IN[entry] and replace(cell, place=one.place) == one


def _rows(fault: Fault) -> tuple[Sequence[Entry], list[_Row]]:
    """Return the entries at which nothing is wrong, and the others, grouped by what comes of them."""
    usual = [entry for entry, cell in fault.cells.items() if cell == good(entry)[entry]]
    rows: dict[object, _Row] = {}
    for entry in (entry for entry in Entry if entry in fault.cells and entry not in usual):
        cell = fault.cells[entry]
        log = {name: value for name, value in cell.log.items() if name != "outcome"}
        same = (cell.place, cell.reads, cell.ask, cell.promised, cell.event, str(log))
        rows.setdefault(same, []).append((entry, cell))
    return usual, list(rows.values())


def _reads(cell: Cell) -> str:
    promise = _PROMISE if cell.promised else ""
    if not cell.reads:
        return f"{promise}**nothing**"
    return f"{promise}“{' '.join(cell.reads)}”{_ASK if cell.ask else ''}"


def _log(row: _Row) -> str:
    """Return the facts of a row's lines in the log; their outcomes may differ."""
    cell = row[0][1]
    outcomes = list(dict.fromkeys(str(cell.log["outcome"]) for _, cell in row if "outcome" in cell.log))
    facts = [" or ".join(f"`outcome={outcome}`" for outcome in outcomes)] if outcomes else []
    facts += [f"`{name}={value}`" for name, value in cell.log.items() if name != "outcome"]
    return f"`{cell.event}`: {', '.join(facts)}"
