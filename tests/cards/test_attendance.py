"""Who was in a call and how long: what the API told, and no more."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards.attendance import Attendee, attendees
from bot.cometchat.parsing import parse_call

NOW = 1_763_812_800
MINUTE, HOUR, DAY = 60, 3600, 24 * 3600
START = NOW - 2 * HOUR
END = START + 62 * MINUTE

Raw = dict[str, Any]


def entry(uid: str = "superhero1", *, at: int = 0, **more: Any) -> Raw:
    """Return somebody who joined so many seconds after the start."""
    return {"uid": uid, "isJoined": True, "joinedAt": START + at, "deviceId": "phone", **more}


def people(*entries: Raw, **call: Any) -> tuple[Attendee, ...]:
    raw = {"status": "ended", "startedAt": START, "endedAt": END, "participants": list(entries), **call}
    return attendees(parse_call(raw), now=NOW)


def spans(who: Attendee) -> list[tuple[int, int]]:
    """Return when they were there, in seconds after the start."""
    return [(start - START, end - START) for start, end in who.spans]


GOING_ON = {"status": "ongoing", "endedAt": None}
WHOLE, SO_FAR = 62 * MINUTE, 2 * HOUR


@pytest.mark.parametrize(
    ("call", "entries", "stays", "seconds", "left"),
    [
        # One entry of an ended call
        ({}, [entry(leftAt=START + 300)], [(0, 300)], 300, 300),
        ({}, [entry(totalDurationInMinutes=3.5)], [(0, 210)], 210, 210),
        ({}, [entry(totalDuration=3.5)], [(0, 210)], 210, 210),
        ({}, [entry(totalDurationInMinutes=3.5, state="ongoing")], [(0, 210)], 210, 210),
        ({}, [entry(totalDurationInMinutes=3.5, state="ended")], [(0, 210)], 210, 210),
        ({}, [entry(totalDurationInMinutes=3.5, leftAt=0)], [(0, 210)], 210, 210),
        ({}, [entry(totalDurationInMinutes=3.5, leftAt="")], [(0, 210)], 210, 210),
        ({}, [entry(totalDurationInMinutes=3.5, leftAt=START - 1)], [(0, 210)], 210, 210),
        ({}, [entry(totalDurationInMinutes=3.5, leftAt=START + 300)], [(0, 300)], 300, 300),
        ({}, [entry(at=600, totalDurationInMinutes=3.5)], [(600, 810)], 210, 810),
        ({}, [entry(at=60 * MINUTE, totalDurationInMinutes=10)], [(60 * MINUTE, WHOLE)], 120, WHOLE),
        ({}, [entry(totalDurationInMinutes=0, state="ended")], [(0, 0)], 0, 0),
        ({}, [entry(totalDurationInMinutes=0)], [(0, 0)], 0, 0),
        ({}, [entry(totalDurationInMinutes=3.5, totalAudioMinutes=5)], [(0, 210)], 210, 210),
        ({}, [entry(totalVideoMinutes=3.5)], [(0, WHOLE)], WHOLE, None),
        ({}, [entry(leftAt=END + 50 * MINUTE)], [(0, WHOLE)], WHOLE, WHOLE),
        ({}, [entry(isJoined=False)], [], None, None),
        ({}, [entry(isJoined=False, joinedAt=None, totalDurationInMinutes=3.5)], [], None, None),
        ({}, [entry(isJoined=False, leftAt=START)], [], None, None),
        ({}, [entry(totalDurationInMinutes=0, state="ongoing")], [(0, WHOLE)], WHOLE, None),
        ({}, [entry()], [(0, WHOLE)], WHOLE, None),
        ({"endedAt": None}, [entry()], [], None, None),
        ({"endedAt": None}, [entry(totalDurationInMinutes=3.5)], [(0, 210)], 210, 210),
        ({}, [entry(joinedAt=None, totalDurationInMinutes=3.5)], [], 210, None),
        ({}, [entry(joinedAt=None, totalDurationInMinutes=110)], [], WHOLE, None),
        ({"endedAt": START - 1}, [entry(joinedAt=None, totalDurationInMinutes=3.5)], [], 210, None),
        ({}, [entry(joinedAt=END + 2, leftAt=END + 60)], [(WHOLE + 2, WHOLE + 60)], 58, WHOLE + 60),
        ({}, [entry(joinedAt=None, leftAt=START + 300)], [], None, 300),
        ({}, [entry(joinedAt=END + 60)], [], None, None),
        # Several
        (
            {},
            [entry(totalDurationInMinutes=0), entry(at=600, leftAt=START + 900)],
            [(0, 900)],
            900,
            900,
        ),
        ({}, [entry(), entry(at=600, leftAt=START + 900)], [(0, 900)], 900, 900),
        (
            {},
            [entry(totalDurationInMinutes=5), entry(at=600, leftAt=START + 900)],
            [(0, 300), (600, 900)],
            600,
            900,
        ),
        ({}, [entry(totalDurationInMinutes=20), entry(at=600, leftAt=START + 900)], [(0, 900)], 900, 900),
        (
            {},
            [entry(totalDurationInMinutes=3), entry(at=600, totalDurationInMinutes=2), entry(at=900)],
            [(0, 180), (600, 720), (900, WHOLE)],
            180 + 120 + WHOLE - 900,
            None,
        ),
        ({}, [entry(), entry(at=600, leftAt=START + 900, deviceId="desk")], [(0, WHOLE)], WHOLE, None),
        (
            {},
            [entry(totalDurationInMinutes=20), entry(at=600, leftAt=START + 660, deviceId="desk")],
            [(0, 1200)],
            1200,
            1200,
        ),
        ({}, [entry(deviceId=None), entry(at=600, leftAt=START + 900)], [(0, 900)], 900, 900),
        ({}, [entry(), entry(at=600, leftAt=START + 900, deviceId=None)], [(0, 900)], 900, 900),
        ({}, [entry(state="ongoing"), entry(at=600, leftAt=START + 900)], [(0, 900)], 900, 900),
        ({}, [entry(leftAt=START + 700), entry(at=600, leftAt=START + 900)], [(0, 900)], 900, 900),
        (
            {"endedAt": None},
            [entry(leftAt=START + 300), entry(at=600, deviceId="desk")],
            [(0, 300)],
            None,
            None,
        ),
        (
            {},
            [entry(leftAt=START + 300), entry(joinedAt=None, totalDurationInMinutes=2)],
            [(0, 300)],
            420,
            None,
        ),
        # A call that goes on
        (GOING_ON, [entry(state="ongoing")], [(0, SO_FAR)], SO_FAR, None),
        (GOING_ON, [entry(state="ongoing", totalDurationInMinutes=0)], [(0, SO_FAR)], SO_FAR, None),
        (GOING_ON, [entry(state="ended", totalDurationInMinutes=5)], [(0, 300)], 300, 300),
        (GOING_ON, [entry(state="ended", leftAt=START + 300)], [(0, 300)], 300, 300),
        (GOING_ON, [entry(state="ongoing", leftAt=START + 300)], [(0, 300)], 300, 300),
        (GOING_ON, [entry(state="ended")], [], None, None),
        (GOING_ON, [entry()], [], None, None),
        (GOING_ON, [entry(totalDurationInMinutes=0)], [], None, None),
        (GOING_ON, [entry(totalDurationInMinutes=5)], [(0, 300)], 300, 300),
        (GOING_ON, [entry(state="ongoing", joinedAt=None)], [], None, None),
        (GOING_ON, [entry(state="ongoing", joinedAt=NOW - 90 * DAY)], [], None, None),
        (GOING_ON, [entry(state="ongoing", joinedAt=NOW + 60)], [], None, None),
        (GOING_ON, [entry(state="ended"), entry(at=600, state="ongoing")], [(0, SO_FAR)], SO_FAR, None),
        (GOING_ON, [entry(state="ongoing"), entry(at=600, leftAt=START + 900)], [(0, 900)], 900, 900),
        (
            GOING_ON,
            [entry(state="ongoing", deviceId=None), entry(at=600, leftAt=START + 900, deviceId=None)],
            [(0, SO_FAR)],
            SO_FAR,
            None,
        ),
        (
            GOING_ON,
            [entry(totalDurationInMinutes=5, state="ended"), entry(at=600, state="ongoing")],
            [(0, 300), (600, SO_FAR)],
            300 + SO_FAR - 600,
            None,
        ),
        # Only a call that goes on runs to now
        ({"status": "ongoing"}, [entry(state="ongoing")], [(0, WHOLE)], WHOLE, None),
        ({"status": "unfinished", "endedAt": None}, [entry(state="ongoing")], [], None, None),
        ({"status": "initiated", "endedAt": None}, [entry(state="ongoing")], [], None, None),
    ],
)
def test_a_stay_is_as_long_as_is_told(
    call: Raw, entries: list[Raw], stays: list[tuple[int, int]], seconds: float | None, left: int | None
) -> None:
    (who,) = people(*entries, **call)
    assert (spans(who), who.seconds) == (stays, seconds)
    assert who.left_at == (None if left is None else START + left)


@pytest.mark.parametrize(
    ("entries", "state"),
    [
        ([entry(state="ongoing")], "ongoing"),
        ([entry(state="ongoing", leftAt=START + 300)], "ended"),
        ([entry(state="ongoing"), entry(at=600, state="ended", leftAt=START + 900)], "ended"),
        ([entry(state="ended", leftAt=START + 300), entry(at=600, state="ongoing")], "ongoing"),
        ([entry(isJoined=False, joinedAt=None, state="rejected")], "rejected"),
        ([entry()], None),
    ],
)
def test_who_has_left_is_not_in_the_call(entries: list[Raw], state: str | None) -> None:
    (who,) = people(*entries, **GOING_ON)
    assert who.state == state


@pytest.mark.parametrize(
    ("call", "state"),
    [
        (GOING_ON, "ongoing"),
        ({"status": "initiated", "startedAt": None, "initiatedAt": NOW - 30, "endedAt": None}, "ongoing"),
        ({"status": "initiated", "startedAt": None, "initiatedAt": NOW - 600, "endedAt": None}, "ended"),
        ({"status": "initiated", "endedAt": None}, "ended"),
        ({"status": "unfinished", "endedAt": None}, "ended"),
        ({}, "ended"),
    ],
)
def test_nobody_is_in_a_call_that_neither_goes_on_nor_rings(call: Raw, state: str) -> None:
    (who,) = people(entry(state="ongoing"), **call)
    assert who.state == state


def test_an_ended_stay_does_not_grow() -> None:
    call = parse_call(
        {
            "status": "ongoing",
            "startedAt": START,
            "participants": [entry(state="ended", totalDurationInMinutes=5)],
        }
    )
    assert [attendees(call, now=NOW + later)[0].seconds for later in (0, 60, 3600)] == [300, 300, 300]


def test_devices_belong_to_one_person_by_their_uid_alone() -> None:
    told = people(
        entry("Superhero1"),
        entry("superhero1", at=9),
        entry("superhero10"),
        entry("kirk"),
        entry("\u212airk"),
    )
    assert [who.uid for who in told] == ["Superhero1", "superhero10", "kirk", "\u212airk"]
    assert [who.devices for who in told] == [2, 1, 1, 1]


def test_a_person_of_very_many_devices_is_reckoned_in_one_pass() -> None:
    """Each device held against all the others would take minutes."""
    raw = [entry(at=number % WHOLE, deviceId=f"d{number % 7}") for number in range(8_000)]
    entries = [parse_call({"participants": [each]}).participants[0] for each in raw]
    call = replace(
        parse_call({"startedAt": START, "endedAt": START + WHOLE}), participants=tuple(5 * entries)
    )
    (who,) = attendees(call, now=NOW)
    assert (who.devices, spans(who)) == (40_000, [(0, WHOLE)])


moments = st.none() | st.integers(0, 2 * HOUR).map(lambda ago: NOW - ago)
hostile = st.fixed_dictionaries(
    {
        "uid": st.just("superhero1"),
        "isJoined": st.just(True),  # noqa: FBT003 - a value
        "state": st.sampled_from(["ongoing", "ended", None]),
        "joinedAt": moments,
        "leftAt": moments,
        "totalDurationInMinutes": st.none() | st.floats(0, 300),
        "deviceId": st.sampled_from(["phone", "desk", None]),
    }
)


@given(st.lists(hostile, min_size=1, max_size=4), st.sampled_from(["ended", "ongoing"]), moments)
def test_stays_are_in_order_apart_and_never_in_the_future(
    entries: list[Raw], status: str, ended: int | None
) -> None:
    raw = {"status": status, "endedAt": ended, "participants": entries}
    (who,) = attendees(parse_call(raw), now=NOW)
    for (_, end), (start, _) in zip(who.spans, who.spans[1:], strict=False):
        assert end < start
    for start, end in who.spans:
        assert start <= end
    known = [each["leftAt"] for each in entries if each["leftAt"]]
    told = [
        each["joinedAt"] + round(each["totalDurationInMinutes"] * 60)
        for each in entries
        if each["joinedAt"] and each["totalDurationInMinutes"] is not None
    ]
    assert all(end <= max(NOW, *known, *told, 0) for _, end in who.spans)
