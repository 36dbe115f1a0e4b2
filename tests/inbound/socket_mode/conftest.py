from collections.abc import AsyncIterator

import pytest

from bot.playground.run import Playground, playground


@pytest.fixture
async def ground() -> AsyncIterator[Playground]:
    """Return a playground by Socket Mode."""
    async with playground(socket=True) as ground:
        yield ground
