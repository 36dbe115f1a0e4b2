"""What was refused: counted at once for metrics, and told in the log once a minute, one line a person.

A flood makes thousands of refusals. None gets a line or a row of its own: that would be a flood too.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from enum import StrEnum

import structlog

from bot.identity import SlackUser

log = structlog.get_logger()

EVERY_SECONDS = 60.0
MOST_NAMED = 100
"""How many people a minute's lines name; the others are told as one number."""


class Scope(StrEnum):
    """Which bound a look-up ran into."""

    USER = "user"
    """A person's look-ups in a time."""
    USER_IN_FLIGHT = "user_in_flight"
    """A person's look-ups under way."""
    IN_FLIGHT = "in_flight"
    """Everybody's look-ups under way."""
    COMETCHAT = "cometchat"
    """The pause that CometChat asked for."""


Counted = Callable[[Scope], None]
"""Hears of each refusal, at once: for metrics."""


def uncounted(_: Scope) -> None:
    """Count nothing."""


class Refusals:
    """Takes note of refusals. `every` is the seconds between the lines of one person; `flush` writes what is left."""

    def __init__(self, counted: Counted = uncounted, *, every: float = EVERY_SECONDS) -> None:
        self._counted = counted
        self._every = every
        self._noted: Counter[tuple[Scope, SlackUser]] = Counter()
        self._unnamed: Counter[Scope] = Counter()
        self._timer: asyncio.TimerHandle | None = None

    def note(self, scope: Scope, user: SlackUser) -> None:
        """Take note of a refusal."""
        self._counted(scope)
        if (scope, user) in self._noted or len(self._noted) < MOST_NAMED:
            self._noted[scope, user] += 1
        else:
            self._unnamed[scope] += 1
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self._every, self.flush)

    def flush(self) -> None:
        """Write the lines now."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        for (scope, user), count in self._noted.items():
            log.warning(
                "look-ups refused", scope=scope.value, team=user.team_id, user=user.user_id, refused=count
            )
        for scope, count in self._unnamed.items():
            log.warning("look-ups of others refused", scope=scope.value, refused=count)
        self._noted.clear()
        self._unnamed.clear()
