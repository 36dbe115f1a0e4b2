"""How long something took, in words (pure)."""

from __future__ import annotations


def duration(seconds: float) -> str:
    """Return "19 s", "4 min 5 s", "1 h 2 min", "2 d 3 h": the two largest units, as people say it."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    units = ((days, "d"), (hours, "h"), (minutes, "min"), (rest, "s"))
    first = next((number for number, (count, _) in enumerate(units) if count), 3)
    return " ".join(f"{count} {unit}" for count, unit in units[first : first + 2] if count) or "0 s"
