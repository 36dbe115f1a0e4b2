"""The form of "Find a call" (pure)."""

import json
from datetime import date, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calls.call_ref import CallRef, ref_in
from bot.calls.cursor import Cursor, PageRequest
from bot.calls.filters import KINDS, LONGEST_NAME, CallFilter
from bot.calls.local_days import Zone
from bot.calls.search_form import ENDINGS, SearchForm, SearchState
from bot.cometchat import Call, InvalidSessionIdError, parse_session_id

forms = st.builds(
    SearchForm,
    kind=st.sampled_from([None, *KINDS]),
    ended=st.sampled_from([None, *ENDINGS]),
    with_whom=st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=LONGEST_NAME).map(
        lambda text: " ".join(text.split())
    ),
    first=st.none() | st.dates(),
    last=st.none() | st.dates(),
)


def test_what_is_filled_in_is_what_is_sought_and_days_are_the_person_s_own() -> None:
    filled = SearchForm.of(
        {"kind": "video", "ended": "missed", "with_whom": " nat  rom ", "first": "2025-03-01"}
    )
    india = Zone(timezone(timedelta(hours=5, minutes=30)), known=True)
    assert filled.filter(india) == CallFilter("video", "missed", "nat rom", since=1_740_767_400)
    one_day = SearchForm(first=date(2025, 3, 1), last=date(2025, 3, 1)).filter(india)
    assert (one_day.until or 0) - (one_day.since or 0) == 86_400
    assert SearchForm().filter(india) == CallFilter()


def test_of_a_name_what_nobody_types_and_no_database_keeps_is_left_out() -> None:
    assert SearchForm.of({"with_whom": "\0na\0t\ud800\u00a0\u06cc\u200cr\n"}).with_whom == "nat \u06cc\u200cr"


@pytest.mark.parametrize(
    ("first", "last", "upside_down"),
    [
        (None, None, False),
        (date(2025, 1, 2), None, False),
        (None, date(2025, 1, 1), False),
        (date(2025, 1, 1), date(2025, 1, 1), False),
        (date(2025, 1, 2), date(2025, 1, 1), True),
    ],
)
def test_the_last_day_may_not_lie_before_the_first(
    first: date | None, last: date | None, *, upside_down: bool
) -> None:
    form = SearchForm(first=first, last=last)
    assert form.upside_down is upside_down
    assert form.dated is bool(first or last)


@pytest.mark.parametrize(
    "said",
    [
        {"kind": "hologram", "ended": "well", "with_whom": 7, "first": "yesterday", "last": 20250101},
        {"kind": ["video"], "ended": {}, "with_whom": None, "first": "2025-02-30", "last": ""},
        {},
    ],
)
def test_what_can_not_be_meant_is_left_open(said: dict[str, Any]) -> None:
    assert SearchForm.of(said) == SearchForm()


pages = st.builds(
    PageRequest,
    forms.map(lambda form: form.filter(Zone())),
    st.builds(Cursor, st.integers(1, 99_999), st.integers(0, 99_999), st.just("0123abcd@999999999999")),
)


@given(
    forms,
    st.text(min_size=1, max_size=255),
    st.none() | st.text(),
    st.none() | st.integers(1, 253_402_300_799),
    pages,
)
def test_a_form_a_call_and_a_page_come_back_from_the_metadata_which_slack_takes(
    form: SearchForm, text: str, mid: str | None, began_at: int | None, page: PageRequest
) -> None:
    try:
        one: CallRef | None = ref_in(parse_session_id(text), Call(mid=mid, started_at=began_at))
    except InvalidSessionIdError:
        one = None
    chosen = SearchState(form, one, page)
    assert SearchState.from_text(chosen.to_text()) == chosen
    assert len(chosen.to_text()) <= 3_000


@pytest.mark.parametrize(
    "text",
    ["", "[]", "null", '{"form": []}', '{"call": "a/b"}', '{"call": 7}', '{"page": "x"}', "[" * 100_000, "x"],
)
def test_of_what_was_never_written_nothing_is_left(text: str) -> None:
    assert SearchState.from_text(text) == SearchState()


@given(st.dictionaries(st.sampled_from(["form", "call", "page", "x"]), st.text() | st.integers() | st.none()))
def test_no_metadata_breaks_it(raw: dict[str, Any]) -> None:
    assert isinstance(SearchState.from_text(json.dumps(raw)), SearchState)
