"""Calls whose status never moved on, through the front door: no card says what the rest of it refutes."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from bot.playground.cometchat import LIST
from bot.playground.run import Playground
from bot.playground.samples import call_json, participant_json

TONY, STEVE = "U0TONY", "U0STEVE"
HOUR, DAY = 3600, 24 * 3600

Raw = dict[str, Any]


def participant(uid: str, name: str, joined: int, left: int | None, state: str) -> Raw:
    """Return somebody who joined and left so many seconds ago."""
    now = int(time.time())
    times = {"joinedAt": now - joined, "leftAt": now - (left or 0)}
    without = ("leftAt",) if left is None else ()
    minutes = 0 if left is None else (joined - left) / 60
    return participant_json(
        uid,
        without=without,
        **times,
        name=name,
        state=state,
        totalDuration=minutes,
        totalAudioMinutes=minutes,
    )


def call(status: str, began: int, ended: int | None, left: int | None, state: str, **more: Any) -> Raw:
    """Return a call that began and ended so many seconds ago, with two people who joined at once and left then."""
    now = int(time.time())
    people = [
        participant("superhero1", "Iron Man", began, left, state),
        participant("superhero2", "Captain America", began, left, state),
    ]
    times = {"initiatedAt": now - began - 5, "startedAt": now - began, "endedAt": now - (ended or 0)}
    without = ("endedAt",) if ended is None else ()
    told = {"totalDurationInMinutes": 0, "totalDuration": "00:00:00", "totalAudioMinutes": 0, **more}
    return call_json(
        without=without, **times, sessionId="standup", status=status, participants=people, **told
    )


async def everywhere(ground: Playground, raw: Raw) -> dict[str, str]:
    """Return what Tony reads of the call, in each place that tells of one."""
    ground.cometchat.serve("standup", [raw])
    ground.cometchat.answer(LIST, body={"data": [raw]})
    slack = ground.slack
    told = {}
    for name, text in (("summary", "standup"), ("list", "recent")):
        await slack.command(TONY, text)
        message = slack.seen_by(TONY)[-1]
        told[name], told[f"{name}’s blocks"] = message.text, json.dumps(message.blocks, ensure_ascii=False)
    card = slack.seen_by(TONY)[0]

    async def modal(words: str) -> str:
        def shown() -> str:
            views = [json.dumps(each.view, ensure_ascii=False) for each in slack.modals(TONY)]
            return views[-1] if views and words in views[-1] else ""

        return await slack.wait_for(shown)

    await slack.press(TONY, card.ts, "call_details")
    told["details"] = await modal("Show ids")
    for view in slack.modals(TONY):
        await slack.close_view(TONY, view.view_id)
    await slack.open_home(TONY)

    def home() -> str:
        tab = slack.home(TONY)
        blocks = json.dumps(tab.blocks, ensure_ascii=False) if tab else ""
        return blocks if "Captain America" in blocks else ""

    told["home"] = await slack.wait_for(home)
    await slack.global_shortcut(TONY)
    await modal("How it ended")
    await slack.submit(TONY, slack.modals(TONY)[-1].view_id, {})
    told["find"] = await modal("Captain America")
    await slack.press(TONY, card.ts, "share_call")
    shared = await slack.wait_for(
        lambda: [each.text for each in slack.seen_by(STEVE) if "Shared" in each.text]
    )
    return {**told, "share": shared[0]}


REFUTED = (
    "in progress",
    "so far",
    "ringing",
    "in the call now",
    "since",
    "no answer",
)


@pytest.mark.parametrize(
    ("made", "words", "aloud"),
    [
        (lambda: call("ongoing", 2 * HOUR, 3480, 3480, "ended"), "1 h 2 min", "1 hour 2 minutes"),
        (lambda: call("ongoing", 2 * HOUR, 3480, None, "ongoing"), "1 h 2 min", "1 hour 2 minutes"),
        (lambda: call("ongoing", 9 * DAY + HOUR, None, 9 * DAY, "ended"), "1 h", "1 hour"),
        (lambda: call("ongoing", 9 * DAY + HOUR, None, 9 * DAY, "ongoing"), "1 h", "1 hour"),
        (lambda: call("ongoing", 2 * HOUR, None, HOUR, "ended"), "1 h", "1 hour"),
        (lambda: call("ongoing", 90 * DAY, None, None, "ongoing"), "no end recorded", "no end recorded"),
        (lambda: call("initiated", 9 * DAY + HOUR, None, 9 * DAY, "ended"), "1 h", "1 hour"),
        (lambda: call("initiated", 90 * DAY, None, None, "ongoing"), "no end recorded", "no end recorded"),
        (lambda: call("unanswered", 2 * HOUR, 3480, 3480, "ended"), "1 h 2 min", "1 hour 2 minutes"),
        (lambda: call("missed", 2 * HOUR, None, HOUR, "ended"), "1 h", "1 hour"),
        (lambda: call("busy", 2 * HOUR, None, HOUR, "ended"), "1 h", "1 hour"),
        (lambda: call("canceled", 2 * HOUR, None, HOUR, "ended"), "1 h", "1 hour"),
    ],
)
async def test_what_is_over_is_over_wherever_it_is_told(
    ground: Playground, made: Callable[[], Raw], words: str, aloud: str
) -> None:
    raw = made()
    told = await everywhere(ground, raw)
    of_today = "endedAt" not in raw and raw["startedAt"] > time.time() - DAY
    assert ("refresh_call" in told["summary’s blocks"]) is of_today, "the record may move on"
    for place, text in told.items():
        assert (aloud if place in {"summary", "share"} else words) in text, place
        assert [each for each in REFUTED if each in text] == [], place
        assert " d " not in text.replace(" d’", ""), place
        assert "Duration 0 s" not in text, place
    assert ground.slack.refusals == []


@pytest.mark.parametrize("status", ["initiated", "unanswered", "ongoing"])
async def test_who_is_in_a_call_is_in_it_wherever_it_is_told(ground: Playground, status: str) -> None:
    told = await everywhere(ground, call(status, 600, None, None, "ongoing"))
    for place, text in told.items():
        assert ("in progress" if place in {"summary", "share"} else "so far") in text, place
        assert "no answer" not in text, place
    assert "In the call now: Iron Man (you), Captain America." in told["summary"]
    assert "As of <!date^" in told["summary"]
    assert "refresh_call" in told["summary’s blocks"]


async def found_with(ground: Playground, ended: str) -> str:
    await ground.slack.global_shortcut(TONY)
    await ground.slack.wait_for(
        lambda: "How it ended" in str([each.view for each in ground.slack.modals(TONY)])
    )
    form = ground.slack.modals(TONY)[-1]
    await ground.slack.submit(
        TONY, form.view_id, {"find_ended": {"find_ended": ended}, "find_with": {"find_with": "zorro"}}
    )
    await ground.slack.wait_for(lambda: "Change" in str([each.view for each in ground.slack.modals(TONY)]))
    return json.dumps(ground.slack.modals(TONY)[-1].view, ensure_ascii=False)


@pytest.mark.parametrize(
    ("made", "ended", "found"),
    [
        (lambda: call("ongoing", 9 * DAY, None, 8 * DAY, "ended"), "ended", True),
        (lambda: call("ongoing", 9 * DAY, None, 8 * DAY, "ended"), "ongoing", False),
        (lambda: call("ongoing", 90 * DAY, None, None, "ongoing"), "ongoing", False),
        (lambda: call("initiated", 600, None, None, "ongoing"), "ongoing", True),
        (lambda: call("unanswered", 2 * HOUR, 3480, 3480, "ended"), "ended", True),
        (lambda: call("unanswered", 2 * HOUR, 3480, 3480, "ended"), "unanswered", False),
    ],
)
async def test_find_seeks_by_what_a_call_is(
    ground: Playground, made: Callable[[], Raw], ended: str, *, found: bool
) -> None:
    raw = made()
    raw["participants"][1].update(uid="zorro", name="Zorro")
    ground.cometchat.serve("standup", [raw])
    assert ('"found_call"' in await found_with(ground, ended)) is found


@pytest.mark.parametrize(("began", "missed"), [(90 * DAY, True), (600, False)])
async def test_who_did_not_come_to_a_call_that_is_over_has_missed_it(
    ground: Playground, began: int, *, missed: bool
) -> None:
    raw = call("ongoing", began, None, None, "ongoing", initiator="superhero2", receiver="superhero1")
    raw["participants"][0] = participant_json(
        "superhero1", isJoined=False, joinedAt=None, leftAt=None, state=None
    )
    ground.cometchat.answer(LIST, body={"data": [raw]})
    await ground.slack.command(TONY, "recent missed")
    assert ("no end recorded" in ground.slack.seen_by(TONY)[-1].text) is missed


def waits(began: int) -> Raw:
    """Return a call that began to ring so many seconds ago: the caller is in it, nobody else came."""
    raw = call("initiated", began, None, None, "ongoing")
    raw["participants"][1] = participant_json(
        "superhero2", name="Captain America", isJoined=False, state=None
    )
    return {key: value for key, value in raw.items() if key != "startedAt"}


@pytest.mark.parametrize("began", [600, 9 * DAY])
async def test_who_waited_for_an_answer_is_not_in_the_call_for_ever(ground: Playground, began: int) -> None:
    told = await everywhere(ground, waits(began))
    for place, text in told.items():
        assert "no answer recorded" in text, place
        assert [each for each in ("in the call", "In the call", "since", "so far") if each in text] == [], (
            place
        )
    assert "1 of 2 joined" in told["summary’s blocks"]
    assert "Joined: Iron Man (you)." in told["summary"]


async def test_while_a_call_rings_its_caller_is_in_it(ground: Playground) -> None:
    told = await everywhere(ground, waits(5))
    assert ", ringing," in told["summary"]
    assert "In the call now: Iron Man (you)." in told["summary"]


NOT_TAKEN = {
    "initiated": "no answer recorded",
    "unanswered": "no answer",
    "missed": "no answer",
    "busy": "busy",
    "canceled": "cancelled",
    "rejected": "declined",
}


@pytest.mark.parametrize("status", NOT_TAKEN)
@pytest.mark.parametrize("is_listed", [True, False])
async def test_what_nobody_took_has_no_length_though_the_caller_waited(
    ground: Playground, status: str, *, is_listed: bool
) -> None:
    waited = participant("superhero1", "Iron Man", 2 * HOUR, HOUR, "ended")
    absent = participant_json("superhero2", name="Captain America", isJoined=False, state="unanswered")
    totals = {"totalAudioMinutes": 120, "totalDurationInMinutes": 60, "totalParticipants": 1}
    raw = {**call(status, 2 * HOUR, HOUR, None, ""), **totals}
    told = await everywhere(ground, {**raw, "participants": [waited, absent] if is_listed else []})
    for place, text in told.items():
        words = NOT_TAKEN[status]
        assert words in text, place
        assert [each for each in (f"{words} · 1 h", f"{words}, 1 hour", "Audio 2 h") if each in text] == []


@pytest.mark.parametrize("status", ["ongoing", "initiated", "unanswered"])
async def test_the_days_since_an_end_was_lost_are_no_length(ground: Playground, status: str) -> None:
    raw = call(status, 90 * DAY, None, None, "ongoing", totalDurationInMinutes=90 * 24 * 60)
    for person in raw["participants"]:
        person["totalDurationInMinutes"] = 90 * 24 * 60
    told = await everywhere(ground, raw)
    assert "no end recorded" in told["summary"]
    for place, text in told.items():
        assert [each for each in ("90 d", "90 days") if each in text] == [], place


@pytest.mark.parametrize("status", ["unanswered", "ended", "ongoing"])
async def test_a_call_that_people_took_did_not_ring_until_its_end(ground: Playground, status: str) -> None:
    raw = call(status, 2 * HOUR, HOUR, HOUR, "ended")
    del raw["startedAt"]
    told = await everywhere(ground, raw)
    assert "Captain America" in told["details"]
    assert "Rang" not in told["details"]
