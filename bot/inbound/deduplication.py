"""A repeated request is answered again, but acted on once.

Slack sends an event again that it got no answer to, under a new signature, and a proxy may repeat any request as it is
(https://docs.slack.dev/apis/events-api). Only verified requests get here, with the identity that slack_requests.py or
socket_mode/wire.py gives them. Kept in this process's memory: a repeat after a restart, or to another process, is acted
on again.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from cachetools import TTLCache

from bot.inbound.slack_requests import ACCEPTED_SECONDS
from bot.observability.log_throttle import LogThrottle

# A request is accepted from so long before its timestamp until so long after it; a minute more for a clock set back
KEPT_SECONDS = 2 * ACCEPTED_SECONDS + 60.0
MAX_REQUESTS = 10_000
MAX_BYTES = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Response:
    """The response to a request: an HTTP status and a body, JSON where it begins with a brace, else text."""

    status: int
    body: bytes


EMPTY = Response(200, b"")
"""For a repeat whose own response is no longer kept: the first request has it."""


class Deduplication:
    """Knows the last `max_requests` for KEPT_SECONDS, and their responses up to `max_bytes` of bodies in all.

    Responses are dropped before requests: to act twice is worse than to say nothing. `now` is in seconds.
    """

    def __init__(
        self,
        log: LogThrottle,
        *,
        max_requests: int = MAX_REQUESTS,
        max_bytes: int = MAX_BYTES,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._log = log
        self._pending: dict[bytes, asyncio.Future[Response]] = {}
        self._seen: TTLCache[bytes, None] = TTLCache(max_requests, KEPT_SECONDS, now)
        self._responses: TTLCache[bytes, Response] = TTLCache(
            max_bytes, KEPT_SECONDS, now, getsizeof=lambda response: len(response.body)
        )

    async def respond(self, identity: bytes, act: Callable[[], Coroutine[Any, Any, Response]]) -> Response:
        """Return what `act` returns for the first request of that identity, to it and to all repeats.

        A repeat's caller may be cancelled, the first one's must not be. Where `act` raises, the first and the repeats
        that wait get the exception; later repeats get EMPTY.
        """
        if pending := self._pending.get(identity):
            self._log.info("request repeated")
            return await asyncio.shield(pending)
        if identity in self._seen:
            self._log.info("request repeated")
            return self._responses.get(identity, EMPTY)
        self._seen[identity] = None
        pending = self._pending[identity] = asyncio.get_running_loop().create_future()
        try:
            response = await act()
        except BaseException as error:
            pending.set_exception(error)
            pending.exception()  # retrieved, where no repeat waits for it
            raise
        finally:
            del self._pending[identity]
        pending.set_result(response)
        if response != EMPTY:
            self._responses[identity] = response
        return response
