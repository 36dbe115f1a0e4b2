"""A call that comes in on the page: what it says, what CometChat then has, and the events that it sends."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from bot.playground.run import Playground, playground
from tests.listeners.people import ALEX, STEVE, TONY
from tests.plain_http import plain_http

PACE = 0.01


@asynccontextmanager
async def page(pace: float = PACE) -> AsyncIterator[tuple[Playground, httpx.AsyncClient]]:
    async with (
        playground(pace=pace) as ground,
        plain_http(base_url=ground.slack.api_url, headers={"X-Playground": "1"}) as client,
    ):
        yield ground, client


async def announced(ground: Playground, last: str) -> list[str]:
    """Return the triggers so far, once that one was sent; each was answered with 200."""
    async with asyncio.timeout(30):
        while last not in (sent := [trigger for trigger, _ in ground.cometchat.announced]):  # noqa: ASYNC110 - the stand-in tells nobody
            await asyncio.sleep(0.01)
    assert {status for _, status in ground.cometchat.announced} == {200}
    return sent


async def call(ground: Playground, session_id: str, uid: str) -> dict[str, Any]:
    async with plain_http() as client:
        headers = {"apiKey": "playground-api-key", "onBehalfOf": uid}
        answer = await client.get(f"{ground.cometchat.base_url}/calls/{session_id}", headers=headers)
    found: dict[str, Any] = answer.json()["data"][0]
    return found


async def test_a_call_that_nobody_answers_is_rung_and_unanswered() -> None:
    async with page() as (ground, client):
        begun = (await client.post("call", json={"as": STEVE, "answered": False})).json()
        assert (begun["ok"], begun["caller"]) == (True, "Natasha")
        assert [step["says"] for step in begun["steps"]] == [
            "Natasha is calling Steve …",
            "Steve did not answer.",
        ]
        assert begun["steps"][0]["after"] == 0
        assert await announced(ground, "call_unanswered") == ["call_initiated", "call_unanswered"]
        found = await call(ground, begun["session_id"], "superhero2")
    assert (found["status"], found["initiator"]) == ("unanswered", "natasha")


async def test_a_call_that_is_taken_starts_ends_and_has_a_recording_then() -> None:
    async with page() as (ground, client):
        begun = (await client.post("call", json={"as": TONY, "answered": True})).json()
        sent = await announced(ground, "recording_generated")
        assert len(begun["steps"]) == 4
        found = await call(ground, begun["session_id"], "superhero1")
    assert sent == [
        *("call_initiated", "call_started", "call_participant_joined", "call_participant_joined"),
        *("call_participant_left", "call_participant_left", "call_ended", "recording_generated"),
    ]
    assert (found["status"], found["hasRecording"]) == ("ended", True)


async def test_who_wants_to_be_told_of_it_is_told_in_a_direct_message() -> None:
    async with page() as (ground, client):
        await ground.slack.command(STEVE, "subscribe missed")
        await ground.slack.command(TONY, "subscribe ended")
        await client.post("call", json={"as": STEVE, "answered": False})
        await client.post("call", json={"as": TONY, "answered": True})

        def told(who: str, words: str) -> bool:
            return any(words in message.text for message in ground.slack.seen_by(who))

        await ground.slack.wait_for(lambda: told(STEVE, "Missed call from Natasha"), timeout=30)
        await ground.slack.wait_for(lambda: told(TONY, "Natasha"), timeout=30)
        assert not told(ALEX, "Natasha")


async def test_one_call_at_a_time_comes_in_for_a_person_and_the_end_of_the_playground_ends_it() -> None:
    async with page(pace=100) as (_, client):
        assert (await client.post("call", json={"as": STEVE})).status_code == 200
        again = await client.post("call", json={"as": STEVE})
        assert (await client.post("call", json={"as": TONY})).status_code == 200
        assert (await client.post("call", json={"as": "U0NOBODY"})).status_code == 404
    assert (again.status_code, again.json()["ok"]) == (409, False)


@pytest.mark.parametrize("repeats", [(), (0.0, 0.0)])
async def test_an_event_without_its_200_is_sent_again_where_that_is_on(repeats: tuple[float, ...]) -> None:
    async with page() as (ground, _):
        assert ground.cometchat.webhook
        webhook = type(ground.cometchat.webhook)(
            ground.cometchat.webhook.url, "callinfo", "wrong", repeats=repeats
        )
        async with plain_http() as client:
            assert await webhook.send({"trigger": "call_ended"}) == 401
            text = (await client.get(f"{ground.bot_url}/metrics")).text
    refused = 'callinfo_cometchat_events_total{outcome="unauthorized",trigger="other"}'
    assert f"{refused} {len(repeats) + 1}.0" in text
