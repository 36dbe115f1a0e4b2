"""What was read within seconds, so that a person who asks again costs no read. Pure; the clock is passed in."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Remembered(Generic[Value]):
    """A value, "there is none" included."""

    value: Value
    until: float


@dataclass(frozen=True, slots=True)
class Reading:
    """A read under way: when it began, and how often things had changed by then."""

    began: float
    changes: int


class Memory(Generic[Key, Value]):
    """Keeps at most `size` values for `seconds` from when their read began. `clock` is monotonic, in seconds."""

    def __init__(self, *, seconds: float, size: int, clock: Callable[[], float]) -> None:
        self._seconds = seconds
        self._size = size
        self._clock = clock
        self._kept: OrderedDict[Key, Remembered[Value]] = OrderedDict()
        self._changes = 0

    def recall(self, key: Key) -> Remembered[Value] | None:
        """Return what is remembered of `key`, None where it has to be read."""
        kept = self._kept.get(key)
        return kept if kept and self._clock() < kept.until else None

    def begin(self) -> Reading:
        """Note that a read begins."""
        return Reading(self._clock(), self._changes)

    def keep(self, key: Key, value: Value, reading: Reading) -> None:
        """Remember what was read, unless something was changed meanwhile: it may be older than the change."""
        if reading.changes != self._changes:
            return
        self._kept[key] = Remembered(value, reading.began + self._seconds)
        self._kept.move_to_end(key)
        self._forget_oldest()

    def _forget_oldest(self) -> None:
        """Forget what is too old, and what is too much."""
        now = self._clock()
        while self._kept and (len(self._kept) > self._size or next(iter(self._kept.values())).until <= now):
            self._kept.popitem(last=False)

    def forget(self) -> None:
        """Forget everything: something was changed, or may have been."""
        self._changes += 1
        self._kept.clear()
