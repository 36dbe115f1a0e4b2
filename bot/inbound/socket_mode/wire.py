"""Socket Mode's protocol: what Slack says, the ack to it, and when to connect again. Pure.

https://docs.slack.dev/apis/events-api/using-socket-mode. Unknown messages are tolerated, since Slack may add some.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from typing import Any

from bot.inbound.deduplication import Response
from bot.inbound.slack_requests import MAX_BODY, RefusedRequestError, event_id
from bot.slack.json_objects import json_object

# The last is not on that page; slack_sdk's clients know it
_REASONS = frozenset({"warning", "refresh_requested", "link_disabled", "too_many_websockets"})

STEADY_SECONDS = 30.0
"""How long a connection has to last for the failures before it to be forgotten."""
MAX_BACKOFF_SECONDS = 30.0
MAX_RETRY_AFTER_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Hello:
    """The connection stands; Slack has so many of this app's now, this one included."""

    connections: int


@dataclass(frozen=True, slots=True)
class Disconnect:
    """The connection ends soon; the reason is one of Slack's words, or "other"."""

    reason: str

    @property
    def is_unwanted(self) -> bool:
        """Whether Slack wants no new connection in place of this one, at least not at once."""
        return self.reason in {"link_disabled", "too_many_websockets"}


@dataclass(frozen=True, slots=True)
class Envelope:
    """What HTTP would have posted: `payload` is the command's form, the interaction, or the event as JSON."""

    envelope_id: str
    payload: dict[str, Any]
    accepts_payload: bool

    @property
    def event_id(self) -> str:
        """The id of an event, which all its deliveries share; "" for what a person did."""
        return event_id(self.payload)

    @property
    def identity(self) -> bytes:
        """What this delivery has in common with its repeats: the event, else the envelope."""
        kind, own = ("event", self.event_id) if self.event_id else ("envelope", self.envelope_id)
        return sha256(f"{kind}:{own}".encode(errors="surrogatepass")).digest()


def parse(text: str) -> Hello | Disconnect | Envelope | None:
    """Return what Slack says, None for what has no meaning here.

    Raises RefusedRequestError for what Slack doesn't send.
    """
    if len(text) > MAX_BODY:
        raise RefusedRequestError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "message is too large")
    try:
        document = json_object(text)
    except ValueError:
        raise RefusedRequestError(HTTPStatus.BAD_REQUEST, "message is no JSON object") from None
    if document.get("type") == "hello":
        connections = document.get("num_connections")
        return Hello(connections if isinstance(connections, int) else 1)
    if document.get("type") == "disconnect":
        reason = document.get("reason")
        return Disconnect(reason if isinstance(reason, str) and reason in _REASONS else "other")
    return _envelope(document)


def _envelope(document: dict[str, Any]) -> Envelope | None:
    envelope_id, payload = document.get("envelope_id"), document.get("payload")
    if not isinstance(envelope_id, str) or not envelope_id:
        return None  # nothing that could be acked
    if not isinstance(payload, dict):
        raise RefusedRequestError(HTTPStatus.BAD_REQUEST, "payload is no JSON object")
    return Envelope(envelope_id, payload, accepts_payload=document.get("accepts_response_payload") is True)


def ack(envelope: Envelope, response: Response) -> str | None:
    """Return the ack with the response in it; None for a refusal: without an ack, Slack tells the person.

    An event that has no listener is acked too: Slack would deliver it three times more.
    """
    is_unused_event = response.status == HTTPStatus.NOT_FOUND and envelope.event_id
    if response.status != HTTPStatus.OK and not is_unused_event:
        return None
    message: dict[str, Any] = {"envelope_id": envelope.envelope_id}
    if response.body and envelope.accepts_payload:
        is_json = response.body.startswith(b"{")
        message["payload"] = json.loads(response.body) if is_json else {"text": response.body.decode()}
    return json.dumps(message)


class Backoff:
    """How many seconds to wait before connecting again.

    A connection that ends is replaced at once: Slack ends each of them every few hours. What fails again and again is
    retried ever more rarely. `jitter` gives numbers from 0 to 1.
    """

    def __init__(self, jitter: Callable[[], float] = random.random) -> None:
        self._jitter = jitter
        self._failures = 0

    def after_failure(self, retry_after: float = 0.0) -> float:
        """Return the pause after a failed try, `retry_after` at least, up to MAX_RETRY_AFTER_SECONDS."""
        self._failures += 1
        return max(self._pause(), min(retry_after, MAX_RETRY_AFTER_SECONDS))

    def after_connection(self, lasted: float, *, is_unwanted: bool) -> float:
        """Return the pause after a connection that lasted so long; `is_unwanted` where Slack wants no new one now."""
        if lasted >= STEADY_SECONDS:
            self._failures = 0
        if is_unwanted:
            return self.after_failure()
        pause = self._pause()
        self._failures += 1
        return pause

    def _pause(self) -> float:
        """Return 0 for no failure, else twice as much for each, less up to a half by chance."""
        if not self._failures:
            return 0.0
        longest = min(2.0 ** min(self._failures - 1, 10), MAX_BACKOFF_SECONDS)
        return longest * (1 + self._jitter()) / 2
