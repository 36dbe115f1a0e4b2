import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.cards.kit.message import Message
from bot.playground.slack import StandInSlack
from bot.slack.reply_addresses import ReplyAddresses
from bot.slack.response_url import (
    AT_ONCE,
    QUEUED,
    PerUserQueue,
    Replies,
    ReplyFailedError,
    TooManyRepliesError,
)

HELLO = Message("hello", ())
TONY, STEVE = "TONY", "STEVE"


@pytest.fixture
async def replies() -> AsyncIterator[Replies]:
    async with aiohttp.ClientSession() as session:
        yield Replies(session, ReplyAddresses("http://127.0.0.1/api"))


@pytest.mark.parametrize(
    ("how", "fails", "error", "tries"),
    [
        ("ephemeral", {"status": 503}, "status 503", 2),
        ("ephemeral", {"status": 200, "body": " <!doctype html><h1>Be right back</h1>"}, "WebPageError", 2),
        ("ephemeral", None, "status 404", 1),  # refused for good
        ("in_channel", {"status": 500}, "status 500", 1),  # it may have been posted
        ("in_channel", {"status": 429}, "status 429", 2),  # it was not
    ],
)
async def test_a_message_is_sent_again_once_where_that_may_help_and_posts_nothing_twice(
    slack: StandInSlack, replies: Replies, *, how: str, fails: Any, error: str, tries: int
) -> None:
    if fails:
        slack.fail("response_url", headers={"Retry-After": "0"}, times=9, **fails)
    send = replies.publish if how == "in_channel" else replies.ephemeral
    with pytest.raises(ReplyFailedError, match=error):
        await send(f"{slack.url}response/key", HELLO, user=TONY)
    body = {"response_type": how, "replace_original": False}
    assert [each.body for each in slack.received] == [{**body, **HELLO.as_json()}] * tries


async def test_slack_out_of_reach_is_a_failure_that_does_not_tell_the_address(replies: Replies) -> None:
    with pytest.raises(ReplyFailedError) as failure:
        await replies.ephemeral("http://127.0.0.1:9/response/key", HELLO, user=TONY)
    assert "Error" in str(failure.value)
    assert "key" not in str(failure.value)


@pytest.mark.parametrize(
    ("status", "error", "in_thread"), [(400, "status 404", [True, False]), (429, "status 429", [True, True])]
)
async def test_a_thread_that_slack_refuses_gives_way_to_the_channel(
    slack: StandInSlack, replies: Replies, status: int, error: str, in_thread: list[bool]
) -> None:
    slack.fail("response_url", status=status, headers={"Retry-After": "0"}, times=in_thread.count(True))
    with pytest.raises(ReplyFailedError, match=error):
        await replies.publish(f"{slack.url}response/key", HELLO, user=TONY, thread_ts="1763812800.000100")
    assert ["thread_ts" in each.body for each in slack.received] == in_thread


@pytest.mark.parametrize(
    ("address", "error"),
    [
        ("", "nowhere to reply to"),
        ("http://[", "the address to reply to is not Slack’s"),
        ("file:///x", "the address to reply to is not Slack’s"),
        ("https://evil.example/x", "the address to reply to is not Slack’s"),
    ],
)
async def test_nothing_is_sent_to_what_is_no_address_of_slack_s(
    replies: Replies, address: str, error: str
) -> None:
    with pytest.raises(ReplyFailedError, match=error):
        await replies.ephemeral(address, HELLO, user=TONY)


async def test_whose_answers_slack_is_slow_to_take_leaves_connections_for_others() -> None:
    over, held = asyncio.Event(), asyncio.Semaphore(0)

    async def respond(request: web.Request) -> web.Response:
        if request.path == "/slow":
            held.release()
            await over.wait()
        return web.Response(text="ok")

    app = web.Application()
    app.router.add_post("/{whose}", respond)
    connector = aiohttp.TCPConnector(limit=AT_ONCE + 1)
    async with TestServer(app) as server, aiohttp.ClientSession(connector=connector) as session:
        replies = Replies(session, ReplyAddresses(str(server.make_url("/api"))), within=30)
        slow, quick = str(server.make_url("/slow")), str(server.make_url("/quick"))
        waiting = [asyncio.create_task(replies.ephemeral(slow, HELLO, user=TONY)) for _ in range(QUEUED)]
        for _ in range(AT_ONCE):
            await held.acquire()
        await replies.ephemeral(quick, HELLO, user=STEVE)
        with pytest.raises(TooManyRepliesError):
            await replies.ephemeral(quick, HELLO, user=TONY)
        assert not any(each.done() for each in waiting)
        over.set()
        await asyncio.gather(*waiting)


async def test_what_goes_on_for_one_user_is_bounded_and_the_rest_waits() -> None:
    queue, under_way, most = PerUserQueue(), 0, 0

    async def something() -> None:
        nonlocal under_way, most
        async with queue.turn(TONY):
            under_way += 1
            most = max(most, under_way)
            await asyncio.sleep(0)
            under_way -= 1

    await asyncio.gather(*(something() for _ in range(QUEUED)))
    assert most == AT_ONCE
    assert len(queue._queues) == 0, "nothing is kept of a user who has nothing under way"


async def test_who_gives_up_leaves_the_queue() -> None:
    queue, over = PerUserQueue(), asyncio.Event()

    async def slow() -> None:
        async with queue.turn(TONY):
            await over.wait()

    waiting = [asyncio.create_task(slow()) for _ in range(QUEUED)]
    await asyncio.sleep(0)
    with pytest.raises(TooManyRepliesError):
        async with queue.turn(TONY):
            pass
    waiting[-1].cancel()
    await asyncio.wait({waiting[-1]})
    over.set()
    async with queue.turn(TONY):
        await asyncio.gather(*waiting[:-1])


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("way", ["ephemeral", "publish"])
async def test_a_reply_never_follows_a_redirect(
    slack: StandInSlack, replies: Replies, status: int, way: str
) -> None:
    elsewhere = {"Location": f"{slack.url}response/elsewhere"}
    slack.fail("response_url", status=status, headers=elsewhere)
    with pytest.raises(ReplyFailedError, match=str(status)):
        await getattr(replies, way)(f"{slack.url}response/key", HELLO, user=TONY)
    assert len(slack.received) == 1
