import asyncio
from collections.abc import Awaitable, Callable

import pytest
from structlog.testing import capture_logs

from bot.cometchat import (
    Answer,
    CallProblemError,
    Listing,
    Page,
    RateLimitedError,
    SessionId,
    Uid,
    UnavailableError,
)
from bot.throttling.pause import DEFAULT_SECONDS, MOST_SECONDS, Pausing
from tests.throttling.people import Clock

STANDUP, HERO = SessionId("standup"), Uid("superhero1")
FOUND = Answer((), 200)
NOTHING = Page((), 200, last=True)


class Upstream:
    """CometChat, which answers with `error` while there is one; a `gate` holds its answers."""

    def __init__(self, error: CallProblemError | None = None) -> None:
        self.error = error
        self.asked = 0
        self.gate: asyncio.Event | None = None

    async def get_call(self, _: SessionId, on_behalf_of: Uid) -> Answer:
        assert on_behalf_of == HERO
        self.asked += 1
        error, gate = self.error, self.gate
        if gate:
            await gate.wait()
        if error:
            raise error
        return FOUND

    async def list_calls(self, _: Listing, on_behalf_of: Uid) -> Page:
        await self.get_call(STANDUP, on_behalf_of)
        return NOTHING

    async def check_user(self, uid: Uid) -> None:
        await self.get_call(STANDUP, uid)


class It:
    """A pausing upstream with a clock, and how many requests were held."""

    def __init__(self, error: CallProblemError | None = None) -> None:
        self.upstream, self.clock, self.held = Upstream(error), Clock(), 0
        self.pausing = Pausing(self.upstream, held=self.hold, clock=self.clock)

    def hold(self) -> None:
        self.held += 1

    async def told(self) -> int | None:
        """Return the seconds after which to try again."""
        with pytest.raises(RateLimitedError) as caught:
            await self.pausing.get_call(STANDUP, HERO)
        return caught.value.retry_after

    async def asked_in_background(self) -> asyncio.Task[Answer]:
        task = asyncio.create_task(self.pausing.get_call(STANDUP, HERO))
        await asyncio.sleep(0)
        return task


async def test_during_the_pause_nobody_asks_and_all_are_told_when() -> None:
    it = It(RateLimitedError(30, status=429))
    assert await it.told() == 30
    it.clock.now += 10.5
    assert [await it.told() for _ in range(50)] == [20] * 50
    with pytest.raises(RateLimitedError):
        await it.pausing.check_user(HERO)
    assert (it.upstream.asked, it.held) == (1, 51)


async def test_a_check_of_a_user_opens_the_pause_too() -> None:
    it = It(RateLimitedError(30))
    with pytest.raises(RateLimitedError):
        await it.pausing.check_user(HERO)
    assert await it.told() == 30
    assert it.upstream.asked == 1


@pytest.mark.parametrize(
    ("said", "kept"), [(None, DEFAULT_SECONDS), (0, 1), (1, 1), (300, 300), (3_600, MOST_SECONDS)]
)
async def test_the_pause_is_as_long_as_was_said_within_bounds(said: int | None, kept: float) -> None:
    it = It(RateLimitedError(said))
    assert await it.told() == kept
    it.clock.now += kept - 0.5
    assert await it.told() == 1
    it.upstream.error = None
    it.clock.now += 0.5
    assert await it.pausing.get_call(STANDUP, HERO) is FOUND


async def test_after_it_one_request_tries_and_then_all_come_back() -> None:
    it = It(RateLimitedError(30))
    await it.told()
    it.clock.now += 30
    it.upstream.error, it.upstream.gate = None, asyncio.Event()
    probe = await it.asked_in_background()
    assert [await it.told() for _ in range(3)] == [0] * 3
    assert it.upstream.asked == 2
    it.upstream.gate.set()
    assert await probe is FOUND
    assert await it.pausing.get_call(STANDUP, HERO) is FOUND
    await it.pausing.check_user(HERO)


async def test_a_probe_that_is_refused_opens_the_next_pause_and_each_is_told_in_the_log_once() -> None:
    it = It(RateLimitedError(30))
    with capture_logs() as logs:
        await it.told()
        await it.told()
        it.clock.now += 30
        it.upstream.error = RateLimitedError(60)
        assert await it.told() == 60
        assert await it.told() == 60
        it.clock.now += 60
        it.upstream.error = None
        await it.pausing.get_call(STANDUP, HERO)
    assert it.upstream.asked == 3
    assert [(line["event"], line.get("seconds")) for line in logs] == [
        ("cometchat asks for a pause", 30),
        ("cometchat asks for a pause", 60),
        ("cometchat's pause is over", None),
    ]


async def test_a_probe_that_fails_otherwise_ends_the_pause_since_it_was_no_429() -> None:
    it = It(RateLimitedError(30))
    await it.told()
    it.clock.now += 30
    it.upstream.error = UnavailableError()
    for _ in range(2):
        with pytest.raises(UnavailableError):
            await it.pausing.get_call(STANDUP, HERO)


async def test_a_probe_that_is_cancelled_leaves_the_next_to_try() -> None:
    it = It(RateLimitedError(30))
    await it.told()
    it.clock.now += 30
    it.upstream.error, it.upstream.gate = None, asyncio.Event()
    probe = await it.asked_in_background()
    probe.cancel()
    await asyncio.gather(probe, return_exceptions=True)
    it.upstream.gate = None
    assert await it.pausing.get_call(STANDUP, HERO) is FOUND


async def test_what_was_asked_before_the_pause_neither_ends_nor_shortens_it() -> None:
    it = It()
    it.upstream.gate = asyncio.Event()
    good = await it.asked_in_background()
    it.upstream.error = RateLimitedError(5)
    short = await it.asked_in_background()
    gate, it.upstream.gate = it.upstream.gate, None
    it.upstream.error = RateLimitedError(60)
    assert await it.told() == 60
    gate.set()
    assert await good is FOUND
    with pytest.raises(RateLimitedError) as caught:
        await short
    assert caught.value.retry_after == 60
    assert await it.told() == 60


async def test_other_errors_open_no_pause() -> None:
    it = It(UnavailableError())
    ask: Callable[[], Awaitable[Answer]] = lambda: it.pausing.get_call(STANDUP, HERO)  # noqa: E731 - one use, one line
    for _ in range(3):
        with pytest.raises(UnavailableError):
            await ask()
    assert it.upstream.asked == 3


async def test_a_list_of_calls_keeps_the_pause_as_well_and_can_begin_one() -> None:
    it = It(RateLimitedError(30, status=429))
    with pytest.raises(RateLimitedError):
        await it.pausing.list_calls(Listing(), HERO)
    it.upstream.error = None
    with pytest.raises(RateLimitedError):
        await it.pausing.list_calls(Listing(), HERO)
    assert (it.upstream.asked, it.held) == (1, 1)
    it.clock.now += 31
    assert await it.pausing.list_calls(Listing(), HERO) is NOTHING
