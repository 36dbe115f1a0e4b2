"""The stand-in Slack: direct messages, who is an admin or has left, e-mail addresses, events."""

import json

import pytest

from bot.playground.slack import sign
from bot.playground.slack.workspace import CHANNEL_ID
from tests.playground.tiny_bot import ALEX, BUTTON, CARD, ROBIN, SECRET, STEVE, TONY, scene


async def test_a_message_to_a_user_id_is_seen_by_that_person_alone_and_stays() -> None:
    async with scene() as it:
        answer = await it.call("chat.postMessage", channel=TONY, **CARD)
        assert (answer["ok"], answer["channel"]) == (True, "D0TONY")
        (message,) = it.slack.seen_by(TONY)
        assert (message.direct, message.ephemeral, message.channel_id) == (True, False, "D0TONY")
        assert it.slack.seen_by(STEVE) == []


async def test_a_press_in_a_direct_message_names_its_channel_and_has_the_message() -> None:
    async with scene() as it:
        await it.call("chat.postMessage", channel=TONY, **CARD)
        await it.slack.press(TONY, it.slack.seen_by(TONY)[0].ts, "share_call")
        payload = it.bot.payload
        assert payload["container"]["channel_id"] == "D0TONY"
        assert payload["container"]["is_ephemeral"] is False
        assert payload["channel"] == {"id": "D0TONY", "name": "directmessage"}
        assert payload["message"]["text"] == "a call"


async def test_an_answer_to_a_press_in_a_direct_message_stays_there() -> None:
    async with scene() as it:
        await it.call("chat.postMessage", channel=TONY, text="x", blocks=CARD["blocks"])
        await it.slack.press(TONY, it.slack.seen_by(TONY)[0].ts, "share_call")
        url = it.bot.response_url
        await it.respond(url, text="in its place", replace_original=True)
        await it.respond(url, text="for everyone there", response_type="in_channel")
        await it.respond(url, text="for now")
        assert [(each.text, each.direct, each.ephemeral) for each in it.slack.seen_by(TONY)] == [
            ("in its place", True, False),
            ("for everyone there", True, False),
            ("for now", False, True),
        ]
        assert it.slack.seen_by(STEVE) == []


@pytest.mark.parametrize("channel", [TONY, CHANNEL_ID])
async def test_a_repetition_is_known_by_its_id_and_answered_with_the_message_that_is_there(
    channel: str,
) -> None:
    ids = {number: f"00000000-0000-5000-8000-00000000000{number}" for number in (1, 2)}
    async with scene() as it:
        first, again, other = [
            await it.call("chat.postMessage", channel=channel, text=text, client_msg_id=ids[number])
            for text, number in (("one", 1), ("two", 1), ("three", 2))
        ]
        assert first == again != other
        assert [each.text for each in it.slack.seen_by(TONY)] == ["one", "three"]
        answer = await it.call("chat.postMessage", channel=channel, text="x", client_msg_id="1")
        assert answer["error"] == "invalid_arguments"


async def test_nobody_can_write_to_who_is_not_there_or_has_left() -> None:
    async with scene() as it:
        it.slack.deactivated.add(ROBIN)
        for user in (ROBIN, "U0NOBODY"):
            answer = await it.call("chat.postMessage", channel=user, text="x")
            assert answer["error"] == "channel_not_found"
        assert (await it.call("chat.postMessage", channel=TONY, blocks=[BUTTON]))["error"] == "invalid_blocks"


async def test_people_are_as_they_are_made() -> None:
    async with scene() as it:
        it.slack.admins.symmetric_difference_update({ALEX, TONY})
        it.slack.deactivated.add(STEVE)
        users = {user: (await it.call("users.info", user=user))["user"] for user in (ALEX, TONY, STEVE)}
        assert [users[user].get("is_admin") for user in (ALEX, TONY, STEVE)] == [False, True, None]
        assert [user["deleted"] for user in users.values()] == [False, False, True]
        assert "email" not in users[TONY]["profile"]


async def test_people_are_found_by_address_with_the_optional_scope_only() -> None:
    async with scene() as it:
        assert (await it.call("users.lookupByEmail", email="tony@example.com"))["error"] == "missing_scope"
    async with scene(scopes=("users:read", "users:read.email")) as it:
        found = await it.call("users.lookupByEmail", email="Tony@Example.com")
        assert (found["user"]["id"], found["user"]["profile"]["email"]) == (TONY, "tony@example.com")
        it.slack.deactivated.add(TONY)
        for email in ("tony@example.com", "nobody@example.com"):
            assert (await it.call("users.lookupByEmail", email=email))["error"] == "users_not_found"


async def test_an_event_comes_signed_as_json() -> None:
    async with scene() as it:
        delivery = await it.slack.event("tokens_revoked", tokens={"bot": ["U0CALLINFO"]})
        assert delivery.status == 200
        body, headers = it.bot.bodies[-1], it.bot.headers[-1]
        stamp = float(headers["X-Slack-Request-Timestamp"])
        assert headers["X-Slack-Signature"] == sign(SECRET, body, stamp)["X-Slack-Signature"]
        assert headers["Content-Type"] == "application/json"
        event = json.loads(body)
        assert (event["type"], event["team_id"]) == ("event_callback", "T0PLAYGROUND")
        assert event["event"] == {"type": "tokens_revoked", "tokens": {"bot": ["U0CALLINFO"]}}


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("link @Robin superhero4", "link <@U0ROBIN|robin> superhero4"),
        ("link @nobody superhero4", "link @nobody superhero4"),
        ("link me@robin superhero4", "link me@robin superhero4"),
    ],
)
async def test_who_is_mentioned_in_a_command_is_marked_up_as_slack_does(typed: str, sent: str) -> None:
    async with scene() as it:
        assert (await it.page("say", **{"as": ALEX}, text=f"/callinfo {typed}"))[0] == 200
        assert it.bot.forms[-1]["text"] == sent


async def test_the_bot_updates_its_own_messages_where_it_still_is() -> None:
    async with scene() as it:
        direct = await it.call("chat.postMessage", channel=TONY, **CARD)
        there = await it.call("chat.postMessage", channel=CHANNEL_ID, **CARD)
        for posted in (direct, there):
            answer = await it.call("chat.update", channel=posted["channel"], ts=posted["ts"], text="by now")
            assert answer["ok"]
        assert [(each.text, each.edited) for each in it.slack.seen_by(TONY)] == [("by now", True)] * 2
        theirs = it.slack.post(STEVE, "mine")
        for channel, ts, error in [
            ("D0STEVE", direct["ts"], "channel_not_found"),
            (CHANNEL_ID, theirs, "cant_update_message"),
            (CHANNEL_ID, "1.0", "message_not_found"),
        ]:
            assert (await it.call("chat.update", channel=channel, ts=ts, text="x"))["error"] == error
        it.slack.bot_in_channel = False
        answer = await it.call("chat.update", channel=CHANNEL_ID, ts=there["ts"], text="x")
        assert answer["error"] == "not_in_channel"
