"""All that people do, by WebSocket, and through connections that end: nothing is lost, and nothing done twice."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator

import pytest
from structlog.testing import capture_logs

from bot.playground.run import Playground, playground
from bot.playground.slack import Delivery
from tests.listeners import at_home as home
from tests.listeners.people import ALEX, ROBIN, STEVE, TONY, answered, audited, logged, seen, summary_of
from tests.plain_http import plain_http
from tests.scraping import scraped, value

FOUND = "Release stand-up: group video call, 32 minutes"


@pytest.fixture
async def patient_ground() -> AsyncIterator[Playground]:
    """Return a playground by Socket Mode that gives a slow machine the time to answer in the ack."""
    async with playground(socket=True, patience=15, callinfo_answer_within=2.8) as ground:
        yield ground


async def connected(ground: Playground, count: int) -> None:
    """Wait until the bot has so many connections."""
    async with asyncio.timeout(30):
        while ground.slack.socket_mode.connections != count:  # noqa: ASYNC110 - Slack tells nobody
            await asyncio.sleep(0.01)


async def posted(ground: Playground, by: str) -> None:
    """Wait until everybody sees a call that was shared by that person."""
    await seen(ground, ROBIN, lambda each: not each.ephemeral and f"Shared by <@{by}>" in each.text)


async def detailed(ground: Playground, user: str) -> None:
    """Wait until that person sees a modal with the details of a call."""
    await ground.slack.wait_for(
        lambda: [each for each in ground.slack.modals(user) if "Participants (7)" in str(each.view)]
    )


async def everything(ground: Playground) -> list[Delivery]:
    """Do once what there is to do: command, shortcut, share, details, a modal; see each answer."""
    slack, session_id = ground.slack, ground.samples[0].session_id
    card = await summary_of(ground, STEVE, session_id)
    about = slack.post(ROBIN, f"look at {session_id}")
    without = slack.post(ROBIN, "look at nothing")
    deliveries = [
        await slack.command(TONY, session_id),
        await slack.shortcut(TONY, about),
        await slack.press(STEVE, card.ts, "call_details"),
        await slack.press(STEVE, card.ts, "share_call"),
        await slack.shortcut(ALEX, without),
    ]
    assert FOUND in str(deliveries[0].message)
    await answered(ground, TONY, FOUND)
    await detailed(ground, STEVE)
    await posted(ground, STEVE)
    modal = (await slack.wait_for(lambda: slack.modals(ALEX)))[-1]
    typed = {"session_id": {"session_id": {"type": "plain_text_input", "value": "two words"}}}
    refused = await slack.submit(ALEX, modal.view_id, typed)
    assert list(refused.errors) == ["session_id"]
    await slack.close_view(ALEX, modal.view_id)
    return deliveries


async def test_command_shortcut_share_details_and_modals_work_as_they_do_by_http(ground: Playground) -> None:
    deliveries = await everything(ground)
    assert all(each.ok for each in deliveries)
    assert all(each.body == "" for each in deliveries[1:])
    assert ground.slack.refusals == []


async def test_an_event_is_acked_without_a_word_and_heeded(ground: Playground) -> None:
    await ground.slack.command(ALEX, "link <@U0ROBIN|robin> superhero4")
    with capture_logs() as logs:
        delivery = await ground.slack.event("app_uninstalled")
        await audited(logs, "uninstall")
    assert (delivery.status, delivery.body) == (200, "")
    assert "not connected" in str((await ground.slack.command(ROBIN, "whoami")).message)
    assert ground.slack.refusals == []


async def test_an_event_without_a_listener_is_acked_too(ground: Playground) -> None:
    with capture_logs() as logs:
        delivery = await ground.slack.event("reaction_added")
    assert (delivery.status, delivery.body, delivery.error) == (200, "", None)
    assert logs == []


async def test_the_home_tab_is_drawn_and_pressed_in(ground: Playground) -> None:
    await home.opened(ground, ROBIN, "not connected")
    await home.pressed(ground, ROBIN, "ask_admin")
    await home.reads(ground, ROBIN, "Request sent to <@U0ALEX>.")
    await home.opened(ground, ALEX, "<@U0ROBIN> requested access")
    shown = await home.opened(ground, STEVE, "Release stand-up")
    about = next(each["accessory"]["value"] for each in shown.blocks if "accessory" in each)
    await home.pressed(ground, STEVE, "found_call", about)
    await ground.slack.wait_for(lambda: ground.slack.modals(STEVE))
    assert ground.slack.refusals == []


async def test_there_is_health_by_http_but_nowhere_to_post_to(ground: Playground) -> None:
    async with plain_http(base_url=ground.bot_url) as client:
        for path in ("/livez", "/readyz", "/metrics"):
            assert (await client.get(path)).status_code == 200
        assert (await client.post("/slack/events", content=b"payload={}")).status_code == 404


async def test_everything_goes_on_while_slack_ends_the_connection_after_a_warning(
    patient_ground: Playground, monkeypatch: pytest.MonkeyPatch
) -> None:
    ground = patient_ground
    # The second connection is one that did not last: there is a pause before the next
    monkeypatch.setattr("bot.inbound.socket_mode.wire.MAX_BACKOFF_SECONDS", 0.1)
    for _ in range(2):
        doing = asyncio.create_task(everything(ground))
        ground.slack.socket_mode.refresh(warning=3.0)
        await connected(ground, 2)  # the new one is there before the old one goes
        assert all(each.ok for each in await doing)
        await connected(ground, 1)
    assert all(each.ok for each in await everything(ground))
    assert ground.slack.refusals == []


async def test_what_is_under_way_is_acked_by_the_connection_that_slack_is_ending(
    patient_ground: Playground,
) -> None:
    ground = patient_ground
    ground.cometchat.delay = 0.4
    asking = [
        asyncio.create_task(ground.slack.command(f"U0CROWD{number}", "help" if number % 2 else "whoami"))
        for number in range(10)
    ]
    asking.append(asyncio.create_task(ground.slack.command(TONY, ground.samples[0].session_id)))
    await asyncio.sleep(0)
    ground.slack.socket_mode.refresh(warning=0.0)
    deliveries = await asyncio.gather(*asking)
    assert Counter(each.error for each in deliveries) == {None: 11}
    assert FOUND in str(deliveries[-1].message)


async def test_what_is_under_way_when_the_connection_breaks_is_answered_by_the_next_and_done_once(
    ground: Playground,
) -> None:
    card = await summary_of(ground, TONY, ground.samples[0].session_id)
    ground.cometchat.delay = 0.5
    with capture_logs() as logs:
        asking = asyncio.create_task(ground.slack.command(STEVE, ground.samples[0].session_id))
        await ground.slack.press(TONY, card.ts, "share_call")
        await asyncio.sleep(0.1)
        ground.slack.socket_mode.drop()
        delivery = await asking
        await posted(ground, TONY)
        await logged(logs, "interaction", "share")
    assert delivery.ok
    assert FOUND in str(delivery.message)
    assert [line["reason"] for line in logs if line["event"] == "connection ends"] == ["lost"]
    assert Counter(line["kind"] for line in logs if line["event"] == "interaction") == {
        "command": 1,
        "share": 1,
    }


async def test_an_answer_that_finds_no_connection_goes_out_when_slack_delivers_again_and_is_not_made_twice(
    patient_ground: Playground, monkeypatch: pytest.MonkeyPatch
) -> None:
    ground = patient_ground
    monkeypatch.setattr("bot.inbound.socket_mode.wire.MAX_BACKOFF_SECONDS", 0.8)
    ground.cometchat.held = asyncio.Event()
    with capture_logs() as logs:
        asking = asyncio.create_task(ground.slack.command(TONY, ground.samples[0].session_id))
        async with asyncio.timeout(30):
            while not ground.cometchat.in_flight:  # noqa: ASYNC110 - the stand-in tells nobody
                await asyncio.sleep(0.01)
        ground.slack.fail("apps.connections.open", status=500, times=100)
        ground.slack.socket_mode.drop()
        await logged(logs, "connection ends")
        ground.cometchat.held.set()
        await logged(logs, "ack not sent")
        ground.slack.recover()
        delivery = await asking
    assert delivery.ok
    assert FOUND in str(delivery.message)
    assert len(ground.cometchat.requests) == 1


async def test_the_metrics_tell_when_the_connection_to_slack_is_lost(
    ground: Playground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.inbound.socket_mode.client.GRACE_SECONDS", 0.0)
    assert value(await scraped(ground.bot_url), "callinfo_slack_connected") == 1
    ground.slack.fail("apps.connections.open", status=500, times=100)
    ground.slack.socket_mode.drop()
    async with asyncio.timeout(30):
        while value(await scraped(ground.bot_url), "callinfo_slack_connected"):  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.1)


async def test_an_envelope_that_comes_again_is_answered_again_but_acted_on_once(ground: Playground) -> None:
    card = await summary_of(ground, TONY, ground.samples[0].session_id)
    first = await ground.slack.press(TONY, card.ts, "share_call")
    again = await asyncio.gather(*(ground.slack.redeliver(first) for _ in range(3)))
    asked = await ground.slack.command(STEVE, ground.samples[0].session_id)
    repeated = await ground.slack.redeliver(asked)
    await posted(ground, TONY)
    assert all(each.ok for each in again)
    assert repeated.body == asked.body
    bodies = [each.body.get("response_type") for each in ground.slack.received]
    assert bodies.count("in_channel") == 1
