"""What all tests share: a whole playground (stand-in CometChat, the real bot, stand-in Slack) over real HTTP."""

import gc
import os
from collections.abc import AsyncIterator, Iterator

import pytest
from hypothesis import HealthCheck, settings

from bot.playground.run import Playground, playground
from bot.playground.slack import StandInSlack
from tests.databases import empty_url, migrated_file, patient, postgresql, shared_postgresql, store, url
from tests.subscriptions.play import play

__all__ = [
    "empty_url",
    "ground",
    "migrated_file",
    "patient",
    "play",
    "postgresql",
    "shared_postgresql",
    "slack",
    "store",
    "url",
]

LONG_SECONDS = 240
"""How long one test of a file marked `long` may take, on a machine that is busy."""

# A machine that is busy makes slow examples, not wrong ones. `make test` draws some, .ci/run more. A failure prints how
# to repeat it, and is not kept: a run that was red does not make the next one red
settings.register_profile(
    "callinfo",
    max_examples=int(os.environ.get("CALLINFO_EXAMPLES", "25")),
    deadline=None,
    database=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("callinfo")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Start with the files that take longest, so that no worker waits for one at the end; give their tests more time."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)
    for item in items:
        takes_long = item.get_closest_marker("long") or item.get_closest_marker("browser")
        if takes_long and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(LONG_SECONDS))


def pytest_collection_finish() -> None:
    """Keep the loaded tests out of later garbage collections, which took a tenth of the tests' time."""
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _no_leaks() -> Iterator[None]:
    """Collect garbage before the last test ends, so that what was never closed fails it: xdist loses later warnings."""
    yield
    gc.collect()


@pytest.fixture
async def ground() -> AsyncIterator[Playground]:
    async with playground(patience=15) as ground:
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
