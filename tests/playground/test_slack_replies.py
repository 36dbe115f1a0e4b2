"""Response URLs: how often, how long, what they replace, and what they refuse."""

import asyncio

import aiohttp
import pytest

from bot.playground.slack.refusals import RefusedError
from bot.playground.slack.tickets import Origin, ResponseUrls
from tests.playground.tiny_bot import CARD, STEVE, TONY, Clock, Scene, scene


async def pressed_on_ephemeral(it: Scene) -> str:
    """Let Tony press Share on an ephemeral card; return the card's ts."""
    it.bot.answer = CARD
    await it.slack.command(TONY, "x")
    it.bot.answer = None
    ts = it.slack.seen_by(TONY)[-1].ts
    await it.slack.press(TONY, ts, "share_call")
    return ts


async def test_a_response_url_works_five_times() -> None:
    async with scene() as it:
        await it.slack.command(TONY, "x")
        answers = [await it.respond(it.bot.response_url, text=str(number)) for number in range(6)]

        assert answers == [(200, "ok")] * 5 + [(404, "used_url")]
        assert [message.text for message in it.slack.seen_by(TONY)] == ["0", "1", "2", "3", "4"]


async def test_a_response_url_works_for_thirty_minutes() -> None:
    clock = Clock()
    async with scene(now=clock) as it:
        await it.slack.command(TONY, "x")
        clock.at += 30 * 60
        assert await it.respond(it.bot.response_url, text="just in time") == (200, "ok")
        clock.at += 1
        assert await it.respond(it.bot.response_url, text="too late") == (404, "expired_url")


def test_the_oldest_response_urls_are_forgotten_in_the_end() -> None:
    urls = ResponseUrls(Clock())
    first, second, *_ = [urls.issue(Origin("command", TONY)) for _ in range(2_001)]

    with pytest.raises(RefusedError, match="no_service"):
        urls.use(first)
    assert urls.use(second).user_id == TONY


async def test_an_unknown_response_url_is_404() -> None:
    async with scene() as it:
        assert await it.respond(f"{it.slack.url}response/made-up", text="x") == (404, "no_service")


async def test_an_answer_is_ephemeral_unless_it_says_in_channel() -> None:
    async with scene() as it:
        await it.slack.command(TONY, "x")
        await it.respond(it.bot.response_url, text="for Tony")
        await it.respond(it.bot.response_url, text="for all", response_type="in_channel")

        assert [message.text for message in it.slack.seen_by(TONY)] == ["for Tony", "for all"]
        assert [message.text for message in it.slack.seen_by(STEVE)] == ["for all"]


async def test_a_commands_own_answer_can_not_be_replaced_or_deleted() -> None:
    async with scene() as it:
        it.bot.text = "Looking up…"
        await it.slack.command(TONY, "x")
        await it.respond(it.bot.response_url, text="a call", replace_original=True)
        await it.respond(it.bot.response_url, delete_original=True)

        assert [message.text for message in it.slack.seen_by(TONY)] == ["Looking up…", "a call"]


async def test_a_press_can_replace_an_ephemeral_message_but_never_make_it_public() -> None:
    async with scene() as it:
        ts = await pressed_on_ephemeral(it)
        await it.respond(
            it.bot.response_url, text="as of 14:02", replace_original=True, response_type="in_channel"
        )

        (shown,) = it.slack.seen_by(TONY)
        assert (shown.ts, shown.text, shown.ephemeral, shown.edited) == (ts, "as of 14:02", True, False)
        assert it.slack.seen_by(STEVE) == []


async def test_a_press_can_post_to_all_and_then_delete_the_original() -> None:
    async with scene() as it:
        await pressed_on_ephemeral(it)
        await it.respond(
            it.bot.response_url, text="shared", response_type="in_channel", replace_original=False
        )
        await it.respond(it.bot.response_url, delete_original=True)

        assert [message.text for message in it.slack.seen_by(TONY)] == ["shared"]
        assert [message.text for message in it.slack.seen_by(STEVE)] == ["shared"]


async def test_what_is_gone_can_not_be_replaced() -> None:
    async with scene() as it:
        await pressed_on_ephemeral(it)
        await it.respond(it.bot.response_url, delete_original=True)

        answer = await it.respond(it.bot.response_url, text="x", replace_original=True)
        assert answer == (404, "message_not_found")


async def test_a_replaced_public_message_is_marked_as_edited() -> None:
    async with scene() as it:
        ts = it.slack.post(None, CARD["text"], CARD["blocks"], bot=True)
        await it.slack.press(STEVE, ts, "share_call")
        await it.respond(it.bot.response_url, text="changed", replace_original=True)

        (shown,) = it.slack.seen_by(TONY)
        assert (shown.text, shown.edited, shown.ephemeral) == ("changed", True, False)


@pytest.mark.parametrize(("heeded", "in_thread"), [(True, True), (False, False)])
async def test_a_thread_is_answered_in_where_slack_heeds_it(heeded: bool, in_thread: bool) -> None:  # noqa: FBT001 - pytest passes parameters by name
    async with scene() as it:
        assert it.slack.thread_replies
        ts = it.slack.post(STEVE, "look at v1.eu.1")
        it.slack.thread_replies = heeded
        await it.slack.shortcut(TONY, ts)
        await it.respond(it.bot.response_url, text="shared", response_type="in_channel", thread_ts=ts)

        assert (it.slack.seen_by(STEVE)[-1].thread_ts == ts) is in_thread


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ({"text": ""}, "no_text"),
        ({"text": "", "blocks": []}, "no_text"),
        ({"blocks": [{"type": "section"}]}, "invalid_blocks"),
        ({"text": "x" * 40_001}, "msg_too_long"),
    ],
)
async def test_a_message_slack_would_not_show_is_a_plain_400(body: dict[str, object], word: str) -> None:
    async with scene() as it:
        await it.slack.command(TONY, "x")

        assert await it.respond(it.bot.response_url, **body) == (400, word)
        assert it.slack.refusals[0].error == word
        assert it.slack.seen_by(TONY) == []


@pytest.mark.parametrize("body", [b"\xff", b"[]"])
async def test_what_is_no_json_object_is_a_400(body: bytes) -> None:
    async with scene() as it, aiohttp.ClientSession() as http:
        await it.slack.command(TONY, "x")
        async with http.post(it.bot.response_url, data=body) as response:
            assert (response.status, await response.text()) == (400, "invalid_payload")


async def test_a_failure_on_request_uses_nothing_up_and_is_on_record() -> None:
    async with scene() as it:
        it.slack.fail("response_url", status=429, headers={"Retry-After": "7"}, body="slow down", times=2)
        await it.slack.command(TONY, "x")
        async with it.http.post(it.bot.response_url, json={"text": "x"}) as response:
            assert (response.status, response.headers["Retry-After"]) == (429, "7")
        await it.respond(it.bot.response_url, text="x")
        answers = [await it.respond(it.bot.response_url, text="x") for _ in range(5)]

        assert answers == [(200, "ok")] * 5
        assert [one.status for one in it.slack.received] == [429, 429, 200, 200, 200, 200, 200]
        assert it.slack.received[0].body == {"text": "x"}
        assert it.slack.received[0].answer == "slow down"


async def test_a_test_can_wait_for_what_comes_later() -> None:
    async with scene() as it:
        await it.slack.command(TONY, "x")
        waiting = asyncio.create_task(
            it.slack.wait_for(lambda: [one for one in it.slack.seen_by(TONY) if one.text == "at last"])
        )
        for text in ("not yet", "at last"):
            await it.respond(it.bot.response_url, text=text)

        assert len(await waiting) == 1
        with pytest.raises(TimeoutError):
            await it.slack.wait_for(lambda: it.slack.seen_by(STEVE), timeout=0.05)
