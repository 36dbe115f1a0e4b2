"""Positions in a list, as buttons carry them (pure)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calls.cursor import Cursor, PageRequest, mark_of
from bot.calls.filters import LONGEST_NAME, CallFilter
from bot.calls.typed_text import without_controls
from bot.cometchat import Call

marks = st.just("") | st.from_regex(r"[0-9a-f]{8}@[0-9]{0,12}", fullmatch=True)
cursors = st.builds(
    Cursor,
    st.integers(1, 99_999),
    st.integers(0, 99_999),
    marks,
    st.booleans(),
    st.integers(1, 99_999),
    st.booleans(),
)
filters = st.builds(CallFilter, with_whom=st.text(max_size=LONGEST_NAME).map(without_controls))


@given(st.builds(PageRequest, filters, cursors))
def test_a_request_comes_back_from_its_text_which_fits_into_a_button(request: PageRequest) -> None:
    assert PageRequest.from_text(request.to_text()) == request
    assert len(request.to_text()) <= 200


@given(
    st.text()
    | st.from_regex(r"\^?-?\d{1,3}\.\d{1,3}(~\w{0,12})?(#\d)?\|\w{0,6}\|\w{0,6}\|[\d-]{0,25}\|.{0,90}")
)
def test_no_other_text_is_a_request_or_breaks_it(text: str) -> None:
    request = PageRequest.from_text(text)
    assert request is None or PageRequest.from_text(request.to_text()) == request


@pytest.mark.parametrize(
    "text",
    [
        "1.0,1.5~0123abcd@1700000000|||-|",
        "1.0+3,4.0,5.2|video|missed|today|natasha",
        "1.0/20|||-|",
        "^1.0,2.0|||-|",
    ],
)
def test_a_button_of_an_earlier_version_is_not_understood(text: str) -> None:
    assert PageRequest.from_text(text) is None


def test_the_first_page_is_written_as_it_always_was() -> None:
    first = PageRequest(CallFilter("video", "missed", "natasha", today=True))
    assert first.to_text() == "1.0|video|missed|today|natasha"
    assert first.cursor.at_start
    assert not Cursor(back=True).at_start


def test_a_mark_tells_calls_of_one_session_apart_and_a_call_without_an_id_has_none() -> None:
    calls = [Call("s", "m1", started_at=1), Call("s", "m2", started_at=1), Call("s2", "m1", started_at=1)]
    assert len({mark_of(call) for call in calls}) == 3
    assert mark_of(Call("s", None, started_at=1)) == ""
    assert mark_of(Call("s", "m\ud800"))
