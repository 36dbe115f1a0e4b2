"""CometChat's webhook: posts to `/cometchat/events`, each stored as a hint that it is time to look.

Anybody on the internet may post, and whoever has the password may still say anything: so nothing is done with an event
but to store its ids. The response comes as soon as that is done, and waits for neither CometChat nor Slack.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hmac
from collections.abc import Callable
from hashlib import sha256
from http import HTTPStatus
from typing import Literal

from aiohttp import web
from pydantic import SecretStr

from bot.cometchat.events import CallEvent, read_event
from bot.identity.links import StoreUnavailableError
from bot.inbound.http_events import read_body
from bot.inbound.slack_requests import RefusedRequestError, not_understood
from bot.observability.log_throttle import LogThrottle
from bot.observability.metrics import Metrics
from bot.slack.json_objects import json_object
from bot.subscriptions.hints import Hint, HintStore

PATH = "/cometchat/events"
STORE_SECONDS = 1.5
"""How long an event may take to be stored; CometChat waits 2 s for the response."""

EventOutcome = Literal["stored", "no_hint", "unauthorized", "malformed", "too_large", "not_stored"]
"""`no_hint`: it names nothing to look for, or a call that goes on. `not_stored`: the database is away."""
_OUTCOMES: dict[int, EventOutcome] = {
    HTTPStatus.UNAUTHORIZED: "unauthorized",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "too_large",
    HTTPStatus.SERVICE_UNAVAILABLE: "not_stored",
}
_HEADERS = {
    HTTPStatus.UNAUTHORIZED: {"WWW-Authenticate": 'Basic realm="callinfo", charset="UTF-8"'},
    HTTPStatus.METHOD_NOT_ALLOWED: {"Allow": "POST"},
}


class CometChatEvents:
    """Takes the events of whoever sends that user and password.

    `wake` is called after each stored event; it must return at once. `now` is Unix time.
    """

    def __init__(
        self,
        webhook: tuple[str, SecretStr],
        hints: HintStore,
        wake: Callable[[], object],
        *,
        metrics: Metrics,
        throttle: LogThrottle,
        now: Callable[[], float],
    ) -> None:
        user, password = webhook
        self._expected = _digest(f"{user}:{password.get_secret_value()}".encode())
        self._hints = hints
        self._wake = wake
        self._metrics = metrics
        self._throttle = throttle
        self._now = now

    async def handle(self, request: web.Request) -> web.Response:
        """Return the response to a post from anywhere."""
        try:
            event = read_event(await self._body(request))
            outcome = await self._store(event)
        except RefusedRequestError as refusal:
            return self._refuse(refusal)
        except Exception as error:  # noqa: BLE001 - a bug that anybody can meet: a trace each would flood the log
            return self._refuse(not_understood(error, "event"))
        self._metrics.event(event.trigger, outcome)
        return web.Response()

    async def handle_wrong_method(self, _: web.Request) -> web.Response:
        """Return the refusal of what is no post."""
        return self._refuse(RefusedRequestError(HTTPStatus.METHOD_NOT_ALLOWED, "CometChat sends POST"))

    async def _body(self, request: web.Request) -> dict[str, object]:
        """Return the JSON object of whoever has the password; raises RefusedRequestError."""
        if not hmac.compare_digest(_digest(_credentials(request)), self._expected):
            raise RefusedRequestError(HTTPStatus.UNAUTHORIZED, "user or password is wrong")
        if request.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise RefusedRequestError(HTTPStatus.BAD_REQUEST, "body is packed")
        try:
            return json_object((await read_body(request)).decode())
        except ValueError:  # a UnicodeDecodeError is one
            raise RefusedRequestError(HTTPStatus.BAD_REQUEST, "body is no JSON object") from None

    async def _store(self, event: CallEvent) -> EventOutcome:
        """Store what the event hints at; raises RefusedRequestError."""
        if not event.says_where_to_look:
            return "no_hint"
        hint = Hint(event.trigger, event.session_id, event.uids, self._now(), event.names)
        try:
            async with asyncio.timeout(STORE_SECONDS):
                await self._hints.add(hint)
        except (StoreUnavailableError, TimeoutError):
            raise RefusedRequestError(HTTPStatus.SERVICE_UNAVAILABLE, "database unavailable") from None
        self._wake()
        return "stored"

    def _refuse(self, refusal: RefusedRequestError) -> web.Response:
        self._metrics.event("", _OUTCOMES.get(refusal.status, "malformed"))
        self._throttle.warning("event refused", status=refusal.status.value, reason=str(refusal))
        return web.Response(
            status=refusal.status, text=refusal.status.phrase, headers=_HEADERS.get(refusal.status)
        )


def _credentials(request: web.Request) -> bytes:
    """Return `user:password` of Basic Auth, b"" where there is none (RFC 7617)."""
    scheme, _, packed = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return b""
    try:
        return base64.b64decode(packed.strip(), validate=True)
    except (binascii.Error, ValueError):  # the second: not ASCII
        return b""


def _digest(credentials: bytes) -> bytes:
    """Return a digest of both user and password, as long for a short guess as for a long one."""
    return sha256(credentials).digest()
