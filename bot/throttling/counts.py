"""The counts of look-ups in this process's memory: a few numbers a person, for a bounded number of people."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bot.throttling.rates import Rate, Refused, Window, told

MOST_KEPT = 10_000
"""Of how many people counts are kept; past that, whoever was away longest begins anew. About 5 MB."""

Person = tuple[str, str]
"""Team id and user id."""


@dataclass(slots=True)
class _Counter:
    """What one person has made of one rate. The window under way began at `since`."""

    since: float
    previous: int = 0
    current: int = 0

    def window(self, rate: Rate, now: float) -> Window:
        """Return the counts as they are now, shifted where a window has ended."""
        passed = int((now - self.since) // rate.seconds)
        if passed > 0:
            self.previous = self.current if passed == 1 else 0
            self.current = 0
            self.since += passed * rate.seconds
        left = self.since + rate.seconds - now
        return Window(self.previous, left, self.current, left)


@dataclass(slots=True)
class _Account:
    counters: tuple[_Counter, ...]
    refused: Refused | None = None
    refused_until: float = field(default=0.0)


class Counts:
    """Counts look-ups by person. `clock` is monotonic, in seconds."""

    def __init__(self, rates: Sequence[Rate], clock: Callable[[], float] = time.monotonic) -> None:
        self._rates = tuple(rates)
        self._clock = clock
        self._accounts: OrderedDict[Person, _Account] = OrderedDict()

    def refusal(self, person: Person) -> Refused | None:
        """Return why a look-up would be one too many now, None where it would not; nothing is counted."""
        now, account = self._clock(), self._accounts.get(person)
        if account is None:
            return None
        if account.refused and now < account.refused_until:
            return told(account.refused.rate, account.refused_until - now)
        waits = [
            (counter.window(rate, now).wait(rate), rate)
            for counter, rate in zip(account.counters, self._rates, strict=True)
        ]
        longest, rate = max(waits, key=lambda each: each[0])
        return told(rate, longest) if longest > 0 else None

    def add(self, person: Person) -> None:
        """Count a look-up."""
        now, account = self._clock(), self._account(person)
        for counter, rate in zip(account.counters, self._rates, strict=True):
            counter.window(rate, now)
            counter.current += 1

    def refuse(self, person: Person, refused: Refused) -> None:
        """Keep to a refusal that somebody else reckoned, for as long as it says."""
        account = self._account(person)
        account.refused, account.refused_until = refused, self._clock() + refused.seconds

    def _account(self, person: Person) -> _Account:
        account = self._accounts.get(person)
        if account is None:
            now = self._clock()
            account = self._accounts[person] = _Account(tuple(_Counter(now) for _ in self._rates))
        self._accounts.move_to_end(person)
        while len(self._accounts) > MOST_KEPT:
            self._accounts.popitem(last=False)
        return account
