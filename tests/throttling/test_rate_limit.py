import asyncio

from bot.throttling.counts import Counts, Person
from bot.throttling.rate_limit import CountsAwayError, RateLimit
from bot.throttling.rates import Rate, Refused
from bot.throttling.refusals import Refusals, Scope
from tests.throttling.people import STEVE, TONY, Clock

RATE = Rate(3, 60)


class Shared:
    """Counts shared with other processes: `left` look-ups are allowed in all, unless they are away."""

    def __init__(self, left: int = 100, *, away: bool = False) -> None:
        self.left = left
        self.away = away
        self.asked = 0

    async def hit(self, _: Person) -> Refused | None:
        self.asked += 1
        await asyncio.sleep(0)
        if self.away:
            raise CountsAwayError
        self.left -= 1
        return None if self.left >= 0 else Refused(RATE, 25)


class It:
    def __init__(self, shared: Shared | None = None) -> None:
        self.clock = Clock()
        self.counted: list[Scope] = []
        self.refusals = Refusals(self.counted.append)
        self.limit = RateLimit(Counts([RATE], self.clock), shared, self.refusals)


async def test_a_person_alone_in_memory_is_limited_and_the_refusal_is_counted() -> None:
    it = It()
    answers = [await it.limit.refusal(TONY) for _ in range(5)]
    assert answers == [None, None, None, Refused(RATE, 60), Refused(RATE, 60)]
    assert await it.limit.refusal(STEVE) is None
    assert it.counted == [Scope.USER] * 2
    it.refusals.flush()


async def test_what_other_processes_have_counted_counts_and_is_not_asked_for_again_in_vain() -> None:
    shared = Shared(left=1)
    it = It(shared)
    assert await it.limit.refusal(TONY) is None
    assert await it.limit.refusal(TONY) == Refused(RATE, 25)
    it.clock.now += 5
    assert [await it.limit.refusal(TONY) for _ in range(500)] == [Refused(RATE, 20)] * 500
    assert shared.asked == 2
    it.clock.now += 20
    shared.left = 1
    assert await it.limit.refusal(TONY) is None
    it.refusals.flush()


async def test_whoever_floods_one_process_costs_the_shared_store_no_more_than_the_limit() -> None:
    shared = Shared()
    it = It(shared)
    for _ in range(500):
        await it.limit.refusal(TONY)
    assert shared.asked == 3
    it.refusals.flush()


async def test_while_the_shared_store_is_away_each_process_counts_alone_even_many_at_once() -> None:
    it = It(Shared(away=True))
    answers = await asyncio.gather(*(it.limit.refusal(TONY) for _ in range(20)))
    assert answers.count(None) == 3
    it.refusals.flush()
