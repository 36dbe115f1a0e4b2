"""JSON objects: parsing those from outside, nested no deeper than recursive functions can walk, and writing our own."""

from __future__ import annotations

import json
from typing import Any

from pydantic_core import to_json

MAX_DEPTH = 100
"""Slack's deepest blocks have about fifteen levels; Python allows a thousand nested calls."""


class NoObjectError(ValueError):
    """The text is JSON, and no object."""


def json_object(text: str) -> dict[str, Any]:
    """Parse a JSON object; raises ValueError for anything else, and for one nested deeper than MAX_DEPTH."""
    try:
        document: Any = json.loads(text)
    except RecursionError:  # raised at a depth that differs between Pythons
        raise ValueError("nested too deep") from None
    if not isinstance(document, dict):
        raise NoObjectError("no object")
    if text.count("[") + text.count("{") > MAX_DEPTH and _is_too_deep(document):
        raise ValueError("nested too deep")
    return document


def json_text(document: dict[str, Any]) -> str:
    """Return the object as JSON. pydantic's writer takes a third of json's time."""
    try:
        return to_json(document).decode()
    except ValueError:  # half of a surrogate pair, which JSON can escape and UTF-8 can't hold
        return json.dumps(document)


def _is_too_deep(document: Any) -> bool:
    level = [document]
    for _ in range(MAX_DEPTH):
        level = [child for parent in level for child in _children(parent)]
        if not level:
            return False
    return True


def _children(parent: Any) -> list[Any]:
    """Return the children that may have children of their own."""
    within = parent.values() if isinstance(parent, dict) else parent
    return [child for child in within if isinstance(child, (dict, list))]
