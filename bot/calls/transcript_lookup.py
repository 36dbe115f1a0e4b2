"""The use case: read the transcript of a call, for a person who was in it.

Everything is asked anew each time: who the person is, the call, its transcriptions, their files. A call may have several
files, and a file without a `mid` may be about all calls of its session: then only what was said in this one is shown, and
its address, which would tell the rest, is not.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.calls import problems
from bot.calls.call_ref import CallRef
from bot.calls.lookup import Lookup, LookupResult
from bot.calls.problems import Problem
from bot.calls.status import was_there
from bot.calls.transcript import Turn, is_during, read_transcript
from bot.cometchat import (
    FILE_SECONDS,
    MAX_FILE,
    Call,
    CallProblemError,
    FileGoneError,
    MisconfiguredError,
    NoAnswerInTimeError,
    SessionId,
    TooLargeError,
    Transcription,
    TrustedAddresses,
    UntrustedAddressError,
)
from bot.identity import SlackUser
from bot.throttling.client import ThrottledClient
from bot.throttling.concurrency import TooBusyError

FILE_EDGE_SECONDS = 120
"""How long before its call a file may begin, or end after it, and be about no other."""
_EMBEDDED = 5
"""How many transcriptions a call itself may have: if it has fewer, these are all."""
_MAX_PAGES = 10


class Fault(StrEnum):
    """Why a file can't be shown: a word for the log."""

    UNTRUSTED = "untrusted"
    GONE = "gone"
    LATE = "late"
    TOO_LARGE = "too_large"
    UNAVAILABLE = "unavailable"
    NOT_UNDERSTOOD = "not_understood"


@dataclass(frozen=True, slots=True)
class TranscriptResult:
    """What was said in a call, as far as its files could be read.

    `links` are the addresses of files that are about this call alone: whoever has one can read it. `faults` say what went
    wrong with a file, one each.
    """

    found: LookupResult
    turns: tuple[Turn, ...]
    links: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class _File:
    part: Transcription
    shared: bool  # with other calls of the session


class TranscriptLookup:
    """Reads transcripts. `base_url` is where CometChat's API answers, `clock` is monotonic, in seconds."""

    def __init__(
        self,
        lookup: Lookup,
        client: ThrottledClient,
        base_url: str,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._lookup = lookup
        self._client = client
        self._trusted = TrustedAddresses(base_url)
        self._clock = clock

    async def __call__(
        self, user: SlackUser, session_id: SessionId, *, which: CallRef | None = None
    ) -> TranscriptResult | Problem:
        """Return the transcript of the session's newest call in which the user took part, or of `which`; else a problem."""
        found = await self._lookup(user, session_id, which=which)
        if isinstance(found, Problem):
            return found
        if not was_there(found.call, found.viewer):
            return replace(problems.not_there(), uid=found.viewer)
        try:
            listed = await self._transcriptions(user, found)
            files = _files(found, listed)
            if not files:
                return replace(_none(found.call), uid=found.viewer)
            return await self._read(user, found, files)
        except TooBusyError as busy:
            return problems.too_busy(busy)
        except CallProblemError as error:
            return replace(problems.from_cometchat(error), uid=found.viewer)

    async def _transcriptions(self, user: SlackUser, found: LookupResult) -> list[Transcription]:
        """Return the transcriptions of the session, each once; raises a CallProblemError, or TooBusyError."""
        embedded = found.call.transcriptions
        if 0 < len(embedded) < _EMBEDDED:
            return list(embedded)
        listed: dict[str, Transcription] = {}
        for number in range(1, _MAX_PAGES + 1):
            try:
                page = await self._client.list_transcriptions(
                    user, found.session_id, found.viewer, page=number
                )
            except MisconfiguredError as error:
                if error.what != "base URL":
                    raise
                break  # the call was found there: so this server knows no transcriptions
            new = {_key(each): each for each in page.transcriptions if _key(each) not in listed}
            listed |= new
            if page.last or not new:
                break
        return list(({_key(each): each for each in embedded} | listed).values())

    async def _read(self, user: SlackUser, found: LookupResult, files: Iterable[_File]) -> TranscriptResult:
        """Download the files, one after the other: the limits of size and time are for all of them together."""
        turns: list[Turn] = []
        links: list[str] = []
        faults: list[Fault] = []
        left, until = MAX_FILE, self._clock() + FILE_SECONDS
        for file in files:
            fault: Fault | None = None
            try:
                body = await self._client.get_transcript_file(
                    user, file.part.url or "", most=left, within=until - self._clock()
                )
            except CallProblemError as error:
                fault = _FAULTS.get(type(error), Fault.UNAVAILABLE)
            else:
                left -= len(body)
                # In a thread: 5 MB of the oddest shape take seconds, for which nobody else would be answered
                read = await asyncio.to_thread(
                    read_transcript, body, found.call, file.part, only_during=file.shared
                )
                turns += read or ()
                fault = Fault.NOT_UNDERSTOOD if read is None else None
            if fault:
                faults.append(fault)
            address = None if file.shared or fault in _NO_LINK else self._trusted.parse(file.part.url or "")
            links += [str(address)] if address else []
        return TranscriptResult(found, tuple(turns), tuple(links), tuple(faults))


_FAULTS: dict[type[CallProblemError], Fault] = {
    UntrustedAddressError: Fault.UNTRUSTED,
    FileGoneError: Fault.GONE,
    NoAnswerInTimeError: Fault.LATE,
    TooLargeError: Fault.TOO_LARGE,
}


_NO_LINK = frozenset({Fault.UNTRUSTED, Fault.GONE})


def _key(part: Transcription) -> str:
    return part.tid or part.url or ""


def _files(found: LookupResult, listed: Iterable[Transcription]) -> list[_File]:
    """Return the files about this call, the earliest first."""
    files = [each for part in listed if (each := _file(found, part))]
    return sorted(files, key=lambda file: file.part.started_at or 0)


def _file(found: LookupResult, part: Transcription) -> _File | None:
    """Return the file if it is about this call: by its `mid`, else by its times.

    The session may have calls that CometChat does not show this person, so only a file without either is taken for the
    call's because there is no other.
    """
    call = found.call
    if part.mid and call.mid:
        return _File(part, shared=False) if part.mid == call.mid else None
    if part.started_at is None or call.began_at is None:
        return _File(part, shared=False) if found.alone else None
    if not _overlaps(call, part.started_at, part.ended_at):
        return None  # a short call of others, right before or after this one
    within = all(is_during(call, at, FILE_EDGE_SECONDS) for at in (part.started_at, part.ended_at))
    return _File(part, shared=not within)


def _overlaps(call: Call, start: int, end: int | None) -> bool:
    before = end is not None and call.began_at is not None and end < call.began_at
    after = call.ended_at is not None and call.ended_at < start
    return not before and not after


def _none(call: Call) -> Problem:
    return problems.no_transcript(expected=bool(call.has_transcription), over=call.ended_at is not None)
