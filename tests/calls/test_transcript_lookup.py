"""Whose transcript is read, which files, and within what limits."""

import json
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calls.problems import Problem, ProblemKind
from bot.calls.transcript_lookup import Fault, TranscriptLookup, TranscriptResult
from bot.cometchat import (
    FILE_SECONDS,
    MAX_FILE,
    CallProblemError,
    FileGoneError,
    MisconfiguredError,
    NoAnswerInTimeError,
    SessionId,
    TooLargeError,
    TranscriptionPage,
    Uid,
    UnavailableError,
    UntrustedAddressError,
)
from bot.cometchat.parsing import parse_transcriptions
from bot.throttling.concurrency import TooBusyError
from tests.calls.test_lookup import STANDUP, TONY, Calls, lookup
from tests.throttling.people import Clock, throttled

AT = 1_763_812_800
BASE = "https://app.call-eu.cometchat.io/v3.0"
HOST = "https://transcripts.cometchat.io"
Raw = dict[str, Any]


class Spoken(Calls):
    """A CometChat with calls, transcriptions, and files by the end of their address."""

    def __init__(
        self,
        calls: Sequence[Raw],
        listed: Sequence[Raw] = (),
        files: dict[str, Any] | None = None,
        *,
        clock: Clock | None = None,
        per_page: int = 100,
    ) -> None:
        super().__init__(*calls)
        self.listed = parse_transcriptions(list(listed))
        self.files = files or {}
        self.clock = clock or Clock()
        self.per_page = per_page
        self.list_error: Exception | None = None
        self.pages: list[int] = []
        self.downloads: list[tuple[str, int, float]] = []

    async def list_transcriptions(
        self, session_id: SessionId, on_behalf_of: Uid, *, page: int = 1
    ) -> TranscriptionPage:
        assert (session_id, on_behalf_of) == (STANDUP, "superhero1")
        self.pages.append(page)
        if self.list_error:
            raise self.list_error
        first = (page - 1) * self.per_page
        return TranscriptionPage(self.listed[first : first + self.per_page], last=False)

    async def get_transcript_file(self, address: str, *, most: int, within: float) -> bytes:
        self.downloads.append((address, most, within))
        self.clock.now += 1
        content = self.files.get(address.rpartition("/")[2], UnavailableError())
        if isinstance(content, Exception):
            raise content
        return content if isinstance(content, bytes) else json.dumps(content).encode()


def call(number: int = 0, **more: Any) -> Raw:
    """Return the call of that hour, which Tony joined."""
    began = AT + number * 3600
    people = [{"uid": "superhero1", "isJoined": True}]
    return {"mid": f"m{number}", "startedAt": began, "endedAt": began + 600, "participants": people, **more}


def listed(tid: str, **more: Any) -> Raw:
    """Return a transcription whose file is `tid`."""
    return {"tid": tid, "mid": "m0", "transcriptUrl": f"{HOST}/{tid}", **more}


def said(text: str, at: int = 0) -> Raw:
    return {"speaker": "A", "text": text, "timestamp": AT + at}


async def read(cometchat: Spoken) -> TranscriptResult | Problem:
    look_up = TranscriptLookup(lookup(cometchat), throttled(cometchat), BASE, clock=cometchat.clock)
    return await look_up(TONY, STANDUP)


async def texts(cometchat: Spoken) -> list[str]:
    result = await read(cometchat)
    assert isinstance(result, TranscriptResult), result
    return [turn.text for turn in result.turns]


async def test_a_few_that_the_call_has_in_it_are_all_and_are_not_listed_again() -> None:
    embedded = call(transcriptions=[listed("b", startTime=AT + 9), listed("a", startTime=AT + 1)])
    cometchat = Spoken([embedded], files={"a": [said("One")], "b": [said("Two")]})
    assert await texts(cometchat) == ["One", "Two"]
    assert cometchat.pages == []


@pytest.mark.parametrize("others", [0, 1])
async def test_a_file_that_says_nothing_of_its_call_is_the_one_call_s_alone(others: int) -> None:
    of_others = [{**call(number), "participants": [{"uid": "superhero2"}]} for number in range(1, 1 + others)]
    cometchat = Spoken([call(), *of_others], [listed("a", mid=None)], {"a": [said("One")]})
    result = await read(cometchat)
    assert isinstance(result, Problem if others else TranscriptResult)
    assert len(cometchat.downloads) == 1 - others


async def test_five_may_not_be_all_and_no_file_is_read_twice() -> None:
    embedded = call(transcriptions=[listed(f"t{number}") for number in range(5)])
    every = [listed(f"t{number}") for number in range(7)]
    cometchat = Spoken(
        [embedded], every, {f"t{number}": [said(f"{number}")] for number in range(7)}, per_page=3
    )
    assert await texts(cometchat) == [str(number) for number in range(7)]
    assert cometchat.pages == [1, 2, 3, 4]


async def test_a_list_of_many_pages_is_read_to_its_end_but_not_for_ever() -> None:
    cometchat = Spoken([call()], [listed(f"t{number}") for number in range(40)], per_page=2)
    await read(cometchat)
    assert cometchat.pages == list(range(1, 11))
    cometchat = Spoken([call()], [listed("t")], {"t": [said("One")]})
    assert await texts(cometchat) == ["One"]
    assert cometchat.pages == [1, 2]


@pytest.mark.parametrize(
    ("error", "fault", "linked"),
    [
        (UntrustedAddressError(), Fault.UNTRUSTED, False),
        (FileGoneError(), Fault.GONE, False),
        (NoAnswerInTimeError(), Fault.LATE, True),
        (TooLargeError(), Fault.TOO_LARGE, True),
        (UnavailableError(), Fault.UNAVAILABLE, True),
        (b"<html>", Fault.NOT_UNDERSTOOD, True),
    ],
)
async def test_what_is_wrong_with_a_file_takes_nothing_from_the_others(
    error: CallProblemError | bytes,
    fault: Fault,
    linked: bool,  # noqa: FBT001 - a table
) -> None:
    cometchat = Spoken([call()], [listed("bad"), listed("good")], {"bad": error, "good": [said("One")]})
    result = await read(cometchat)
    assert isinstance(result, TranscriptResult)
    assert [turn.text for turn in result.turns] == ["One"]
    assert result.faults == (fault,)
    assert result.links == ((f"{HOST}/bad",) if linked else ()) + (f"{HOST}/good",)


async def test_an_address_that_is_not_cometchat_s_is_no_link() -> None:
    elsewhere = listed("t", transcriptUrl="https://evil.example/t")
    cometchat = Spoken([call()], [elsewhere], {"t": [said("One")]})
    result = await read(cometchat)
    assert isinstance(result, TranscriptResult)
    assert result.links == ()


async def test_size_and_time_are_limited_for_all_files_together() -> None:
    clock = Clock()
    files = {"a": [said("x" * 1_000)], "b": [said("Two")], "c": [said("Three")]}
    cometchat = Spoken([call()], [listed(each) for each in files], files, clock=clock)
    await read(cometchat)
    sizes = [most for _, most, _ in cometchat.downloads]
    assert sizes == [
        MAX_FILE,
        MAX_FILE - len(json.dumps(files["a"])),
        MAX_FILE - len(json.dumps(files["a"])) - len(json.dumps(files["b"])),
    ]
    assert [within for *_, within in cometchat.downloads] == [
        FILE_SECONDS,
        FILE_SECONDS - 1,
        FILE_SECONDS - 2,
    ]


async def test_errors_of_the_list_are_problems_and_a_server_without_lists_has_no_transcripts() -> None:
    cometchat = Spoken([call()])
    expected = {
        UnavailableError(status=500): ProblemKind.COMETCHAT_IN_TROUBLE,
        MisconfiguredError("key"): ProblemKind.MISCONFIGURED,
        MisconfiguredError("base URL"): ProblemKind.NO_TRANSCRIPT,
        TooBusyError(own=True): ProblemKind.TOO_MUCH_UNDER_WAY,
    }
    for cometchat.list_error, kind in expected.items():
        problem = await read(cometchat)
        assert isinstance(problem, Problem)
        assert problem.kind is kind


@pytest.mark.parametrize(
    ("raw", "there"),
    [
        ({"participants": [{"uid": "SUPERHERO1", "isJoined": True}]}, True),
        ({"participants": [{"uid": "superhero1", "joinedAt": AT}]}, True),
        (
            {
                "participants": [
                    {"uid": "superhero1", "isJoined": False},
                    {"uid": "superhero1", "isJoined": True},
                ]
            },
            True,
        ),
        ({"participants": [{"uid": "superhero1", "state": "rejected"}]}, False),
        ({"participants": [{"uid": "superhero1", "isJoined": False}], "initiator": "superhero1"}, False),
        ({"participants": [{"uid": "superhero2", "isJoined": True}], "initiator": "superhero1"}, True),
        ({"participants": [], "receiver": "superhero1", "status": "ended"}, True),
        ({"participants": [], "receiver": "superhero1", "startedAt": None, "status": "rejected"}, False),
    ],
)
async def test_a_transcript_is_for_those_who_were_in_the_call(raw: Raw, there: bool) -> None:  # noqa: FBT001 - a table
    cometchat = Spoken([call(**raw)], [listed("t")], {"t": [said("One")]})
    result = await read(cometchat)
    assert isinstance(result, TranscriptResult) is there
    if not there:
        assert isinstance(result, Problem)
        assert (result.kind, result.uid) == (ProblemKind.NOT_THERE, "superhero1")
        assert cometchat.downloads == []


async def test_a_file_that_says_nothing_of_itself_is_only_the_only_call_s() -> None:
    bare = {"transcriptUrl": f"{HOST}/t"}
    assert await texts(Spoken([call()], [bare], {"t": [said("One")]})) == ["One"]
    others = Spoken([call(1), call(0)], [bare], {"t": [said("One")]})
    problem = await read(others)
    assert isinstance(problem, Problem)
    assert problem.kind is ProblemKind.NO_TRANSCRIPT


@pytest.mark.parametrize("begins", [-100, 605])
async def test_the_file_of_a_short_call_right_before_or_after_this_one_is_not_this_one_s(begins: int) -> None:
    theirs = listed("theirs", mid=None, startTime=AT + begins, endTime=AT + begins + 90)
    problem = await read(Spoken([call()], [theirs], {"theirs": [said("Now that Tony is out", begins + 1)]}))
    assert isinstance(problem, Problem)
    assert problem.kind is ProblemKind.NO_TRANSCRIPT


_HOURS = range(3)


@given(
    there=st.lists(st.booleans(), min_size=3, max_size=3),
    shown=st.sets(st.sampled_from(_HOURS)),
    files=st.lists(
        st.tuples(
            st.sets(st.sampled_from(_HOURS), min_size=1),
            st.booleans(),
            st.booleans(),
            st.booleans(),
            st.booleans(),
        ),
        max_size=4,
    ),
)
async def test_whatever_is_listed_nobody_reads_what_was_said_in_a_call_that_they_were_not_in(
    there: list[bool], shown: set[int], files: list[tuple[set[int], bool, bool, bool, bool]]
) -> None:
    """Three calls of a session, an hour apart; CometChat shows those that Tony was in, and it may show others.

    A file is about some of the calls. It may have the `mid` of the one that it is about, its start, its end; what is said
    in it has Unix times, or none at all. One without `mid` and start is about the one call that there is, if it is one.
    """
    calls = [
        call(hour, participants=[{"uid": "superhero1", "isJoined": there[hour]}])
        for hour in _HOURS
        if there[hour] or hour in shown
    ]
    parts, contents = [], {}
    for number, (hours, has_mid, has_start, has_end, has_times) in enumerate(files):
        mid = {"mid": f"m{min(hours)}"} if has_mid and len(hours) == 1 else {}
        start = {"startTime": AT + min(hours) * 3600} if has_start or not mid else {}
        end = {"endTime": AT + max(hours) * 3600 + 600} if has_end else {}
        parts.append({"tid": str(number), "transcriptUrl": f"{HOST}/{number}", **mid, **start, **end})
        times = [hour * 3600 + 60 for hour in hours]
        contents[str(number)] = [
            said(f"hour {at // 3600}", at) if has_times else {"text": f"hour {at // 3600}"} for at in times
        ]
    result = await read(Spoken(list(reversed(calls)), parts, contents))
    if isinstance(result, Problem):
        return
    hour = (result.found.call.began_at or 0) // 3600 - AT // 3600
    assert there[hour]
    assert {turn.text for turn in result.turns} <= {f"hour {hour}"}
    for link in result.links:
        assert files[int(link.rpartition("/")[2])][0] == {hour}
