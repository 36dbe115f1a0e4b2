"""Each fault of being told, caused in a playground: what the subscriber reads, and what the log says."""

import asyncio
import time
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.answers import telling
from bot.cometchat import Uid
from bot.identity import SlackUser
from bot.identity.links import CONFIRM_ANY, Link
from bot.playground import webhooks
from bot.playground.cometchat import LIST
from bot.playground.run import Playground, playground
from bot.playground.samples.build import CAPTAIN, IRON_MAN, never_answered
from bot.playground.slack.workspace import CHANNEL_ID, TEAM_ID
from bot.slack import connection
from bot.storage import links
from bot.storage.store import Store, open_store
from bot.subscriptions import looking
from bot.subscriptions.subscription import Subscription, Wanted, new_id
from tests.faults.telling import UNTOLD, Untold
from tests.listeners.people import TONY, answered

OWNER = SlackUser(None, TEAM_ID, TONY)


async def subscribed(store: Store, fault: Untold) -> None:
    await store.links.put(Link(OWNER, Uid(IRON_MAN.uid), "cli", 1, "import"), confirmed=CONFIRM_ANY)
    wanted, now = Wanted(missed=True, ended=True), int(time.time())
    channel = CHANNEL_ID if fault.channel else None
    made = Subscription(new_id(), OWNER, Uid(IRON_MAN.uid), None, channel, wanted, now - 60)
    await store.subscriptions.add(made)


def cause(ground: Playground, fault: Untold) -> None:
    if fault.cometchat:
        ground.cometchat.answer(LIST, status=fault.status or 500, body={}, times=fault.times)
    elif not fault.unlinked:
        how: dict[str, Any] = {"status": fault.status, "body": fault.body, "headers": fault.headers}
        ground.slack.fail("chat.postMessage", **how, delay=fault.delay, times=fault.times)


def logged(logs: list[Any], fault: Untold) -> bool:
    event, _, reason = fault.log.partition(": ")
    found = [line.get("reason", line.get("outcome")) for line in logs if line["event"] == event]
    return any(reason in str(each) for each in found)


@pytest.mark.parametrize("fault", UNTOLD, ids=lambda fault: fault.name)
async def test_the_subscriber_reads_and_the_log_says_what_the_page_says(
    fault: Untold, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "POST_SECONDS", 1.0)
    monkeypatch.setattr(telling, "_FIRST_RETRY_SECONDS", 0.1)
    monkeypatch.setattr(looking, "RETRY_SECONDS", 0.5)
    monkeypatch.setattr(links, "CACHED_SECONDS", 0.0)  # another process's changes are seen at once
    url = f"sqlite:///{tmp_path}/links.db"
    with capture_logs() as logs:
        async with playground(database_url=url, callinfo_user_map={}) as ground, open_store(url) as store:
            await subscribed(store, fault)
            await asyncio.sleep(0.1)
            cause(ground, fault)
            if fault.unlinked:
                await store.links.remove(OWNER)
            now = int(time.time())
            call = never_answered(
                CAPTAIN, IRON_MAN, at=now, status="unanswered", state="unanswered", sid="the-call"
            )
            ground.cometchat.serve("the-call", [call])
            await ground.cometchat.announce(webhooks.rung("call_unanswered", CAPTAIN.uid, IRON_MAN.uid, now))
            async with asyncio.timeout(30):
                while not logged(logs, fault):  # noqa: ASYNC110 - a log announces nothing
                    await asyncio.sleep(0.05)
            if fault.told:
                await answered(ground, TONY, "Captain America")
            elif fault.reads:
                await answered(ground, TONY, fault.reads.partition("`")[0].strip())
            told = [each for each in ground.slack.seen_by(TONY) if "Captain America" in each.text]
            assert len(told) <= 1
            assert bool(told) == fault.told or fault.delay > 0
