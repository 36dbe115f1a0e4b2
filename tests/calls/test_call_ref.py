"""Which call of a session is meant (pure)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calls.call_ref import CallRef, ref_in, ref_of
from bot.cometchat import Call, SessionId

S = SessionId("standup")
TODAY, YESTERDAY = Call("standup", "m2", started_at=200), Call("standup", "m1", started_at=100)
calls = st.builds(
    Call,
    session_id=st.just("standup"),
    mid=st.none() | st.sampled_from(["m1", "m2", "m 3"]) | st.text(),
    initiated_at=st.none() | st.integers(1, 5),
    started_at=st.none() | st.integers(1, 5),
)


@given(st.lists(calls, min_size=1, max_size=5, unique_by=lambda call: call.mid or call.began_at))
def test_each_call_of_a_session_is_found_by_what_its_button_says(session: list[Call]) -> None:
    for call in session:
        one = ref_of(call)
        assert one
        place = one.index_in(session)
        assert place is not None
        assert (
            session[place] == call or not call.mid
        )  # without one, what began at the same time is all there is
        assert CallRef.from_text(one.to_text()) == one
        assert len(one.to_text()) <= 285


def test_without_a_word_of_which_it_is_the_newest() -> None:
    assert CallRef(S).to_text() == "standup"
    assert CallRef(S).index_in([TODAY, YESTERDAY]) == 0
    assert CallRef(S).index_in([]) is None


def test_a_call_that_says_neither_which_nor_when_is_the_one_such_and_never_the_newest() -> None:
    nameless = ref_in(S, Call("standup"))
    assert CallRef.from_text(nameless.to_text()) == nameless != CallRef(S)
    assert nameless.index_in([TODAY, YESTERDAY, Call("standup")]) == 2
    assert nameless.index_in([TODAY, YESTERDAY]) is None
    assert nameless.index_in([TODAY, Call("standup"), Call("standup")]) is None, (
        "which of the two, nobody can say"
    )
    assert nameless.index_in([TODAY]) == 0, "the other answer may have left out what this one says"
    assert nameless.index_in([]) is None


def test_a_call_that_is_gone_is_none_of_the_others() -> None:
    assert ref_in(S, YESTERDAY).index_in([TODAY]) is None
    assert ref_in(S, YESTERDAY).index_in([Call("standup", "another", started_at=100)]) is None
    assert ref_in(S, Call(mid="m")).index_in([Call(started_at=1)]) is None


def test_what_one_of_the_two_answers_leaves_out_is_no_matter() -> None:
    assert ref_in(S, YESTERDAY).index_in([TODAY, Call("standup", started_at=100)]) == 1
    assert ref_in(S, Call(initiated_at=90)).index_in([TODAY, Call(initiated_at=90, started_at=100)]) == 1


def test_a_call_whose_session_can_not_be_asked_for_can_not_be_chosen() -> None:
    assert ref_of(Call(session_id="a/b")) is None
    assert ref_of(Call()) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "a/b",
        "standup ",
        "standup x",
        "standup @-1",
        "standup @1 2",
        "standup 0@1",
        f"standup @{10**12}",
    ],
)
def test_what_was_never_written_here_is_none(text: str) -> None:
    assert CallRef.from_text(text) is None


def test_of_calls_with_one_mid_the_one_that_began_then_is_meant() -> None:
    """An API that says 0 of each call, or "null", tells none of them apart by it."""
    today, yesterday = Call("standup", "0", started_at=200), Call("standup", "0", started_at=100)
    assert ref_in(S, yesterday).index_in([today, yesterday]) == 1
    assert ref_in(S, Call("standup", "0", started_at=150)).index_in([today, yesterday]) is None
