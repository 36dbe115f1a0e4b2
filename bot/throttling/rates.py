"""How many look-ups a person may make in a time, and how that is reckoned: a sliding window of two counters (pure).

Two counters a person, whatever the limit: one of the window under way, one of the window before it, which counts
less and less as the new one goes on. The same reckoning as that of `limits`, which keeps the counters in Redis
(https://limits.readthedocs.io/en/stable/strategies.html#sliding-window-counter).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from limits import parse_many

MOST_RATES = 5
_MOST_AMOUNT = 10**9
_MOST_SECONDS = 366 * 86_400


@dataclass(frozen=True, slots=True)
class Rate:
    """So many look-ups in so many seconds."""

    amount: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Refused:
    """A look-up too many: by which limit, and in how many seconds the next one is allowed."""

    rate: Rate
    seconds: int


def parse_rates(text: str) -> tuple[Rate, ...]:
    """Return the rates that a text in the `limits` notation names, such as `30/minute;500/day`.

    Raises ValueError when it names none, or one that no look-up could keep to.
    """
    items = parse_many(text)
    rates = tuple(Rate(item.amount, item.get_expiry()) for item in items)
    if len(rates) > MOST_RATES:
        raise ValueError("too many limits")
    for rate in rates:
        if not (1 <= rate.amount <= _MOST_AMOUNT and 1 <= rate.seconds <= _MOST_SECONDS):
            raise ValueError("a limit out of bounds")
    return rates


@dataclass(frozen=True, slots=True)
class Window:
    """The two counts, and in how many seconds each ends: the older to count at all, the newer to be the newer."""

    previous: int = 0
    previous_left: float = 0.0
    current: int = 0
    current_left: float = 0.0

    def wait(self, rate: Rate) -> float:
        """Return in how many seconds the next look-up is within that rate; 0 for now."""
        room = rate.amount - 1 - self.current
        if room >= 0:
            return _until_at_most(room, self.previous, self.previous_left, rate)
        return self.current_left + _until_at_most(rate.amount - 1, self.current, rate.seconds, rate)


def _until_at_most(room: int, count: int, left: float, rate: Rate) -> float:
    """Return when a window's count, which fades away over its `left` seconds, weighs no more than `room`."""
    if math.floor(count * left / rate.seconds) <= room:
        return 0.0
    return max(0.0, left - (room + 1) * rate.seconds / count)


def told(rate: Rate, wait: float) -> Refused:
    """Return the refusal as people are told it: whole seconds, and never "in 0 s"."""
    return Refused(rate, max(1, math.ceil(wait)))
