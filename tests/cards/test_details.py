"""The Details modal: sound for whatever the data, and what it says."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calls.lookup import LookupResult
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


@given(hostile_calls, st.integers(0, 5))
def test_no_call_data_breaks_the_details(raw: dict[str, Any], page: int) -> None:
    assert_sound_view(details(found(raw), now=NOW, page=page, recording_hosts=HOSTS))


def links(raw: dict[str, Any], hosts: tuple[str, ...] = HOSTS) -> list[str]:
    view = details(found(raw), now=NOW, recording_hosts=hosts)
    sections = [element for block in view["blocks"] for element in block.get("elements", [])]
    return [
        leaf["url"]
        for section in sections
        for leaf in section.get("elements", [])
        if leaf.get("type") == "link"
    ]


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
            "u1", isJoined=True, joinedAt=NOW, leftAt=NOW + 60, totalAudioMinutes=1, deviceId="dev/1"
        )
    ]
    raw = call_json(
        initiator="u1", receiver="team", receiverType="group", mid="m-1", initiatedAt=NOW - 5, startedAt=NOW,
        endedAt=NOW + 60, totalAudioMinutes=1, totalVideoMinutes=0, hasTranscription=True, participants=people,
    )  # fmt: skip
    shown = str(details(found(raw), now=NOW))
    for words in (
        "Rang: ",
        "Started: ",
        "Ended: ",
        "Audio 1 min",
        "Video 0 s",
        "'yes'",
        "m-1",
        "u1",
        "team",
        "dev/1",
    ):
        assert words in shown
    assert "Group id: " in shown


def test_a_page_that_is_not_there_is_the_last() -> None:
    people = [participant_json(f"u{n}") for n in range(60)]
    assert "Participants 51 to 60 of 60" in str(
        details(found(call_json(participants=people)), now=NOW, page=9)
    )


@pytest.mark.parametrize(
    ("recording", "words"),
    [({"rid": "r2"}, "time not known · no link that callinfo trusts · r2"), ({"startTime": NOW}, "no link")],
)
def test_a_recording_always_says_something(recording: dict[str, Any], words: str) -> None:
    view = details(found(call_json(recordings=[recording])), now=NOW, recording_hosts=HOSTS)
    texts = [leaf.get("text") or "" for leaf in _leaves(view) if leaf.get("type") == "text"]
    assert words in "".join(texts)


def test_each_page_tells_the_ids_of_those_it_shows() -> None:
    people = [participant_json(f"uid-{n}", name="Sam", deviceId=f"dev-{n}") for n in range(60)]
    second = str(details(found(call_json(participants=people)), now=NOW, page=1))
    assert "dev-55" in second
    assert "uid-55" in second
    assert "dev-5'" not in second
