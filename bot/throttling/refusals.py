"""Refused look-ups: counted at once for metrics, and logged once a minute, one line a person.

A flood makes thousands of them: a line each would be a flood too.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from enum import StrEnum

import structlog

from bot.identity import SlackUser

log = structlog.get_logger()

LOG_SECONDS = 60.0
MAX_NAMED = 100
"""How many people the lines of a minute name; the others become one number."""


class Scope(StrEnum):
    """The limit that a look-up met."""

    USER = "user"
    """The person's look-ups in a time (rate_limiter.py)."""
    USER_IN_FLIGHT = "user_in_flight"
    """The person's look-ups in flight (concurrency.py)."""
    IN_FLIGHT = "in_flight"
    """Everybody's look-ups in flight (concurrency.py)."""
    COMETCHAT = "cometchat"
    """CometChat's own (circuit_breaker.py)."""


def _ignore(_: Scope) -> None: ...


class Refusals:
    """Notes refusals. `on_refusal` is called for each, `every` is the seconds between the lines of one person."""

    def __init__(self, on_refusal: Callable[[Scope], None] = _ignore, *, every: float = LOG_SECONDS) -> None:
        self._on_refusal = on_refusal
        self._every = every
        self._named: Counter[tuple[Scope, SlackUser]] = Counter()
        self._others: Counter[Scope] = Counter()
        self._timer: asyncio.TimerHandle | None = None

    def note(self, scope: Scope, user: SlackUser) -> None:
        """Note a refusal."""
        self._on_refusal(scope)
        if (scope, user) in self._named or len(self._named) < MAX_NAMED:
            self._named[scope, user] += 1
        else:
            self._others[scope] += 1
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self._every, self.flush)

    def flush(self) -> None:
        """Log what was noted since the last lines."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        for (scope, user), count in self._named.items():
            log.warning(
                "look-ups refused", scope=scope.value, team=user.team_id, user=user.user_id, refused=count
            )
        for scope, count in self._others.items():
            log.warning("look-ups of others refused", scope=scope.value, refused=count)
        self._named.clear()
        self._others.clear()
