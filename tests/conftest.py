"""What all tests share: a whole playground (stand-in CometChat, the real bot, stand-in Slack) over real HTTP."""

import gc
import os
from collections.abc import AsyncIterator, Iterator

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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files that take longest first, so that no worker still waits for one while the others have nothing to do."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def pytest_collection_finish() -> None:
    """Let no collection look through the loaded tests again: a tenth of the tests' time went into that."""
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _no_leak_goes_untold() -> Iterator[None]:
    """Fail a worker's last test where a cycle has held back what ought to have been closed: xdist loses later warnings."""
    yield
    gc.collect()


@pytest.fixture
async def ground() -> AsyncIterator[Playground]:
    async with playground() as ground:
        yield ground


@pytest.fixture
def no_profiles_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a bot that is made after this ask Slack about a person each time."""
    monkeypatch.setattr("bot.slack.users.KEPT_SECONDS", 0.0)


@pytest.fixture
async def slack() -> AsyncIterator[StandInSlack]:
    """Return a stand-in Slack without a bot."""
    slack = StandInSlack(signing_secret="secret")
    await slack.start()
    yield slack
    await slack.close()
