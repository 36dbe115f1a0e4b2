"""CometChat's changed answers through the pure parts: bytes, calls, cards; fast, and in this process."""

from __future__ import annotations

import json
import traceback
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from bot.calls.lookup import LookupResult
from bot.calls.transcript import read_transcript
from bot.calls.transcript_lookup import TranscriptResult
from bot.cards.call_buttons import Place
from bot.cards.details import details
from bot.cards.kit.limits import violations
from bot.cards.kit.message import Message
from bot.cards.share import shared_summary
from bot.cards.summary import summary
from bot.cards.transcript import Shows, transcript
from bot.cometchat import CallProblemError, SessionId, Transcription, Uid
from bot.cometchat.wire import parse_calls
from fuzz import marks
from fuzz.answers import NOW, Reply, answer
from fuzz.spoken import file

VIEWER = Uid("superhero1")
HOSTS = ("cometchat.io",)


@dataclass(frozen=True, slots=True)
class Broken:
    """An answer that the pure parts do not bear: why, and the smallest one that does it."""

    number: int
    reason: str
    reply: Reply


def check(seed: int, number: int) -> Broken | None:
    """Take a case's answer through; return what went wrong, with as few steps as show it."""
    left_out: frozenset[int] = frozenset()
    reason = _reason(answer(seed, number))
    if reason is None:
        return None
    for place in range(len(answer(seed, number).steps)):
        if again := _reason(answer(seed, number, left_out | {place})):
            left_out, reason = left_out | {place}, again
    return Broken(number, reason, answer(seed, number, left_out))


def _reason(reply: Reply) -> str | None:
    headers = {name.lower(): value for name, value in reply.headers.items()}
    try:
        calls = parse_calls(reply.status, headers, reply.body)
    except CallProblemError as error:
        return _complaint(str(error), marks.NOWHERE, "the error's text")
    except Exception:  # noqa: BLE001 - that there is none is what is tested
        return traceback.format_exc()
    try:
        for call in calls:
            found = LookupResult(SessionId("fuzz-1"), VIEWER, call, len(calls), None, 200)
            if complaint := _complaint_about(found):
                return complaint
    except Exception:  # noqa: BLE001 - as above
        return traceback.format_exc()
    return None


def _complaint_about(found: LookupResult) -> str | None:
    messages = (summary(found, now=NOW, place=Place("1.2")), shared_summary(found, now=NOW, sharer="U0TONY"))
    for message in messages:
        if complaint := _of_message(message):
            return complaint
    for page in (0, 1):
        view = details(found, now=NOW, page=page, ids=bool(page), recording_hosts=HOSTS)
        if wrong := violations(view, "modal"):
            return f"the details: {wrong[0]}"
        if complaint := _complaint(json.dumps(view), marks.IN_FILLED_VIEWS, "the details"):
            return complaint
    return _complaint_about_words(found) or _complaint(
        repr(found), marks.IN_MESSAGES, "the repr of what was found"
    )


def _complaint_about_words(found: LookupResult) -> str | None:
    """Take a changed transcript of the call through, by the number of its participants and its start."""
    number = len(found.call.participants) * 1_000 + (found.call.began_at or 0) % 1_000
    body = file(1, number).body
    for only_during in (False, True):
        turns = read_transcript(body, found.call, Transcription(), only_during=only_during) or ()
        for query in ("", "planted morning"):
            view = transcript(TranscriptResult(found, turns), Shows(None, query), now=NOW, number=1)
            if wrong := violations(view, "modal"):
                return f"the transcript: {wrong[0]}"
            if complaint := _complaint(json.dumps(view), marks.IN_FILLED_VIEWS, "the transcript"):
                return complaint
    return None


def _of_message(message: Message) -> str | None:
    if wrong := violations(message.as_json(), "message"):
        return f"a message: {wrong[0]}"
    return _complaint(json.dumps(message.as_json()), marks.IN_MESSAGES, "a message")


def _complaint(text: str, allowed: AbstractSet[str], where: str) -> str | None:
    found = marks.leaked(text, allowed)
    return f"{where} has a planted {', '.join(sorted(found))} in it" if found else None
