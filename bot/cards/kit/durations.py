"""How long something took, in words (pure)."""

from __future__ import annotations


def duration(seconds: float) -> str:
    """Return "19 s", "4 min 5 s", "1 h 2 min", "2 d 3 h": the two largest units, as people say it."""
    whole = round(seconds)
    minutes, rest = divmod(whole, 60)
    hours, minutes_left = divmod(minutes, 60)
    days, hours_left = divmod(hours, 24)
    if days:
        return _two(days, "d", hours_left, "h")
    if hours:
        return _two(hours, "h", minutes_left, "min")
    if minutes:
        return _two(minutes, "min", rest, "s")
    return f"{rest} s"


def _two(large: int, large_unit: str, small: int, small_unit: str) -> str:
    return f"{large} {large_unit} {small} {small_unit}" if small else f"{large} {large_unit}"
