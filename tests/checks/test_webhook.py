"""What `check` says of CometChat's webhook."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.checks.results import State
from bot.checks.webhook import check_webhook
from bot.playground.run import playground
from bot.storage.database import open_database
from bot.storage.hints import StoredHints
from bot.storage.schema import migrate
from bot.subscriptions.hints import Hint
from tests.checks.scene import ODD_ANSWERS, answering, scene

WEBHOOK: dict[str, Any] = {"cometchat_webhook_user": "hook", "cometchat_webhook_password": "s3cret"}
NOW = 1_763_812_800


@pytest.mark.parametrize(
    ("seconds", "words"), [(None, "calls every 60 seconds"), (0.0, "subscribers hear of none")]
)
async def test_without_a_webhook_it_says_how_people_are_told_all_the_same(
    seconds: float | None, words: str
) -> None:
    async with scene(callinfo_poll_seconds=seconds) as it:
        result = await check_webhook(it.context)
    assert (result.state, words in result.sentence) == (State.SKIPPED, True)


@pytest.mark.parametrize(
    ("before", "words"),
    [(None, "has sent no event yet"), (5, "less than a minute ago"), (61, "1 minute ago"), (7_300, "2 hours ago"), (172_800, "2 days ago")],
)  # fmt: skip
async def test_when_the_last_event_came(tmp_path: Path, before: int | None, words: str) -> None:
    address = f"sqlite:///{tmp_path}/events.db"
    async with open_database(address) as database:
        await migrate(database)
        if before is not None:
            await StoredHints(database).add(Hint("call_ended", None, (), NOW - before))
    async with scene(database_url=address, **WEBHOOK) as it:
        result = await check_webhook(replace(it.context, now=lambda: NOW))
    assert (result.state, words in result.sentence) == (State.OK if before else State.SKIPPED, True)


async def test_a_database_that_is_not_there_yet_is_not_made_and_one_that_is_away_told(tmp_path: Path) -> None:
    async with scene(database_url=f"sqlite:///{tmp_path}/none.db", **WEBHOOK) as it:
        assert "or is in memory" in (await check_webhook(it.context)).sentence
    assert not (tmp_path / "none.db").exists()
    async with scene(database_url="postgresql://u:s3cret@127.0.0.1:9/x?sslmode=disable", **WEBHOOK) as it:
        result = await check_webhook(it.context)
    assert (result.state, "Can't read" in result.sentence) == (State.SKIPPED, True)
    assert "s3cret" not in result.sentence


async def test_a_bot_at_its_address_takes_events_or_it_is_told_what_is_missing() -> None:
    no_webhook: dict[str, Any] = dict.fromkeys(WEBHOOK)
    async with (
        playground() as taking,
        playground(**no_webhook) as other,
        answering(ODD_ANSWERS[0]) as no_http,
        scene(address=taking.bot_url, **WEBHOOK) as it,
    ):
        assert (await check_webhook(it.context)).state is State.SKIPPED  # none came yet
        context = it.context
        found = {
            address: await check_webhook(replace(context, address=address))
            for address in (other.bot_url, "http://127.0.0.1:9", f"{it.slack.url}api", no_http)
        }
    assert {each.state for each in found.values()} == {State.FAILED}
    told = [each.sentence for each in found.values()]
    assert "accepts no events at" in told[0]
    assert "Nothing answers at" in told[1]
    assert "isn't callinfo's (status" in told[2]
    assert "isn't callinfo's (ClientResponseError)" in told[3]
