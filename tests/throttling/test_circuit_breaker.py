import asyncio

import pytest
from structlog.testing import capture_logs

from bot.cometchat import CallProblemError, RateLimitedError, UnavailableError
from bot.throttling.circuit_breaker import DEFAULT_SECONDS, MAX_SECONDS, CircuitBreaker
from tests.throttling.people import Clock

FOUND = "found"


class It:
    """A breaker with a clock, in front of CometChat, which raises `error` while there is one; a `gate` holds it."""

    def __init__(self, error: CallProblemError | None = None) -> None:
        self.error, self.gate = error, asyncio.Event()
        self.gate.set()
        self.clock, self.asked, self.held = Clock(), 0, 0
        self._breaker = CircuitBreaker(on_held=self._hold, clock=self.clock)

    def _hold(self) -> None:
        self.held += 1

    async def _request(self) -> str:
        self.asked += 1
        error, gate = self.error, self.gate
        await gate.wait()
        if error:
            raise error
        return FOUND

    async def ask(self) -> str:
        return await self._breaker.call(self._request)

    async def wait(self) -> int | None:
        """Return the seconds after which to try again."""
        with pytest.raises(RateLimitedError) as caught:
            await self.ask()
        return caught.value.retry_after

    async def asked_in_background(self) -> asyncio.Task[str]:
        task = asyncio.create_task(self.ask())
        await asyncio.sleep(0)
        return task


async def test_during_the_pause_no_request_is_sent_and_all_are_told_when() -> None:
    it = It(RateLimitedError(30, status=429))
    assert await it.wait() == 30
    it.clock.now += 10.5
    assert [await it.wait() for _ in range(50)] == [20] * 50
    assert (it.asked, it.held) == (1, 50)


@pytest.mark.parametrize(
    ("said", "kept"), [(None, DEFAULT_SECONDS), (0, 1), (1, 1), (300, 300), (3_600, MAX_SECONDS)]
)
async def test_the_pause_is_as_long_as_was_said_within_bounds(said: int | None, kept: float) -> None:
    it = It(RateLimitedError(said))
    assert await it.wait() == kept
    it.clock.now += kept - 0.5
    assert await it.wait() == 1
    it.error = None
    it.clock.now += 0.5
    assert await it.ask() == FOUND


async def test_after_it_one_request_tries_and_then_all_come_back() -> None:
    it = It(RateLimitedError(30))
    await it.wait()
    it.clock.now += 30
    it.error = None
    it.gate.clear()
    probe = await it.asked_in_background()
    assert [await it.wait() for _ in range(3)] == [0] * 3
    assert it.asked == 2
    it.gate.set()
    assert await probe == FOUND
    assert await it.ask() == FOUND


async def test_a_probe_that_is_refused_begins_the_next_pause_and_each_is_logged_once() -> None:
    it = It(RateLimitedError(30))
    with capture_logs() as logs:
        await it.wait()
        await it.wait()
        it.clock.now += 30
        it.error = RateLimitedError(60)
        assert await it.wait() == 60
        assert await it.wait() == 60
        it.clock.now += 60
        it.error = None
        await it.ask()
    assert it.asked == 3
    assert [(line["event"], line.get("seconds")) for line in logs] == [
        ("cometchat asks for a pause", 30),
        ("cometchat asks for a pause", 60),
        ("cometchat's pause is over", None),
    ]


async def test_a_probe_that_fails_otherwise_ends_the_pause_since_it_was_no_429() -> None:
    it = It(RateLimitedError(30))
    await it.wait()
    it.clock.now += 30
    it.error = UnavailableError()
    for _ in range(2):
        with pytest.raises(UnavailableError):
            await it.ask()


async def test_a_probe_that_is_cancelled_leaves_the_next_to_try() -> None:
    it = It(RateLimitedError(30))
    await it.wait()
    it.clock.now += 30
    it.error = None
    it.gate.clear()
    probe = await it.asked_in_background()
    probe.cancel()
    await asyncio.gather(probe, return_exceptions=True)
    it.gate.set()
    assert await it.ask() == FOUND


async def test_a_request_from_before_the_pause_neither_ends_nor_shortens_it() -> None:
    it = It()
    before = it.gate = asyncio.Event()
    good = await it.asked_in_background()
    it.error = RateLimitedError(5)
    short = await it.asked_in_background()
    it.gate = asyncio.Event()
    it.gate.set()
    it.error = RateLimitedError(60)
    with capture_logs() as logs:
        assert await it.wait() == 60
        before.set()
        assert await good == FOUND
        with pytest.raises(RateLimitedError) as caught:
            await short
    assert [line["seconds"] for line in logs] == [60], "one pause is told once"
    assert caught.value.retry_after == 60
    assert await it.wait() == 60


async def test_a_request_from_before_the_pause_that_ends_after_it_lets_no_second_one_try() -> None:
    it = It()
    before = it.gate = asyncio.Event()
    old = await it.asked_in_background()
    it.gate = asyncio.Event()
    it.gate.set()
    it.error = RateLimitedError(30)
    await it.wait()
    it.clock.now += 30
    it.error, it.gate = None, asyncio.Event()
    probe = await it.asked_in_background()
    before.set()
    assert await old == FOUND
    async with asyncio.timeout(9):
        assert await it.wait() == 0
    it.gate.set()
    assert await probe == FOUND


async def test_other_errors_begin_no_pause() -> None:
    it = It(UnavailableError())
    for _ in range(3):
        with pytest.raises(UnavailableError):
            await it.ask()
    assert it.asked == 3
