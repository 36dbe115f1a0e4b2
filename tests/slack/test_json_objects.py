"""json_objects.py: JSON from outside is safe to walk through, and whatever we have to say becomes JSON."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.listeners.payloads.texts import texts_of
from bot.slack.json_objects import MAX_DEPTH, json_object, json_text


def nested(levels: int, opening: str, closing: str) -> str:
    return '{"deep": ' + opening * (levels - 1) + closing * (levels - 1) + "}"


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a": [', "]}")])
def test_what_is_nested_deeper_than_a_hundred_levels_is_refused(opening: str, closing: str) -> None:
    fits = MAX_DEPTH if opening == "[" else MAX_DEPTH // 2
    assert json_object(nested(fits, opening, closing).replace("[]", '["leaf"]'))
    for levels in (fits + 1, 5 * MAX_DEPTH, 50 * MAX_DEPTH, 5000 * MAX_DEPTH):
        with pytest.raises(ValueError, match=r"nested too deep|Expecting value"):
            json_object(nested(levels, opening, closing))


@pytest.mark.parametrize("text", ["", "words", "[]", "5", "null", '{"a": 1', "9" * 5000])
def test_what_is_no_object_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - json's own has no name of its own
        json_object(text)


def test_what_is_wide_but_not_deep_is_taken() -> None:
    document = {"blocks": [{"elements": [{"text": {"text": "["}}] * 100, "fields": [[]]}] * 100}
    assert json_object(json.dumps(document)) == document


def test_the_deepest_that_is_taken_leaves_python_room_to_walk_through() -> None:
    deepest = json_object(nested(MAX_DEPTH, "[", "]").replace("[]", '["leaf"]'))
    assert list(texts_of(deepest)) == ["leaf"]
    assert sys.getrecursionlimit() > 4 * MAX_DEPTH


@given(st.dictionaries(st.text(), st.recursive(st.text() | st.booleans() | st.integers(), st.lists)))
def test_what_is_written_is_read_again(document: dict[str, Any]) -> None:
    assert json.loads(json_text(document)) == document


def test_half_of_an_emoji_can_be_written() -> None:
    assert json.loads(json_text({"text": "\ud83d"})) == {"text": "\ud83d"}
