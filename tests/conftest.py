"""What all tests share: a whole playground (stand-in CometChat, the real bot, stand-in Slack) over real HTTP."""

import os
from collections.abc import AsyncIterator

import pytest
from hypothesis import HealthCheck, settings

from bot.playground.run import Playground, playground
from bot.playground.slack import StandInSlack
from tests.databases import empty_url, postgresql, store, url

__all__ = ["empty_url", "ground", "postgresql", "slack", "store", "url"]

# A machine that is busy makes slow examples, not wrong ones. `make test` draws some, .ci/run many
settings.register_profile(
    "callinfo",
    max_examples=int(os.environ.get("CALLINFO_EXAMPLES", "50")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("callinfo")


@pytest.fixture
async def ground() -> AsyncIterator[Playground]:
    async with playground() as ground:
        yield ground


@pytest.fixture
async def slack() -> AsyncIterator[StandInSlack]:
    """Return a stand-in Slack without a bot."""
    slack = StandInSlack(signing_secret="secret")
    await slack.start()
    yield slack
    await slack.close()
