"""When people were in a call, as pictures made of characters: a bar for one, a chart of all with a scale below (pure)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from bot.cards.attendance import Attendee, Span
from bot.cards.durations import duration
from bot.cards.kit.blocks import Block, preformatted, rich_text
from bot.cards.kit.escaping import cut
from bot.cards.words import person

PRESENT = "█"
ABSENT = "░"
NAME_WIDTH = 14
BAR_WIDTH = 24  # with the names no wider than a phone shows without wrapping
_ROWS_A_BLOCK = 25  # a long chart in one block would come near Slack's limits


def bar(spans: Iterable[Span], axis: Span, width: int) -> str:
    """Return `width` characters from the axis' start to its end, full ones where at least half is in a span.

    A presence shows however short it is: where no character is half filled, the fullest one is marked.
    """
    start, end = axis
    length = end - start
    filled = [0] * width  # in 1/width of a second, so that nothing is rounded: a column is `length` of them
    for span_start, span_end in spans:
        first, last = max(0, span_start - start) * width, min(length, span_end - start) * width
        for column in range(first // length, -(-last // length)):
            filled[column] += min(last, (column + 1) * length) - max(first, column * length)
    fullest = filled.index(max(filled))
    return "".join(
        PRESENT if 2 * share >= length or (column == fullest and share) else ABSENT
        for column, share in enumerate(filled)
    )


def chart(people: Sequence[Attendee], axis: Span | None) -> list[Block]:
    """Return a row for each person who was in the call, aligned; nothing where no times are known."""
    present = [who for who in people if who.spans]
    if axis is None or not present:
        return []
    rows = [f"{padded(person(who))} {bar(who.spans, axis, BAR_WIDTH)}" for who in present]
    blocks: list[Block] = []
    for start in range(0, len(rows), _ROWS_A_BLOCK):
        picture = "\n".join([*rows[start : start + _ROWS_A_BLOCK], _scale(axis)])
        blocks.append(rich_text([preformatted(picture)]))
    return blocks


def padded(name: str) -> str:
    """Return the name in exactly NAME_WIDTH columns of a monospaced font, shortened where it must be."""
    if columns(name) <= NAME_WIDTH:
        return name + " " * (NAME_WIDTH - columns(name))
    isolated = name.startswith("\u2068")  # by kit.escaping.isolated: what was opened has to be closed
    kept = name.strip("\u2068\u2069")
    while columns(kept) > NAME_WIDTH - 1:
        kept = cut(kept, len(kept) - 1)
    rest = " " * (NAME_WIDTH - 1 - columns(kept))
    return (f"\u2068{kept}…\u2069" if isolated else f"{kept}…") + rest


def columns(text: str) -> int:
    """Return how wide the text is: Asian letters and emoji take two columns (UAX #11), marks none.

    What a zero-width joiner joins to the emoji before it takes none either; letters and spaces are not joined so.
    """
    if text.isascii():
        return len(text)
    pairs = zip(f" {text}", text, strict=False)
    return sum(
        0 if before == "\u200d" and not (character.isalnum() or character.isspace()) else _width(character)
        for before, character in pairs
    )


def _width(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in {"Cf", "Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1


def _scale(axis: Span) -> str:
    """Return the line below: the start, the middle and the end of the call."""
    length = axis[1] - axis[0]
    half, whole = duration(length / 2), duration(length)
    middle = half.center(BAR_WIDTH - 2 * len(whole))
    fits = len(half) + 2 * len(whole) < BAR_WIDTH
    return " " * (NAME_WIDTH + 1) + ("0".ljust(len(whole)) + middle + whole if fits else f"0 – {whole}")
