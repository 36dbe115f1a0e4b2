"""Bars and charts of who was there when."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards.attendance import attendees, axis
from bot.cards.timeline import NAME_WIDTH, bar, chart, columns, padded
from bot.cometchat.parsing import parse_call
from bot.playground.samples import call_json, participant_json

NOW = 1_763_812_800


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


def test_the_timeline_is_one_aligned_picture_with_a_scale() -> None:
    people = [
        participant_json("u1", name="Iron Man", isJoined=True, joinedAt=NOW, leftAt=NOW + 600),
        participant_json(
            "u2", name="名前がとても長い人です", isJoined=True, joinedAt=NOW + 300, leftAt=NOW + 600
        ),
        participant_json(
            "u3", name="A name that is much too long", isJoined=True, joinedAt=NOW, leftAt=NOW + 300
        ),
        participant_json("u4", name="Nobody", isJoined=False),
    ]
    call = parse_call(call_json(startedAt=NOW, endedAt=NOW + 600, participants=people))
    present = attendees(call, now=NOW)
    (block,) = chart(present, axis(call, present, now=NOW))
    picture = block["elements"][0]["elements"][0]["text"].splitlines()
    assert picture == [
        "Iron Man       ████████████████████████",
        "A name that i… ████████████░░░░░░░░░░░░",
        "名前がとても…  ░░░░░░░░░░░░████████████",
        "               0        5 min    10 min",
    ]


def test_a_call_of_odd_length_still_has_a_scale() -> None:
    person = participant_json("u1", isJoined=True, joinedAt=NOW, leftAt=NOW + 10**9)
    call = parse_call(call_json(startedAt=NOW, endedAt=NOW + 999_999_999, participants=[person]))
    people = attendees(call, now=NOW)
    (block,) = chart(people, axis(call, people, now=NOW))
    assert "11574 d 1 h" in str(block)


@given(st.text(max_size=60))
def test_a_padded_name_always_takes_the_same_width_and_closes_what_it_opens(name: str) -> None:
    shown = padded(f"\u2068{name}\u2069")
    assert shown.count("\u2068") == shown.count("\u2069") + name.count("\u2068") - name.count("\u2069")


@pytest.mark.parametrize(
    "name", ["a", "x" * 40, "名" * 20, "👩\u200d🔬" * 9, "👩\u200d👩\u200d👧\u200d👦" * 9, "e\u0301" * 30]
)
def test_letters_of_any_width_fill_the_column(name: str) -> None:
    assert columns(padded(name)) == NAME_WIDTH


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("x" * 12 + "🇩🇪yy", "x" * 12 + "… "),
        ("x" * 11 + "🇩🇪yy", "x" * 11 + "🇩🇪…"),
        ("x" * 12 + "ണ\u0d4d\u200dyy", "x" * 12 + "ണ\u0d4d\u200d…"),
        ("x" * 11 + "👩\u200d🔬yy", "x" * 11 + "👩\u200d🔬…"),
        ("x" * 12 + "👩\u200d🔬yy", "x" * 12 + "… "),
        ("x" * 12 + "e\u0301yy", "x" * 12 + "e\u0301…"),
        ("x" * 12 + "👍🏽yy", "x" * 12 + "… "),
    ],
)
def test_what_is_one_character_to_the_eye_is_not_cut(name: str, shown: str) -> None:
    assert padded(name) == shown


def test_a_joiner_within_a_script_joins_no_letter_or_space_away() -> None:
    assert columns("ണ\u0d4d\u200d X") == columns("ണ\u0d4d X")
    assert columns("علی\u200cرضا") == columns("علیرضا")
    assert columns("क\u094d\u200dष") == columns("क\u094dष")
    assert columns("👩\u200d🔬") == columns("👩")
