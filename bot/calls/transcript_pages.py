"""A transcript's pages, and what is found in it (pure)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from bot.calls.transcript import Turn
from bot.calls.typed_text import without_controls

PAGE = 20
"""How many turns a page has."""
AROUND = 1
"""How many turns are shown before and after each that is found."""
LONGEST_QUERY = 100


@dataclass(frozen=True, slots=True)
class Shown:
    """A turn on a page. `found`: it has the words that were searched for. `gap`: turns before it are left out."""

    turn: Turn
    found: bool = False
    gap: bool = False


@dataclass(frozen=True, slots=True)
class TurnPage:
    """The turns of a page, `number` of `pages` counted from 0. `finds` of all `turns` have the words searched for."""

    shown: tuple[Shown, ...]
    number: int
    pages: int
    turns: int
    finds: int = 0


def tidy_query(typed: str) -> str:
    """Return what is searched for: words on one line, "" for the whole transcript."""
    return unicodedata.normalize("NFC", " ".join(without_controls(typed).split()))[:LONGEST_QUERY].strip()


def page_of(turns: Sequence[Turn], query: str = "", number: int = 0) -> TurnPage:
    """Return that page, the last one if there are fewer: of all turns, or of those with each word of the query."""
    chosen = around(turns, query)
    pages = max(1, -(-len(chosen) // PAGE))
    number = min(max(0, number), pages - 1)
    shown = tuple(chosen[number * PAGE : (number + 1) * PAGE])
    return TurnPage(shown, number, pages, len(turns), sum(each.found for each in chosen))


def around(turns: Sequence[Turn], query: str) -> list[Shown]:
    """Return the turns that the query finds and those around them; without a query, all."""
    if not query:
        return [Shown(turn) for turn in turns]
    found = set(finds(turns, query))
    chosen = _with_neighbours(found, len(turns))
    return [
        Shown(turns[at], found=at in found, gap=at != before + 1)
        for before, at in zip([-1, *chosen], chosen, strict=False)
    ]


def finds(turns: Sequence[Turn], query: str) -> list[int]:
    """Return the indexes of the turns that have each word of the query, whatever their case."""
    words = [each.casefold() for each in query.split()]
    texts = (turn.text.casefold() for turn in turns)
    return [at for at, text in enumerate(texts) if all(word in text for word in words)]


def marked(text: str, query: str) -> list[tuple[str, bool]]:
    """Return the text in parts, each with whether it is a word of the query."""
    words = sorted(map(re.escape, query.split()), key=len, reverse=True)
    if not words:
        return [(text, False)]
    parts = re.split(f"({'|'.join(words)})", text, flags=re.IGNORECASE)
    return [(part, bool(at % 2)) for at, part in enumerate(parts) if part]


def _with_neighbours(found: set[int], turns: int) -> list[int]:
    near = {at + step for at in found for step in range(-AROUND, AROUND + 1)}
    return sorted(at for at in near if 0 <= at < turns)
