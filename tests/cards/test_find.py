"""The modals of "Find a call": sound for whatever the data."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calls.call_ref import CallRef
from bot.calls.cursor import Cursor, PageRequest
from bot.calls.filters import KINDS, CallFilter
from bot.calls.history import HistoryPage
from bot.calls.local_days import Zone
from bot.calls.lookup import LookupResult
from bot.calls.problems import Problem, ProblemKind, Whom
from bot.calls.search_form import ENDINGS, SearchForm, SearchState
from bot.cards.find import chosen, find_problem, form, found
from bot.cards.kit.limits import violations
from bot.cards.kit.message import Message
from bot.cards.problem_card import Contacts
from bot.cards.share import shared_modal
from bot.cards.waiting import loading_find
from bot.cometchat import SessionId, Uid
from bot.cometchat.parsing import parse_call
from bot.playground.samples import call_json, participant_json
from bot.playground.samples.build import ENDED_AT
from tests.cards.hostile import NASTY, assert_sound, assert_sound_view, hostile_calls

NOW = 1_763_812_800
ME, ZONE = Uid("superhero1"), Zone()
forms = st.builds(
    SearchForm,
    kind=st.sampled_from([None, *KINDS]),
    ended=st.sampled_from([None, *ENDINGS]),
    with_whom=st.sampled_from([text[:80] for text in NASTY if not text.startswith("<@")])
    | st.text(max_size=80),
    first=st.none() | st.dates(),
    last=st.none() | st.dates(),
)


def listed(*raw: dict[str, Any], query: PageRequest | None = None, **more: Any) -> HistoryPage:
    calls = tuple(parse_call(each) for each in raw)
    older, looked = more.get("older"), more.get("looked_through")
    return HistoryPage(ME, calls, query or PageRequest(), older, None, looked, None, 200)


@given(forms)
def test_the_form_is_sound_however_it_was_filled_in(filled: SearchForm) -> None:
    assert_sound_view(form(filled))


def test_the_form_shows_what_was_filled_in() -> None:
    view = str(form(SearchForm("video", "rejected", "natasha", date(2025, 1, 2), date(2025, 1, 3))))
    for words in (
        "'initial_value': 'natasha'",
        "'initial_date': '2025-01-02'",
        "'initial_date': '2025-01-03'",
    ):
        assert words in view
    assert view.count("'initial_option'") == 2


@given(st.lists(hostile_calls, max_size=20), st.sampled_from(NASTY), forms, st.booleans())
def test_nothing_that_the_api_or_a_person_says_breaks_the_list(
    calls: list[dict[str, Any]], session_id: str, filled: SearchForm, known: object
) -> None:
    query = PageRequest(filled.filter(ZONE)) if not filled.upside_down else PageRequest()
    raw = [{**each, "sessionId": session_id} for each in calls]
    view = found(listed(*raw, query=query), filled, zone_known=bool(known), now=NOW)
    assert_sound(Message("", tuple(view["blocks"])), mentions="<@U012AB3CD>")
    assert len(view["blocks"]) <= 45


@given(hostile_calls, forms, st.none() | st.sampled_from([text for text in NASTY if text]))
def test_no_call_data_breaks_the_chosen_call(
    raw: dict[str, Any], filled: SearchForm, hint: str | None
) -> None:
    call = LookupResult(SessionId("x" * 255), ME, parse_call(raw), 2, hint, 200)
    assert_sound_view(chosen(call, SearchState(filled), now=NOW))


def test_the_chosen_call_says_what_the_summary_does_without_a_table() -> None:
    people = [
        participant_json(f"u{number}", name=f"Person {number}", leftAt=ENDED_AT - 9 * number)
        for number in range(12)
    ]
    hint = "This id belongs elsewhere."
    call = LookupResult(SessionId("standup"), ME, parse_call(call_json(participants=people)), 2, hint, 200)
    view = chosen(call, SearchState(), now=NOW)
    for words in (
        "Audio call with Person 0 and 12 others",
        "Call 2 of 2 in this session",
        "Person 9",
        "and 2 more",
        "standup",
        hint,
    ):
        assert words in str(view)
    assert "table" not in {block["type"] for block in view["blocks"]}


@pytest.mark.parametrize(
    ("view", "words"),
    [
        (shared_modal(before=False), "Call shared."),
        (shared_modal(before=True), "This call was already shared there."),
        (loading_find(), "Loading…"),
    ],
)
def test_the_fixed_modals_are_sound(view: dict[str, Any], words: str) -> None:
    assert_sound_view(view)
    assert words in str(view)


@pytest.mark.parametrize(
    ("more", "filled", "words"),
    [
        ({"looked_through": 160}, SearchForm("audio"), "Searched 160 of your calls."),
        (
            {"older": PageRequest(cursor=Cursor(1, 20))},
            SearchForm(),
            "There are more. Press Older, or change the search.",
        ),
        ({}, SearchForm(first=date(2025, 1, 5)), "from 5 Jan 2025"),
        ({}, SearchForm(last=date(2025, 1, 5)), "Days are in UTC"),
    ],
)
def test_the_list_says_what_a_person_should_know_besides(
    more: dict[str, Any], filled: SearchForm, words: str
) -> None:
    query = PageRequest(filled.filter(ZONE))
    assert words in str(found(listed(call_json(), query=query, **more), filled, zone_known=False, now=NOW))


def test_where_nothing_matches_it_says_so_and_leads_back_to_the_form() -> None:
    nothing = listed(query=PageRequest(CallFilter("video")))
    view = str(found(nothing, SearchForm("video"), zone_known=True, now=NOW))
    assert "No calls match" in view
    assert "find_change" in view


@given(forms, st.sampled_from(ProblemKind), st.booleans(), st.booleans())
def test_no_problem_is_a_dead_end_unless_a_call_may_have_been_shared(
    filled: SearchForm, kind: ProblemKind, chosen_one: object, quiet: object
) -> None:
    one = CallRef(SessionId("x" * 255), "0" * 16, NOW) if chosen_one else None
    problem = Problem(kind, "Something happened.", "Do something.", ask=Whom.ADMIN, quiet=bool(quiet))
    view = find_problem(problem, "REF", Contacts(("U0ALEX",)), SearchState(filled, one))
    assert violations(view, "modal") == []
    assert ("find_change" in str(view)) is (kind is not ProblemKind.SHARE_UNCONFIRMED)
    assert ("ask_admin" in str(view)) is (kind is ProblemKind.NOT_LINKED)
    assert SearchState.from_text(view["private_metadata"]).call == one
