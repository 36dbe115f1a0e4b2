"""The benchmark's own reckoning: ratios, goals, and the report's place in the docs."""

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from bench import transcripts
from bench.figures import over_rounds, percentile, ratio, short
from bench.goals import IMPORT, goals
from bench.line_up import ASYNC_TUTORIAL, BEFORE, FLOOR, OURS, line_up
from bench.people import PEOPLE, is_summary
from bench.plot import svg
from bench.report import Results, markdown, within
from bench.scale import ASKING, Database, asks
from bench.scenarios import SCENARIOS
from bench.slack import TEAM_ID, Slack
from bench.upstream import answer
from bot.cards.waiting import looking_up
from bot.cometchat import SessionCalls, SessionId, Uid
from bot.cometchat.wire import parse_calls
from bot.storage.store import open_store
from bot.throttling.call_cache import EndedCallsCache

RESULTS = Results(
    {"rounds": 3, "seconds": 1, "growth": 1000, "load": 0.5},
    {"machine": "2 cores"},
    {
        OURS: {"one_ms": [2.0, 3.0, 2.0], "rate_16": [900.0, 800.0, 1000.0], "start_s": [0.8], "lost": [0.0]},
        ASYNC_TUTORIAL: {"one_ms": [4.0, 4.0, 5.0], "rate_16": [400.0, 400.0, 400.0]},
        FLOOR: {"one_ms": [0.5, 0.5, 0.5]},
        IMPORT: {"start_s": [0.4]},
    },
)


def test_a_percentile_is_a_value_that_was_measured() -> None:
    assert percentile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert percentile([3.0, 1.0, 2.0], 0.99) == 3.0
    assert percentile([1.0], 0.01) == 1.0


def test_a_ratio_compares_each_round_with_itself() -> None:
    spread = ratio(RESULTS.programs[OURS], RESULTS.programs[ASYNC_TUTORIAL], "one_ms")
    assert spread is not None
    assert (spread.median, spread.low, spread.high) == (0.5, 0.4, 0.75)
    assert ratio(RESULTS.programs[OURS], RESULTS.programs[FLOOR], "rate_16") is None
    assert over_rounds(RESULTS.programs[FLOOR], "rate_16") is None


def test_numbers_have_three_digits_and_no_exponent() -> None:
    assert [short(value) for value in (0.0, 0.01234, 1.234, 12345.6)] == ["0", "0.0123", "1.23", "12,346"]


def test_goals_are_told_as_far_as_they_were_measured() -> None:
    told = {goal.title: (goal.measured, goal.reached) for goal in goals(RESULTS.programs)}
    assert told == {
        "one in flight: p50 ÷ async tutorial": (0.5, True),
        "16 in flight: summaries per second ÷ async tutorial": (2.25, True),
        "start to ready ÷ import of Bolt": (2.0, True),
    }


def test_the_report_shows_what_was_measured_and_comes_again_from_its_json() -> None:
    report = markdown(RESULTS)
    assert "| 16 in flight: summaries per second | 900 (800–1,000) | 400 | – | – |" in report
    assert "| one in flight: p50 ÷ async tutorial | ≤ 0.600 | 0.500 | yes |" in report
    assert markdown(Results.from_json(RESULTS.as_json())) == report


def test_an_older_version_is_another_program_that_ours_is_divided_by() -> None:
    programs = {**RESULTS.programs, BEFORE: {"one_ms": [4.0, 4.0, 4.0]}}
    before = Results(RESULTS.conditions, RESULTS.machine, programs)
    assert (
        "| one in flight: p50 to the summary, ms | 0.500 (0.400–0.750) | 4.00 (4.00–6.00) | 0.500 (0.500–0.750) |"
        in (markdown(before))
    )


def test_a_report_takes_its_place_between_its_marks_in_the_page() -> None:
    page = "# Title\n<!-- speed: begin -->\nold\n<!-- speed: end -->\nrest"
    assert (
        within(page, "speed", "new") == "# Title\n<!-- speed: begin -->\n\nnew\n\n<!-- speed: end -->\nrest"
    )
    assert within(within(page, "speed", "newer"), "speed", "new") == within(page, "speed", "new")
    with pytest.raises(ValueError, match="has no"):
        within(page, "scale", "new")


def test_the_page_has_a_place_for_each_report() -> None:
    page = (Path(__file__).parent.parent / "docs" / "performance.md").read_text(encoding="utf-8")
    for name in ("speed", "scale", "transcripts"):
        assert "new" in within(page, name, "new")


async def test_transcripts_are_opened_turned_and_searched() -> None:
    report = await transcripts.measure(transcripts.Plan(times=2))
    assert "| search in three hours of talk: p95, ms | ≤ 300 |" in report
    assert all(f"| {name} |" in report for name in ("open", "turn a page", "search"))


def test_the_plot_is_a_picture_with_a_bar_for_each_figure() -> None:
    picture = ET.fromstring(svg(RESULTS.programs))  # noqa: S314 - our own
    assert len(picture.findall("{http://www.w3.org/2000/svg}rect")) == 1 + 3 + 2 + 1


def test_programs_are_measured_at_scenarios_that_there_are(tmp_path: Path) -> None:
    programs = line_up(
        mapped="sqlite://", linked="postgresql://x", before=tmp_path, before_mapped="sqlite://"
    )
    assert [program.name for program in programs] == [*dict.fromkeys(program.name for program in programs)]
    assert len(programs) == 5
    assert len(line_up(mapped="", linked=None, before=None, before_mapped="")) == 3
    assert all(set(program.scenarios) <= set(SCENARIOS) for program in programs)


def test_the_call_of_the_benchmark_is_never_cached() -> None:
    (call,) = parse_calls(200, {"content-type": "application/json"}, answer())
    assert len(call.participants) == len(PEOPLE)
    cache = EndedCallsCache()
    uid, session_id = Uid("superhero1"), SessionId("standup")
    cache.put(uid, session_id, SessionCalls((call,), 200))
    assert cache.get(uid, session_id) is None


async def test_a_full_database_has_the_links_and_audit_rows_that_it_is_filled_with(url: str) -> None:
    database = Database(url)
    database.add_links(count=50, people=20)
    database.add_audit(count=30, people=20, since_days=80)
    async with open_store(url) as store:
        assert (await store.links.page(TEAM_ID)).total == 50
        assert len(await store.audit.latest(100)) == 30


async def test_people_ask_in_turn_for_what_is_measured() -> None:
    async with Slack() as slack:
        requests = [ask.command().request for ask in asks(slack).values() for _ in range(ASKING + 1)]
    assert [b"text=whoami" in each for each in requests[:2]] == [True, True]
    assert b"user_id=U0SCALE0&" in requests[0]
    assert b"user_id=U0SCALE1&" in requests[1]
    assert b"user_id=U0SCALE0&" in requests[ASKING]


def test_a_summary_names_everybody_and_a_promise_nobody() -> None:
    assert is_summary(" and ".join(PEOPLE.values()).encode())
    assert not is_summary(looking_up().text.encode())
