"""When somebody was in the call, as a bar of characters (pure)."""

from __future__ import annotations

from collections.abc import Iterable

from bot.cards.attendance import Span

PRESENT = "█"
ABSENT = "░"


def bar(spans: Iterable[Span], axis: Span, width: int) -> str:
    """Return `width` characters from the axis' start to its end, full ones where at least half is in a span.

    However short, a presence shows: where no character is half filled, the fullest one is marked.
    """
    start, end = axis
    length = end - start
    filled = [0] * width  # in 1/width of a second, of which a column is `length` long: nothing is rounded
    for span_start, span_end in spans:
        here, there = max(0, span_start - start) * width, min(length, span_end - start) * width
        for column in range(here // length, -(-there // length)):
            filled[column] += min(there, (column + 1) * length) - max(here, column * length)
    fullest = filled.index(max(filled))
    return "".join(
        PRESENT if 2 * share >= length or (column == fullest and share) else ABSENT
        for column, share in enumerate(filled)
    )
