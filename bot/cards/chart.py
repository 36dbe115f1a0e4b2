"""The timeline of a call as one picture made of text: a row a person, aligned, with a scale below (pure)."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from bot.cards.attendance import Attendee, Span
from bot.cards.kit.blocks import Block, preformatted, rich_text
from bot.cards.kit.durations import duration
from bot.cards.timeline import bar
from bot.cards.words import person

NAME_WIDTH = 14
BAR_WIDTH = 24  # with the names no wider than a phone shows without wrapping
_ROWS_A_BLOCK = 25  # a long picture in one block would come near Slack's limits


def chart(people: Sequence[Attendee], stretch: Span | None) -> list[Block]:
    """Return the picture of those who were in the call, nothing where no times are known."""
    present = [who for who in people if who.spans]
    if stretch is None or not present:
        return []
    rows = [f"{padded(person(who))} {bar(who.spans, stretch, BAR_WIDTH)}" for who in present]
    blocks: list[Block] = []
    for start in range(0, len(rows), _ROWS_A_BLOCK):
        picture = "\n".join([*rows[start : start + _ROWS_A_BLOCK], _scale(stretch)])
        blocks.append(rich_text([preformatted(picture)]))
    return blocks


def padded(name: str) -> str:
    """Return the name in exactly NAME_WIDTH columns of a monospaced font, cut short where it must be."""
    if _columns(name) <= NAME_WIDTH:
        return name + " " * (NAME_WIDTH - _columns(name))
    isolated = name.startswith("\u2068")  # see foreign.isolated: what was opened has to be closed
    kept = name.strip("\u2068\u2069")
    while _columns(kept) > NAME_WIDTH - 1:
        kept = kept[:-1]
    kept = kept.rstrip("\u200d") + "…"
    return (f"\u2068{kept}\u2069" if isolated else kept) + " " * (NAME_WIDTH - _columns(kept))


def _columns(text: str) -> int:
    """Return how wide the text stands: Asian letters and emoji take two columns (UAX #11), marks none.

    What a zero-width joiner joins to the emoji before it takes none either.
    """
    if text.isascii():
        return len(text)
    pairs = zip(f" {text}", text, strict=False)
    return sum(0 if before == "\u200d" else _width(character) for before, character in pairs)


def _width(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in {"Cf", "Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1


def _scale(stretch: Span) -> str:
    """Return the line below: the start, the middle and the end of the call."""
    length = stretch[1] - stretch[0]
    half, whole = duration(length / 2), duration(length)
    middle = half.center(BAR_WIDTH - 2 * len(whole))
    fits = len(half) + 2 * len(whole) < BAR_WIDTH
    return " " * (NAME_WIDTH + 1) + ("0".ljust(len(whole)) + middle + whole if fits else f"0 – {whole}")
