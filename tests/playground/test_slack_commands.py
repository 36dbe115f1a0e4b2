"""Slash commands: what is sent, how it is signed, and what each answer shows."""

import asyncio
import hashlib
import hmac
import time

import pytest
from slack_sdk.signature import SignatureVerifier

from bot.playground.slack import StandInSlack, sign
from tests.playground.tiny_bot import ALEX, CARD, SECRET, STEVE, TONY, Clock, scene


def test_the_signature_is_the_hmac_of_version_timestamp_and_body() -> None:
    digest = hmac.new(b"secret", b"v0:1763812800:text=x", hashlib.sha256).hexdigest()

    assert sign("secret", b"text=x", 1_763_812_800.9) == {
        "X-Slack-Request-Timestamp": "1763812800",
        "X-Slack-Signature": f"v0={digest}",
    }


async def test_a_command_arrives_signed_and_with_all_of_slacks_fields() -> None:
    async with scene() as it:
        delivery = await it.slack.command(TONY, "  v1.eu.1 ")

        form, headers = it.bot.forms[0], it.bot.headers[0]
        stamp = int(headers["X-Slack-Request-Timestamp"])
        assert abs(stamp - time.time()) < 5
        assert SignatureVerifier(SECRET).is_valid_request(it.bot.bodies[0], dict(headers))
        assert form["response_url"].startswith(it.slack.url)
        assert form["trigger_id"]
        assert {key: form[key] for key in form if key not in ("response_url", "trigger_id", "token")} == {
            "team_id": "T0PLAYGROUND",
            "team_domain": "playground",
            "channel_id": "C0SUPPORT",
            "channel_name": "support",
            "user_id": TONY,
            "user_name": "tony",
            "command": "/callinfo",
            "text": "v1.eu.1",
            "api_app_id": "A0CALLINFO",
            "is_enterprise_install": "false",
        }
        assert delivery.ok


async def test_fields_of_the_form_can_be_replaced() -> None:
    async with scene() as it:
        await it.slack.command(TONY, "x", fields={"team_id": "T0OTHER"})

        assert it.bot.forms[0]["team_id"] == "T0OTHER"


async def test_an_empty_answer_shows_nothing() -> None:
    async with scene() as it:
        delivery = await it.slack.command(TONY, "x")

        assert (delivery.status, delivery.body, delivery.message) == (200, "", None)
        assert it.slack.seen_by(TONY) == []


async def test_a_plain_answer_is_shown_to_that_person_only() -> None:
    async with scene() as it:
        it.bot.text = "hello"
        await it.slack.command(TONY, "x")

        assert [(message.text, message.ephemeral) for message in it.slack.seen_by(TONY)] == [("hello", True)]
        assert it.slack.seen_by(STEVE) == []


async def test_a_message_is_ephemeral_unless_it_says_in_channel() -> None:
    async with scene() as it:
        it.bot.answer = CARD
        delivery = await it.slack.command(TONY, "x")
        it.bot.answer = {"response_type": "in_channel", "text": "for all"}
        await it.slack.command(ALEX, "x")

        assert delivery.message == CARD
        assert [message.text for message in it.slack.seen_by(TONY)] == ["a call", "for all"]
        assert [message.text for message in it.slack.seen_by(STEVE)] == ["for all"]


async def test_a_bot_that_does_not_answer_in_time_is_given_up() -> None:
    async with scene(patience=0.1) as it:
        it.bot.delay = 30
        delivery = await it.slack.command(TONY, "x")

        assert (delivery.error, delivery.status) == ("operation_timeout", 0)
        assert 0.1 <= delivery.elapsed < 10
        (shown,) = it.slack.seen_by(TONY)
        assert (shown.text, shown.sender) == ('/callinfo failed with the error "operation_timeout"', "slack")
        assert it.slack.seen_by(STEVE) == []


@pytest.mark.parametrize("status", [204, 302, 404, 500])
async def test_any_status_but_200_is_a_raw_dispatch_failed(status: int) -> None:
    async with scene() as it:
        it.bot.status = status
        delivery = await it.slack.command(TONY, "x")

        assert (delivery.error, delivery.status) == ("dispatch_failed", status)
        assert it.slack.seen_by(TONY)[0].text == '/callinfo failed with the error "dispatch_failed"'


async def test_no_bot_at_all_is_a_dispatch_failed() -> None:
    async with scene() as it:
        it.slack.connect("http://127.0.0.1:9/slack/events")

        assert (await it.slack.command(TONY, "x")).error == "dispatch_failed"


async def test_invalid_blocks_are_refused_and_recorded() -> None:
    async with scene() as it:
        it.bot.answer = {"blocks": [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}]}
        delivery = await it.slack.command(TONY, "x")

        assert delivery.error == "invalid_blocks"
        (refusal,) = it.slack.refusals
        assert (refusal.where, refusal.error) == ("command", "invalid_blocks")
        assert refusal.problems == ("blocks[0].text.type: must be plain_text, not 'mrkdwn'",)
        assert "invalid_blocks" in it.slack.seen_by(TONY)[0].text


async def test_too_much_text_in_all_has_a_word_of_its_own() -> None:
    async with scene() as it:
        it.bot.answer = {
            "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 2_900}} for _ in range(3)]
        }

        assert (await it.slack.command(TONY, "x")).error == "msg_blocks_too_long"


async def test_twenty_commands_at_once_do_not_wait_for_each_other() -> None:
    async with scene(patience=15) as it:
        it.bot.held = asyncio.Event()
        asking = [asyncio.create_task(it.slack.command(TONY, "x")) for _ in range(20)]
        async with asyncio.timeout(10):
            while len(it.bot.bodies) < 20:  # noqa: ASYNC110 - the bot tells nobody
                await asyncio.sleep(0.01)
        it.bot.held.set()

        assert all([(await each).ok for each in asking])


async def test_a_proxy_can_repeat_the_very_same_request() -> None:
    async with scene() as it:
        delivery = await it.slack.command(TONY, "x")
        again = await it.slack.redeliver(delivery)

        assert again.ok
        assert it.bot.bodies[0] == it.bot.bodies[1]
        assert it.bot.headers[0]["X-Slack-Signature"] == it.bot.headers[1]["X-Slack-Signature"]


async def test_only_the_last_five_hundred_messages_are_kept_in_order() -> None:
    async with scene(now=Clock()) as it:
        for number in range(501):
            it.slack.post(TONY, str(number))

        seen = it.slack.seen_by(STEVE)
        assert [seen[0].text, seen[-1].text, len(seen)] == ["1", "500", 500]
        assert [message.ts for message in seen] == sorted({message.ts for message in seen})


async def test_an_answer_that_says_nothing_shows_nothing() -> None:
    async with scene() as it:
        it.bot.answer = {"response_type": "in_channel"}
        delivery = await it.slack.command(TONY, "x")

        assert delivery.ok
        assert it.slack.seen_by(TONY) == []


@pytest.mark.parametrize(("text", "word"), [("{", "invalid_json"), ("[]", "json_not_object")])
async def test_json_that_is_none_is_refused(text: str, word: str) -> None:
    async with scene() as it:
        it.bot.text, it.bot.kind = text, "application/json"
        delivery = await it.slack.command(TONY, "x")

        assert delivery.error == word
        assert word in it.slack.seen_by(TONY)[0].text


async def test_a_slack_that_was_told_of_no_bot_fails_as_if_it_were_down(slack: StandInSlack) -> None:
    assert (await slack.command(TONY, "x")).error == "dispatch_failed"


async def test_a_thread_that_is_not_there_can_not_be_posted_to(slack: StandInSlack) -> None:
    with pytest.raises(LookupError, match="no thread 1"):
        slack.post(TONY, "x", thread_ts="1")
