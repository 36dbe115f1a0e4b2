"""What a check has found so far, and the checks that all rules are made of: texts, strings, ids and lists."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bot.cards.kit.limits.numbers import IDENTIFIER, Surface

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")  # Python reads other forms of ISO 8601 as well
PLAIN = frozenset({"plain_text"})
ANY_TEXT = frozenset({"plain_text", "mrkdwn"})


class Findings:
    """The problems so far, and what is counted over all blocks; `text` is in characters."""

    def __init__(self, surface: Surface) -> None:
        self.surface = surface
        self.problems: list[str] = []
        self.text = 0
        self.tables = 0
        self.inputs = 0
        self.block_ids: set[str] = set()
        self.action_ids: set[str] = set()

    def problem(self, at: str, what: str) -> None:
        """Add a problem at that path."""
        self.problems.append(f"{at}: {what}")

    def too_many(self, at: str, count: int, most: int, what: str) -> None:
        """Add that there is more of something than Slack takes."""
        self.problem(at, f"{count:,} {what}, at most {most:,}")

    def text_object(self, at: str, text: object, most: int, types: frozenset[str] = ANY_TEXT) -> None:
        """Check a text object of one of those types, and count its text."""
        if not isinstance(text, dict):
            self.problem(at, "missing or not a text object")
            return
        kind = text.get("type")
        if not isinstance(kind, str) or kind not in types:
            self.problem(f"{at}.type", f"must be {' or '.join(sorted(types))}, not {shown(kind)}")
        value = text.get("text")
        if self.string(f"{at}.text", value, most):
            self.text += len(str(value))

    def optional_text(self, at: str, text: object, most: int, types: frozenset[str]) -> None:
        """Check a text object that may be left out."""
        if text is not None:
            self.text_object(at, text, most, types)

    def string(self, at: str, value: object, most: int, *, least: int = 1) -> bool:
        """Check a string; return whether it is one at all."""
        if not isinstance(value, str):
            self.problem(at, "missing or not a string")
            return False
        if len(value) > most:
            self.too_many(at, len(value), most, "characters")
        elif len(value) < least:
            self.problem(at, "empty")
        return True

    def optional_string(self, at: str, value: object, most: int, *, least: int = 1) -> None:
        """Check a string that may be left out."""
        if value is not None:
            self.string(at, value, most, least=least)

    def identifier(self, at: str, value: object, seen: set[str]) -> None:
        """Check an id, which must not be among `seen`. Slack makes one up where it is left out."""
        if value is not None and self.string(at, value, IDENTIFIER):
            if value in seen:
                self.problem(at, f"{shown(value)} is used twice")
            seen.add(str(value))

    def listed(self, at: str, value: object, most: int | None, what: str, *, least: int = 1) -> Sequence[Any]:
        """Check a list's length; return its entries, none when it is no list."""
        if not isinstance(value, list | tuple):
            self.problem(at, "missing or not a list")
            return []
        if len(value) < least:
            self.problem(at, f"no {what}")
        if most is not None and len(value) > most:
            self.too_many(at, len(value), most, what)
        return value

    def items(
        self, at: str, value: object, most: int | None, what: str, *, least: int = 1
    ) -> list[tuple[str, Mapping[str, Any]]]:
        """Check a list of objects; return them, each with its path."""
        found: list[tuple[str, Mapping[str, Any]]] = []
        for index, item in enumerate(self.listed(at, value, most, what, least=least)):
            if isinstance(item, dict):
                found.append((f"{at}[{index}]", item))
            else:
                self.problem(f"{at}[{index}]", "must be an object")
        return found


def is_whole(value: object) -> bool:
    """Return whether that is a whole number in JSON, where true is none."""
    return isinstance(value, int) and not isinstance(value, bool)


def is_date(value: object) -> bool:
    """Return whether that is a day as Slack writes it, such as 2026-01-31."""
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def shown(value: object) -> str:
    """Return the value as a problem quotes it, shortened."""
    return repr(value)[:60]
