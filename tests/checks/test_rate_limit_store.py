"""The check of the counts that processes share."""

import shutil
from pathlib import Path

import pytest

from bot.checks.rate_limit_store import check_rate_limit_store
from bot.checks.results import State
from tests.checks.scene import scene
from tests.throttling.redis import babbling, redis, with_its_own_certificate

NOWHERE = "redis://:s3cret@127.0.0.1:9/0"


async def test_without_a_redis_there_is_nothing_to_ask() -> None:
    async with scene() as it:
        result = await check_rate_limit_store(it.context)
    assert (result.state, "for itself" in result.sentence) == (State.SKIPPED, True)


async def test_a_redis_that_answers_is_well() -> None:
    with redis() as server:
        async with scene(callinfo_rate_limit_store=server.url) as it:
            result = await check_rate_limit_store(it.context)
    assert (result.state, "share the counts" in result.sentence) == (State.OK, True)


async def test_a_redis_that_is_away_is_told_without_its_password() -> None:
    async with scene(callinfo_rate_limit_store=NOWHERE) as it:
        result = await check_rate_limit_store(it.context)
    assert (result.state, "CALLINFO_RATE_LIMIT_STORE" in result.sentence) == (State.FAILED, True)
    assert "s3cret" not in str(result)


async def test_what_is_no_redis_is_told() -> None:
    with babbling() as url:
        async with scene(callinfo_rate_limit_store=url) as it:
            assert (await check_rate_limit_store(it.context)).state is State.FAILED


@pytest.mark.skipif(shutil.which("openssl") is None, reason="makes the certificate")
async def test_a_redis_that_signs_its_own_certificate_is_told_with_the_option_that_it_needs(
    tmp_path: Path,
) -> None:
    with with_its_own_certificate(tmp_path) as url:
        async with scene(callinfo_rate_limit_store=url) as it:
            refused = await check_rate_limit_store(it.context)
        assert (refused.state, "certificate" in refused.sentence) == (State.FAILED, True)
        assert "?ssl_cert_reqs=none" in str(refused.do)
        for option in ("ssl_cert_reqs=none", f"ssl_ca_certs={tmp_path}/certificate.pem"):
            async with scene(callinfo_rate_limit_store=f"{url}?{option}") as it:
                taken = await check_rate_limit_store(it.context)
            assert "can't be used (ConnectionError)" in taken.sentence
    assert "s3cret" not in str(refused)
