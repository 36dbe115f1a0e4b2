"""The Details modal: sound for whatever the data, and what it says."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calls.call_ref import CallRef
from bot.calls.lookup import LookupResult
from bot.calls.search_form import SearchState
from bot.cards.details import details
from bot.cometchat import SessionId, Uid
from bot.cometchat.parsing import parse_call
from bot.playground.samples import call_json, participant_json
from tests.cards.hostile import (
    _leaves,
    assert_sound_view,
    hostile_calls,
)

NOW = 1_763_812_800
HOSTS = ("cometchat.io", "calls.example.com")


def found(raw: dict[str, Any], of: int = 1) -> LookupResult:
    return LookupResult(SessionId("standup"), Uid("superhero1"), parse_call(raw), of, None, 200)


@given(hostile_calls, st.integers(0, 5), st.booleans())
def test_no_call_data_breaks_the_details(raw: dict[str, Any], page: int, ids: object) -> None:
    about = SearchState(call=CallRef(SessionId("x" * 255))) if page else None
    view = details(found(raw), now=NOW, page=page, ids=bool(ids), recording_hosts=HOSTS, about=about)
    assert_sound_view(view)


def links(raw: dict[str, Any], hosts: tuple[str, ...] = HOSTS) -> list[str]:
    view = details(found({"initiator": "superhero1", **raw}), now=NOW, recording_hosts=hosts)
    return [leaf["url"] for leaf in _leaves(view["blocks"]) if "url" in leaf]


def said(raw: dict[str, Any], *, page: int = 0, ids: bool = False) -> list[str]:
    """Return the lines that stand there, times in UTC."""
    view = details(found(raw), now=NOW, page=page, ids=ids, recording_hosts=HOSTS)
    lines = [
        "".join(part.get("text") or part.get("fallback", "") for part in line["elements"])
        for block in view["blocks"]
        if block["type"] == "rich_text"
        for line in block["elements"]
    ]
    return [str(view["blocks"][0]["text"]["text"]), *lines]


@pytest.mark.parametrize(
    "url",
    [
        "https://recordings-eu.cometchat.io/a.mp4",
        "https://cometchat.io/a.mp4?x=1",
        "https://calls.example.com:443/a",
        "https://R.COMETCHAT.IO/a",
    ],
)
def test_a_recording_on_cometchat_s_or_the_configured_host_is_linked(url: str) -> None:
    assert links(call_json(recordings=[{"recording_url": url}])) == [url]


@pytest.mark.parametrize(
    "url",
    [
        "http://recordings-eu.cometchat.io/a.mp4",
        "https://evilcometchat.io/a",
        "https://cometchat.io.evil.example/a",
        "https://cometchat.io@evil.example/a",
        "https://user:pass@cometchat.io/a",
        "https://cometchat.io:8443/a",
        "https://cometchat.io:99999999/a",
        "https://[cometchat.io/a",
        "javascript:alert(1)",
        "https://cometchat.io/a b",
        "https://cometchat.io/a|b",
        "https://cometchat.io/<x>",
        "https://cometchat.io/é",
        "https://cometchat.io/" + "x" * 2000,
        "https://evil.example\\@cometchat.io/",
        "",
        None,
    ],
)
def test_any_other_address_is_not_linked(url: str | None) -> None:
    assert links(call_json(recordings=[{"rid": "r", "recording_url": url}])) == []


def test_a_recording_says_when_and_how_long_by_its_times_and_not_by_its_duration() -> None:
    raw = call_json(recordings=[{"startTime": NOW, "endTime": NOW + 90, "duration": 999}])
    shown = str(details(found(raw), now=NOW))
    assert "1 min 30 s" in shown
    assert "999" not in shown


def test_the_details_tell_all_that_is_known_of_a_call() -> None:
    people = [
        participant_json(
            "u1",
            name="Ada",
            joinedAt=NOW + start,
            leftAt=NOW + end,
            totalDuration=(end - start) / 60,
            deviceId=f"dev/{start}",
        )
        for start, end in ((0, 600), (900, 1800))
    ]
    raw = call_json(
        initiator="u1", receiver={"guid": "team", "name": "Team"}, receiverType="group", mid="m-1",
        initiatedAt=NOW - 5, startedAt=NOW, endedAt=NOW + 1800, totalAudioMinutes=0, totalVideoMinutes=12.5,
        hasTranscription=True, participants=[*people, participant_json("superhero1", isJoined=False, state="rejected")],
    )  # fmt: skip
    assert said(raw) == [
        "✅ Team · 30 min",
        "Group audio call started by Ada · Nov 22, 2025 at 12:00 UTC – 12:30 UTC",
        "Rang for 5 s · Video 12 min 30 s",
        "1 of 2 joined · Transcript",
        "Ada u1 · 12:00 UTC–12:10 UTC, 12:15 UTC–12:30 UTC · 25 min · 2 devices",
        "superhero1 (you) · declined",
    ]
    assert said(raw, ids=True)[6:] == [
        "Session id: standup",
        "Call id: m-1",
        "Caller id: u1",
        "Group id: team",
        "Device of u1: dev/0",
        "Device of u1: dev/900",
        "Device of superhero1: " + str(raw["participants"][2]["deviceId"]),
        "Devices that joined: 2",
    ]


@pytest.mark.parametrize(
    ("stayed", "drawn"),
    [((600, 600), False), ((600, 60), False), ((600, 600, 590), False), ((600, 600, 60), True)],
)
def test_there_is_a_picture_where_more_than_two_came_and_not_everybody_stayed(
    stayed: tuple[int, ...], drawn: object
) -> None:
    people = [
        participant_json(f"u{number}", joinedAt=NOW, leftAt=NOW + seconds)
        for number, seconds in enumerate(stayed)
    ]
    raw = call_json(startedAt=NOW, endedAt=NOW + 600, participants=people)
    assert ("rich_text_preformatted" in str(details(found(raw), now=NOW))) is drawn


def test_a_call_of_which_next_to_nothing_is_known_says_what_is() -> None:
    assert said({"status": "ended", "totalDurationInMinutes": 5}) == ["✅ Call · 5 min"]


@pytest.mark.parametrize("status", ["busy", "cancelled", "initiated"])
def test_of_whom_had_no_chance_nothing_is_said(status: str) -> None:
    callee = participant_json("u2", isJoined=False, state="unanswered")
    raw = call_json(status=status, initiatedAt=NOW, startedAt=None, endedAt=None, participants=[callee])
    assert said(raw)[-1] == "u2"


@pytest.mark.parametrize(
    ("about", "action"),
    [(SearchState(), "find_back"), (SearchState(call=CallRef(SessionId("standup"))), "found_call")],
)
def test_in_find_a_call_it_leads_back_to_what_was_there(about: SearchState, action: str) -> None:
    view = details(found(call_json()), now=NOW, about=about)
    assert [each["action_id"] for each in view["blocks"][-1]["elements"]] == [action, "call_details"]
    assert SearchState.from_text(view["private_metadata"]) == about


def test_a_page_that_is_not_there_is_the_last() -> None:
    people = [participant_json(f"u{n}") for n in range(60)]
    assert "Participants 51 to 60 of 60" in str(
        details(found(call_json(participants=people)), now=NOW, page=9)
    )


@pytest.mark.parametrize(
    ("recording", "words"),
    [
        ({"rid": "r2"}, "Recording · time unknown · no link that callinfo trusts"),
        ({"startTime": NOW}, "Recording · Nov 22, 2025 at 12:00 UTC · no link that callinfo trusts"),
    ],
)
def test_a_recording_always_says_something(recording: dict[str, Any], words: str) -> None:
    assert words in said(call_json(recordings=[recording]))


def test_each_of_several_recordings_has_its_button_and_everybody_is_told_who_can_watch() -> None:
    urls = [f"https://r.cometchat.io/{number}" for number in range(30)]
    raw = call_json(recordings=[{"recording_url": url} for url in urls])
    assert links(raw) == urls[:20]
    assert "Watch recording 20" in str(details(found(raw), now=NOW, recording_hosts=HOSTS))
    assert said(raw)[3:5] == ["Recording 1 · time unknown", "Recording 2 · time unknown"]
    assert "Anyone with the link can watch." in said(raw)


def test_who_was_called_and_did_not_join_is_shown_no_recording() -> None:
    me = participant_json("superhero1", isJoined=False, state="unanswered")
    raw = call_json(participants=[me], recordings=[{"recording_url": "https://r.cometchat.io/1"}])
    assert links(raw) == []


def test_each_page_tells_the_ids_of_those_it_shows() -> None:
    people = [participant_json(f"uid-{n}", name="Sam", deviceId=f"dev-{n}") for n in range(60)]
    second = str(details(found(call_json(participants=people)), now=NOW, page=1, ids=True))
    assert "dev-55" in second
    assert "uid-55" in second
    assert "dev-5'" not in second
