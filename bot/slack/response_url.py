"""Messages to an interaction's `response_url`.

Slack takes five within 30 minutes, and answers with real 4xx codes
(https://docs.slack.dev/interactivity/handling-user-interaction#message_responses). The address lets anybody post,
so it is never logged; and nothing is sent to an address that is not Slack's.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Hashable
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any
from weakref import WeakValueDictionary

import aiohttp

from bot.slack.messages import OutgoingMessage
from bot.slack.reply_addresses import ReplyAddresses

TIMEOUT_SECONDS = 5.0

AT_ONCE = 16
"""Replies to one person that may be under way at once: as many as their look-ups."""

QUEUED = 64
"""Replies to one person that may be under way or waiting: more than anybody reads."""

_PAUSE = 0.5
_LONGEST_PAUSE = 3.0
_NOT_PROCESSED = frozenset({429})
_WORTH_A_RETRY = _NOT_PROCESSED | {500, 502, 503, 504}


class ReplyFailedError(Exception):
    """Slack has not confirmed the message, which may be there all the same. The text says why, without the address."""


class ReplyRefusedError(ReplyFailedError):
    """The message is not there. `status` is the HTTP status of Slack's refusal, None where it was not sent."""

    def __init__(self, reason: str, status: int | None = None) -> None:
        super().__init__(reason)
        self.status = status


class TooManyRepliesError(ReplyRefusedError):
    """The message was not sent: too many to the same person are waiting."""


class WebPageError(ValueError):
    """The answer is a web page, of a proxy or of Slack under maintenance: nothing has taken the message."""


class Replies:
    """Posts to response_urls over one shared session, which the caller closes; each try takes `within` seconds at most.

    `user` is who sees or caused the message. While Slack is slow with one user's messages, these wait for each other
    and leave connections for everybody else. `failed` is called for each message that Slack did not take in time.
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
        self._queue = PerUserQueue()

    async def ephemeral(
        self,
        response_url: str,
        message: OutgoingMessage,
        *,
        user: Hashable,
        replace: bool = False,
        thread_ts: str | None = None,
    ) -> None:
        """Post the message for that person alone, or `replace` the message whose button they pressed.

        The one that is replaced may be a direct message: its successor names no type, so that it stays as public as it
        was. Raises ReplyFailedError, TooManyRepliesError when it was not even sent.
        """
        kind = {} if replace else {"response_type": "ephemeral"}
        body = {**kind, "replace_original": replace, **message.as_json()}
        await self._message(response_url, body, thread_ts, user, retry_after=_WORTH_A_RETRY)

    async def publish(
        self, response_url: str, message: OutgoingMessage, *, user: Hashable, thread_ts: str | None = None
    ) -> None:
        """Post the message for everyone, in that thread where Slack accepts it, else in the channel.

        It is not retried after an error that leaves open whether it was posted: twice is worse than never.
        Raises ReplyFailedError when Slack has not confirmed it, ReplyRefusedError when it was not posted.
        """
        body = {"response_type": "in_channel", "replace_original": False, **message.as_json()}
        await self._message(response_url, body, thread_ts, user, retry_after=_NOT_PROCESSED)

    async def delete_original(self, response_url: str, *, user: Hashable) -> None:
        """Delete the message whose button was pressed; raises ReplyFailedError when Slack has not."""
        async with self._queue.turn(user):
            await self._send(response_url, {"delete_original": True}, retry_after=_WORTH_A_RETRY)

    async def _message(
        self,
        response_url: str,
        body: dict[str, Any],
        thread_ts: str | None,
        user: Hashable,
        *,
        retry_after: frozenset[int],
    ) -> None:
        """Send the message, into the thread if there is one; a caller who runs out of time cancels it."""
        try:
            async with self._queue.turn(user):
                if not (thread_ts and await self._sent_to_thread(response_url, body, thread_ts, retry_after)):
                    await self._send(response_url, body, retry_after=retry_after)
        except (ReplyFailedError, asyncio.CancelledError):
            self._failed()
            raise

    async def _sent_to_thread(
        self, response_url: str, body: dict[str, Any], thread_ts: str, retry_after: frozenset[int]
    ) -> bool:
        """Send the message into the thread; return False where Slack refuses that.

        Slack's pages contradict each other on whether it takes a thread here, so a refusal is taken to be about that.
        """
        try:
            await self._send(response_url, body | {"thread_ts": thread_ts}, retry_after=retry_after)
        except ReplyRefusedError as refusal:
            if refusal.status is None or refusal.status in _NOT_PROCESSED:
                raise
            return False
        return True

    async def _send(self, response_url: str, body: dict[str, Any], *, retry_after: frozenset[int]) -> None:
        """Post the body, with one retry after these statuses and, where there are more than 429, after lost connections."""
        if not response_url:
            raise ReplyRefusedError("nowhere to reply to")
        if not self._addresses.has(response_url):
            raise ReplyRefusedError("the address to reply to is not Slack’s")
        encoded = json.dumps(body).encode()
        for last in (False, True):
            try:
                status, pause = await self._post(response_url, encoded)
            except TimeoutError as error:  # Slack may have taken it, and be slow to say so: no retry
                raise ReplyFailedError(type(error).__name__) from None
            except (aiohttp.ClientError, OSError, ValueError) as error:
                if last or retry_after == _NOT_PROCESSED:
                    raise ReplyFailedError(type(error).__name__) from None
                pause = _PAUSE
            else:
                if status == HTTPStatus.OK:
                    return
                if last or status not in retry_after or pause > _LONGEST_PAUSE:
                    reason = f"status {status}"
                    refused = status < HTTPStatus.INTERNAL_SERVER_ERROR
                    raise ReplyRefusedError(reason, status) if refused else ReplyFailedError(reason)
            await asyncio.sleep(pause)

    async def _post(self, response_url: str, body: bytes) -> tuple[int, float]:
        """Return the status, and how many seconds to wait before a retry; raises WebPageError.

        Slack answers `ok`, as text, under any content type; its first character shows a web page.
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
            pause = response.headers.get("Retry-After", "")
            return response.status, float(pause) if pause.isascii() and pause.isdigit() else _PAUSE


class _Queue:
    def __init__(self) -> None:
        self.turns = asyncio.Semaphore(AT_ONCE)
        self.length = 0


class PerUserQueue:
    """Lets AT_ONCE things of one user go on at a time; the others wait, up to QUEUED in all."""

    def __init__(self) -> None:
        self._queues: WeakValueDictionary[Hashable, _Queue] = WeakValueDictionary()

    @asynccontextmanager
    async def turn(self, user: Hashable) -> AsyncIterator[None]:
        """Wait for that user's turn; raises TooManyRepliesError at once where the queue is full."""
        queue = self._queues.setdefault(user, _Queue())  # kept for as long as somebody is in it
        if queue.length >= QUEUED:
            raise TooManyRepliesError("too many replies to this person are under way")
        queue.length += 1
        try:
            async with queue.turns:
                yield
        finally:
            queue.length -= 1
