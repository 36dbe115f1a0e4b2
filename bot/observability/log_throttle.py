"""Log lines that anybody on the internet can cause: told once, then counted, so that a flood of them fills no disk."""

from __future__ import annotations

import asyncio
from typing import Literal

import structlog

log = structlog.get_logger()

PERIOD_SECONDS = 60.0

Level = Literal["info", "warning"]
_Line = tuple[Level, str, tuple[tuple[str, str | int], ...]]


class Floodgate:
    """Logs a line at once; its like in the next `period` seconds are one more line, with `more` for how many.

    Lines are alike where event and facts are the same; whoever logs keeps the different ones few.
    """

    def __init__(self, period: float = PERIOD_SECONDS) -> None:
        self._period = period
        self._more: dict[_Line, int] = {}
        self._timers: dict[_Line, asyncio.TimerHandle] = {}

    def info(self, event: str, **facts: str | int) -> None:
        """Log what is in order."""
        self._tell("info", event, facts)

    def warning(self, event: str, **facts: str | int) -> None:
        """Log what is not."""
        self._tell("warning", event, facts)

    def close(self) -> None:
        """Log the counts so far."""
        for line, timer in list(self._timers.items()):
            timer.cancel()
            self._sum_up(line)

    def _tell(self, level: Level, event: str, facts: dict[str, str | int]) -> None:
        line: _Line = (level, event, tuple(facts.items()))
        if line in self._more:
            self._more[line] += 1
            return
        getattr(log, level)(event, **facts)
        self._more[line] = 0
        self._timers[line] = asyncio.get_running_loop().call_later(self._period, self._sum_up, line)

    def _sum_up(self, line: _Line) -> None:
        del self._timers[line]
        level, event, facts = line
        if more := self._more.pop(line):
            getattr(log, level)(event, **dict(facts), more=more)
