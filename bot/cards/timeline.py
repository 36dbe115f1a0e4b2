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
    step = (end - start) / width
    filled = [0.0] * width
    for span_start, span_end in spans:
        for column in range(width):
            column_start = start + column * step
            overlap = min(span_end, column_start + step) - max(span_start, column_start)
            filled[column] += max(0.0, overlap) / step
    fullest = max(range(width), key=filled.__getitem__)
    return "".join(
        PRESENT if share >= 0.5 or (column == fullest and share > 0) else ABSENT  # noqa: PLR2004 - the half
        for column, share in enumerate(filled)
    )
