"""A request that comes again is answered again, but acted on once.

Slack repeats an event that it got no answer to, under a new signature, and whoever stands between may repeat any
request as it is (https://docs.slack.dev/apis/events-api). What is the same request is slack_requests.py's to say;
only verified ones get here. All is kept in this process's memory: after a restart, when that is lost, or in another
process, a repeat is acted on again.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from bot.inbound.slack_requests import ACCEPTED_SECONDS
from bot.observability.log_throttle import Floodgate

# Accepted from so long before its timestamp until so long after it, and our clock may be set back meanwhile
KEPT_SECONDS = 2 * ACCEPTED_SECONDS + 60.0
MOST = 10_000
MOST_BYTES = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request was answered: an HTTP status and a body, JSON where it begins with a brace, else text."""

    status: int
    body: bytes


ANSWERED = Answer(200, b"")
"""For a repeat whose own answer is no longer kept: the first one has it."""


class Repeats:
    """Knows the last `most` requests for KEPT_SECONDS, and their answers up to `most_bytes` of bodies in all.

    Past that the oldest go first: the answers before the requests, since to act twice is worse than to say nothing.
    `now` counts seconds.
    """

    def __init__(
        self,
        log: Floodgate,
        *,
        most: int = MOST,
        most_bytes: int = MOST_BYTES,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._log = log
        self._most = most
        self._most_bytes = most_bytes
        self._now = now
        self._came: dict[bytes, float] = {}
        self._under_way: dict[bytes, asyncio.Future[Answer]] = {}
        self._answers: dict[bytes, Answer] = {}
        self._bytes = 0

    async def answer(self, identity: bytes, act: Callable[[], Coroutine[Any, Any, Answer]]) -> Answer:
        """Return what `act` returns for the first request of that identity, to it and to all of its repeats.

        A repeat's caller may be cancelled, and the others still get their answer. The first one's must not be.
        """
        if identity in self._came:
            self._log.info("request repeated")
            if answer := self._under_way.get(identity):
                return await asyncio.shield(answer)
            return self._answers.get(identity, ANSWERED)
        self._came[identity] = self._now()
        self._forget_requests()
        return await self._first(identity, act())

    async def _first(self, identity: bytes, acting: Coroutine[Any, Any, Answer]) -> Answer:
        """Act, and let repeats know what came of it."""
        told = self._under_way[identity] = asyncio.get_running_loop().create_future()
        try:
            answer = await acting
        except BaseException as error:
            told.set_exception(error)
            told.exception()  # looked at, where there are no repeats to look at it
            raise
        finally:
            del self._under_way[identity]
        told.set_result(answer)
        self._keep(identity, answer)
        return answer

    def _forget_requests(self) -> None:
        """Forget those that are too old, or too many."""
        oldest = self._now() - KEPT_SECONDS
        while len(self._came) > self._most or self._came[next(iter(self._came))] < oldest:
            identity = next(iter(self._came))
            del self._came[identity]
            self._drop(identity)

    def _keep(self, identity: bytes, answer: Answer) -> None:
        if answer == ANSWERED or identity not in self._came:
            return
        self._answers[identity] = answer
        self._bytes += len(answer.body)
        while self._bytes > self._most_bytes:
            self._drop(next(iter(self._answers)))

    def _drop(self, identity: bytes) -> None:
        if answer := self._answers.pop(identity, None):
            self._bytes -= len(answer.body)
