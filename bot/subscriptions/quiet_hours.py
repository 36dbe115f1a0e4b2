"""When people are left in peace, by the clock where they are (pure)."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

BEGIN_HOUR, END_HOUR = 22, 7
HOURS = f"{BEGIN_HOUR}:00 to {END_HOUR}:00"


def quiet_until(at: float, zone: tzinfo) -> float | None:
    """Return the Unix time at which the quiet hours end that hold at that Unix time, None where none do."""
    local = datetime.fromtimestamp(at, zone)
    if END_HOUR <= local.hour < BEGIN_HOUR:
        return None
    day = local.date() if local.hour < END_HOUR else local.date() + timedelta(days=1)
    return datetime(day.year, day.month, day.day, END_HOUR, tzinfo=zone).timestamp()
