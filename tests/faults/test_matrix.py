"""Every cell of the fault matrix, through the front door; `table.py` says what is expected."""

import asyncio
from collections.abc import Mapping

import pytest

from bot.playground.run import API_KEY, BOT_TOKEN, SIGNING_SECRET
from bot.playground.samples import ECHOED_KEY_PART
from bot.settings import Settings
from tests.databases import PostgreSQL
from tests.faults.matrix import Line, Matrix, run
from tests.faults.model import Cell, Entry, Fault, NoDescriptors, Place, as_late
from tests.faults.scene import Seen, everything
from tests.faults.table import FAULTS
from tests.process import BUSY_MACHINE

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]  # the first test waits for all

IN_ONE_PROCESS = [fault for fault in FAULTS if NoDescriptors() not in fault.causes]
CELLS = [(fault, entry) for fault in IN_ONE_PROCESS for entry in fault.cells]
SECRETS = (BOT_TOKEN, SIGNING_SECRET, API_KEY, ECHOED_KEY_PART, "/response/", "s3cret", "xoxb-")
ANSWER_WITHIN = Settings.model_fields["callinfo_answer_within"].default
WHOM_TO_ASK = (
    "Ask <@U0ALEX>",
    "Ask an admin.",
    "reference to <@U0ALEX>",
    "reference to an admin",
)


@pytest.fixture(scope="module")
def matrix(request: pytest.FixtureRequest) -> Matrix:
    """Run all cells at once; the tests look at what came of each."""
    try:
        server: PostgreSQL | None = request.getfixturevalue("postgresql")
    except pytest.skip.Exception:
        server = None
    return asyncio.run(run(IN_ONE_PROCESS, server, is_as_expected))


def named(value: Fault | Entry) -> str:
    return value.name


@pytest.mark.parametrize(("fault", "entry"), CELLS, ids=named)
def test_one_answer_in_time_in_these_words_and_one_line_in_the_log(
    matrix: Matrix, fault: Fault, entry: Entry
) -> None:
    seen = matrix.seen.get((fault.name, entry))
    if seen is None:
        pytest.skip("needs PostgreSQL")
    came_out_as_it_should(fault, entry, seen)


def is_as_expected(fault: Fault, seen: Mapping[Entry, Seen], lines: list[Line]) -> bool:
    """Judge a run as the tests do."""
    try:
        for entry, each in seen.items():
            came_out_as_it_should(fault, entry, each)
    except (AssertionError, ValueError):
        return False
    return warned(lines) - BUSY_MACHINE - LOOKING <= set(fault.also)


def came_out_as_it_should(fault: Fault, entry: Entry, seen: Seen) -> None:
    cell = fault.cells[entry]
    was_taken_in_time(cell, seen)
    reads_one_answer(cell, seen)
    (line,) = seen.lines
    assert line["event"] == cell.event
    assert {name: line.get(name) for name in cell.log} == cell.log
    told = " ".join(text for _, text in seen.answers)
    assert ("send this reference to" in told) is (str(line.get("reference")) in told)
    assert [secret for secret in SECRETS if secret in everything(seen)] == []


def was_taken_in_time(cell: Cell, seen: Seen) -> None:
    """By the stand-in Slack's own rule, which is Slack's: what is later than 3 s is an error there."""
    refused = cell.event == "request refused"
    assert seen.delivery.error == ("dispatch_failed" if refused else None)
    assert seen.delivery.status == (401 if refused else 200)


def reads_one_answer(cell: Cell, seen: Seen) -> None:
    if seen.promises and not cell.promised and seen.delivery.elapsed > ANSWER_WITHIN:  # on a busy machine
        cell = as_late(cell)
    expected = [] if cell.place is Place.NOWHERE else [cell.place]
    assert [place for place, _ in seen.answers] == expected, seen.answers
    assert seen.promises == cell.promised
    for _, text in seen.answers:
        at = [text.find(sentence) for sentence in cell.reads]
        assert -1 not in at, text
        assert at == sorted(at), text
        assert any(whom in text for whom in WHOM_TO_ASK) == cell.ask, text


@pytest.mark.parametrize("fault", IN_ONE_PROCESS, ids=named)
def test_the_process_lives_on_and_takes_requests(matrix: Matrix, fault: Fault) -> None:
    assert matrix.well.get(fault.name, True)  # not there where it needs PostgreSQL


# The person who subscribed is looked for when it is their turn, which may come meanwhile
LOOKING = {"people unavailable"}


@pytest.mark.parametrize("fault", IN_ONE_PROCESS, ids=named)
def test_the_rest_of_the_log_has_no_trace_no_secret_and_no_warning_that_the_table_does_not_name(
    matrix: Matrix, fault: Fault
) -> None:
    lines = matrix.log.get(fault.name, [])  # none where it needs PostgreSQL, and there is no such server
    expected = set(fault.also) if lines else set()  # faults of the database name what a busy machine does too
    assert warned(lines) - ((BUSY_MACHINE | LOOKING) - expected) == expected
    assert not [line for line in lines if "exc_info" in line or "exception" in line]
    assert [secret for secret in SECRETS if secret in repr(lines)] == []


def warned(lines: list[Line]) -> set[str]:
    """Return which warnings there were; that a reply failed is an answer's own line."""
    return {line["event"] for line in lines if line["level"] not in {"debug", "info"}} - {"reply failed"}
