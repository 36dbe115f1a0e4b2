"""What Slack says by WebSocket, parsed, and what it is answered. Pure: from text to values, and back.

https://docs.slack.dev/apis/events-api/using-socket-mode. What is not known is tolerated, since Slack may add to it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from typing import Any

from bot.inbound.deduplication import Answer
from bot.inbound.slack_requests import MAX_BODY, NotSlackError
from bot.slack.json_objects import json_object

# The last is not on that page; slack_sdk's clients heed it
_REASONS = frozenset({"warning", "refresh_requested", "link_disabled", "too_many_websockets"})


@dataclass(frozen=True, slots=True)
class Hello:
    """The connection stands; Slack has so many of this app's now, this one included."""

    connections: int


@dataclass(frozen=True, slots=True)
class Disconnect:
    """The connection ends soon; the reason is one of Slack's words, or "other"."""

    reason: str

    @property
    def unwanted(self) -> bool:
        """Whether Slack wants no new connection in place of this one, at least not at once."""
        return self.reason in {"link_disabled", "too_many_websockets"}


@dataclass(frozen=True, slots=True)
class Envelope:
    """What HTTP would have posted: `payload` is the command's form, the interaction, or the event as JSON."""

    envelope_id: str
    payload: dict[str, Any]
    takes_payload: bool

    @property
    def event_id(self) -> str:
        """The id of an event, which all its deliveries share; "" for what a person did."""
        event_id = self.payload.get("event_id")
        return event_id if isinstance(event_id, str) else ""

    @property
    def identity(self) -> bytes:
        """What this delivery has in common with its repeats: the event, else the envelope."""
        kind, own = ("event", self.event_id) if self.event_id else ("envelope", self.envelope_id)
        return sha256(f"{kind}:{own}".encode(errors="surrogatepass")).digest()


def parse(text: str) -> Hello | Disconnect | Envelope | None:
    """Return what Slack says, None for what has no meaning here; raises NotSlackError for what Slack doesn't send."""
    if len(text) > MAX_BODY:
        raise NotSlackError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "message is too large")
    try:
        document = json_object(text)
    except ValueError:
        raise NotSlackError(HTTPStatus.BAD_REQUEST, "message is no JSON object") from None
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
        raise NotSlackError(HTTPStatus.BAD_REQUEST, "payload is no JSON object")
    return Envelope(envelope_id, payload, takes_payload=document.get("accepts_response_payload") is True)


def ack(envelope: Envelope, answer: Answer) -> str | None:
    """Return the ack with the answer in it; None for an answer that is none, so that Slack tells the person so.

    An event that nobody listens to is acked as well: to have it delivered three times more would help nobody.
    """
    unheard = answer.status == HTTPStatus.NOT_FOUND and envelope.event_id
    if answer.status != HTTPStatus.OK and not unheard:
        return None
    said: dict[str, Any] = {"envelope_id": envelope.envelope_id}
    if answer.body and envelope.takes_payload:
        is_json = answer.body.startswith(b"{")
        said["payload"] = json.loads(answer.body) if is_json else {"text": answer.body.decode()}
    return json.dumps(said)
