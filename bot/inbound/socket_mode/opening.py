"""A new WebSocket to Slack: where it leads, `apps.connections.open` tells, which the app's own token may ask.

https://docs.slack.dev/reference/methods/apps.connections.open. The address has a ticket in it, which lets in whoever
has it: nothing here that is raised or logged tells it.
"""

from __future__ import annotations

import asyncio
import re

import aiohttp
from pydantic import SecretStr
from slack_sdk.web.async_client import AsyncWebClient
from yarl import URL

from bot.slack.web_api import WebApiError, answered

HEARTBEAT_SECONDS = 5.0
"""After so long a silence Slack is sent a ping, and has half as long to answer: dead connections don't say that they are."""

HANDSHAKE_SECONDS = 5.0
CLOSE_SECONDS = 1.0
MOST_BYTES = 4 * 1024 * 1024
_SECONDS = re.compile(r"[0-9]{1,6}")


class AppTokenRefusedError(Exception):
    """Slack does not accept the app's token; the message is Slack's word for why, such as `invalid_auth`."""

    retry_after = 0.0


class NotConnectedError(Exception):
    """There is no connection for now; the message says why, `retry_after` for how many seconds Slack wants peace."""

    def __init__(self, reason: str, retry_after: float = 0.0) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class Opening:
    """Opens WebSockets with the app's token. `slack_api_url` is the Web API's base, without a slash at its end."""

    def __init__(self, session: aiohttp.ClientSession, app_token: SecretStr, slack_api_url: str) -> None:
        self._session = session
        self._slack = AsyncWebClient(
            token=app_token.get_secret_value(), base_url=f"{slack_api_url}/", session=session
        )
        self._schemes = (
            {"wss": "https"} if slack_api_url.startswith("https:") else {"ws": "http", "wss": "https"}
        )

    async def open(self) -> aiohttp.ClientWebSocketResponse:
        """Return a new WebSocket, on which Slack has said nothing yet.

        Raises AppTokenRefusedError and NotConnectedError.
        """
        address = await self._address()
        try:
            async with asyncio.timeout(HANDSHAKE_SECONDS):
                return await self._session.ws_connect(
                    address,
                    heartbeat=HEARTBEAT_SECONDS,
                    max_msg_size=MOST_BYTES,
                    timeout=aiohttp.ClientWSTimeout(ws_close=CLOSE_SECONDS),
                )
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise NotConnectedError(f"WebSocket: {type(error).__name__}") from None  # its text has the ticket

    async def _address(self) -> URL:
        try:
            answer = await answered(self._slack.api_call("apps.connections.open"))
        except WebApiError as error:
            if error.refuses_token:
                raise AppTokenRefusedError(error.word) from None
            asked = error.retry_after if _SECONDS.fullmatch(error.retry_after) else "0"
            raise NotConnectedError(f"apps.connections.open: {error}", float(asked)) from None
        try:
            address = URL(str(answer.get("url")))
            # As an address of HTTP's: it is the same connection, and by the proxy that HTTPS_PROXY names
            return address.with_scheme(self._schemes[address.scheme])
        except (ValueError, KeyError):
            raise NotConnectedError("apps.connections.open: no usable address") from None
