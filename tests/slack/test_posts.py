"""Messages that stay: what is sent, and what becomes of one that Slack does not take."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.cards.kit.message import Message
from bot.playground.slack import StandInSlack
from bot.playground.slack.workspace import CHANNEL_ID
from bot.slack import connection
from bot.slack.posts import NotPostedError, Posted, PostRefusedError, Posts

CARD = Message("Hello", ())
THERE = Posted(CHANNEL_ID, "1.0")


@asynccontextmanager
async def posts_to(slack: StandInSlack, seconds: float = 30) -> AsyncIterator[Posts]:
    async with connection._session(seconds, reuse=False) as session:
        client = AsyncWebClient(
            "xoxb-playground", base_url=slack.web_api_url, session=session, retry_handlers=[]
        )
        yield Posts(client)


async def test_a_post_can_be_updated_and_have_replies(slack: StandInSlack) -> None:
    async with posts_to(slack) as posts:
        posted = await posts.post(CHANNEL_ID, CARD, key="one")
        await posts.update(posted, Message("Good-bye", ()))
        reply = await posts.post(CHANNEL_ID, CARD, key="two", thread_ts=posted.ts)
    assert [each.target for each in slack.received] == ["chat.postMessage", "chat.update", "chat.postMessage"]
    sent = slack.received[-1].body
    assert (sent["thread_ts"], sent["reply_broadcast"]) == (posted.ts, False)
    assert reply.ts != posted.ts
    assert slack.refusals == []


async def test_what_has_no_answer_in_time_is_to_be_sent_again(slack: StandInSlack) -> None:
    for method in ("chat.postMessage", "chat.update"):
        slack.fail(method, status=None, delay=60)
    async with posts_to(slack, seconds=0.2) as posts:
        with pytest.raises(NotPostedError):
            await posts.post(CHANNEL_ID, CARD, key="one")
        with pytest.raises(NotPostedError):
            await posts.update(THERE, CARD)


@pytest.mark.parametrize(
    ("status", "word", "error", "retry_after"),
    [
        (429, "ratelimited", NotPostedError, 7.0),
        (503, "internal_error", NotPostedError, None),
        (200, "token_revoked", NotPostedError, None),
        (200, "is_archived", PostRefusedError, None),
        (200, "something_new", PostRefusedError, None),
    ],
)
async def test_what_slack_says_of_a_message_is_a_wait_or_a_refusal(
    slack: StandInSlack, status: int, word: str, error: type[Exception], retry_after: float | None
) -> None:
    headers = {"Retry-After": "7"} if retry_after else {}
    for method in ("chat.postMessage", "chat.update"):
        slack.fail(method, status=status, body={"ok": False, "error": word}, headers=headers)
    async with posts_to(slack) as posts:
        with pytest.raises(error, match=word) as posting:
            await posts.post(CHANNEL_ID, CARD, key="one")
        with pytest.raises(error, match=word):
            await posts.update(THERE, CARD)
    assert getattr(posting.value, "retry_after", None) == retry_after


async def test_a_message_that_somebody_has_deleted_is_not_updated(slack: StandInSlack) -> None:
    async with posts_to(slack) as posts:
        await posts.update(THERE, CARD)
    assert [each.error for each in slack.refusals] == ["message_not_found"]
