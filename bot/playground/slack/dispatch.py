"""Sends one request to the bot, signed by HTTP or by Socket Mode, and gives up after Slack's 3 seconds.

What the answer means for the channel is decided by interactions.py.
"""

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

import aiohttp

from bot.playground.slack.signing import sign
from bot.playground.slack.socket_mode import Envelope, NoConnectionError, SocketMode, envelope
from bot.playground.slack.workspace import Json

EVENTS, MCP = "/slack/events", "/mcp"
"""The paths of the bot's that Slack knows."""
TOOL_PATIENCE = 60.0
"""Seconds that Slackbot waits for a tool."""
PATIENCE = 3.0
"""Seconds that Slack waits for an ack: https://docs.slack.dev/interactivity/handling-user-interaction"""


@dataclass(frozen=True)
class Delivery:
    """One request to the bot and what came of it."""

    status: int  # 0 when no answer came
    body: str
    elapsed: float  # seconds until the whole answer was there
    payload: Mapping[str, Any]  # the form of a command, or the payload of an interaction
    request: bytes
    headers: Mapping[str, str]  # those that were sent
    content_type: str = ""
    error: str | None = None  # Slack's word for what went wrong, such as operation_timeout
    message: Json | None = None  # the message in a command's answer
    errors: Mapping[str, str] = field(default_factory=dict)  # of a submitted view: block id to words
    envelope: Envelope | None = None  # what was sent by Socket Mode, in place of a request

    @property
    def ok(self) -> bool:
        """Whether Slack accepts the answer."""
        return self.error is None and not self.errors

    def parsed(self) -> Any:
        """Return the JSON of the body, or None when it is empty; ValueError when it is neither."""
        return json.loads(self.body) if self.body.strip() else None


class Dispatcher:
    """Sends to the bot's one URL, or by `socket` where the app has Socket Mode on.

    `patience` is in seconds, and so is `clock_off`, by which signatures are dated wrong.
    """

    def __init__(self, signing_secret: str, patience: float, socket: SocketMode | None = None) -> None:
        self.url = ""
        self.clock_off = 0.0
        self._socket = socket
        self._secret = signing_secret
        self._patience = patience
        self._session: aiohttp.ClientSession | None = None

    @property
    def by_socket(self) -> bool:
        """Whether the app has Socket Mode on."""
        return self._socket is not None

    def start(self) -> None:
        """Open the connections; needs a running event loop."""
        # As many at once as there are: Slack does not queue one person's command behind another's.
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0), cookie_jar=aiohttp.DummyCookieJar()
        )

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def command(self, fields: Mapping[str, str]) -> Delivery:
        """Send a slash command."""
        if self._socket:
            return await self._by_socket(
                self._socket, envelope("slash_commands", fields, takes_payload=True), fields
            )
        return await self.send(urlencode(fields).encode(), fields)

    async def interaction(self, payload: Mapping[str, Any]) -> Delivery:
        """Send an interaction: a form with one field, `payload`."""
        if self._socket:
            return await self._by_socket(
                self._socket, envelope("interactive", payload, takes_payload=True), payload
            )
        body = urlencode({"payload": json.dumps(payload, separators=(",", ":"))}).encode()
        return await self.send(body, payload)

    async def event(self, payload: Mapping[str, Any]) -> Delivery:
        """Send what happened in the workspace: JSON as it is."""
        if self._socket:
            return await self._by_socket(
                self._socket, envelope("events_api", payload, takes_payload=False), payload
            )
        body = json.dumps(payload, separators=(",", ":")).encode()
        return await self.send(body, payload, content_type="application/json")

    async def question(self, body: bytes, message: Mapping[str, Any]) -> Delivery:
        """Send a message of Slackbot's: JSON, to a path of its own."""
        headers = self._signed(body, "application/json") | {"Accept": "application/json, text/event-stream"}
        delivery = await self.send(body, message, headers, path=MCP, patience=TOOL_PATIENCE)
        return replace(delivery, error=None) if delivery.status == HTTPStatus.ACCEPTED else delivery

    async def repeat(self, delivery: Delivery) -> Delivery:
        """Send the very same again."""
        if self._socket and delivery.envelope:
            return await self._by_socket(self._socket, delivery.envelope, delivery.payload)
        return await self.send(delivery.request, delivery.payload, delivery.headers)

    async def send(
        self,
        body: bytes,
        payload: Mapping[str, Any],
        headers: Mapping[str, str] | None = None,
        *,
        content_type: str = "application/x-www-form-urlencoded",
        path: str = EVENTS,
        patience: float | None = None,
    ) -> Delivery:
        """Send a body, signed now unless `headers` already sign it; `patience` in seconds, where it is not the usual."""
        if headers is None:
            headers = self._signed(body, content_type)
        start = time.perf_counter()
        status, text, kind, error = 0, "", "", None
        try:
            status, text, kind = await self._post(body, headers, path, patience or self._patience)
        except TimeoutError:
            error = "operation_timeout"
        except aiohttp.ClientError:
            error = "dispatch_failed"
        if status not in (0, HTTPStatus.OK):
            error = "dispatch_failed"
        return Delivery(
            status=status,
            body=text,
            elapsed=time.perf_counter() - start,
            payload=payload,
            request=body,
            headers=headers,
            content_type=kind,
            error=error,
        )

    def _signed(self, body: bytes, content_type: str) -> dict[str, str]:
        """Return the headers of a body that is sent now."""
        return {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0",
            # The real clock: the bot checks it against its own, whatever a test does with ours.
            **sign(self._secret, body, time.time() + self.clock_off),
        }

    async def _by_socket(self, socket: SocketMode, sent: Envelope, payload: Mapping[str, Any]) -> Delivery:
        """Send an envelope; an ack counts as 200 with its payload as the body, and no ack as no answer."""
        start = time.perf_counter()
        status, body, error = 0, "", None
        try:
            async with asyncio.timeout(self._patience):
                answer = await socket.deliver(sent)
            status, body = HTTPStatus.OK.value, json.dumps(answer) if answer is not None else ""
        except TimeoutError:
            error = "operation_timeout"
        except NoConnectionError:
            error = "dispatch_failed"
        return Delivery(
            status=status,
            body=body,
            elapsed=time.perf_counter() - start,
            payload=payload,
            request=sent.text.encode(),
            headers={},
            content_type="application/json",
            error=error,
            envelope=sent,
        )

    async def _post(
        self, body: bytes, headers: Mapping[str, str], path: str, patience: float
    ) -> tuple[int, str, str]:
        if self._session is None or not self.url:
            raise aiohttp.ClientConnectionError("no bot is connected")
        url = self.url if path == EVENTS else self.url.removesuffix(EVENTS) + path
        async with (
            asyncio.timeout(patience),
            self._session.post(url, data=body, headers=headers, allow_redirects=False) as response,
        ):
            return response.status, (await response.read()).decode(errors="replace"), response.content_type
