"""Users whose ids are like a person's own, through the front door: nothing of theirs is shown, or said to be the person's."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.playground.cometchat import LIST
from bot.playground.run import Playground, playground
from bot.playground.samples import call_json, participant_json
from tests.parts import near_misses

TONY = "U0TONY"
VIEWER = "kirk-1"
OTHERS = near_misses(VIEWER)

Raw = dict[str, Any]


@pytest.fixture
async def ground() -> AsyncIterator[Playground]:
    """Return a playground in which Tony is a user with a k in the id, and CometChat shows everybody everything."""
    async with playground(callinfo_user_map={TONY: VIEWER}) as made:
        made.cometchat._api.uids.add(VIEWER)
        made.cometchat._api.lenient = True
        yield made


async def reads(ground: Playground, text: str) -> str:
    await ground.slack.command(TONY, text)
    return ground.slack.seen_by(TONY)[-1].text


def between(caller: str, called: str, **more: Any) -> Raw:
    people = [participant_json(uid, name=f"Name of {uid}") for uid in (caller, called)]
    return call_json(
        initiator=caller, receiver=called, participants=people, sessionId="standup", data=None, **more
    )


@pytest.mark.parametrize("other", OTHERS)
async def test_a_call_of_somebody_with_such_an_id_is_no_call_of_theirs(
    ground: Playground, other: str
) -> None:
    calls = [between(other, "a"), between("a", other), between("a", "b")]
    calls[2]["participants"].append(participant_json(other))
    for number, raw in enumerate(calls):
        ground.cometchat.serve(f"call-{number}", [raw])
        assert "No call of yours has this session id" in await reads(ground, f"call-{number}")
    ground.cometchat.answer(LIST, body={"data": calls})
    assert "Name of" not in await reads(ground, "recent")


@pytest.mark.parametrize("other", OTHERS)
async def test_in_a_call_of_theirs_the_other_is_another(ground: Playground, other: str) -> None:
    raw = between(other, VIEWER.upper(), mode="call")
    ground.cometchat.serve("standup", [raw])
    card = await reads(ground, "standup")
    assert card.startswith("Audio call with Name of ")
    assert f"with Name of {VIEWER.upper()}," not in card
    ground.cometchat.answer(LIST, body={"data": [raw]})
    shown = (await reads(ground, "recent")).replace("\u2060", "")
    assert "Name of" in shown
    assert f"Name of {VIEWER.upper()}," not in shown
    assert f"Name of {VIEWER.upper()}:" not in shown


@pytest.mark.parametrize("other", OTHERS)
async def test_what_another_did_is_not_said_of_them(ground: Playground, other: str) -> None:
    raw = between("a", VIEWER, status="rejected")
    raw["participants"] = [
        participant_json(VIEWER, isJoined=False, joinedAt=None, leftAt=None, state="unanswered"),
        participant_json(other, isJoined=False, joinedAt=None, leftAt=None, state="rejected"),
    ]
    ground.cometchat.serve("standup", [raw])
    assert "you declined" not in await reads(ground, "standup")
    ground.cometchat.answer(LIST, body={"data": [raw]})
    assert "you didn’t join" in await reads(ground, "recent missed")
