"""Flood control through the front door: one person's flood is told in words, and another person notices nothing."""

import asyncio
import re
from collections import Counter
from functools import partial
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.answers import tasks
from bot.playground.run import Playground, playground
from bot.playground.samples import call_json
from bot.throttling import redis_counts
from bot.throttling.concurrency import MAX_PER_PERSON
from bot.throttling.singleflight import SingleFlight
from tests.listeners.people import ROBIN, STEVE, TONY, answered, going_on, seen, summary_of
from tests.throttling.redis import redis

LIMITED = "reached your limit of"
ENDED = "4 minutes 5 seconds"


async def asked(ground: Playground, user: str, text: str) -> str:
    """Return what the person reads in the command's own answer, which Slack got in time."""
    delivery = await ground.slack.command(user, text)
    assert (delivery.status, delivery.error) == (200, None)
    return str((delivery.message or {}).get("text"))


async def test_one_person_s_flood_is_limited_in_words_and_another_person_is_answered() -> None:
    with capture_logs() as logs:
        async with playground(callinfo_rate_limit="30/day") as ground:
            ground.cometchat.serve("standup", [going_on()])
            answers: list[str] = []
            for _ in range(20):
                flood = [asyncio.create_task(asked(ground, TONY, "standup")) for _ in range(5)]
                answers += await asyncio.gather(*flood)
            assert "Audio call" in await asked(ground, STEVE, "standup")
        refused = [each for each in answers if f"{LIMITED} 30 look-ups a day" in each]
        assert len(refused) == 70
        assert all("Try again in " in each and "Reference" not in each for each in refused)
        assert len(ground.cometchat.requests) <= 31
    events = Counter(line["event"] for line in logs)
    assert (events["interaction"], events["audit"]) == (31, 31)
    first, number = [line for line in logs if line["event"] == "look-ups refused"]
    assert (first["user"], first["scope"]) == (number["user"], number["scope"]) == (TONY, "user")
    assert number["more"] == 69


@pytest.mark.parametrize("way", ["shortcut", "pick", "ask", "share", "details", "refresh"])
async def test_every_way_to_a_call_is_limited_and_answered(way: str) -> None:
    async with playground(callinfo_rate_limit="1/day") as ground:
        ground.cometchat.serve("standup", [going_on()])
        card = await summary_of(ground, TONY, "standup")
        first, second = (each.session_id for each in ground.samples[:2])
        if way == "shortcut":
            await ground.slack.shortcut(TONY, ground.slack.post(STEVE, first))
        elif way == "pick":
            await ground.slack.shortcut(TONY, ground.slack.post(STEVE, f"{first} {second}"))
            choices = await answered(ground, TONY, "mentions 2 calls")
            await ground.slack.press(TONY, choices.ts, "pick_call", value=first)
        elif way == "ask":
            await ground.slack.shortcut(TONY, ground.slack.post(STEVE, "nothing"))
            await ground.slack.wait_for(lambda: ground.slack.modals(TONY))
            modal = ground.slack.modals(TONY)[-1]
            delivery = await ground.slack.submit(
                TONY, modal.view_id, {"session_id": {"session_id": {"value": first}}}
            )
            assert "limit of 1 look-up a day" in delivery.body
            return
        else:
            ids = {"share": "share_call", "details": "call_details", "refresh": "refresh_call"}
            await ground.slack.press(TONY, card.ts, ids[way])
        if way == "details":
            await ground.slack.wait_for(lambda: LIMITED in str(ground.slack.modals(TONY)))
        else:
            await answered(ground, TONY, f"{LIMITED} 1 look-up a day")
        assert len(ground.cometchat.requests) == 1
        assert ground.slack.refusals == []
        assert [each for each in ground.slack.seen_by(ROBIN) if each.sender == "app"] == []


async def test_what_is_no_look_up_is_not_counted() -> None:
    async with playground(callinfo_rate_limit="1/day") as ground:
        for text in ("help", "whoami", "a/b"):
            await asked(ground, TONY, text)
        assert ENDED in await asked(ground, TONY, ground.samples[1].session_id)


async def test_identical_commands_in_flight_are_one_request_and_each_is_answered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run, held, asking = SingleFlight.run, asyncio.Event(), Counter[Any]()

    async def last_one_lets_go(self: SingleFlight[Any, Any], key: Any, work: Any) -> Any:
        asking[key] += 1
        if asking[key] == 5:
            held.set()
        return await run(self, key, work)

    monkeypatch.setattr(SingleFlight, "run", last_one_lets_go)
    async with playground(patience=15) as ground:
        ground.cometchat.serve("standup", [going_on()])
        ground.cometchat.held = held
        deliveries = await asyncio.gather(*(ground.slack.command(TONY, "standup") for _ in range(5)))
        assert all(each.ok for each in deliveries)
        await ground.slack.wait_for(
            lambda: sum("Audio call" in each.text for each in ground.slack.seen_by(TONY)) == 5
        )
        assert len(ground.cometchat.requests) == 1


async def test_one_person_s_slow_look_ups_leave_room_for_another_s(ground: Playground) -> None:
    ground.cometchat.serve("standup", [call_json()])
    for number in range(MAX_PER_PERSON + 1):
        ground.cometchat.hang(f"slow-{number}", times=1)
    slow = [asyncio.create_task(asked(ground, TONY, f"slow-{number}")) for number in range(MAX_PER_PERSON)]
    await ground.slack.wait_for(lambda: ground.cometchat.in_flight == MAX_PER_PERSON)
    assert "still looking up your other calls" in await asked(ground, TONY, f"slow-{MAX_PER_PERSON}")
    assert ENDED in await asked(ground, STEVE, "standup")
    assert all("This is taking" in each for each in await asyncio.gather(*slow))
    await ground.cometchat.close()  # else the bot waits for those calls before it ends


async def test_cometchat_s_429_is_a_pause_for_everybody_that_ends_by_itself(ground: Playground) -> None:
    ground.cometchat.serve("standup", [call_json()])
    ground.cometchat.answer("busy", status=429, body={}, headers={"Retry-After": "3"}, times=1)
    for user, session_id in ((TONY, "busy"), (STEVE, "standup"), (STEVE, "standup")):
        answer = await asked(ground, user, session_id)
        assert "Too many requests to CometChat" in answer
        assert re.search(r"Try again in [123] s\.", answer)
    assert len(ground.cometchat.requests) == 1
    await asyncio.sleep(3)
    assert ENDED in await asked(ground, STEVE, "standup")


async def test_a_call_that_is_over_is_asked_for_once_a_minute_by_each_user_but_anew_when_shared(
    ground: Playground,
) -> None:
    ground.cometchat.serve("standup", [call_json()])
    card = await summary_of(ground, TONY, "standup")
    assert ENDED in await asked(ground, TONY, "standup")
    await ground.slack.press(TONY, card.ts, "call_details")
    await ground.slack.wait_for(lambda: "Participants" in str(ground.slack.modals(TONY)))
    assert len(ground.cometchat.requests) == 1
    assert ENDED in await asked(ground, STEVE, "standup")
    assert [each.headers["onbehalfof"] for each in ground.cometchat.requests] == ["superhero1", "superhero2"]
    await ground.slack.press(TONY, card.ts, "share_call")
    await seen(ground, ROBIN, lambda each: "Shared by" in each.text)
    assert len(ground.cometchat.requests) == 3


async def test_a_call_that_is_remembered_is_shown_to_nobody_who_is_no_longer_linked(
    ground: Playground,
) -> None:
    ground.cometchat.serve("standup", [call_json()])
    assert ENDED in await asked(ground, TONY, "standup")
    await asked(ground, "U0ALEX", "link <@U0TONY> superhero5")
    assert "No call of yours has this session id" in await asked(ground, TONY, "standup")


async def test_bots_that_share_a_redis_limit_a_person_together_and_go_on_without_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # A Redis of Python, on a machine that is busy with tests, may take longer than people should wait
    monkeypatch.setattr(redis_counts, "WAIT_SECONDS", 10)
    with redis() as server:
        limited = partial(playground, callinfo_rate_limit="2/day", callinfo_rate_limit_store=server.url)
        async with limited() as one, limited() as other:
            id_ = one.samples[0].session_id
            assert "32 min" in await asked(one, TONY, id_)
            assert "32 min" in await asked(other, TONY, other.samples[0].session_id)
            assert LIMITED in await asked(one, TONY, id_)
            assert LIMITED in await asked(other, TONY, other.samples[0].session_id)
            server.shutdown()
            server.server_close()
            assert "32 min" in await asked(one, STEVE, id_)


async def test_past_all_that_can_be_under_way_slack_is_told_at_once_and_later_all_is_well_again(
    ground: Playground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "MOST", 0)
    delivery = await ground.slack.command(TONY, "help")
    assert delivery.status == 503
    monkeypatch.undo()
    assert "/callinfo" in await asked(ground, TONY, "help")
