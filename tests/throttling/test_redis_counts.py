"""The shared counts against a Redis that counts, and against all that a Redis can be instead."""

import asyncio
from collections.abc import Iterator
from contextlib import AbstractContextManager

import pytest
from limits.aio.storage import RedisStorage
from pydantic import SecretStr
from redis.exceptions import OutOfMemoryError
from structlog.testing import capture_logs

from bot.throttling import redis_counts
from bot.throttling.rate_limiter import CountsUnavailableError, parse_rates
from bot.throttling.redis_counts import InvalidStoreUrlError, RedisCounts, parse_store_url
from tests.ports import own_port
from tests.throttling.people import STEVE, TONY
from tests.throttling.redis import Server, babbling, redis, silent

RATES = "3/10 minutes"


@pytest.fixture
def server() -> Iterator[Server]:
    with redis() as server:
        yield server


def connected(url: str, rates: str = RATES, *, wait: float = 10) -> RedisCounts:
    """Return counts that wait long enough for a Redis on a machine that is busy with tests."""
    return RedisCounts(SecretStr(url), parse_rates(rates), wait=wait)


def test_memory_has_no_address() -> None:
    assert parse_store_url("memory://") is None


@pytest.mark.parametrize(
    "url",
    [
        "redis://localhost",
        "redis://localhost:6379/0",
        "redis://:pass%40word@host:6379/",
        "rediss://default:password@host:6380/1",
        "rediss://host?ssl_cert_reqs=none&ssl_check_hostname=false",
        "redis://[::1]:6379",
    ],
)
def test_addresses_as_platforms_give_them_are_taken_as_they_are(url: str) -> None:
    assert parse_store_url(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "memory",
        "memory://host",
        "http://host",
        "redis://",
        "redis://host:0",
        "redis://host:6379/0#x",
        "redis://ho st",
    ],
)
def test_what_is_no_address_is_refused_without_being_repeated(url: str) -> None:
    with pytest.raises(
        InvalidStoreUrlError, match=r"must be memory://, or an address such as redis://host:6379/0"
    ):
        parse_store_url(url)


async def test_processes_that_share_a_redis_count_together(server: Server) -> None:
    async with connected(server.url) as one, connected(server.url) as other:
        assert [await one.hit(TONY), await other.hit(TONY), await one.hit(TONY)] == [None] * 3
        for counts in (one, other):
            reached = await counts.hit(TONY)
            assert reached
            assert (reached.amount, reached.seconds) == (3, 600)
            assert 590 < reached.retry_after <= 600
        assert await other.hit(STEVE) is None


async def test_of_many_at_once_no_more_are_let_in_than_the_limit_says(server: Server) -> None:
    async with connected(server.url, "3/10 minutes; 5/hour") as counts:
        answers = await asyncio.gather(*(counts.hit(TONY) for _ in range(9)))
        assert answers.count(None) == 3


async def test_a_window_that_ends_lets_the_person_in_again(server: Server) -> None:
    async with connected(server.url, "2/5 seconds") as counts:
        await counts.hit(TONY)
        await counts.hit(TONY)
        reached = await counts.hit(TONY)
        assert reached
        assert (reached.amount, reached.seconds) == (2, 5)
        assert 0 < reached.retry_after <= 5
        await asyncio.sleep(reached.retry_after)
        assert await counts.hit(TONY) is None


def nobody() -> str:
    with redis(own_port()) as server:
        return server.url


@pytest.mark.parametrize("what", ["nobody", "silent", "babbling"])
async def test_a_redis_that_is_down_silent_or_none_at_all_is_logged_once_and_never_waited_for_long(
    what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redis_counts, "GIVE_UP_SECONDS", 0.1)
    monkeypatch.setattr(redis_counts, "RETRY_SECONDS", 0.05)
    instead: dict[str, AbstractContextManager[str]] = {"silent": silent(), "babbling": babbling()}
    with capture_logs() as logs:
        if what == "nobody":
            await _is_away(nobody())
        else:
            with instead[what] as url:
                await _is_away(url)
    (line,) = logs
    assert (line["event"], line["log_level"]) == ("shared counts unavailable", "warning")
    assert "127.0.0.1" not in str(line)


async def _is_away(url: str) -> None:
    async with asyncio.timeout(30), connected(url, wait=0.05) as counts:
        for _ in range(3):
            with pytest.raises(CountsUnavailableError):
                await counts.hit(TONY)
            await asyncio.sleep(0.2)


async def test_a_redis_that_is_well_is_not_logged(server: Server) -> None:
    with capture_logs() as logs:
        async with connected(server.url) as counts:
            assert await counts.hit(TONY) is None
    assert logs == []


async def test_a_redis_that_goes_away_and_comes_back_is_used_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redis_counts, "RETRY_SECONDS", 0.05)
    port = own_port()
    with redis(port) as first, capture_logs() as logs:
        counts = await connected(first.url).__aenter__()
        assert await counts.hit(TONY) is None
        first.shutdown()
        first.server_close()
        refused = await asyncio.gather(*(counts.hit(TONY) for _ in range(3)), return_exceptions=True)
        assert [type(each) for each in refused] == [CountsUnavailableError] * 3
        with redis(port):
            async with asyncio.timeout(30):
                while not counts._up:  # noqa: ASYNC110 - nobody else is told
                    await asyncio.sleep(0.01)
            assert await counts.hit(TONY) is None
            await counts.__aexit__(None, None, None)
    assert [line["event"] for line in logs] == ["shared counts unavailable", "shared counts are back"]


async def test_a_redis_that_is_slow_or_has_no_room_is_away(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_: object) -> bool:
        raise OutOfMemoryError("command not allowed when used memory > 'maxmemory'.")

    async def slow(*_: object) -> bool:
        await asyncio.sleep(60)
        raise AssertionError

    for away in (full, slow):  # the fake one is never so
        async with connected(server.url) as counts:
            monkeypatch.setattr(RedisStorage, "acquire_sliding_window_entry", away)
            counts._wait = 0.05
            with pytest.raises(CountsUnavailableError):
                await counts.hit(TONY)


async def test_an_idle_connection_that_redis_has_closed_is_no_failure() -> None:
    port = own_port()
    with redis(port) as first:
        counts = await connected(first.url).__aenter__()
        assert await counts.hit(TONY) is None
    with redis(port), capture_logs() as logs:
        assert await counts.hit(TONY) is None
        await counts.__aexit__(None, None, None)
    assert logs == []
