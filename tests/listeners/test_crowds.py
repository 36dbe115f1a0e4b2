"""A call with tens of thousands of people, through the front door: what is said of it is true, and said in time."""

import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.playground.run import Playground, playground
from bot.playground.samples import call_json
from tests.listeners.people import TONY, answered
from tests.listeners.test_details import filled

MANY = 40_000
BEGAN = 1_763_805_600


def crowd(*, own_at: int, **more: Any) -> dict[str, Any]:
    """Return a call of MANY people, of whom Tony is the one at that place of the list."""
    people: list[dict[str, Any]] = [
        {"uid": f"user{n}", "isJoined": True, "joinedAt": BEGAN + n, "leftAt": BEGAN + 50_000}
        for n in range(MANY - 1)
    ]
    own = {"uid": "superhero1", "isJoined": True, "joinedAt": BEGAN + 5, "leftAt": BEGAN + 65}
    people.insert(own_at, own)
    sides: dict[str, Any] = {"initiator": "user0", "receiver": "everybody", "receiverType": "group"}
    whole = {"startedAt": BEGAN, "endedAt": BEGAN + 50_000, "participants": people, "data": None}
    return call_json(**sides | whole | more)


@pytest.fixture
async def ground() -> AsyncIterator[Playground]:
    """Return a playground whose Slack waits long: a slow machine takes its time for so many people."""
    async with playground(patience=15) as ground:
        yield ground


@pytest.mark.parametrize("own_at", [0, MANY // 2, MANY - 1])
async def test_who_was_in_a_huge_call_sees_it_wherever_they_are_listed(
    ground: Playground, own_at: int
) -> None:
    ground.cometchat.serve("standup", [crowd(own_at=own_at)])
    await ground.slack.command(TONY, "standup")
    card = await answered(ground, TONY, "(you)")
    assert f"and {MANY - 10} more" in card.text
    assert "of the first 50" in card.text  # 500, or 501 with oneself
    await ground.slack.command(TONY, "recent")
    await answered(ground, TONY, "others")
    assert ground.slack.refusals == []


async def test_who_was_not_in_it_does_not(ground: Playground) -> None:
    raw = crowd(own_at=0)
    raw["participants"][0]["uid"] = "superhero10"
    ground.cometchat.serve("standup", [raw])
    await ground.slack.command(TONY, "standup")
    await answered(ground, TONY, "No call of yours has this session id")
    assert "user0" not in str(ground.slack.seen_by(TONY))


async def test_details_say_how_many_are_not_shown(ground: Playground) -> None:
    ground.cometchat.serve("standup", [crowd(own_at=0)])
    await ground.slack.command(TONY, "standup")
    card = await answered(ground, TONY, "(you)")
    await ground.slack.press(TONY, card.ts, "call_details")
    modal = str((await filled(ground, "Participants")).view)
    assert f"of {MANY}" in modal
    assert f"and {MANY - 500} more people" in modal
    assert ground.slack.refusals == []


async def test_nobody_says_that_all_have_left_where_some_are_not_listed(ground: Playground) -> None:
    now = int(time.time())
    raw = crowd(own_at=0, status="ongoing", without=["endedAt"])
    for entry in raw["participants"]:
        entry |= {"joinedAt": now - 3600, "leftAt": now - 1800, "state": "ended"}
    raw |= {"startedAt": now - 3600, "initiatedAt": now - 3600}
    raw.pop("endedAt", None)
    ground.cometchat.serve("standup", [raw])
    await ground.slack.command(TONY, "standup")
    await answered(ground, TONY, "in progress")


async def test_of_very_many_calls_of_a_session_the_newest_is_shown(ground: Playground) -> None:
    calls = [{"mid": f"m{n}", "startedAt": BEGAN + n, "initiator": "superhero1"} for n in range(MANY)]
    ground.cometchat.answer(
        "standup", body={"data": [*calls, {**calls[-1], "receiver": "user9", "startedAt": BEGAN + MANY}]}
    )
    await ground.slack.command(TONY, "standup")
    await answered(ground, TONY, "user9")
    assert ground.slack.refusals == []
