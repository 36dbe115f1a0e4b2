"""Is this a request of Slack's? Asked in front of Bolt, which answers malformed ones with 500 and logs them whole.

The signature: https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs

from slack_sdk.signature import SignatureVerifier

MAX_BODY = 256 * 1024
_TIMESTAMP = re.compile(r"[0-9]{1,12}")
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")


class NotSlackError(Exception):
    """The request is refused; `status` is the HTTP status, the text a few words for the log."""

    def __init__(self, status: HTTPStatus, reason: str) -> None:
        super().__init__(reason)
        self.status = status


@dataclass(frozen=True, slots=True)
class Signature:
    """What a request's headers claim, of the right form but not yet verified."""

    timestamp: str
    signature: str


def claimed_signature(headers: Mapping[str, str]) -> Signature:
    """Return the signature, before the body is read; raises NotSlackError where there is no usable one.

    `headers` are looked up without regard to case.
    """
    timestamp = headers.get("X-Slack-Request-Timestamp", "")
    signature = headers.get("X-Slack-Signature", "")
    if not _TIMESTAMP.fullmatch(timestamp) or not _SIGNATURE.fullmatch(signature):
        raise NotSlackError(HTTPStatus.UNAUTHORIZED, "no usable signature")
    return Signature(timestamp, signature)


def verified_body(claim: Signature, body: bytes, content_type: str, verifier: SignatureVerifier) -> str:
    """Return the body as text, once it is certain that Slack sent it within five minutes; raises NotSlackError."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise NotSlackError(HTTPStatus.BAD_REQUEST, "body is not UTF-8") from None
    signed = {"x-slack-request-timestamp": claim.timestamp, "x-slack-signature": claim.signature}
    if not verifier.is_valid_request(text, signed):
        raise NotSlackError(HTTPStatus.UNAUTHORIZED, "signature is wrong or stale")
    if not _is_understood(text, content_type):
        raise NotSlackError(HTTPStatus.BAD_REQUEST, "body is neither a form nor JSON as Slack sends it")
    return text


def _is_understood(text: str, content_type: str) -> bool:
    """Whether Bolt will find an object in the body: Slack sends forms, JSON, and JSON in a form's `payload`."""
    try:
        if content_type.startswith("application/json"):
            return _is_object(text)
        form = parse_qs(text, keep_blank_values=True, max_num_fields=200)
        return bool(form) and all(_is_object(payload) for payload in form.get("payload", []))
    except (ValueError, RecursionError):
        return False


def _is_object(text: str) -> bool:
    document: Any = json.loads(text)
    return isinstance(document, dict)
