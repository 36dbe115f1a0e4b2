"""One WebSocket to Slack: opened with the app's own token, read, written and closed."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Coroutine
from typing import Any

import aiohttp
from pydantic import SecretStr
from slack_sdk.web.async_client import AsyncWebClient
from yarl import URL

from bot.inbound.socket_mode.wire import Disconnect
from bot.slack.web_api import WebApiError, answered

HANDSHAKE_SECONDS = 5.0
HEARTBEAT_SECONDS = 5.0
"""After so long a silence Slack gets a ping, and has half as long to answer: dead connections don't say that they are."""
SEND_SECONDS = 3.0
CLOSE_SECONDS = 1.0
MAX_BYTES = 4 * 1024 * 1024


class AppTokenRefusedError(Exception):
    """Slack does not accept the app's token; the message is Slack's word for why, such as `invalid_auth`."""

    retry_after = 0.0


class NotConnectedError(Exception):
    """There is no connection for now; the message says why, `retry_after` how many seconds Slack wants to be left alone."""

    def __init__(self, reason: str, retry_after: float = 0.0) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class Connector:
    """Opens WebSockets with the app's token. `slack_api_url` is the Web API's base, without a slash at its end.

    `apps.connections.open` says where to (https://docs.slack.dev/reference/methods/apps.connections.open). The URL has
    a ticket in it, which lets anybody in: nothing that is raised or logged here shows it.
    """

    def __init__(self, session: aiohttp.ClientSession, app_token: SecretStr, slack_api_url: str) -> None:
        self._session = session
        self._slack = AsyncWebClient(
            token=app_token.get_secret_value(), base_url=f"{slack_api_url}/", session=session
        )
        # As a URL of HTTP's it is the same connection, by the proxy that HTTPS_PROXY names
        self._schemes = {"wss": "https"} | ({} if slack_api_url.startswith("https:") else {"ws": "http"})

    async def open(self) -> Connection:
        """Return a new connection, on which Slack has said nothing yet.

        Raises AppTokenRefusedError and NotConnectedError.
        """
        url = await self._url()
        try:
            async with asyncio.timeout(HANDSHAKE_SECONDS):
                return Connection(
                    await self._session.ws_connect(
                        url,
                        heartbeat=HEARTBEAT_SECONDS,
                        max_msg_size=MAX_BYTES,
                        timeout=aiohttp.ClientWSTimeout(ws_close=CLOSE_SECONDS),
                    )
                )
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise NotConnectedError(f"WebSocket: {type(error).__name__}") from None

    async def _url(self) -> URL:
        try:
            response = await answered(self._slack.api_call("apps.connections.open"))
        except WebApiError as error:
            if error.refuses_token:
                raise AppTokenRefusedError(error.word) from None
            seconds = error.retry_after if re.fullmatch(r"[0-9]{1,6}", error.retry_after) else "0"
            raise NotConnectedError(f"apps.connections.open: {error}", float(seconds)) from None
        try:
            url = URL(str(response.get("url")))
            return url.with_scheme(self._schemes[url.scheme])
        except (ValueError, KeyError):
            raise NotConnectedError("apps.connections.open: no usable address") from None


class Connection:
    """One WebSocket, from its opening to its end, and the work that is still to be acked by it."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._opened_at = time.monotonic()
        self._pending: set[asyncio.Task[None]] = set()
        self.is_greeted = False
        self.disconnect: Disconnect | None = None
        self.settled = asyncio.Event()
        """Set once Slack has said hello, or has ended it instead."""
        self.ending = asyncio.Event()
        """Set once it needs to be replaced: Slack has announced its end, or it has ended."""

    @property
    def lasted(self) -> float:
        """The seconds since it was opened."""
        return time.monotonic() - self._opened_at

    def greeted(self) -> None:
        """Note that Slack has said hello."""
        self.is_greeted = True
        self.settled.set()

    def ends(self, disconnect: Disconnect | None = None) -> None:
        """Note that it ends; `disconnect` is Slack's announcement, where there was one."""
        self.disconnect = self.disconnect or disconnect
        self.ending.set()
        self.settled.set()

    async def receive(self) -> str | None:
        """Return the next text that Slack sends, None once either side has closed it."""
        message = await self._socket.receive()
        return str(message.data) if message.type is aiohttp.WSMsgType.TEXT else None

    async def send(self, text: str) -> bool:
        """Send a text; return whether that was still possible."""
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await self._socket.send_str(text)
        except (aiohttp.ClientError, OSError):  # a TimeoutError is one of the latter
            return False
        return True

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Run work that ends in an ack; `close` waits for it."""
        task = asyncio.create_task(work)
        self._pending.add(task)
        task.add_done_callback(self._pending.discard)

    async def close(self, within: float) -> None:
        """Wait until all is acked, at most `within` seconds and while it can be; then close."""
        deadline = time.monotonic() + within
        while self._pending and not self._socket.closed and (left := deadline - time.monotonic()) > 0:
            await asyncio.wait(self._pending, timeout=left, return_when=asyncio.FIRST_COMPLETED)
        await self._socket.close()
