"""The shared counts against a Redis that counts, and against all that a Redis can be instead."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager

import pytest
from limits.aio.storage import RedisStorage
from pydantic import SecretStr
from redis.exceptions import OutOfMemoryError
from structlog.testing import capture_logs

from bot.throttling.rate_limit import CountsAwayError
from bot.throttling.rates import Rate, Refused
from bot.throttling.redis_counts import AWAY_SECONDS, RedisCounts
from tests.throttling.people import Clock
from tests.throttling.redis import Server, babbling, redis, silent

TONY, STEVE = ("T01", "U0TONY"), ("T01", "U0STEVE")
RATES = (Rate(3, 600),)


@pytest.fixture
def server() -> Iterator[Server]:
    with redis() as server:
        yield server


def connected(url: SecretStr, rates: Sequence[Rate] = RATES, *, clock: Clock | None = None) -> RedisCounts:
    """Return counts that wait long enough for a Redis on a machine that is busy with tests."""
    return RedisCounts(url, rates, wait=10, clock=clock or Clock())


async def test_processes_that_share_a_redis_count_together(server: Server) -> None:
    url = SecretStr(server.url)
    async with connected(url) as one, connected(url) as other:
        assert [await one.hit(TONY), await other.hit(TONY), await one.hit(TONY)] == [None] * 3
        for counts in (one, other):
            refused = await counts.hit(TONY)
            assert refused
            assert refused.rate == RATES[0]
            assert 590 < refused.seconds <= 600
        assert await other.hit(STEVE) is None


async def test_of_many_at_once_no_more_are_let_in_than_the_limit_says(server: Server) -> None:
    async with connected(SecretStr(server.url), (Rate(3, 600), Rate(5, 3_600))) as counts:
        answers = await asyncio.gather(*(counts.hit(TONY) for _ in range(9)))
        assert answers.count(None) == 3


async def test_a_window_that_ends_lets_the_person_in_again(server: Server) -> None:
    async with connected(SecretStr(server.url), (Rate(2, 1),)) as counts:
        await counts.hit(TONY)
        await counts.hit(TONY)
        refused = await counts.hit(TONY)
        assert refused == Refused(Rate(2, 1), 1)
        await asyncio.sleep(refused.seconds)
        assert await counts.hit(TONY) is None


async def test_a_connection_that_comes_too_late_for_one_look_up_is_there_for_the_next(server: Server) -> None:
    clock = Clock()
    async with RedisCounts(SecretStr(server.url), RATES, wait=0, clock=clock) as counts:
        with pytest.raises(CountsAwayError):
            await counts.hit(TONY)
        await asyncio.gather(*counts._under_way)
        clock.now += AWAY_SECONDS
        counts._wait = 10
        assert await counts.hit(STEVE) is None


def nobody() -> Iterator[str]:
    with redis() as server:
        url = server.url
    yield url


@pytest.mark.parametrize("what", ["nobody", "silent", "babbling"])
async def test_a_redis_that_is_down_silent_or_none_at_all_is_told_once_and_never_waited_for_long(
    what: str,
) -> None:
    clock = Clock()
    instead: dict[str, AbstractContextManager[str]] = {"silent": silent(), "babbling": babbling()}
    with capture_logs() as logs:
        if what == "nobody":
            url = next(nobody())
            await _is_away(url, clock)
        else:
            with instead[what] as url:
                await _is_away(url, clock)
    (line,) = logs
    assert line["event"] == "shared counts unavailable"
    assert "127.0.0.1" not in str(line)


async def _is_away(url: str, clock: Clock) -> None:
    async with asyncio.timeout(30), RedisCounts(SecretStr(url), RATES, wait=0.05, clock=clock) as counts:
        for _ in range(3):
            with pytest.raises(CountsAwayError):
                await counts.hit(TONY)
        clock.now += AWAY_SECONDS
        with pytest.raises(CountsAwayError):
            await counts.hit(TONY)


@pytest.mark.parametrize("what", ["nobody", "babbling"])
async def test_at_the_start_a_redis_that_can_not_be_reached_is_told_once_and_look_ups_say_no_more(
    what: str,
) -> None:
    with babbling() as babbler, capture_logs() as logs:
        url = next(nobody()) if what == "nobody" else babbler
        async with connected(SecretStr(url)) as counts:
            await asyncio.gather(*counts._under_way)
            (line,) = logs
            with pytest.raises(CountsAwayError):
                await counts.hit(TONY)
    assert logs == [line]
    assert (line["event"], line["log_level"]) == ("shared counts unavailable", "warning")
    assert line["reason"] != "CountsAwayError", "the kind of what keeps it from Redis"
    assert "127.0.0.1" not in str(line)


async def test_at_the_start_a_redis_that_is_well_is_no_news(server: Server) -> None:
    with capture_logs() as logs:
        async with connected(SecretStr(server.url)) as counts:
            await asyncio.gather(*counts._under_way)
            assert await counts.hit(TONY) is None
    assert logs == []


async def test_when_it_is_back_one_look_up_finds_out_and_all_count_together_again() -> None:
    clock = Clock()
    with redis() as first:
        port, url = first.port, SecretStr(first.url)
        counts = await connected(url, clock=clock).__aenter__()
        assert await counts.hit(TONY) is None
    with capture_logs() as logs:
        with pytest.raises(CountsAwayError):
            await counts.hit(TONY)
        with redis(port):
            with pytest.raises(CountsAwayError):  # too early to try
                await counts.hit(TONY)
            clock.now += AWAY_SECONDS
            answers = await asyncio.gather(*(counts.hit(STEVE) for _ in range(3)), return_exceptions=True)
            assert [type(each) for each in answers] == [type(None), CountsAwayError, CountsAwayError]
            assert await counts.hit(TONY) is None
            await counts.__aexit__(None, None, None)
    assert [line["event"] for line in logs] == ["shared counts unavailable", "shared counts are back"]


async def test_a_redis_that_has_no_room_is_away(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    async def full(*_: object) -> bool:
        raise OutOfMemoryError("command not allowed when used memory > 'maxmemory'.")

    monkeypatch.setattr(RedisStorage, "acquire_sliding_window_entry", full)  # the fake one is never full
    async with connected(SecretStr(server.url)) as counts:
        with pytest.raises(CountsAwayError):
            await counts.hit(TONY)


async def test_an_idle_connection_that_redis_has_closed_is_no_failure() -> None:
    with redis() as first:
        port = first.port
        counts = await connected(SecretStr(first.url)).__aenter__()
        assert await counts.hit(TONY) is None
    with redis(port), capture_logs() as logs:
        assert await counts.hit(TONY) is None
        await counts.__aexit__(None, None, None)
    assert logs == []
