"""The check of the counts that processes share."""

from bot.checks.counts import check_counts
from bot.checks.finding import State
from tests.checks.scene import scene
from tests.throttling.redis import babbling, redis

NOWHERE = "redis://:s3cret@127.0.0.1:9/0"


async def test_without_a_redis_there_is_nothing_to_ask() -> None:
    async with scene() as it:
        verdict = await check_counts(it.desk)
    assert (verdict.state, "for itself" in verdict.sentence) == (State.SKIPPED, True)


async def test_a_redis_that_answers_is_well() -> None:
    with redis() as server:
        async with scene(callinfo_rate_limit_store=server.url) as it:
            verdict = await check_counts(it.desk)
    assert (verdict.state, "share the counts" in verdict.sentence) == (State.OK, True)


async def test_a_redis_that_is_away_is_told_without_its_password() -> None:
    async with scene(callinfo_rate_limit_store=NOWHERE) as it:
        verdict = await check_counts(it.desk)
    assert (verdict.state, "CALLINFO_RATE_LIMIT_STORE" in verdict.sentence) == (State.FAILED, True)
    assert "s3cret" not in str(verdict)


async def test_what_is_no_redis_is_told() -> None:
    with babbling() as url:
        async with scene(callinfo_rate_limit_store=url) as it:
            assert (await check_counts(it.desk)).state is State.FAILED
