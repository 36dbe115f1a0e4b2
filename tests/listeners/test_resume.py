"""Answers that a process promised before it died, given by the next: through its store, and by response_url."""

import time
from dataclasses import replace
from pathlib import Path

import pytest

from bot.answers.outbox import Promise
from bot.calls.cursor import PageRequest
from bot.cometchat import SessionId
from bot.identity import SlackUser
from bot.playground.run import Playground, playground
from bot.storage.store import open_store
from tests.listeners.people import TONY, sample, summary_of


async def promised(ground: Playground) -> Promise:
    """Return what a process would have promised on a press by Tony."""
    standup = sample(ground, "Release stand-up").session_id
    card = await summary_of(ground, TONY, standup)
    pressed = (await ground.slack.press(TONY, card.ts, "call_details")).payload
    return Promise(
        reference="FROMDEAD",
        kind="command",
        user=SlackUser(None, pressed["team"]["id"], TONY),
        response_url=pressed["response_url"],
        session_id=SessionId(standup),
        thread_ts=None,
        promised_at=int(time.time()),
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "32 min"),
        ({"filter": PageRequest().to_text(), "session_id": None}, "Your latest calls"),
        ({"kind": "share"}, "callinfo restarted before it finished."),
        ({"session_id": None}, "callinfo restarted before it finished."),
        ({"kind": "subscribe", "session_id": None}, "before it finished. Here’s what you have now."),
        ({"filter": "subscriptions", "session_id": None}, "You have no subscriptions."),
        ({"sending": True}, "callinfo restarted while it was answering you."),
    ],
)
async def test_it_is_given_again_unless_it_may_have_arrived_or_would_do_something_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changes: dict[str, object], words: str
) -> None:
    monkeypatch.setattr("bot.answers.outbox.POLL_SECONDS", 0.1)
    url = f"sqlite:///{tmp_path}/callinfo.db"
    async with playground(database_url=url) as ground:
        promise = replace(await promised(ground), **changes)  # type: ignore[arg-type] # as the table says
        before = {each.ts for each in ground.slack.seen_by(TONY)}
        async with open_store(url) as store:
            until = time.time() - 1
            await store.outbox.add(promise, until)
            if promise.sending:
                await store.outbox.begin_sending(promise.reference, until)
        await ground.slack.wait_for(
            lambda: [
                each for each in ground.slack.seen_by(TONY) if each.ts not in before and words in each.text
            ]
        )
    async with open_store(url) as store:
        assert await store.outbox.claim(9e9, 9e9, 9) == ()
