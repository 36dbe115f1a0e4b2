"""The Web API: tokens, scopes, views, messages, people, failures; as slack_sdk calls it."""

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.playground.tiny_bot import ALEX, ASK, CARD, STEVE, TONY, scene


async def test_slack_sdk_finds_what_it_expects() -> None:
    async with scene() as it, aiohttp.ClientSession() as session:
        client = AsyncWebClient("xoxb-playground", base_url=it.slack.web_api_url, session=session)
        who = await client.auth_test()
        await it.slack.command(TONY, "x")
        opened = await client.views_open(trigger_id=it.bot.forms[0]["trigger_id"], view=ASK)
        await client.views_update(view_id=opened["view"]["id"], hash=opened["view"]["hash"], view=ASK)
        posted = await client.chat_postMessage(channel="C0SUPPORT", **CARD)
        await client.chat_postEphemeral(channel="C0SUPPORT", user=STEVE, text="psst", thread_ts=posted["ts"])

        assert (who["team_id"], who["user_id"], who["bot_id"]) == ("T0PLAYGROUND", "U0CALLINFO", "B0CALLINFO")
        assert who.headers["X-OAuth-Scopes"] == "commands,chat:write,users:read"
        assert [message.text for message in it.slack.seen_by(TONY)] == ["a call"]
        assert [message.thread_ts for message in it.slack.seen_by(STEVE)] == [None, posted["ts"]]
        with pytest.raises(SlackApiError, match="hash_conflict"):
            await client.views_update(view_id=opened["view"]["id"], hash=opened["view"]["hash"], view=ASK)
        with pytest.raises(SlackApiError, match="not_found"):
            await client.views_update(view_id="V0UNKNOWN", view=ASK)


async def test_blocks_in_a_form_are_parsed() -> None:
    async with scene() as it:
        form = {"token": "xoxb-playground", "channel": "C0SUPPORT", "blocks": "["}
        async with it.http.post(f"{it.slack.web_api_url}chat.postMessage", data=form) as response:
            assert (await response.json())["error"] == "invalid_blocks_format"


@pytest.mark.parametrize(("body", "word"), [("{", "invalid_json"), ("[]", "json_not_object")])
async def test_a_body_that_is_no_object_is_refused(body: str, word: str) -> None:
    async with scene() as it:
        url, headers = f"{it.slack.web_api_url}auth.test", {"Content-Type": "application/json"}
        async with it.http.post(url, data=body, headers=headers) as response:
            assert (await response.json())["error"] == word
        it.slack.fail("auth.test", status=500)
        async with it.http.post(url, data=body, headers=headers) as response:
            assert (response.status, it.slack.received[-1].body) == (500, {})


async def test_a_view_and_a_trigger_are_asked_for() -> None:
    async with scene() as it:
        no_view = await it.call("views.open", trigger_id="1.2.3")
        no_trigger = await it.call("views.open", view=ASK)

        assert [no_view["error"], no_trigger["error"]] == ["invalid_arguments"] * 2
        assert no_trigger["response_metadata"] == {
            "messages": ["[ERROR] trigger_id: missing or not a string"]
        }
        assert no_view["response_metadata"] == {"messages": ["[ERROR] view: missing or not an object"]}


async def test_a_token_is_asked_for() -> None:
    async with scene() as it:
        assert (await it.call("auth.test", token=""))["error"] == "not_authed"
        assert (await it.call("auth.test", token="xoxb-other"))["error"] == "invalid_auth"
        assert (await it.call("api.test", token=""))["ok"]
        it.slack.revoke_token()
        assert (await it.call("auth.test"))["error"] == "token_revoked"


async def test_a_scope_that_was_not_granted_is_missed() -> None:
    async with scene(scopes=("commands",)) as it:
        answer = await it.call("chat.postMessage", channel="C0SUPPORT", text="x")

        assert answer["error"] == "missing_scope"


async def test_messages_go_only_where_the_bot_is() -> None:
    async with scene() as it:
        assert (await it.call("chat.postMessage", channel="C0OTHER", text="x"))[
            "error"
        ] == "channel_not_found"
        assert it.slack.bot_in_channel
        it.slack.bot_in_channel = False
        assert (await it.call("chat.postMessage", channel="C0SUPPORT", text="x"))["error"] == "not_in_channel"


async def test_nobody_can_be_whispered_to_who_is_not_there() -> None:
    async with scene() as it:
        answer = await it.call("chat.postEphemeral", channel="C0SUPPORT", user="U0NOBODY", text="x")

        assert answer["error"] == "user_not_in_channel"


async def test_messages_slack_would_not_show_are_refused() -> None:
    async with scene() as it:
        assert (await it.call("chat.postMessage", channel="C0SUPPORT"))["error"] == "no_text"
        answer = await it.call("chat.postMessage", channel="C0SUPPORT", blocks=[{"type": "section"}])
        assert answer["error"] == "invalid_blocks"
        assert answer["response_metadata"] == {
            "messages": ["[ERROR] blocks[0].text: missing or not a text object"]
        }


async def test_a_refused_view_does_not_use_the_trigger_up() -> None:
    async with scene() as it:
        await it.slack.command(TONY, "x")
        trigger_id = it.bot.forms[0]["trigger_id"]
        bad = await it.call("views.open", trigger_id=trigger_id, view={**ASK, "submit": None})
        assert (bad["ok"], bad["error"]) == (False, "invalid_arguments")
        assert (await it.call("views.open", trigger_id=trigger_id, view=ASK))["ok"]


async def test_a_push_needs_an_open_view_and_room_on_the_stack() -> None:
    async with scene() as it:
        await it.slack.command(TONY, "x")
        pushed = await it.call("views.push", trigger_id=it.bot.forms[0]["trigger_id"], view=ASK)
        assert pushed["error"] == "not_found"


async def test_people_can_be_asked_for() -> None:
    async with scene() as it:
        assert (await it.call("users.info", user=ALEX))["user"]["is_admin"] is True
        assert (await it.call("users.info", user=TONY))["user"]["is_admin"] is False
        assert (await it.call("users.info", user="U0NOBODY"))["error"] == "user_not_found"


async def test_an_unknown_method_is_said_to_be_unknown() -> None:
    async with scene() as it:
        assert (await it.call("chat.delete"))["error"] == "unknown_method"


async def test_failures_come_on_request_and_in_turn() -> None:
    async with scene() as it:
        it.slack.fail("auth.test", status=429, headers={"Retry-After": "3"})
        it.slack.fail("auth.test", status=200, body={"ok": False, "error": "fatal_error"})
        it.slack.fail("auth.test", status=None, delay=0.01)

        answers = [await it.call("auth.test") for _ in range(3)]
        assert [answer.get("error") for answer in answers] == ["ratelimited", "fatal_error", None]
        assert [one.status for one in it.slack.received] == [429, 200, 200]
        assert "token" not in it.slack.received[0].body
