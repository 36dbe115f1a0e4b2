"""What the ids of the call buttons' blocks say."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calls.call_ref import WHICH, CallRef
from bot.cards.call_buttons import Place, block_id, page_id, page_of, shows_ids, thread_of, turns, which_of
from bot.cometchat import SessionId


@pytest.mark.parametrize(
    ("block_id", "page"),
    [("callinfo_page:2", 2), ("callinfo_page:2:@5", 2), ("callinfo_page:x", 0), ("other:2", 0), ("", 0)],
)
def test_the_page_stands_in_the_block_s_id(block_id: str, page: int) -> None:
    assert page_of(block_id) == page


threads = st.none() | st.from_regex(r"[0-9]{10}\.[0-9]{6}", fullmatch=True)


whiches = st.just("") | st.from_regex(rf"(?:{WHICH})", fullmatch=True)


@given(threads, whiches, st.none() | st.integers(0, 999))
def test_a_block_s_id_says_which_thread_and_which_call(
    thread_ts: str | None, which: str, number: int | None
) -> None:
    made = block_id(thread_ts, which, number=number)
    assert len(made) <= 80
    assert (thread_of(made), which_of(made), page_of(made)) == (thread_ts, which, 0)
    turning = block_id(thread_ts, which, turns=True)
    assert (thread_of(turning), which_of(turning), turns(turning), turns(made)) == (
        thread_ts,
        which,
        True,
        False,
    )
    for ids in (False, True):
        page = page_id(number or 0, which, ids=ids)
        assert (thread_of(page), which_of(page), page_of(page)) == (None, which, number or 0)
        assert (shows_ids(page), shows_ids(made)) == (ids, False)


@given(st.text() | st.from_regex(r"(callinfo_(call|page))?(:[0-9a-f@.]{0,20}){0,4}"))
def test_another_block_s_id_breaks_nothing(text: str) -> None:
    assert len(which_of(text)) <= 29
    assert CallRef.of(SessionId("standup"), which_of(text)).session_id == "standup"
    assert thread_of(text) is None or re.fullmatch(r"[0-9]{10}\.[0-9]{6}", thread_of(text) or "")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("support", "#support"),
        ("über-uns", "#über-uns"),
        ("", "this channel"),
        ("privategroup", "this channel"),
        ("directmessage", "this conversation"),
        ("mpdm-tony--steve-1", "this conversation"),
        ("x" * 500, f"#{'x' * 79}…"),
    ],
)
def test_a_channel_goes_by_its_name_where_slack_tells_it(name: str, words: str) -> None:
    assert Place(channel_name=name).name == words
