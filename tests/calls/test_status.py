"""What state a call is really in, from all that its record says."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calls.status import UNFINISHED, settled
from bot.cometchat.parsing import parse_call

NOW = 1_763_812_800
MINUTE, HOUR, DAY = 60, 3600, 24 * 3600

Raw = dict[str, Any]


def entry(uid: str, joined: int | None = None, left: int | None = None, **more: Any) -> Raw:
    """Return a participant, with the times as seconds before now."""
    times = {"joinedAt": joined, "leftAt": left}
    told = {name: NOW - ago for name, ago in times.items() if ago is not None}
    return {"uid": uid, "isJoined": joined is not None, **told, **more}


def both(joined: int, left: int | None = None, **more: Any) -> list[Raw]:
    return [entry("superhero1", joined, left, **more), entry("superhero2", joined, left, **more)]


def call(status: str | None, started: int | None = None, ended: int | None = None, **more: Any) -> Raw:
    """Return a call, with the times as seconds before now."""
    times = {"startedAt": started, "endedAt": ended}
    told = {name: NOW - ago for name, ago in times.items() if ago is not None}
    return {"status": status, "initiator": "superhero1", "receiver": "superhero2", **told, **more}


IN: Raw = {"state": "ongoing"}
OUT: Raw = {"state": "ended"}
NOBODY = [entry("superhero1"), entry("superhero2", state="unanswered")]
ALONE = [entry("superhero1", 9 * DAY, **IN), entry("superhero2")]
CALLER = [entry("superhero1", HOUR, 59 * MINUTE, **OUT), entry("superhero2", state="unanswered")]
FINAL = ["unanswered", "missed", "cancelled", "busy", "rejected"]


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        # ongoing
        (call("ongoing", HOUR), "ongoing"),
        (call("ongoing", HOUR, participants=both(HOUR, **IN)), "ongoing"),
        (call("ongoing", HOUR, participants=both(HOUR)), "ongoing"),
        (call("ongoing", HOUR, participants=NOBODY), "ongoing"),
        (call("ongoing"), "ongoing"),
        (call("ongoing", HOUR, MINUTE), "ended"),
        (call("ongoing", HOUR, MINUTE, participants=both(HOUR, **IN)), "ended"),
        (call("ongoing", None, MINUTE), "ended"),
        (call("ongoing", 9 * DAY + HOUR, participants=both(9 * DAY + HOUR, 9 * DAY, **OUT)), "ended"),
        (call("ongoing", 9 * DAY + HOUR, participants=both(9 * DAY + HOUR, 9 * DAY, **IN)), "ended"),
        (call("ongoing", 9 * DAY + HOUR, participants=both(9 * DAY + HOUR, 9 * DAY)), "ended"),
        (call("ongoing", 9 * DAY, participants=both(9 * DAY, **OUT)), "ended"),
        (call("ongoing", 9 * DAY, participants=both(9 * DAY, totalDurationInMinutes=3.5)), "ended"),
        (call("ongoing", HOUR, participants=both(HOUR, 2 * MINUTE, **OUT)), "ended"),
        (call("ongoing", HOUR, participants=both(HOUR, 30, **OUT)), "ongoing"),
        (call("ongoing", HOUR, participants=both(HOUR, totalDurationInMinutes=59.5)), "ongoing"),
        (call("ongoing", HOUR, participants=both(HOUR, totalDurationInMinutes=0)), "ongoing"),
        (call("ongoing", HOUR, participants=both(HOUR, 2 * HOUR, **IN)), "ongoing"),
        (
            call("ongoing", HOUR, participants=[entry("a", HOUR, 5 * MINUTE, **OUT), entry("b", HOUR, **IN)]),
            "ongoing",
        ),
        (call("ongoing", 90 * DAY), UNFINISHED),
        (call("ongoing", 90 * DAY, participants=both(90 * DAY, **IN)), UNFINISHED),
        (call("ongoing", 90 * DAY, participants=NOBODY), UNFINISHED),
        (call("ongoing", DAY), "ongoing"),
        (call("ongoing", DAY + 1), UNFINISHED),
        (call("ongoing", None, initiatedAt=NOW - DAY - 1), UNFINISHED),
        (
            call("ongoing", 3 * DAY, participants=[entry("a", 3 * DAY, **IN), entry("b", HOUR, **IN)]),
            "ongoing",
        ),
        (
            call(
                "ongoing", 3 * DAY, participants=[entry("a", 3 * DAY, HOUR, **OUT), entry("b", 3 * DAY, **IN)]
            ),
            "ongoing",
        ),
        # initiated
        (call("initiated", initiatedAt=NOW - 9 * DAY), "initiated"),
        (call("initiated", initiatedAt=NOW - HOUR, participants=NOBODY), "initiated"),
        (call("initiated", participants=CALLER), "initiated"),
        (call("initiated", participants=ALONE), "initiated"),
        (call("initiated", HOUR, participants=ALONE), "initiated"),
        (call("initiated", None, MINUTE, initiatedAt=NOW - HOUR), "initiated"),
        (call("initiated", participants=[entry("a", HOUR, **IN), entry("A", HOUR, **IN)]), "initiated"),
        (call("initiated", participants=both(HOUR, **IN)), "ongoing"),
        (call("initiated", participants=both(HOUR)), "ongoing"),
        (call("initiated", participants=[entry("", HOUR, **IN), entry("", HOUR, **IN)]), "ongoing"),
        (call("initiated", HOUR, MINUTE, participants=both(HOUR, **IN)), "ended"),
        (call("initiated", participants=both(9 * DAY, 8 * DAY, **OUT)), "ended"),
        (call("initiated", participants=both(90 * DAY, **IN)), UNFINISHED),
        (call("initiated", HOUR, totalParticipants=1), "initiated"),
        (call("initiated", HOUR, totalParticipants=2), "ongoing"),
        # what nobody is said to have taken
        *((call(status), status) for status in FINAL),
        *((call(status, HOUR, MINUTE), status) for status in FINAL),
        *((call(status, participants=NOBODY), status) for status in FINAL),
        *((call(status, HOUR, MINUTE, participants=CALLER), status) for status in FINAL),
        *((call(status, participants=both(2 * HOUR, HOUR, **OUT)), "ended") for status in FINAL),
        *((call(status, participants=both(2 * HOUR)), "ended") for status in FINAL),
        *((call(status, HOUR, MINUTE, participants=both(HOUR, **IN)), "ended") for status in FINAL),
        *((call(status, participants=both(HOUR, **IN)), "ongoing") for status in FINAL),
        *((call(status, participants=both(90 * DAY, **IN)), UNFINISHED) for status in FINAL),
        *((call(status, totalParticipants=2), "ended") for status in FINAL),
        (call("canceled", participants=both(2 * HOUR, HOUR)), "ended"),
        (
            call("rejected", participants=[*both(2 * HOUR, HOUR), entry("superhero3", state="rejected")]),
            "ended",
        ),
        # what says itself how it ended, or says nothing that is known
        (call("ended"), "ended"),
        (call("ended", HOUR, participants=both(HOUR, **IN)), "ended"),
        (call("ended", HOUR, MINUTE, participants=NOBODY), "ended"),
        (call("on_hold", HOUR, MINUTE, participants=both(HOUR, **IN)), "on_hold"),
        (call(None), None),
        (call(None, HOUR, MINUTE, participants=both(HOUR, MINUTE)), None),
        (call(None, HOUR, participants=both(HOUR, MINUTE)), None),
        (call(None, HOUR, participants=both(HOUR, **IN)), "ongoing"),
        (call(None, HOUR, participants=both(90 * DAY, **IN)), "ongoing"),
        (call(None, 90 * DAY, participants=both(90 * DAY, **IN)), UNFINISHED),
    ],
)
def test_a_call_s_state_is_what_the_whole_of_its_record_says(raw: Raw, status: str | None) -> None:
    assert settled(parse_call(raw), now=NOW).status == status


@pytest.mark.parametrize(
    ("raw", "ended"),
    [
        (call("ongoing", HOUR, MINUTE), MINUTE),
        (call("ongoing", 9 * DAY, participants=both(9 * DAY, 8 * DAY, **IN)), 8 * DAY),
        (
            call(
                "ongoing", HOUR, participants=[entry("a", HOUR, 40 * MINUTE), entry("b", HOUR, 50 * MINUTE)]
            ),
            40 * MINUTE,
        ),
        (call("ongoing", HOUR, participants=both(HOUR, totalDurationInMinutes=10)), 50 * MINUTE),
        (call("ongoing", HOUR, participants=[*both(HOUR, 40 * MINUTE), entry("c", HOUR, **OUT)]), None),
        (call("ongoing", HOUR, participants=both(HOUR, **OUT)), None),
        (call("unanswered", HOUR, participants=both(HOUR, 2 * MINUTE)), 2 * MINUTE),
        (call("unanswered", HOUR, MINUTE, participants=both(HOUR, 2 * MINUTE)), MINUTE),
        (call("ongoing", 90 * DAY, participants=both(90 * DAY, **IN)), None),
        (call("ended", HOUR, participants=both(HOUR, 2 * MINUTE)), None),
    ],
)
def test_a_call_that_everybody_has_left_ended_when_the_last_did(raw: Raw, ended: int | None) -> None:
    assert settled(parse_call(raw), now=NOW).ended_at == (None if ended is None else NOW - ended)


times = st.none() | st.sampled_from([NOW - 90 * DAY, NOW - HOUR, NOW - 30, NOW, NOW + HOUR])
entries = st.fixed_dictionaries(
    {
        "uid": st.sampled_from(["superhero1", "superhero2", ""]),
        "isJoined": st.none() | st.booleans(),
        "state": st.sampled_from(["ongoing", "ended", "unanswered", "odd", None]),
        "joinedAt": times,
        "leftAt": times,
        "totalDurationInMinutes": st.none() | st.sampled_from([0, 3.5, 62]),
    }
)
raw_calls = st.fixed_dictionaries(
    {
        "status": st.sampled_from(["ongoing", "initiated", "ended", "odd", None, *FINAL]),
        "startedAt": times,
        "endedAt": times,
        "participants": st.none() | st.lists(entries, max_size=3),
    }
)


@given(raw_calls)
def test_whatever_is_recorded_a_call_is_settled_once_and_nothing_else_of_it_changes(raw: Raw) -> None:
    before = parse_call(raw)
    after = settled(before, now=NOW)
    assert settled(after, now=NOW) == after
    assert (after.participants, after.began_at, after.mid) == (
        before.participants,
        before.began_at,
        before.mid,
    )
    assert after.ended_at == before.ended_at or before.ended_at is None
    if after.status == "ongoing":
        assert after.ended_at is None
