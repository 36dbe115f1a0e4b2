"""Several calls in one session, through the front door: what a row names opens, and its buttons are about just that one."""

import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.answers.outbox import Promise
from bot.calls.call_ref import ref_of
from bot.cards.call_buttons import which_of
from bot.cometchat import SessionId
from bot.cometchat.parsing import parse_call
from bot.identity import SlackUser
from bot.playground.cometchat import LIST
from bot.playground.run import Playground, playground
from bot.playground.samples import call_json, participant_json
from bot.playground.slack import Message
from bot.storage.store import open_store
from tests.listeners.people import ROBIN, STEVE, TONY, answered, buttons, seen
from tests.listeners.test_details import filled

DAY = 86_400
NOW = 1_763_812_800


def call_with(name: str, began: int, **more: Any) -> dict[str, Any]:
    """Return a call of Tony's with that person, all in one session."""
    people = [("superhero1", "Iron Man"), (name.lower(), name)]
    raw: dict[str, Any] = {
        "sessionId": "standup",
        "mid": f"m-{name}",
        "initiator": "superhero1",
        "receiver": name.lower(),
        "receiverType": "user",
        "initiatedAt": began,
        "startedAt": began + 5,
        "endedAt": began + 65,
        "participants": [participant_json(uid, name=said) for uid, said in people],
    }
    return call_json(**(raw | more))


NEWEST, OLDER = call_with("Cyclops", NOW), call_with("Zorro", NOW - DAY)
OTHERS = call_with("Magneto", NOW - DAY // 2, initiator="superhero9", participants=[])


@pytest.fixture(params=[False, True], ids=["http", "socket"])
async def both(request: pytest.FixtureRequest) -> AsyncIterator[Playground]:
    async with playground(socket=request.param) as ground:
        yield ground


async def listed(ground: Playground, *calls: dict[str, Any]) -> Message:
    """Let the session have those calls, and ask for the one Zorro, 1 minute in a list."""
    ground.cometchat._api.add("standup", list(calls))
    await ground.slack.command(TONY, "recent with zorro")
    return ground.slack.seen_by(TONY)[-1]


async def summarised(ground: Playground, *calls: dict[str, Any]) -> Message:
    """Open the one Zorro, 1 minute from the list."""
    row = await listed(ground, *calls)
    await ground.slack.press(TONY, row.ts, "pick_call", value="standup")
    return await answered(ground, TONY, "Audio call with Zorro")


async def test_the_row_of_a_list_opens_the_very_call_that_it_names_and_so_do_its_buttons(
    both: Playground,
) -> None:
    card = await summarised(both, NEWEST, OTHERS, OLDER)
    assert "Call 1 of 2 in this session" in card.text
    await both.slack.press(TONY, card.ts, "call_details", value="standup")
    assert "Zorro" in str((await filled(both, "Participants")).view)
    await both.slack.press(TONY, card.ts, "share_call", value="standup")
    shared = await seen(both, STEVE, lambda each: "Shared by" in each.text)
    assert "Zorro, 1 minute" in shared.text
    assert "Cyclops" not in str(both.slack.seen_by(ROBIN))
    assert both.slack.refusals == []


async def test_the_calls_before_and_after_take_the_place_of_the_card(ground: Playground) -> None:
    ground.cometchat._api.add("standup", [NEWEST, OTHERS, OLDER])
    await ground.slack.command(TONY, "standup")
    (card,) = ground.slack.seen_by(TONY)
    assert buttons(card) == ["share_call", "call_details", "pick_call"]
    await ground.slack.press(TONY, card.ts, "pick_call")
    earlier = await seen(ground, TONY, lambda each: "with Zorro, 1 minute" in each.text)
    assert earlier.ts == card.ts
    assert "Later call ▶" in str(earlier.blocks)
    await ground.slack.press(TONY, card.ts, "pick_call")
    await seen(ground, TONY, lambda each: each.ts == card.ts and "with Cyclops, 1 minute" in each.text)
    assert len(ground.slack.seen_by(TONY)) == 1
    assert ground.slack.refusals == []


async def test_of_two_rows_with_one_session_each_opens_its_own(ground: Playground) -> None:
    ground.cometchat.answer(LIST, body={"data": [NEWEST, OLDER], "meta": {"pagination": {"total": 2}}})
    ground.cometchat._api.add("standup", [NEWEST, OLDER])
    await ground.slack.command(TONY, "recent")
    rows = [block for block in ground.slack.seen_by(TONY)[-1].blocks or [] if "accessory" in block]
    assert [row["accessory"]["value"] for row in rows] == ["standup", "standup"]
    for row, name in zip(rows, ("Cyclops", "Zorro"), strict=True):
        ts = ground.slack.seen_by(TONY)[0].ts
        await ground.slack.press(TONY, ts, "pick_call", block_id=row["block_id"])
        await answered(ground, TONY, f"with {name}, 1 minute")
    assert ground.slack.refusals == []


async def test_a_newer_call_that_comes_meanwhile_does_not_take_the_place_of_the_one_that_is_seen(
    ground: Playground,
) -> None:
    ground.cometchat._api.add("standup", [NEWEST, OLDER])
    await ground.slack.command(TONY, "standup")
    card = ground.slack.seen_by(TONY)[-1]
    ground.cometchat._api.add("standup", [call_with("Beast", NOW + DAY), NEWEST, OLDER])
    await ground.slack.press(TONY, card.ts, "share_call")
    shared = await seen(ground, STEVE, lambda each: "Shared by" in each.text)
    assert "Cyclops, 1 minute" in shared.text
    assert "Call 2 of 3 in this session" in shared.text


async def test_refresh_shows_the_same_call_as_it_is_now(ground: Playground) -> None:
    now = int(time.time())
    newest, older = call_with("Cyclops", now - 200), call_with("Zorro", now - 600)
    here = participant_json("zorro", name="Zorro", joinedAt=now - 600, leftAt=None, state="ongoing")
    goes_on = {**older, "status": "ongoing", "endedAt": None, "participants": [here]}
    card = await summarised(ground, newest, goes_on)
    assert "refresh_call" in str(card.blocks)
    ground.cometchat._api.add("standup", [newest, older])
    await ground.slack.press(TONY, card.ts, "refresh_call")
    refreshed = await seen(ground, TONY, lambda each: each.ts == card.ts and "1 minute" in each.text)
    assert "Zorro, 1 minute" in refreshed.text


async def test_the_pages_of_its_details_are_of_the_same_call(ground: Playground) -> None:
    crowd = [participant_json(f"u{number}", name=f"Person {number}") for number in range(60)]
    card = await summarised(ground, NEWEST, {**OLDER, "participants": [*OLDER["participants"], *crowd]})
    await ground.slack.press(TONY, card.ts, "call_details")
    first = await filled(ground, "Participants 1 to 50 of 62")
    await ground.slack.press(TONY, first.view_id, "call_details")
    await filled(ground, "Participants 51 to 62 of 62")


@pytest.mark.parametrize("asked", ["standup", "recent with zorro"])
async def test_the_only_call_of_its_session_is_the_one_that_is_shared_though_the_next_has_begun(
    ground: Playground, asked: str
) -> None:
    """Share looks the call up again, and CometChat then has another call than the person looks at."""
    ground.cometchat._api.add("standup", [OLDER])
    await ground.slack.command(TONY, asked)
    card = ground.slack.seen_by(TONY)[-1]
    if asked != "standup":
        await ground.slack.press(TONY, card.ts, "pick_call", value="standup")
        card = await seen(ground, TONY, lambda each: "Zorro, 1 minute" in each.text)
    ground.cometchat._api.add("standup", [NEWEST, OLDER])
    await ground.slack.press(TONY, card.ts, "share_call")
    shared = await seen(ground, STEVE, lambda each: "Shared by" in each.text)
    assert "Zorro, 1 minute" in shared.text


@pytest.mark.parametrize("mid", [0, "null"])
async def test_a_mid_that_every_call_has_hides_none_and_leads_to_each(ground: Playground, mid: Any) -> None:
    row = await listed(ground, {**NEWEST, "mid": mid}, {**OLDER, "mid": mid})
    await ground.slack.press(TONY, row.ts, "pick_call", value="standup")
    card = await seen(ground, TONY, lambda each: "Zorro, 1 minute" in each.text)
    await ground.slack.press(TONY, card.ts, "share_call")
    assert "Zorro, 1 minute" in (await seen(ground, STEVE, lambda each: "Shared" in each.text)).text


_NAMES = ("mid", "initiatedAt", "startedAt", "endedAt")
NAMELESS = {**OLDER, **dict.fromkeys(_NAMES)}


async def test_a_row_of_a_call_without_an_id_and_a_time_opens_that_one_and_shares_it(
    ground: Playground,
) -> None:
    row = await listed(ground, NEWEST, NAMELESS)
    await ground.slack.press(TONY, row.ts, "pick_call", value="standup")
    card = await seen(ground, TONY, lambda each: "Zorro, 1 minute" in each.text)
    ground.cometchat._api.add("standup", [call_with("Beast", NOW + DAY), NEWEST, NAMELESS])
    await ground.slack.press(TONY, card.ts, "share_call")
    assert "Zorro, 1 minute" in (await seen(ground, STEVE, lambda each: "Shared" in each.text)).text


async def test_of_two_calls_without_an_id_and_a_time_no_row_promises_one_or_opens_another(
    ground: Playground,
) -> None:
    another = {**call_with("Beast", NOW), **dict.fromkeys(_NAMES)}
    row = await listed(ground, NEWEST, NAMELESS, another)
    await ground.slack.press(TONY, row.ts, "pick_call", value="standup")
    await answered(ground, TONY, "is no longer among your calls")
    together = {"data": [NEWEST, NAMELESS, another], "meta": {"pagination": {"total": 3}}}
    ground.cometchat.answer(LIST, body=together)
    await ground.slack.command(TONY, "recent")
    both = ground.slack.seen_by(TONY)[-1]
    assert buttons(both) == ["pick_call", "find_call", "show_help"]
    assert "Zorro" in both.text


async def test_a_row_s_call_that_is_gone_is_told_of_and_no_other_one_is_shown(ground: Playground) -> None:
    row = await listed(ground, NEWEST, OLDER)
    ground.cometchat._api.add("standup", [NEWEST])
    await ground.slack.press(TONY, row.ts, "pick_call", value="standup")
    await answered(ground, TONY, "is no longer among your calls")


async def test_a_forged_block_leads_to_no_call_of_others_and_a_broken_one_to_the_newest(
    ground: Playground,
) -> None:
    row = await listed(ground, NEWEST, OTHERS, OLDER)
    delivery = await ground.slack.press(TONY, row.ts, "pick_call", value="standup")
    await answered(ground, TONY, "Audio call with Zorro")
    others = ref_of(parse_call(OTHERS))
    assert others

    async def forged(block_id: str) -> None:
        payload = json.loads(json.dumps(delivery.payload))
        payload["actions"][0]["block_id"], payload["trigger_id"] = block_id, f"forged-{block_id}"
        await ground.slack.interact(TONY, payload)

    await forged(f"callinfo_call:{others.which}:0")
    await answered(ground, TONY, "is no longer among your calls")
    await forged("callinfo_call:0123456789abcdeg@5:0")
    await answered(ground, TONY, "Cyclops, 1 minute")
    assert "Magneto" not in str(ground.slack.seen_by(TONY))


async def test_whoever_answers_in_the_place_of_a_process_that_died_shows_the_same_call(
    tmp_path: Path,
) -> None:
    url = f"sqlite:///{tmp_path}/callinfo.db"
    async with playground(database_url=url) as ground:
        row = await listed(ground, NEWEST, OLDER)
        delivery = await ground.slack.press(TONY, row.ts, "pick_call", value="standup")
        card = await answered(ground, TONY, "Audio call with Zorro")
        promise = Promise(
            reference="FROMDEAD",
            kind="pick",
            user=SlackUser(None, delivery.payload["team"]["id"], TONY),
            response_url=delivery.payload["response_url"],
            session_id=SessionId("standup"),
            thread_ts=None,
            promised_at=int(time.time()),
            filter=which_of(delivery.payload["actions"][0]["block_id"]),
        )
        async with open_store(url) as store:
            await store.outbox.add(promise, time.time() - 1)
        again = await seen(ground, TONY, lambda each: each.ts > card.ts)
        assert "Zorro, 1 minute" in again.text
