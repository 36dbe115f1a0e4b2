"""The way out to Slack after the ack: a message to an interaction's `response_url`.

Slack takes five within 30 minutes, and answers with real 4xx codes
(https://docs.slack.dev/interactivity/handling-user-interaction#message_responses). The address lets anybody post,
so it is never logged.
"""

from __future__ import annotations

import asyncio
import json
from http import HTTPStatus

import aiohttp

from bot.cards.message import Message

TIMEOUT_SECONDS = 5.0
ATTEMPTS = 2
_LONGEST_PAUSE = 3.0
_WORTH_A_RETRY = frozenset({429, 500, 502, 503, 504})


class ReplyFailedError(Exception):
    """Slack did not take the message; the text of this error says why, without the address."""


class Replies:
    """Posts to response_urls over one shared session, which the caller closes."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def send(self, response_url: str, message: Message) -> None:
        """Post the message for the person who asked; raises ReplyFailedError when Slack has not taken it."""
        body = json.dumps({"response_type": "ephemeral", **message.as_json()}).encode()
        for attempt in range(1, ATTEMPTS + 1):
            try:
                pause = await self._post(response_url, body)
            except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
                pause, failure = 0.5, type(error).__name__
            else:
                if pause is None:
                    return
                failure = "Slack asked to try again later"
            if attempt < ATTEMPTS:
                await asyncio.sleep(pause)
        raise ReplyFailedError(failure)

    async def _post(self, response_url: str, body: bytes) -> float | None:
        """Return None once Slack has taken it, else the seconds to wait before another try makes sense."""
        async with self._session.post(
            response_url,
            data=body,
            headers={"Content-Type": "application/json; charset=utf-8"},
            timeout=aiohttp.ClientTimeout(total=TIMEOUT_SECONDS),
            allow_redirects=False,
        ) as response:
            if response.status == HTTPStatus.OK:
                return None
            if response.status not in _WORTH_A_RETRY:
                raise ReplyFailedError(f"status {response.status}")
            said = response.headers.get("Retry-After", "")
            return min(float(said), _LONGEST_PAUSE) if said.isascii() and said.isdigit() else 0.5
