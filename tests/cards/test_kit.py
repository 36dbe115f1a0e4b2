"""Durations, escaping, and messages and modals within Slack's limits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards.durations import duration
from bot.cards.kit.blocks import context
from bot.cards.kit.escaping import escaped, escaped_text, isolated, tidy
from bot.cards.kit.limits import violations
from bot.cards.kit.message import InvalidMessageError, Message, message
from bot.cards.kit.modal import message_modal, modal
from tests.cards.hostile import NASTY


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


@given(
    st.lists(st.text(st.characters(codec="utf-8"), max_size=2_000), min_size=1, max_size=8).filter(
        lambda lines: any(line.strip() for line in lines)
    )
)
def test_a_message_reads_the_same_in_a_modal(lines: list[str]) -> None:
    view = message_modal(Message("\n".join(lines), ()))
    assert violations(view, "modal") == []
    read = "\n".join(block["text"]["text"] for block in view["blocks"])
    assert [line for line in read.split("\n") if line] == [
        line for line in "\n".join(lines).split("\n") if line
    ]


def test_a_modal_that_slack_would_refuse_is_a_bug() -> None:
    with pytest.raises(InvalidMessageError, match="title"):
        modal("A title of many more characters", [], callback_id="x")
