import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.cards.kit.message import Message
from bot.identity import SlackUser
from bot.playground.slack import StandInSlack
from bot.slack.reply_addresses import ReplyAddresses
from bot.slack.response_url import Replies, ReplyFailedError, TooManyRepliesError
from bot.throttling.turns import IN_LINE, OF_ONE

HELLO = Message("hello", ())
TONY, STEVE = SlackUser(None, "T1", "TONY"), SlackUser(None, "T1", "STEVE")
AT_ONCE = {"Retry-After": "0"}


@pytest.fixture
async def replies() -> AsyncIterator[Replies]:
    async with aiohttp.ClientSession() as session:
        yield Replies(session, ReplyAddresses("http://127.0.0.1/api"))


async def test_a_message_is_tried_twice_and_no_more(slack: StandInSlack, replies: Replies) -> None:
    slack.fail("response_url", status=503, headers=AT_ONCE, times=9)

    with pytest.raises(ReplyFailedError, match="status 503"):
        await replies.ephemeral(f"{slack.url}response/key", HELLO, whose=TONY)
    assert [each.body for each in slack.received] == [
        {"response_type": "ephemeral", "replace_original": False, **HELLO.as_json()}
    ] * 2


async def test_what_slack_refuses_for_good_is_not_sent_again(slack: StandInSlack, replies: Replies) -> None:
    with pytest.raises(ReplyFailedError, match="status 404"):
        await replies.ephemeral(f"{slack.url}response/key", HELLO, whose=TONY)
    assert len(slack.received) == 1


async def test_slack_out_of_reach_is_a_failure_that_does_not_tell_the_address(replies: Replies) -> None:
    with pytest.raises(ReplyFailedError) as failure:
        await replies.ephemeral("http://127.0.0.1:9/response/key", HELLO, whose=TONY)
    assert "Error" in str(failure.value)
    assert "key" not in str(failure.value)


async def test_a_public_message_is_not_sent_again_where_it_may_have_been_posted(
    slack: StandInSlack, replies: Replies
) -> None:
    slack.fail("response_url", status=500, times=9)
    with pytest.raises(ReplyFailedError, match="status 500"):
        await replies.publish(f"{slack.url}response/key", HELLO, whose=TONY)
    assert len(slack.received) == 1


async def test_a_public_message_is_sent_again_where_slack_says_it_was_not_taken(
    slack: StandInSlack, replies: Replies
) -> None:
    slack.fail("response_url", status=429, headers=AT_ONCE, times=9)
    with pytest.raises(ReplyFailedError, match="status 429"):
        await replies.publish(f"{slack.url}response/key", HELLO, whose=TONY)
    assert len(slack.received) == 2


async def test_a_thread_that_slack_refuses_gives_way_to_the_channel(
    slack: StandInSlack, replies: Replies
) -> None:
    slack.fail("response_url", status=400, body="invalid_thread_ts", times=1)
    with pytest.raises(ReplyFailedError, match="status 404"):
        await replies.publish(f"{slack.url}response/key", HELLO, whose=TONY, thread_ts="1763812800.000100")
    assert ["thread_ts" in each.body for each in slack.received] == [True, False]


async def test_a_web_page_is_no_word_of_slack_s_that_it_took_the_message(
    slack: StandInSlack, replies: Replies
) -> None:
    slack.fail("response_url", status=200, body=" <!doctype html><h1>Be right back</h1>", times=9)
    with pytest.raises(ReplyFailedError, match="WebPageError"):
        await replies.ephemeral(f"{slack.url}response/key", HELLO, whose=TONY)
    assert len(slack.received) == 2


async def test_without_an_address_there_is_nowhere_to_reply_to(replies: Replies) -> None:
    with pytest.raises(ReplyFailedError, match="nowhere to reply to"):
        await replies.ephemeral("", HELLO, whose=TONY)


@pytest.mark.parametrize("address", ["http://[", "file:///x", "https://evil.example/x"])
async def test_nothing_is_sent_to_what_is_no_address_of_slack_s(replies: Replies, address: str) -> None:
    with pytest.raises(ReplyFailedError, match="the address to reply to is not Slack’s"):
        await replies.ephemeral(address, HELLO, whose=TONY)


async def test_whose_answers_slack_is_slow_to_take_leaves_connections_for_others() -> None:
    over, held = asyncio.Event(), asyncio.Semaphore(0)

    async def respond(request: web.Request) -> web.Response:
        if request.path == "/slow":
            held.release()
            await over.wait()
        return web.Response(text="ok")

    app = web.Application()
    app.router.add_post("/{whose}", respond)
    connector = aiohttp.TCPConnector(limit=OF_ONE + 1)
    async with TestServer(app) as server, aiohttp.ClientSession(connector=connector) as session:
        replies = Replies(session, ReplyAddresses(str(server.make_url("/api"))), within=30)
        slow, quick = str(server.make_url("/slow")), str(server.make_url("/quick"))
        waiting = [asyncio.create_task(replies.ephemeral(slow, HELLO, whose=TONY)) for _ in range(IN_LINE)]
        for _ in range(OF_ONE):
            await held.acquire()
        await replies.ephemeral(quick, HELLO, whose=STEVE)
        with pytest.raises(TooManyRepliesError):
            await replies.ephemeral(quick, HELLO, whose=TONY)
        assert not any(each.done() for each in waiting)
        over.set()
        await asyncio.gather(*waiting)
