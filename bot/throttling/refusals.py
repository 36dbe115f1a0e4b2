"""Refused look-ups: counted for the metrics, and logged through the log throttle, since a flood makes thousands."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from bot.identity import SlackUser
from bot.observability.log_throttle import LogThrottle


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
    """Notes refusals; `on_refusal` is called for each."""

    def __init__(self, throttle: LogThrottle, on_refusal: Callable[[Scope], None] = _ignore) -> None:
        self._throttle = throttle
        self._on_refusal = on_refusal

    def note(self, scope: Scope, user: SlackUser) -> None:
        """Note a refusal."""
        self._on_refusal(scope)
        self._throttle.warning("look-ups refused", scope=scope.value, team=user.team_id, user=user.user_id)
