"""The counts of look-ups in Redis, shared by several processes. Redis may be away: then that is said at once.

`limits` has the two counters and the scripts that change them in one step; time is Redis's own, so that a process
whose clock is wrong counts as the others do.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Any, Self, TypeVar

import structlog
from limits.aio.storage import RedisStorage
from pydantic import SecretStr
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from bot.throttling.counts import Person
from bot.throttling.rate_limit import CountsAwayError
from bot.throttling.rates import Rate, Refused, Window, told

log = structlog.get_logger()

Result = TypeVar("Result")

WAIT_SECONDS = 0.25
"""How long a look-up waits for Redis: a fraction of the two seconds in which it is to be answered."""
GIVE_UP_SECONDS = 3.0
"""How long a connection, or one answer on it, may take at all."""
AWAY_SECONDS = 5.0
"""How long nobody asks Redis again once it was away; then one look-up tries."""
MOST_CONNECTIONS = 10  # the smallest plans of hosted Redis allow 20


class RedisCounts:
    """Counts in Redis. Enter it once; leaving it closes its connections.

    `wait` is how many seconds a look-up waits for it; `clock` is monotonic, in seconds.
    """

    def __init__(
        self,
        url: SecretStr,
        rates: Sequence[Rate],
        *,
        wait: float = WAIT_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._rates = tuple(rates)
        self._wait = wait
        self._clock = clock
        self._pool = _pool(url)
        # The URL is in the pool; what `limits` is given only says which kind of store it is
        options: dict[str, Any] = {"connection_pool": self._pool}
        self._storage = RedisStorage(
            "async+redis://", implementation="redispy", key_prefix="callinfo", **options
        )
        self._under_way: set[asyncio.Task[Any]] = set()
        self._away_until: float | None = None
        self._trying = False

    async def __aenter__(self) -> Self:
        # The first look-up need not wait for a connection, and where there is none, the start says so
        self._start(self._try_first())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for task in self._under_way:
            task.cancel()
        if (
            self._under_way
        ):  # a client that is just connecting may miss that it was cancelled: no shutdown waits for it
            await asyncio.wait(self._under_way, timeout=self._wait)
        with suppress(Exception):  # a connection that can't be closed in order is closed all the same
            async with asyncio.timeout(self._wait):
                await self._pool.aclose()

    async def ping(self) -> None:
        """Return when Redis answers; raises whatever keeps it from it (its errors have many types)."""
        async with asyncio.timeout(GIVE_UP_SECONDS):
            await Redis(connection_pool=self._pool).ping()

    async def _try_first(self) -> None:
        try:
            await self.ping()
        except Exception as error:  # noqa: BLE001 - as for a look-up
            self._is_away(type(error).__name__)

    async def hit(self, person: Person) -> Refused | None:
        """Count a look-up, or return why it is one too many; raises CountsAwayError, after `wait` at the latest.

        While Redis is away one look-up at a time tries it, all others are told at once.
        """
        trying = self._away_until is not None
        if self._away_until is not None and (self._clock() < self._away_until or self._trying):
            raise CountsAwayError
        self._trying = trying
        try:
            refused = await self._in_time(person)
        except Exception as error:  # noqa: BLE001 - down, slow, full, not Redis at all: look-ups go on without it
            self._is_away(type(error).__name__)
            raise CountsAwayError from None
        finally:
            if trying:
                self._trying = False
        if self._away_until is not None:
            self._away_until = None
            log.info("shared counts are back")
        return refused

    async def _in_time(self, person: Person) -> Refused | None:
        """Count, for as long as a look-up waits.

        What takes longer goes on: a connection that is made too late for this look-up is there for the next.
        """
        task = self._start(self._hit(person))
        await asyncio.wait({task}, timeout=self._wait)
        if not task.done():
            raise TimeoutError
        return task.result()

    def _start(self, work: Coroutine[Any, Any, Result]) -> asyncio.Task[Result]:
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._let_go)
        return task

    def _let_go(self, task: asyncio.Task[Any]) -> None:
        self._under_way.discard(task)
        if not task.cancelled():
            task.exception()  # looked at, or asyncio complains of an error that nobody has seen

    async def _hit(self, person: Person) -> Refused | None:
        for rate in self._rates:
            key = f"{person[0]}/{person[1]}/{rate.amount}/{rate.seconds}"
            if not await self._storage.acquire_sliding_window_entry(key, rate.amount, rate.seconds):
                previous, previous_left, current, current_left = await self._storage.get_sliding_window(
                    key, rate.seconds
                )
                # The newer count lives for two windows in Redis: one as the newer, one as the older
                window = Window(previous, previous_left, current, max(0.0, current_left - rate.seconds))
                return told(rate, window.wait(rate))
        return None

    def _is_away(self, reason: str) -> None:
        if self._away_until is None:
            log.warning(
                "shared counts unavailable", reason=reason, consequence="each process counts look-ups alone"
            )
        self._away_until = self._clock() + AWAY_SECONDS


def _pool(url: SecretStr) -> BlockingConnectionPool:
    """Return the connections, opened as they are needed."""
    return BlockingConnectionPool.from_url(
        url.get_secret_value(),
        max_connections=MOST_CONNECTIONS,
        timeout=GIVE_UP_SECONDS,
        socket_timeout=GIVE_UP_SECONDS,
        socket_connect_timeout=GIVE_UP_SECONDS,
        # Hosted Redis closes idle connections: the first command on such a one fails, and works on a new one
        retry=Retry(NoBackoff(), 1),
        client_name="callinfo",
    )
