"""Log lines that anybody can cause, as often as they like: written once, then counted, so that a flood fills no disk."""

from __future__ import annotations

import asyncio
from typing import Literal

import structlog

log = structlog.get_logger()

PERIOD_SECONDS = 60.0
MOST_LINES = 100

Level = Literal["info", "warning"]
_Line = tuple[Level, str, tuple[tuple[str, str | int], ...]]


class LogThrottle:
    """Logs a line at once; equal ones within `period` seconds become one more line, with `more` for how many.

    Lines are equal where event and facts are. At most `most` different ones are counted in a period; those on top of
    them are logged, and counted, as their event without facts.
    """

    def __init__(self, period: float = PERIOD_SECONDS, most: int = MOST_LINES) -> None:
        self._period = period
        self._most = most
        self._more: dict[_Line, int] = {}
        self._timers: dict[_Line, asyncio.TimerHandle] = {}

    def info(self, event: str, **facts: str | int) -> None:
        """Log at level info."""
        self._log("info", event, facts)

    def warning(self, event: str, **facts: str | int) -> None:
        """Log at level warning."""
        self._log("warning", event, facts)

    def close(self) -> None:
        """Log the counts so far."""
        for line, timer in list(self._timers.items()):
            timer.cancel()
            self._log_count(line)

    def _log(self, level: Level, event: str, facts: dict[str, str | int]) -> None:
        line: _Line = (level, event, tuple(facts.items()))
        if line not in self._more and len(self._more) >= self._most:
            line = (level, event, ())
        if line in self._more:
            self._more[line] += 1
            return
        getattr(log, level)(event, **dict(line[2]))
        self._more[line] = 0
        self._timers[line] = asyncio.get_running_loop().call_later(self._period, self._log_count, line)

    def _log_count(self, line: _Line) -> None:
        del self._timers[line]
        level, event, facts = line
        if more := self._more.pop(line):
            getattr(log, level)(event, **dict(facts), more=more)
