"""Is this a request of Slack's? Checked in front of Bolt, which answers malformed requests with 500 and logs them whole.

The signature: https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

from __future__ import annotations

import hmac
import re
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from slack_sdk.signature import SignatureVerifier

from bot.slack.json_objects import json_object

MAX_BODY = 256 * 1024
ACCEPTED_SECONDS = 300.0
"""How far a request's timestamp may be from our clock, either way; slack_sdk's verifier checks it."""
STATUSES = frozenset({400, 401, 404, 405, 413, 503})
"""With which requests are refused: here, in http_events.py and dispatch.py, and by Bolt, for what has no listener."""

_JSON = "application/json"
_TYPES = frozenset({_JSON, "application/x-www-form-urlencoded"})
_TIMESTAMP = re.compile(r"[0-9]{1,12}")
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")
_LENGTH = re.compile(r"[0-9]{1,9}")


class RefusedRequestError(Exception):
    """The request is refused; `status` is the HTTP status, the message a few words for the log."""

    def __init__(self, status: HTTPStatus, reason: str) -> None:
        super().__init__(reason)
        self.status = status


def not_understood(error: Exception, what: str) -> RefusedRequestError:
    """Return the refusal of what made code raise; the error's own message may show what was sent."""
    # `extract_tb` would read the source of every frame's module, and keep it: 1 MB, and blocking reads of files
    *_, (frame, _) = traceback.walk_tb(error.__traceback__)
    where = frame.f_code.co_name
    return RefusedRequestError(
        HTTPStatus.BAD_REQUEST, f"{what} not understood: {type(error).__name__} in {where}"
    )


@dataclass(frozen=True, slots=True)
class SignedHeaders:
    """The headers that matter, of the right form but not yet verified."""

    timestamp: str
    signature: str
    is_json: bool


@dataclass(frozen=True, slots=True)
class SlackRequest:
    """A verified request.

    `payload` is the command's form, the interaction, or the event, as in an envelope of Socket Mode. `identity` is what
    the request has in common with its repeats, and with no other.
    """

    payload: dict[str, Any]
    identity: bytes


def parse_headers(headers: Mapping[str, str]) -> SignedHeaders:
    """Return the headers, before the body is read; raises RefusedRequestError where no body could make them good.

    `headers` are looked up without regard to case.
    """
    timestamp = headers.get("X-Slack-Request-Timestamp", "")
    signature = headers.get("X-Slack-Signature", "")
    if not _TIMESTAMP.fullmatch(timestamp) or not _SIGNATURE.fullmatch(signature):
        raise RefusedRequestError(HTTPStatus.UNAUTHORIZED, "no usable signature")
    if headers.get("Content-Encoding", "identity").lower() != "identity":
        raise RefusedRequestError(HTTPStatus.BAD_REQUEST, "body is packed")  # Slack packs nothing
    content_type = headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if content_type not in _TYPES:
        raise RefusedRequestError(HTTPStatus.BAD_REQUEST, "content type is not one of Slack's")
    length = headers.get("Content-Length", "0")
    if not _LENGTH.fullmatch(length) or int(length) > MAX_BODY:
        raise RefusedRequestError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "body is too large")
    return SignedHeaders(timestamp, signature, is_json=content_type == _JSON)


def verify(headers: SignedHeaders, body: bytes, verifier: SignatureVerifier) -> SlackRequest:
    """Return the request, once it is certain that Slack sent it within five minutes; raises RefusedRequestError."""
    text = verified_text(headers, body, verifier)
    try:
        payload = json_object(text) if headers.is_json else _of_form(text)
    except ValueError:
        raise RefusedRequestError(
            HTTPStatus.BAD_REQUEST, "body is neither a form nor JSON as Slack sends it"
        ) from None
    return SlackRequest(payload, request_identity(headers, event_id(payload) if headers.is_json else ""))


def verified_text(headers: SignedHeaders, body: bytes, verifier: SignatureVerifier) -> str:
    """Return the body's text on the same condition; raises RefusedRequestError."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise RefusedRequestError(HTTPStatus.BAD_REQUEST, "body is not UTF-8") from None
    signed = {"x-slack-request-timestamp": headers.timestamp, "x-slack-signature": headers.signature}
    if not verifier.is_valid_request(text, signed):
        raise RefusedRequestError(HTTPStatus.UNAUTHORIZED, _why_refused(headers, text, verifier))
    return text


def request_identity(headers: SignedHeaders, event: str = "") -> bytes:
    """Return the hash of an event's id, which Slack's own retries share; else the signature, which covers the body."""
    if event:
        return sha256(event.encode(errors="surrogatepass")).digest()
    return f"{headers.timestamp}:".encode() + bytes.fromhex(headers.signature.removeprefix("v0="))


def event_id(payload: Mapping[str, Any]) -> str:
    """Return the id of an event, which all its deliveries share; "" for other payloads.

    https://docs.slack.dev/apis/events-api#event-type-structure
    """
    found = payload.get("event_id")
    return found if isinstance(found, str) else ""


def _why_refused(headers: SignedHeaders, text: str, verifier: SignatureVerifier) -> str:
    """Say what is wrong with a signature; where it is only the time, an operator has to look at the clock."""
    expected = verifier.generate_signature(timestamp=headers.timestamp, body=text)
    if expected is None or not hmac.compare_digest(expected, headers.signature):
        return "signature is wrong"
    minutes = round((verifier.clock.now() - int(headers.timestamp)) / 60)
    if minutes > 0:
        return f"signed {minutes} min ago: this machine’s clock may be off, or the request is a repeat"
    return f"signed {-minutes} min ahead: this machine’s clock may be off"


def _of_form(text: str) -> dict[str, Any]:
    """Return the form's fields, or the object that is in its `payload` as JSON; raises ValueError."""
    form = dict(parse_qsl(text, keep_blank_values=True, max_num_fields=200))
    if not form:
        raise ValueError("empty")
    return json_object(form["payload"]) if "payload" in form else form
