"""How long something took: exact, rounded for a table, and in whole words for a screen reader (pure)."""

from __future__ import annotations

_UNITS = (("d", "day"), ("h", "hour"), ("min", "minute"), ("s", "second"))
_A_MINUTE = 60


def duration(seconds: float) -> str:
    """Return "19 s", "4 min 5 s", "1 h 2 min", "2 d 3 h": the two largest units, as people write it."""
    return " ".join(f"{count} {_UNITS[unit][0]}" for count, unit in _largest(seconds))


def rounded(seconds: float) -> str:
    """Return "19 s", "9 min", "1 h 2 min": without seconds from the first minute on."""
    whole = round(seconds)
    return duration(whole if whole < _A_MINUTE else (whole + _A_MINUTE // 2) // _A_MINUTE * _A_MINUTE)


def spoken(seconds: float) -> str:
    """Return "19 seconds", "4 minutes 5 seconds", "1 hour 2 minutes": what a screen reader says right."""
    return " ".join(
        f"{count} {_UNITS[unit][1]}{'' if count == 1 else 's'}" for count, unit in _largest(seconds)
    )


def _largest(seconds: float) -> list[tuple[int, int]]:
    """Return the two largest units that there are, each with its count; a zero among them is left out."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    counts = (days, hours, minutes, rest)
    first = next((unit for unit, count in enumerate(counts) if count), len(counts) - 1)
    return [(counts[unit], unit) for unit in range(first, min(first + 2, len(counts))) if counts[unit]] or [
        (0, first)
    ]
