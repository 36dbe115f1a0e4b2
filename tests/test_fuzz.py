"""The fuzzer itself: its cases come again from the same seed, it sees what it looks for, and a short run finds nothing."""

import ast
import base64
import json
import subprocess
import sys
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis.strategies import binary, sampled_from

from fuzz import marks
from fuzz.__main__ import Plan, fuzz
from fuzz.answers import answer
from fuzz.cards import check
from fuzz.cases import case
from fuzz.connection import Answer
from fuzz.mutate import DEEP, HOSTILE, as_json, changed, changed_bytes, changed_pairs
from fuzz.oracle import Complaint, of_answer, of_line
from fuzz.soak import Soak, soak

pytestmark = pytest.mark.long

BASE = "http://127.0.0.1:1/respond"


def test_a_case_and_its_answer_come_again_from_the_same_seed() -> None:
    for number in range(1, 400, 2):
        assert case(7, number, BASE).kind == case(7, number, BASE).kind
        assert answer(7, number) == answer(7, number)
    kinds = {case(7, number, BASE).kind for number in range(1, 400, 2)}
    assert len([each for each in kinds if each.startswith("event")]) >= 5
    signed = [case(7, number, BASE) for number in range(0, 400, 2)]
    assert all(each.is_signed for each in signed)
    assert len({each.kind for each in signed}) == 15


def test_steps_change_a_value_the_same_way_each_time_and_none_leave_it_as_it_is() -> None:
    document = json.dumps({"a": [1, "two", {"b": None}], "c": "x" * 30})
    changes: list[Callable[[list[int]], object]] = [
        lambda steps: as_json(changed(json.loads(document), steps)),
        lambda steps: changed_pairs([("a", "1"), ("b", "2")], steps),
        lambda steps: changed_bytes(document.encode(), steps),
    ]
    for change in changes:
        results = [str(change([step, step + 1])) for step in range(300)]
        assert results == [str(change([step, step + 1])) for step in range(300)]
        assert len(set(results)) > 20
        assert change([]) == change([])


def test_every_hostile_value_can_be_written_as_json() -> None:
    for value in HOSTILE:
        assert as_json({"key": value})
    assert as_json([DEEP]).count("[") > 2000


@pytest.mark.parametrize(
    ("line", "sort"),
    [
        (b'{"event": "interaction", "level": "info", "outcome": "found"}', None),
        (b'{"event": "reply failed", "level": "error", "reply_failure": "status 404"}', None),
        (b'{"event": "crashed", "level": "error"}', "the log says 'crashed'"),
        (b'{"event": "Unclosed connection", "level": "error", "logger": "asyncio"}', "Unclosed connection"),
        (b"Traceback (most recent call last):", "no JSON"),
        (f'{{"event": "x", "why": "{marks.BOT_TOKEN.upper()}"}}'.encode(), "a planted token"),
    ],
)
def test_the_log_is_judged_line_by_line(line: bytes, sort: str | None) -> None:
    complaint = of_line(line)
    assert (complaint is None) if sort is None else (complaint and sort in complaint.sort)


def test_a_trace_is_named_by_what_was_raised_where() -> None:
    frames = [{"name": "answer", "lineno": 3}]
    line = {"event": "crashed", "exception": [{"exc_type": "KeyError", "frames": frames}]}
    assert of_line(json.dumps(line).encode()) == Complaint(
        "unhandled: crashed: KeyError in answer, line 3", json.dumps(line)
    )


def test_an_answer_may_hold_what_it_is_allowed_and_no_other_secret() -> None:
    body = json.dumps({"text": marks.mark("name")}).encode()
    assert of_answer(Answer(200, b"", body), marks.IN_MESSAGES) is None
    assert of_answer(Answer(200, b"", body), marks.NOWHERE) is not None
    assert of_answer(Answer(500, b"", b""), marks.IN_MESSAGES) is not None
    too_much = json.dumps({"blocks": [{"type": "divider"}] * 51}).encode()
    assert of_answer(Answer(200, b"", too_much), marks.NOWHERE) == Complaint(
        "Slack would refuse the message", "['blocks: 51 blocks, at most 50']"
    )


def test_a_mark_is_found_when_it_was_cut_short_or_written_otherwise() -> None:
    assert marks.leaked(f"…{marks.API_KEY[:13]}…") == {"apikey"[:2]}
    assert marks.leaked(marks.PASSWORD.upper()) == {"password"}
    assert marks.leaked(marks.unmarked(marks.PASSWORD.encode())) == frozenset()


@given(
    before=binary(max_size=9), after=binary(max_size=9), kind=sampled_from(["token", "password", "recording"])
)
def test_a_mark_is_found_in_base64_of_either_alphabet_wherever_it_begins(
    before: bytes, after: bytes, kind: str
) -> None:
    planted = before + marks.mark(kind).encode() + after
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        encoded = encode(planted).decode()
        for text in (encoded, encoded.rstrip("="), f'{{"key": "Basic {encoded}"}}'):
            assert marks.leaked(text) == {kind}
            assert marks.leaked(text, {kind}) == frozenset()


@given(binary(max_size=60))
def test_what_has_no_mark_in_it_is_no_leak_in_base64_either(data: bytes) -> None:
    assert marks.leaked(base64.b64encode(data)) == frozenset()


def test_fifty_changed_answers_go_through_the_pure_parts() -> None:
    assert [broken for number in range(50) if (broken := check(1, number))] == []


def test_a_hurried_clock_reaches_what_the_bot_keeps_and_nothing_else() -> None:
    code = "from fuzz import instrumented; print(instrumented.hurry(1000))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603 - ours
    assert {"ShareClaims", "People", "Workspace"} <= set(ast.literal_eval(told.stdout))
    assert "Answering" not in told.stdout


async def test_a_short_run_against_the_real_process_finds_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert await fuzz(Plan(seed=1, requests=250, seconds=20, cards=0)) == 0, capsys.readouterr().out
    assert "0 bugs found" in capsys.readouterr().out


async def test_a_short_soak_leaves_the_process_as_small_as_it_was(capsys: pytest.CaptureFixture[str]) -> None:
    assert await soak(Soak(seed=1, commands=100), clock=1000) == 0, capsys.readouterr().out
