"""The pages of a transcript, and what is found in it."""

from hypothesis import given
from hypothesis import strategies as st

from bot.calls.transcript import Turn
from bot.calls.transcript_pages import LONGEST_QUERY, PAGE, finds, marked, page_of, tidy_query

TURNS = tuple(Turn("A", "", at, f"Point {at}") for at in range(50))


def texts(*numbers: int) -> list[str]:
    return [f"Point {number}" for number in numbers]


def shown(query: str = "", number: int = 0) -> list[str]:
    return [each.turn.text for each in page_of(TURNS, query, number).shown]


def test_a_page_has_twenty_turns_and_the_last_one_the_rest() -> None:
    assert [page_of(TURNS, "", number).number for number in (-3, 0, 1, 2, 99)] == [0, 0, 1, 2, 2]
    assert shown() == texts(*range(20))
    assert shown(number=2) == texts(*range(40, 50))
    assert not any(each.gap or each.found for each in page_of(TURNS, "", 1).shown)


def test_no_turns_are_one_empty_page() -> None:
    page = page_of((), "x", 3)
    assert (page.shown, page.pages, page.number, page.finds) == ((), 1, 0, 0)


def test_what_is_found_is_shown_with_its_neighbours_and_gaps_between() -> None:
    page = page_of(TURNS, "point 7")
    assert [each.turn.text for each in page.shown] == texts(
        6, 7, 8, 16, 17, 18, 26, 27, 28, 36, 37, 38, 46, 47, 48
    )
    assert [each.turn.at for each in page.shown if each.found] == [7, 17, 27, 37, 47]
    assert [each.turn.at for each in page.shown if each.gap] == [6, 16, 26, 36, 46]
    assert (page.finds, page.turns, page.pages) == (5, 50, 1)


def test_neighbours_that_meet_are_shown_once() -> None:
    page = page_of(TURNS[:4], "point")
    assert [each.turn.at for each in page.shown] == [0, 1, 2, 3]
    assert not any(each.gap for each in page.shown)


def test_all_words_have_to_be_in_a_turn_whatever_their_case_and_order() -> None:
    turns = (Turn("A", "", 1, "The STRASSE is long"), Turn("B", "", 2, "A long road"))
    assert finds(turns, "long straße") == [0]
    assert finds(turns, "LONG") == [0, 1]
    assert finds(turns, "short") == []


def test_a_query_is_words_on_one_line() -> None:
    assert tidy_query("  a\n\x00b\t c ") == "a b c"
    assert tidy_query("e\u0301") == "\u00e9"
    assert tidy_query(" ") == ""
    assert len(tidy_query("x" * 999)) == LONGEST_QUERY


def test_words_are_marked_and_no_character_is_special() -> None:
    assert marked("Deploy the (new) deploy.", "deploy (new)") == [
        ("Deploy", True),
        (" the ", False),
        ("(new)", True),
        (" ", False),
        ("deploy", True),
        (".", False),
    ]
    assert marked("Text", "") == [("Text", False)]


@given(st.text(max_size=60), st.text(max_size=6).map(tidy_query))
def test_marking_changes_no_text(text: str, query: str) -> None:
    assert "".join(part for part, _ in marked(text, query)) == text


@given(st.lists(st.sampled_from(["yes", "no"]), max_size=70), st.integers(0, 9))
def test_every_find_is_on_exactly_one_page(words: list[str], number: int) -> None:
    turns = tuple(Turn("A", "", at, word) for at, word in enumerate(words))
    first = page_of(turns, "yes", number)
    pages = [page_of(turns, "yes", each) for each in range(first.pages)]
    found = [each.turn.at for page in pages for each in page.shown if each.found]
    assert found == [at for at, word in enumerate(words) if word == "yes"]
    assert all(len(page.shown) <= PAGE for page in pages)
