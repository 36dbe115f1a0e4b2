"""A list of calls that was promised by a process that then dies: the next one gives it, with the same calls on it."""

from pathlib import Path

import pytest

from bot.playground.cometchat import LIST
from bot.playground.scripted import Hang
from tests.process import PROMISE, process, process_between

pytestmark = pytest.mark.long


async def test_a_promised_list_is_given_by_the_next_process(tmp_path: Path) -> None:
    settings = {"CALLINFO_ANSWER_WITHIN": "0.5", "DATABASE_URL": f"sqlite:///{tmp_path}/links.db"}
    async with process(patience=15.0, **settings) as bot:
        bot.cometchat.script(LIST, Hang(times=1))
        assert PROMISE in str((await bot.slack.command("U0TONY", "recent missed")).message)
        bot.child.kill()
        async with process_between(bot.slack, bot.cometchat, bot.samples, **settings):
            found = await bot.slack.wait_for(
                lambda: [
                    each for each in bot.slack.seen_by("U0TONY") if "Your latest calls: missed" in each.text
                ],
                timeout=30,
            )
        assert "1. 📵 Captain America" in found[0].text
        assert {each.headers.get("onbehalfof") for each in bot.cometchat.requests} == {"superhero1"}
