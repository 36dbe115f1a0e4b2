"""Whole stories: somebody arranges to be told, a call comes in, and what they read can be opened and stopped."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from bot.playground.run import Playground, playground
from bot.playground.slack import Message
from tests.listeners.at_home import opened, reads, texts
from tests.listeners.people import ALEX, ROBIN, STEVE, TONY, answered, buttons, seen
from tests.plain_http import plain_http

CHANNEL = "C0SUPPORT"
WITHIN = 30


@asynccontextmanager
async def page() -> AsyncIterator[tuple[Playground, httpx.AsyncClient]]:
    async with (
        playground(pace=0.1) as ground,
        plain_http(base_url=ground.slack.api_url, headers={"X-Playground": "1"}) as client,
    ):
        yield ground, client


async def told(ground: Playground, user: str, words: str) -> Message:
    """Wait until that person is told those words without having asked, and return the message."""

    def found() -> list[Message]:
        lasting = [each for each in ground.slack.seen_by(user) if not each.ephemeral]
        return [each for each in lasting if words in f"{each.text} {texts(each.blocks or [])}"]

    return (await ground.slack.wait_for(found, timeout=WITHIN))[0]


def menu(message: Message) -> dict[str, str]:
    """Return the menu of a message, values by texts."""
    elements = [each for block in message.blocks or [] for each in block.get("elements", [])]
    options: list[Any] = next(each["options"] for each in elements if each["type"] == "overflow")
    return {each["text"]["text"]: each["value"] for each in options}


def lasting(ground: Playground, user: str) -> list[Message]:
    return [each for each in ground.slack.seen_by(user) if each.sender == "app" and not each.ephemeral]


async def subscriptions(ground: Playground, user: str) -> str:
    delivery = await ground.slack.command(user, "subscriptions")
    assert delivery.message
    return str(delivery.message["text"])


async def test_steve_is_told_of_a_call_that_he_missed_looks_at_it_and_stops_being_told() -> None:
    async with page() as (ground, client):
        await ground.slack.command(STEVE, "subscribe missed")
        await answered(ground, STEVE, "I’ll message you when you miss a call.")
        begun = (await client.post("call", json={"as": STEVE, "answered": False})).json()
        message = await told(ground, STEVE, "Missed call from Natasha")
        assert message.direct
        assert message.text.startswith("📵 Missed call from Natasha · <!date^")
        assert buttons(message) == ["pick_call"]
        assert [each for each in ground.slack.seen_by(TONY) if "Natasha" in each.text] == []
        await ground.slack.press(STEVE, message.ts, "pick_call", value=begun["session_id"])
        await seen(ground, STEVE, lambda each: each.ephemeral and begun["session_id"] in texts(each.blocks))
        await ground.slack.press(STEVE, message.ts, "unsubscribe", value=menu(message)["Stop these"])
        await answered(ground, STEVE, "I’ll no longer message you when you miss a call.")
        assert "You have no subscriptions." in await subscriptions(ground, STEVE)
        assert lasting(ground, STEVE) == [message]
        assert ground.slack.refusals == []


async def test_steve_s_ended_call_is_one_line_in_the_channel_and_its_recording_a_reply() -> None:
    async with page() as (ground, client):
        await ground.slack.command(STEVE, "subscribe ended here")
        await client.post("call", json={"as": STEVE, "answered": True})
        message = await told(ground, ROBIN, "✅ Audio call between")
        reply = await told(ground, ROBIN, "Recording ready.")
        assert (message.channel_id, message.thread_ts, reply.thread_ts) == (CHANNEL, None, message.ts)
        assert buttons(message) == ["call_details"]
        assert "recordings" not in f"{message} {reply}"
        await ground.slack.press(TONY, message.ts, "call_details")
        await ground.slack.wait_for(
            lambda: "No call of yours" in str([each.view for each in ground.slack.modals(TONY)])
        )
        stop = menu(message)["Stop these"]
        await ground.slack.press(TONY, message.ts, "unsubscribe", value=stop)
        await answered(ground, TONY, "or isn’t yours to change")
        assert "When one of your calls ends" in await subscriptions(ground, STEVE)
        await ground.slack.press(ALEX, message.ts, "unsubscribe", value=stop)
        await answered(ground, ALEX, "when one of <@U0STEVE>’s calls ends.")
        assert "You have no subscriptions." in await subscriptions(ground, STEVE)


async def test_an_admin_s_subscription_to_another_s_calls_says_whose_they_are() -> None:
    async with page() as (ground, client):
        await ground.slack.command(ALEX, "subscribe missed as superhero2 here")
        await client.post("call", json={"as": STEVE, "answered": False})
        message = await told(ground, TONY, "superhero2 missed a call from Natasha")
        assert "Calls of superhero2, subscribed by <@U0ALEX>" in message.text


@pytest.mark.parametrize("way", ["menu", "switch"])
async def test_who_has_muted_or_switched_it_off_is_told_nothing(way: str) -> None:
    async with page() as (ground, client):
        home = await opened(ground, STEVE, "Tell me when I miss a call")
        await ground.slack.press(STEVE, home.view_id, "home_switches", value=["missed"])
        await reads(ground, STEVE, "I’ll message you when you miss a call.")
        await client.post("call", json={"as": STEVE, "answered": False})
        message = await told(ground, STEVE, "Missed call from Natasha")
        if way == "menu":
            await ground.slack.press(STEVE, message.ts, "unsubscribe", value=menu(message)["Mute for a day"])
            await answered(ground, STEVE, "🔕 Muted until <!date^")
            assert "muted until" in await subscriptions(ground, STEVE)
        else:
            await ground.slack.press(STEVE, home.view_id, "home_switches", value=[])
            await reads(ground, STEVE, "I’ll no longer message you when you miss a call.")
        await ground.slack.command(TONY, "subscribe missed")
        for person in (STEVE, TONY):
            await client.post("call", json={"as": person, "answered": False})
        await told(
            ground, TONY, "Missed call from Natasha"
        )  # the second call, so that the first was looked at
        assert lasting(ground, STEVE) == [message]
