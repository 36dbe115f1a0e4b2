"""The small pure parts of the cards."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calls.problems import crashed, no_such_call, not_linked
from bot.cards.kit.blocks import context
from bot.cards.kit.durations import duration
from bot.cards.kit.escaping import escaped, escaped_text, isolated, tidy
from bot.cards.kit.lines import as_text
from bot.cards.kit.message import InvalidMessageError, message
from bot.cards.problem import Contacts, problem_card, whom_to_ask
from bot.cards.timeline import bar
from bot.cards.usage import usage
from bot.cards.waiting import looking_up
from bot.cometchat import SessionId
from tests.cards.hostile import NASTY, assert_sound


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (19, "19 s"),
        (59.6, "1 min"),
        (245, "4 min 5 s"),
        (3600, "1 h"),
        (3720, "1 h 2 min"),
        (3725, "1 h 2 min"),
        (90_000, "1 d 1 h"),
    ],
)
def test_a_duration_is_told_in_its_two_largest_units(seconds: float, words: str) -> None:
    assert duration(seconds) == words


@pytest.mark.parametrize(
    ("spans", "drawn"),
    [
        ([(0, 100)], "██████████"),
        ([(0, 50)], "█████░░░░░"),
        ([(20, 30), (80, 100)], "░░█░░░░░██"),
        ([(41, 42)], "░░░░█░░░░░"),
        ([(-50, 10), (95, 500)], "█░░░░░░░░█"),
        ([], "░░░░░░░░░░"),
    ],
)
def test_a_bar_shows_when_somebody_was_there_however_briefly(
    spans: list[tuple[int, int]], drawn: str
) -> None:
    assert bar(spans, (0, 100), 10) == drawn


@given(
    st.lists(st.tuples(st.integers(-50, 150), st.integers(0, 60)), max_size=3),
    st.integers(1, 120),
    st.integers(1, 24),
)
def test_a_character_of_a_bar_is_full_where_half_of_its_seconds_are(
    stays: list[tuple[int, int]], length: int, width: int
) -> None:
    spans = [(start, start + lasted) for start, lasted in stays]
    shares = [
        sum(
            max(Fraction(0), min(Fraction(end), (column + 1) * step) - max(Fraction(start), column * step))
            / step
            for start, end in spans
        )
        for step in [Fraction(length, width)]
        for column in range(width)
    ]
    fullest = shares.index(max(shares))
    assert [character == "█" for character in bar(spans, (0, length), width)] == [
        share >= Fraction(1, 2) or (column == fullest and share > 0) for column, share in enumerate(shares)
    ]


@given(st.text(max_size=40))
def test_what_is_in_a_name_does_not_change_what_becomes_of_the_rest(text: str) -> None:
    assert tidy(f"\u202e{text}") == tidy(text), "the invisible character has each of the others looked at"


@given(st.sampled_from(NASTY) | st.text(), st.integers(1, 80))
def test_a_tidied_name_is_one_visible_line_within_the_limit(text: str, limit: int) -> None:
    tidied = tidy(text, limit)
    assert len(tidied) <= limit
    assert tidied == tidied.strip()
    assert tidied.isprintable() or "\u200d" in tidied or "\u200c" in tidied


def test_characters_that_hide_or_turn_text_are_dropped() -> None:
    assert tidy("evil\u202egnp.exe") == "evilgnp.exe"
    assert tidy("\u200b\u3164\u2800") == ""
    assert tidy("👩\u200d🔬") == "👩\u200d🔬"


def test_a_right_to_left_name_is_kept_from_turning_what_stands_around_it() -> None:
    assert isolated("שרה") == "\u2068שרה\u2069"
    assert isolated("Sarah") == "Sarah"


def test_escaping_starts_with_the_ampersand() -> None:
    assert escaped("<&lt;>") == "&lt;&amp;lt;&gt;"


@pytest.mark.parametrize("text", ["@here", "#general", "mail@example.com", "https://evil.example"])
def test_nothing_foreign_is_parsed_in_text_but_all_of_it_can_be_read(text: str) -> None:
    assert escaped_text(text) != text
    assert escaped_text(text).replace("\u2060", "") == text


def test_a_message_that_slack_would_refuse_is_a_bug_told_with_its_path() -> None:
    with pytest.raises(InvalidMessageError, match="blocks"):
        message("text", [context("x") for _ in range(51)])


@pytest.mark.parametrize(
    "card", [usage(), looking_up(), looking_up(SessionId("my`room"))], ids=["usage", "waiting", "waiting for"]
)
def test_the_fixed_messages_are_sound(card: object) -> None:
    assert_sound(card)  # type: ignore[arg-type] # parametrize's values have no type


def test_a_problem_says_what_happened_what_to_do_and_its_reference() -> None:
    card = problem_card(no_such_call(hint="A hint."), "REF12345", Contacts())
    assert_sound(card)
    for words in (
        "no call with this session id",
        "Check the id",
        "A hint.",
        "REF12345",
        "Only visible to you",
    ):
        assert words in card.text
        assert words in str(card.blocks)


@pytest.mark.parametrize(
    ("helpers", "words"),
    [
        (Contacts(), "Ask whoever set up callinfo"),
        (Contacts(admins=["U1"]), "Ask <@U1>."),
        (Contacts(admins=["U1", "U2"], support="#help"), "Ask <@U1>, <@U2>, or turn to #\u2060help."),
        (Contacts(support="help@example.com"), "Turn to help@\u2060example.com."),
    ],
)
def test_who_can_t_go_on_alone_is_told_whom_to_ask(helpers: Contacts, words: str) -> None:
    assert words in problem_card(not_linked(), "REF12345", helpers).text
    assert words in problem_card(crashed(), "REF12345", helpers).text


@pytest.mark.parametrize(
    ("helpers", "words"),
    [
        (Contacts(), "You are an admin of callinfo: others ask you."),
        (Contacts(admins=["U1"]), "You are an admin of callinfo: others ask you."),
        (Contacts(admins=["U1", "U2"]), "Ask <@U2>."),
        (Contacts(admins=["U1"], support="#help"), "Turn to #\u2060help."),
    ],
)
def test_an_admin_is_not_sent_to_themself(helpers: Contacts, words: str) -> None:
    assert as_text(whom_to_ask(helpers, "U1")) == words
