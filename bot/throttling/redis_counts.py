"""Counts of look-ups in Redis, where several processes share them (CALLINFO_RATE_LIMIT_STORE).

The counting is `limits`'. This module connects to Redis, keeps look-ups from waiting for it, and notices when it is away.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import parse_qsl, urlsplit

import structlog
from limits import RateLimitItem
from limits.aio.storage import RedisStorage
from pydantic import SecretStr

from bot.identity import SlackUser
from bot.throttling.rate_limiter import Counts, CountsUnavailableError, LimitReached, RateLimiter
from bot.throttling.refusals import Refusals

if TYPE_CHECKING:
    from redis.asyncio import Redis

log = structlog.get_logger()

MEMORY = "memory://"
WAIT_SECONDS = 0.25
"""How long a look-up waits for Redis."""
GIVE_UP_SECONDS = 3.0
"""The timeout of a connection to Redis, and of a ping."""
RETRY_SECONDS = 5.0
"""How often Redis is pinged while it is away."""
MAX_CONNECTIONS = 10  # the smallest plans of hosted Redis allow 20

_DATABASE = re.compile(r"/?[0-9]{0,4}")
# Hosted Redis may have certificates that no authority has signed
_OPTIONS = {
    "ssl_cert_reqs": re.compile("none|optional|required"),
    "ssl_check_hostname": re.compile("true|false"),
    "ssl_ca_certs": re.compile(".+"),
}


class InvalidStoreUrlError(ValueError):
    """CALLINFO_RATE_LIMIT_STORE is wrong. The message has nothing of it, for it may hold a password."""


def parse_store_url(text: str) -> str | None:
    """Return the address of a Redis, None for this process's memory; raises InvalidStoreUrlError."""
    if text == MEMORY:
        return None
    try:
        parts = urlsplit(text)
        sound = (
            parts.scheme in {"redis", "rediss"}
            and bool(parts.hostname)
            and parts.port != 0
            and _DATABASE.fullmatch(parts.path) is not None
            and not parts.fragment
            and not re.search(r"[\s\\]", text)
        )
        options = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
    except ValueError:
        sound, options = False, []
    if not sound:
        raise InvalidStoreUrlError("must be memory://, or an address such as redis://host:6379/0")
    if options and parts.scheme != "rediss":
        raise InvalidStoreUrlError("may have options after the ? only with rediss://")
    for name, value in options:
        if name not in _OPTIONS or not _OPTIONS[name].fullmatch(value):
            known = ", ".join(_OPTIONS)
            raise InvalidStoreUrlError(f"has an option that callinfo does not know (it knows {known})")
    return text


class RedisCounts:
    """Counts in Redis. Enter it once; leaving it closes its connections. `wait` is in seconds."""

    def __init__(self, url: SecretStr, rates: Sequence[RateLimitItem], *, wait: float | None = None) -> None:
        self._wait = WAIT_SECONDS if wait is None else wait
        self._redis = _client(url)
        options: dict[str, Any] = {"connection_pool": self._redis.connection_pool}
        # The pool has the address; this one only says what kind of storage it is
        storage = RedisStorage("async+redis://", implementation="redispy", key_prefix="callinfo", **options)
        self._counts = Counts(storage, rates)
        self._up = False
        self._reported_away = False
        self._connecting: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._connecting = asyncio.create_task(self._connect())
        await asyncio.wait({self._connecting}, timeout=self._wait)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._connecting:
            self._connecting.cancel()
            await asyncio.wait({self._connecting}, timeout=self._wait)
        with suppress(Exception):  # a connection that can't be closed in order is closed anyway
            async with asyncio.timeout(self._wait):
                await self._redis.aclose()

    async def ping(self) -> None:
        """Return if Redis answers; raises whatever prevents it (redis-py's errors have many types)."""
        async with asyncio.timeout(GIVE_UP_SECONDS):
            await self._redis.ping()

    async def hit(self, user: SlackUser) -> LimitReached | None:
        """Count a look-up, or return the limit that it would exceed.

        Raises CountsUnavailableError, at once while Redis is away, else after `wait`.
        """
        if not self._up:
            raise CountsUnavailableError
        try:
            async with asyncio.timeout(self._wait):
                return await self._counts.hit(user)
        except Exception as error:  # noqa: BLE001 - down, slow, full, not Redis at all: look-ups go on without it
            if self._up:
                self._is_away(error)
                self._connecting = asyncio.create_task(self._connect(RETRY_SECONDS))
            raise CountsUnavailableError from None

    async def _connect(self, delay: float = 0.0) -> None:
        """Ping Redis until it answers."""
        while not self._up:
            await asyncio.sleep(delay)
            try:
                await self.ping()
                self._up = True
            except Exception as error:  # noqa: BLE001 - as above
                self._is_away(error)
            delay = RETRY_SECONDS
        if self._reported_away:
            self._reported_away = False
            log.info("shared counts are back")

    def _is_away(self, error: Exception) -> None:
        self._up = False
        if not self._reported_away:
            self._reported_away = True
            log.warning(
                "shared counts unavailable",
                reason="certificate" if is_certificate_refused(error) else type(error).__name__,
                consequence="each process counts look-ups alone",
            )


def is_certificate_refused(error: BaseException) -> bool:
    """Whether the cause of redis-py's error is that the server's certificate is not trusted."""
    cause: BaseException | None = error
    while cause and not isinstance(cause, ssl.SSLCertVerificationError):
        cause = cause.__cause__ or cause.__context__
    return cause is not None


def _client(url: SecretStr) -> Redis:
    # Most bots do without Redis, and its client takes long to import
    from redis.asyncio import BlockingConnectionPool, Redis  # noqa: PLC0415
    from redis.asyncio.retry import Retry  # noqa: PLC0415
    from redis.backoff import NoBackoff  # noqa: PLC0415

    pool = BlockingConnectionPool.from_url(
        url.get_secret_value(),
        max_connections=MAX_CONNECTIONS,
        timeout=GIVE_UP_SECONDS,
        socket_timeout=GIVE_UP_SECONDS,
        socket_connect_timeout=GIVE_UP_SECONDS,
        # Hosted Redis closes idle connections: the first command on such a one fails, and is sent again on a new one
        retry=Retry(NoBackoff(), 1),
        client_name="callinfo",
    )
    return Redis.from_pool(pool)


@asynccontextmanager
async def open_rate_limiter(
    rates: Sequence[RateLimitItem], store_url: SecretStr, refusals: Refusals
) -> AsyncIterator[RateLimiter]:
    """Return a rate limiter that counts in that Redis, or in this process's memory. Redis need not be up."""
    if parse_store_url(store_url.get_secret_value()) is None:
        yield RateLimiter(rates, refusals)
    else:
        async with RedisCounts(store_url, rates) as shared:
            yield RateLimiter(rates, refusals, shared)
