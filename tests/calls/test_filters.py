"""Which calls are sought (pure)."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calls.filters import KINDS, LONGEST_NAME, MISSED, Place, Query, Sought, missed
from bot.calls.typed_text import without_controls
from bot.cometchat import Uid
from bot.cometchat.parsing import parse_call

ME, STEVE = Uid("superhero1"), Uid("superhero2")
NOW = 1_700_000_000
NATASHA: dict[str, Any] = {"uid": "natasha-r", "name": "Natasha Romanoff"}


def call(**raw: Any) -> Any:
    return parse_call({"initiator": "superhero1", "receiver": "superhero2", "receiverType": "user", **raw})


def mine(**raw: Any) -> dict[str, Any]:
    return {"uid": "SuperHero1", **raw}


@pytest.mark.parametrize(
    ("raw", "is_missed"),
    [
        ({"status": "unanswered"}, True),
        ({"status": "missed"}, True),
        ({"status": "canceled"}, True),
        ({"status": "busy"}, True),
        ({"status": "initiated"}, True),
        ({"status": "initiated", "initiatedAt": NOW - 10}, False),
        ({"status": "initiated", "initiatedAt": NOW - 59}, False),
        ({"status": "initiated", "initiatedAt": NOW - 60}, True),
        ({"status": "initiated", "initiatedAt": 1}, True),
        ({"status": "initiated", "initiatedAt": NOW - 10, "endedAt": NOW - 5}, True),
        ({"status": "initiated", "initiatedAt": NOW + 30}, False),
        ({"status": "initiated", "initiatedAt": NOW + 86_400}, True),
        ({"status": "unanswered", "initiatedAt": NOW - 10}, True),
        ({"status": "unanswered", "initiator": None}, True),
        ({"status": "unanswered", "initiator": "superhero1"}, False),
        ({"status": "unanswered", "participants": [mine(isJoined=True)]}, False),
        ({"status": "unanswered", "initiator": None, "receiver": "g", "participants": [mine()]}, False),
        ({"status": "unanswered", "initiator": None, "receiverType": "group"}, False),
        ({"status": "rejected"}, False),
        ({"status": "rejected", "participants": [mine(isJoined=False, state="rejected")]}, False),
        ({"status": "rejected", "participants": [mine(isJoined=False, state="unanswered")]}, True),
        ({"status": "ended"}, False),
        ({"status": "ended", "participants": [mine(isJoined=True, state="ended")]}, False),
        ({"status": "ended", "participants": [mine(isJoined=False, state="unanswered")]}, True),
        ({"status": "ended", "participants": [mine(isJoined=False)]}, True),
        ({"status": "ended", "participants": [mine(isJoined=False, state="rejected")]}, False),
        ({"status": "ended", "participants": [mine(isJoined=False), mine(isJoined=True)]}, False),
        ({"status": "ongoing", "participants": [mine(isJoined=False)]}, False),
        ({"status": "on_hold"}, False),
        ({"status": None}, False),
    ],
)
def test_missed_is_what_one_was_called_for_and_neither_took_nor_declined(
    raw: dict[str, Any], *, is_missed: bool
) -> None:
    one = call(**{"initiator": "superhero2", "receiver": "superhero1", **raw})
    assert missed(one, ME, now=NOW) is is_missed
    assert Sought(ended=MISSED).takes(one, ME, now=NOW) is is_missed


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
    assert Sought(with_whom=who).takes(one, ME, now=NOW) is found


@pytest.mark.parametrize("who", ["josé", "JOSE\u0301", "jose", "straße", "STRASSE"])
def test_letters_are_compared_as_people_write_them(who: str) -> None:
    assert Sought(with_whom=who).takes(call(participants=[{"uid": "x", "name": "José Straße"}]), ME, now=NOW)


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
    assert Sought(with_whom=who).takes(one, ME, now=NOW) is found


@pytest.mark.parametrize(
    "name", ["علی\u200cرضا کریمی", "علیرضا کریمی", "\u2068علی\u200cرضا\u2069 \u200fکریمی"]
)
@pytest.mark.parametrize("who", ["علی\u200cرضا", "علیرضا", "علی", "کریمی علی\u200cر", "\u200fعلیرضا کر"])
def test_a_name_is_found_with_and_without_what_can_not_be_seen_in_it(name: str, who: str) -> None:
    assert Sought(with_whom=who).takes(call(participants=[{"uid": "x", "name": name}]), ME, now=NOW)


@pytest.mark.parametrize("who", ["क्\u200dष", "क्ष", "क्\u200cष"])
@pytest.mark.parametrize("name", ["क्\u200dषमा", "क्षमा", "क्\u200cषमा"])
def test_joiners_within_an_indian_letter_make_no_other_name_of_it(name: str, who: str) -> None:
    assert Sought(with_whom=who).takes(call(participants=[{"uid": "x", "name": name}]), ME, now=NOW)


def test_the_second_part_of_a_name_that_a_non_joiner_parts_finds_it_and_so_does_a_space_for_that() -> None:
    one = call(participants=[{"uid": "x", "name": "علی\u200cرضا"}])
    assert Sought(with_whom="رضا").takes(one, ME, now=NOW)
    assert Sought(with_whom="علی رضا").takes(one, ME, now=NOW)
    assert not Sought(with_whom="لی").takes(one, ME, now=NOW)


@pytest.mark.parametrize("who", ["\u0301\u0301", "\u200c", "\u200f\u0301"])
def test_a_name_of_nothing_but_marks_is_nobody_s(who: str) -> None:
    assert not Sought(with_whom=who).takes(call(participants=[NATASHA]), ME, now=NOW)


def test_a_mentioned_person_is_found_by_their_uid_alone() -> None:
    sought = Sought(with_whom="<@U0STEVE|natasha>")
    assert sought.mentioned == "U0STEVE"
    assert sought.takes(call(), ME, STEVE, now=NOW)
    assert not sought.takes(call(participants=[NATASHA], receiver="x"), ME, STEVE, now=NOW)
    assert not Sought(with_whom="<@U0TONY>").takes(call(), ME, ME, now=NOW), "nobody calls themselves"


def test_a_called_group_is_found_by_its_name() -> None:
    group = {"uid": None, "guid": "release", "name": "Release stand-up"}
    assert Sought(with_whom="stand").takes(call(receiverType="group", receiver=group), ME, now=NOW)


@pytest.mark.parametrize(
    ("sought", "found"),
    [
        (Sought(), True),
        (Sought(kind="video"), True),
        (Sought(kind="audio"), False),
        (Sought(ended="cancelled"), True),
        (Sought(ended="ended"), False),
        (Sought(since=1_700_000_000, until=1_700_000_001), True),
        (Sought(since=1_700_000_001), False),
        (Sought(until=1_700_000_000), False),
        (Sought(kind="video", ended="cancelled", with_whom="superhero2", since=1), True),
        (Sought(kind="video", ended="cancelled", with_whom="superhero3", since=1), False),
    ],
)
def test_every_filter_is_held_against_the_call(sought: Sought, *, found: bool) -> None:
    assert (
        sought.takes(call(type="Video", status="canceled", initiatedAt=1_700_000_000), ME, now=NOW) is found
    )


def test_a_call_of_which_no_time_is_known_is_of_no_day() -> None:
    assert not Sought(since=0).takes(call(), ME, now=NOW)
    assert Sought().takes(call(), ME, now=NOW)


ends = st.sampled_from([None, MISSED, "ended", "cancelled", "no_such_word"])
names = st.text(max_size=LONGEST_NAME).map(without_controls)
times = st.none() | st.integers(0, 99_999_999_999)
soughts = st.builds(
    Sought, kind=st.sampled_from([None, *KINDS]), ended=ends, with_whom=names, since=times, until=times
) | st.builds(Sought, with_whom=names, today=st.sampled_from([True]))
marks = st.just("") | st.from_regex(r"[0-9a-f]{8}@[0-9]{0,12}", fullmatch=True)
sizes = st.sampled_from([0, 1, 2, 5, 10, 20])
places = st.builds(Place, st.integers(1, 99_999), st.integers(0, 99_999), marks, sizes)
trails = st.lists(places, min_size=2, max_size=40).map(tuple)
queries = st.builds(Query, soughts, places.map(lambda place: (place,))) | st.builds(
    Query, soughts, trails, st.integers(0, 99_999), st.booleans()
)


@given(queries)
def test_a_query_comes_back_from_its_text_which_fits_into_a_button(query: Query) -> None:
    assert Query.from_text(query.to_text()) == query
    assert len(query.to_text()) <= 1_700


@given(st.integers(1, 500), st.integers(0, 39), st.sampled_from([11, 40]))
def test_a_place_is_the_same_one_on_smaller_pages(page: int, index: int, usual: int) -> None:
    place, before = Place(page, index % usual, "0123abcd@1"), (page - 1) * usual + index % usual
    sizes = []
    while smaller := place.smaller(usual):
        place = smaller
        assert (place.page - 1) * place.size + place.index == before
        assert 0 <= place.index < place.size
        assert place.after == "0123abcd@1"
        assert Query.from_text(Query(trail=(place,)).to_text()) == Query(trail=(place,))
        sizes.append(place.size)
    assert sizes == ([20, 10, 5, 2, 1] if usual == 40 else [5, 2, 1])


@given(st.integers(1, 500), st.integers(0, 19), st.sampled_from([1, 2, 5, 10, 20]))
def test_pages_grow_again_where_a_larger_one_begins(page: int, index: int, size: int) -> None:
    place = Place(page, index % size, "0123abcd@1", size)
    larger = place.larger(40)
    length = larger.size or 40
    assert (larger.page - 1) * length + larger.index == (page - 1) * size + index % size
    assert larger == place or (larger.index, length > size, larger.after) == (0, True, "0123abcd@1")
    assert Place(3, 0, "0123abcd@1", 20).larger(40) == Place(2, 0, "0123abcd@1")


@pytest.mark.parametrize("place", ["1.0/0", "1.0/40", "1.0/3", "1.0/", "1.0~0123abcd@1/20"])
def test_a_size_that_no_page_has_is_no_place(place: str) -> None:
    assert Query.from_text(f"{place}|||-|") is None


@given(st.text() | st.from_regex(r"(\d{1,3}\.\d{1,3},?){1,50}\|\w{0,6}\|\w{0,6}\|[\d-]{0,25}\|.{0,90}"))
def test_no_other_text_is_a_query_or_breaks_it(text: str) -> None:
    query = Query.from_text(text)
    assert query is None or Query.from_text(query.to_text()) == query


@pytest.mark.parametrize("whom", ["a\0b", "\0", "a\tb", "a\x85b", "a\u2028b", "half \ud800"])
def test_what_nobody_could_have_typed_is_in_no_query(whom: str) -> None:
    assert Query.from_text(f"1.0|||-|{whom}") is None
    assert Query.from_text("1.0|||-|a b")


@given(st.text(max_size=LONGEST_NAME))
def test_whatever_a_query_holds_a_database_keeps(whom: str) -> None:
    if query := Query.from_text(f"1.0|||-|{whom}"):
        assert b"\0" not in query.to_text().encode()


@given(st.lists(places, max_size=100))
def test_the_way_back_leads_to_the_first_page_however_long_it_is(turns: list[Place]) -> None:
    query = Query()
    for place in turns:
        query = query.older(place)
        assert query.trail[-1] == place
        assert Query.from_text(query.to_text()) == query
    assert query.page == len(turns) + 1
    while newer := query.newer():
        assert newer.page == (1 if query.after_a_gap else query.page - 1)
        query = newer
    assert query == Query()
