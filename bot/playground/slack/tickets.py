"""The two things Slack hands out for a short time: trigger ids and response URLs, with their rules.

A trigger_id lives 3 s and works once; a response_url works 5 times in 30 minutes.
https://docs.slack.dev/interactivity/handling-user-interaction. What they are used for: webapi.py and response_url.py.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from bot.playground.slack.refusals import RefusedError

TRIGGER_SECONDS = 3.0
RESPONSE_URL_SECONDS = 30 * 60.0
RESPONSE_URL_USES = 5
_KEPT = 2_000  # used and expired ones are kept to tell apart why they are refused, but not for ever


@dataclass(frozen=True)
class Trigger:
    """Who may open a modal, since when, and from within which modal, or which channel, they came."""

    user_id: str
    issued_at: float
    view_id: str | None = None
    channel_id: str | None = None


@dataclass(frozen=True)
class Origin:
    """Where a response URL came from: what happened, who did it, and on which message.

    For a submitted view, `channel_id` is the conversation that was chosen in it.
    """

    kind: Literal["command", "shortcut", "press", "view"]
    user_id: str
    ts: str | None = None
    channel_id: str | None = None


@dataclass
class _Pass:
    origin: Origin
    issued_at: float
    uses: int = 0


class Triggers:
    """The trigger ids in circulation. `now` gives seconds."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._open: dict[str, Trigger] = {}
        self._exchanged: dict[str, None] = {}

    def issue(self, user_id: str, view_id: str | None = None, channel_id: str | None = None) -> str:
        """Return a new trigger id."""
        now = self._now()
        trigger_id = f"{int(now)}.{secrets.randbelow(10**9)}.{secrets.token_hex(16)}"
        self._open[trigger_id] = Trigger(user_id, now, view_id, channel_id)
        _forget_oldest(self._open)
        return trigger_id

    def redeem(self, trigger_id: str) -> Trigger:
        """Use a trigger id up; RefusedError when it is unknown, was used, or is too old."""
        if trigger_id in self._exchanged:
            raise RefusedError("exchanged_trigger_id")
        trigger = self._open.pop(trigger_id, None)
        if trigger is None:
            raise RefusedError("invalid_trigger_id")
        if self._now() - trigger.issued_at > TRIGGER_SECONDS:
            self._open[trigger_id] = trigger
            raise RefusedError("expired_trigger_id")
        self._exchanged[trigger_id] = None
        _forget_oldest(self._exchanged)
        return trigger


class ResponseUrls:
    """The response URLs in circulation, by their secret key. `now` gives seconds."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._passes: dict[str, _Pass] = {}

    def issue(self, origin: Origin) -> str:
        """Return the key of a new response URL."""
        key = secrets.token_urlsafe(18)
        self._passes[key] = _Pass(origin, self._now())
        _forget_oldest(self._passes)
        return key

    def use(self, key: str) -> Origin:
        """Count one use; RefusedError when it is unknown, too old, or used up."""
        found = self._passes.get(key)
        if found is None:
            raise RefusedError("no_service", status=404)
        if self._now() - found.issued_at > RESPONSE_URL_SECONDS:
            raise RefusedError("expired_url", status=404)
        if found.uses >= RESPONSE_URL_USES:
            raise RefusedError("used_url", status=404)
        found.uses += 1
        return found.origin


def _forget_oldest(kept: dict[str, Any]) -> None:
    while len(kept) > _KEPT:
        del kept[next(iter(kept))]
