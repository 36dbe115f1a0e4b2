"""How long people were in a call, through the front door: what is told, and no more."""

import time
from typing import Any

import pytest

from bot.playground.run import Playground
from bot.playground.samples import call_json, participant_json
from bot.playground.slack import Message

TONY = "U0TONY"
MINUTE, HOUR = 60, 3600
WHOLE = "█" * 8

Raw = dict[str, Any]


def people(*own: Raw, began: int) -> list[Raw]:
    """Return Tony's entries, who joined at the start or `at` so many seconds after it, and one that was there."""
    entries = [
        participant_json(
            without=[] if "leftAt" in each else ["leftAt"],
            **{"name": "Iron Man", "deviceId": "phone", "joinedAt": began + each.pop("at", 0), **each},
        )
        for each in (dict(each) for each in own)
    ]
    return [*entries, participant_json("superhero2", joinedAt=began, leftAt=began + 62 * MINUTE)]


async def card(ground: Playground, raw: Raw) -> Message:
    ground.cometchat.serve("standup", [raw])
    await ground.slack.command(TONY, "standup")
    return ground.slack.seen_by(TONY)[-1]


def own_line(message: Message) -> str:
    return next(line for line in message.text.splitlines() if "(you)" in line)


def own_bar(message: Message) -> str:
    (table,) = [block for block in message.blocks or [] if block["type"] == "table"]
    return next(str(row[-1]["text"]) for row in table["rows"] if "(you)" in str(row[0]))


@pytest.mark.parametrize(
    ("own", "time_in_call", "filled"),
    [
        ([{"totalDurationInMinutes": 3.5}], "3 minutes 30 seconds", 1),
        ([{"totalDurationInMinutes": 3.5, "leftAt": 0}], "3 minutes 30 seconds", 1),
        ([{"totalDurationInMinutes": 3.5, "state": "ongoing"}], "3 minutes 30 seconds", 1),
        ([{"totalDurationInMinutes": 31}], "31 minutes", 4),
        ([{"totalDurationInMinutes": 0, "totalDuration": 31}], "31 minutes", 4),
        ([{"totalDurationInMinutes": 5}, {"at": 10 * MINUTE, "leftAt": 15 * MINUTE}], "10 minutes", 2),
        ([{"totalDuration": 0, "state": None}, {"at": 10 * MINUTE, "leftAt": 31 * MINUTE}], "31 minutes", 4),
        ([{"totalDurationInMinutes": 40}, {"at": 10 * MINUTE, "leftAt": 31 * MINUTE}], "31 minutes", 4),
    ],
)
async def test_without_an_end_a_stay_is_as_long_as_is_told(
    ground: Playground, own: list[Raw], time_in_call: str, filled: int
) -> None:
    began = int(time.time()) - 2 * HOUR
    entries = [{**each, **({"leftAt": began + each["leftAt"]} if each.get("leftAt") else {})} for each in own]
    raw = call_json(startedAt=began, endedAt=began + 62 * MINUTE, participants=people(*entries, began=began))
    message = await card(ground, raw)
    assert f", {time_in_call}, from " in own_line(message)
    assert own_bar(message).count("█") == filled
    assert ground.slack.refusals == []


def goes_on(began: int, entries: list[Raw]) -> Raw:
    other = participant_json("superhero2", without=["leftAt"], joinedAt=began, state="ongoing")
    return call_json(startedAt=began, endedAt=None, status="ongoing", participants=[*entries, other])


async def test_who_has_left_a_call_that_goes_on_is_not_in_it_any_longer_with_each_refresh(
    ground: Playground,
) -> None:
    ten_minutes_ago = int(time.time()) - 10 * MINUTE
    for began in (ten_minutes_ago, ten_minutes_ago - HOUR):
        entries = people({"totalDurationInMinutes": 5, "state": "ended"}, began=began)[:1]
        message = await card(ground, goes_on(began, entries))
        assert "in progress" in message.text
        assert ", 5 minutes, from " in own_line(message)
        assert own_bar(message) != WHOLE


async def test_of_whose_stay_nothing_is_told_nothing_is_said(ground: Playground) -> None:
    began = int(time.time()) - HOUR
    (entry,) = people({"state": "ended"}, began=began)[:1]
    del entry["totalDuration"]
    message = await card(ground, goes_on(began, [entry]))
    assert "in the call" not in own_line(message)
