"""Which calls are sought (pure)."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calls.filters import EVERY_CALL, KINDS, LONGEST_NAME, MISSED, CallFilter
from bot.calls.typed_text import without_controls
from bot.cometchat import Uid
from bot.cometchat.parsing import parse_call

ME, STEVE = Uid("superhero1"), Uid("superhero2")
NOW = 1_700_000_000
NATASHA: dict[str, Any] = {"uid": "natasha-r", "name": "Natasha Romanoff"}


def call(**raw: Any) -> Any:
    return parse_call({"initiator": "superhero1", "receiver": "superhero2", "receiverType": "user", **raw})


@pytest.mark.parametrize(
    ("who", "found"),
    [
        ("natasha", True),
        ("NATASHA", True),
        ("nat rom", True),
        ("rom, nat", True),
        ("Romanoff", True),
        ("natasha-r", True),
        ("NATASHA-R", True),
        ("superhero2", True),
        ("atasha", False),
        ("natasha rogers", False),
        ("superhero1", False),
        ("tony", False),
        ("...", False),
        ("<@U0NATASHA>", False),
    ],
)
def test_with_whom_is_a_uid_or_the_beginning_of_a_name_s_words_and_never_oneself(
    who: str, *, found: bool
) -> None:
    one = call(
        initiator={"uid": "superhero1", "name": "Tony Stark"},
        participants=[NATASHA, {"uid": "superhero1", "name": "Tony Stark"}],
    )
    assert CallFilter(with_whom=who).matches(one, ME, now=NOW) is found


@pytest.mark.parametrize("who", ["josé", "JOSE\u0301", "jose", "straße", "STRASSE"])
def test_letters_are_compared_as_people_write_them(who: str) -> None:
    assert CallFilter(with_whom=who).matches(
        call(participants=[{"uid": "x", "name": "José Straße"}]), ME, now=NOW
    )


@pytest.mark.parametrize(
    ("who", "name", "found"),
    [
        ("राम", "राम शर्मा", True),
        ("शर", "राम शर्मा", True),
        ("राम", "मीरा", False),
        ("रवि", "वीरा", False),
        ("ரவி", "விர", False),
        ("রিনা", "নীরা", False),
        ("ปิติ", "ตป", False),
        ("man", "Iron_Man", True),
    ],
)
def test_a_vowel_that_is_a_mark_of_its_own_is_part_of_its_word(who: str, name: str, *, found: bool) -> None:
    one = call(initiator="superhero1", receiver="x", participants=[{"uid": "x", "name": name}])
    assert CallFilter(with_whom=who).matches(one, ME, now=NOW) is found


@pytest.mark.parametrize(
    "name", ["علی\u200cرضا کریمی", "علیرضا کریمی", "\u2068علی\u200cرضا\u2069 \u200fکریمی"]
)
@pytest.mark.parametrize("who", ["علی\u200cرضا", "علیرضا", "علی", "کریمی علی\u200cر", "\u200fعلیرضا کر"])
def test_a_name_is_found_with_and_without_what_can_not_be_seen_in_it(name: str, who: str) -> None:
    assert CallFilter(with_whom=who).matches(call(participants=[{"uid": "x", "name": name}]), ME, now=NOW)


@pytest.mark.parametrize("who", ["क्\u200dष", "क्ष", "क्\u200cष"])
@pytest.mark.parametrize("name", ["क्\u200dषमा", "क्षमा", "क्\u200cषमा"])
def test_joiners_within_an_indian_letter_make_no_other_name_of_it(name: str, who: str) -> None:
    assert CallFilter(with_whom=who).matches(call(participants=[{"uid": "x", "name": name}]), ME, now=NOW)


def test_the_second_part_of_a_name_that_a_non_joiner_parts_finds_it_and_so_does_a_space_for_that() -> None:
    one = call(participants=[{"uid": "x", "name": "علی\u200cرضا"}])
    assert CallFilter(with_whom="رضا").matches(one, ME, now=NOW)
    assert CallFilter(with_whom="علی رضا").matches(one, ME, now=NOW)
    assert not CallFilter(with_whom="لی").matches(one, ME, now=NOW)


@pytest.mark.parametrize("who", ["\u0301\u0301", "\u200c", "\u200f\u0301"])
def test_a_name_of_nothing_but_marks_is_nobody_s(who: str) -> None:
    assert not CallFilter(with_whom=who).matches(call(participants=[NATASHA]), ME, now=NOW)


def test_a_mentioned_person_is_found_by_their_uid_alone() -> None:
    sought = CallFilter(with_whom="<@U0STEVE|natasha>")
    assert sought.mentioned == "U0STEVE"
    assert sought.matches(call(), ME, STEVE, now=NOW)
    assert not sought.matches(call(participants=[NATASHA], receiver="x"), ME, STEVE, now=NOW)
    assert not CallFilter(with_whom="<@U0TONY>").matches(call(), ME, ME, now=NOW), "nobody calls themselves"


def test_a_called_group_is_found_by_its_name() -> None:
    group = {"uid": None, "guid": "release", "name": "Release stand-up"}
    assert CallFilter(with_whom="stand").matches(call(receiverType="group", receiver=group), ME, now=NOW)


@pytest.mark.parametrize(
    ("sought", "found"),
    [
        (CallFilter(), True),
        (CallFilter(kind="video"), True),
        (CallFilter(kind="audio"), False),
        (CallFilter(ended="cancelled"), True),
        (CallFilter(ended="ended"), False),
        (CallFilter(since=1_700_000_000, until=1_700_000_001), True),
        (CallFilter(since=1_700_000_001), False),
        (CallFilter(until=1_700_000_000), False),
        (CallFilter(kind="video", ended="cancelled", with_whom="superhero2", since=1), True),
        (CallFilter(kind="video", ended="cancelled", with_whom="superhero3", since=1), False),
    ],
)
def test_every_filter_is_held_against_the_call(sought: CallFilter, *, found: bool) -> None:
    assert (
        sought.matches(call(type="Video", status="canceled", initiatedAt=1_700_000_000), ME, now=NOW) is found
    )


def test_a_call_of_which_no_time_is_known_is_of_no_day() -> None:
    assert not CallFilter(since=0).matches(call(), ME, now=NOW)
    assert CallFilter().matches(call(), ME, now=NOW)


ends = st.sampled_from([None, MISSED, "ended", "cancelled", "no_such_word"])
names = st.text(max_size=LONGEST_NAME).map(without_controls)
times = st.none() | st.integers(0, 99_999_999_999)
filters = st.builds(
    CallFilter, kind=st.sampled_from([None, *KINDS]), ended=ends, with_whom=names, since=times, until=times
) | st.builds(CallFilter, with_whom=names, today=st.just(True))  # noqa: FBT003 - a strategy's value


@given(filters)
def test_a_filter_comes_back_from_its_text(call_filter: CallFilter) -> None:
    assert CallFilter.from_text(call_filter.to_text()) == call_filter
    assert len(call_filter.to_text()) <= 150


@given(st.text() | st.from_regex(r"\w{0,6}\|\w{0,6}\|[\d-]{0,25}\|.{0,90}"))
def test_no_other_text_is_a_filter_or_breaks_it(text: str) -> None:
    call_filter = CallFilter.from_text(text)
    assert call_filter is None or CallFilter.from_text(call_filter.to_text()) == call_filter


@pytest.mark.parametrize("whom", ["a\0b", "\0", "a\tb", "a\x85b", "a\u2028b", "half \ud800"])
def test_what_nobody_could_have_typed_is_in_no_filter(whom: str) -> None:
    assert CallFilter.from_text(f"||-|{whom}") is None
    assert CallFilter.from_text("||-|a b") == CallFilter(with_whom="a b")
    assert CallFilter.from_text("||-|") == EVERY_CALL


@given(st.text(max_size=LONGEST_NAME))
def test_whatever_a_filter_holds_a_database_keeps(whom: str) -> None:
    if call_filter := CallFilter.from_text(f"||-|{whom}"):
        assert b"\0" not in call_filter.to_text().encode()
