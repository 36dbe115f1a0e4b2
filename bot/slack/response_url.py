"""The way out to Slack after the ack: a message to an interaction's `response_url`.

Slack takes five within 30 minutes, and answers with real 4xx codes
(https://docs.slack.dev/interactivity/handling-user-interaction#message_responses). The address lets anybody post,
so it is never logged.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any

import aiohttp

from bot.cards.kit.message import Message
from bot.identity import SlackUser
from bot.slack.reply_addresses import ReplyAddresses
from bot.throttling.turns import LineIsFullError, Turns

TIMEOUT_SECONDS = 5.0
_PAUSE = 0.5
_LONGEST_PAUSE = 3.0
_NOT_PROCESSED = frozenset({429})
_WORTH_A_RETRY = _NOT_PROCESSED | {500, 502, 503, 504}


class ReplyFailedError(Exception):
    """Slack has not confirmed the message, which may stand there all the same; the text says why, without the address."""


class ReplyRefusedError(ReplyFailedError):
    """The message does not stand there. `status` is the HTTP status of Slack's refusal, None where it was not sent."""

    def __init__(self, reason: str, status: int | None = None) -> None:
        super().__init__(reason)
        self.status = status


class TooManyRepliesError(ReplyRefusedError):
    """The message was not sent: too many to the same person wait for Slack to take them."""


class WebPageError(ValueError):
    """What answered is a web page, of a proxy or of Slack under maintenance: nothing has taken the message."""


class Replies:
    """Posts to response_urls over one shared session, which the caller closes; each try `within` seconds.

    Nothing is sent to an address that is none of `addresses`, whoever named it. `failed` is called for each message
    that Slack did not take, or not in the time that it was given. `whose` is who sees or caused it: while Slack is
    slow with one person's, those wait for each other, and do not take the connections of everybody else.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        addresses: ReplyAddresses,
        failed: Callable[[], None] = lambda: None,
        *,
        within: float = TIMEOUT_SECONDS,
    ) -> None:
        self._session = session
        self._addresses = addresses
        self._failed = failed
        self._within = within
        self._turns = Turns()

    async def ephemeral(
        self,
        response_url: str,
        message: Message,
        *,
        whose: SlackUser,
        replace: bool = False,
        thread_ts: str | None = None,
    ) -> None:
        """Post the message for the one person, or put it in the place of the message they pressed a button of.

        That message may be a direct one: it stays as public as it was, so no type is named for its successor.
        Raises ReplyFailedError when Slack has not taken it, TooManyRepliesError when it was not even sent.
        """
        kind = {} if replace else {"response_type": "ephemeral"}
        body = {**kind, "replace_original": replace, **message.as_json()}
        await self._message(response_url, body, thread_ts, whose, repeat=_WORTH_A_RETRY)

    async def publish(
        self, response_url: str, message: Message, *, whose: SlackUser, thread_ts: str | None = None
    ) -> None:
        """Post the message for everyone, in that thread where Slack lets it, else in the channel.

        After an error that leaves open whether it was posted, it is not sent again: once too often is worse.
        Raises ReplyFailedError when Slack has not confirmed it, ReplyRefusedError when it was not posted.
        """
        body = {"response_type": "in_channel", "replace_original": False, **message.as_json()}
        await self._message(response_url, body, thread_ts, whose, repeat=_NOT_PROCESSED)

    async def delete_original(self, response_url: str, *, whose: SlackUser) -> None:
        """Delete the message whose button was pressed; raises ReplyFailedError when Slack has not."""
        async with self._turn(whose):
            await self._send(response_url, {"delete_original": True}, repeat=_WORTH_A_RETRY)

    @asynccontextmanager
    async def _turn(self, whose: SlackUser) -> AsyncIterator[None]:
        try:
            async with self._turns.one(whose):
                yield
        except LineIsFullError:
            raise TooManyRepliesError("too many replies to this person are under way") from None

    async def _message(
        self,
        response_url: str,
        body: dict[str, Any],
        thread_ts: str | None,
        whose: SlackUser,
        *,
        repeat: frozenset[int],
    ) -> None:
        """Send the body as a message; whoever has no more time for it cancels it."""
        try:
            async with self._turn(whose):
                await self._in_thread(response_url, body, thread_ts, repeat=repeat)
        except (ReplyFailedError, asyncio.CancelledError):
            self._failed()
            raise

    async def _in_thread(
        self, response_url: str, body: dict[str, Any], thread_ts: str | None, *, repeat: frozenset[int]
    ) -> None:
        """Send the body into the thread; Slack's pages contradict each other on that, so a refusal means the thread."""
        if thread_ts:
            try:
                await self._send(response_url, body | {"thread_ts": thread_ts}, repeat=repeat)
            except ReplyRefusedError as refusal:
                if refusal.status is None or refusal.status in _NOT_PROCESSED:
                    raise
            else:
                return
        await self._send(response_url, body, repeat=repeat)

    async def _send(self, response_url: str, body: dict[str, Any], *, repeat: frozenset[int]) -> None:
        """Post the body, once more after the statuses in `repeat` and, where they go beyond 429, lost connections."""
        if not response_url:
            raise ReplyRefusedError("nowhere to reply to")
        if not self._addresses.has(response_url):
            raise ReplyRefusedError("the address to reply to is not Slack’s")
        encoded = json.dumps(body).encode()
        for last in (False, True):
            try:
                status, pause = await self._post(response_url, encoded)
            except TimeoutError as error:  # Slack may have taken it, and be slow to say so: not twice
                raise ReplyFailedError(type(error).__name__) from None
            except (aiohttp.ClientError, OSError, ValueError) as error:
                if last or repeat == _NOT_PROCESSED:
                    raise ReplyFailedError(type(error).__name__) from None
                pause = _PAUSE
            else:
                if status == HTTPStatus.OK:
                    return
                if last or status not in repeat or pause > _LONGEST_PAUSE:
                    reason = f"status {status}"
                    refused = status < HTTPStatus.INTERNAL_SERVER_ERROR
                    raise ReplyRefusedError(reason, status) if refused else ReplyFailedError(reason)
            await asyncio.sleep(pause)

    async def _post(self, response_url: str, body: bytes) -> tuple[int, float]:
        """Return the status, and how many seconds to wait before another try; raises WebPageError.

        Slack says `ok`, as text, and labels it as it likes: what is a page shows in its first character.
        """
        async with self._session.post(
            response_url,
            data=body,
            headers={"Content-Type": "application/json; charset=utf-8"},
            timeout=aiohttp.ClientTimeout(total=self._within),
            allow_redirects=False,
        ) as response:
            if response.status == HTTPStatus.OK and (await response.content.read(64)).lstrip()[:1] == b"<":
                raise WebPageError
            said = response.headers.get("Retry-After", "")
            return response.status, float(said) if said.isascii() and said.isdigit() else _PAUSE
