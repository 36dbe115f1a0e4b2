"""Faults of transcripts: of their list, of the server that has the files, and of what is in them."""

from __future__ import annotations

from bot.playground.samples.transcribed import ANOTHER_HOST, METADATA_ADDRESS
from bot.playground.scripted import Answer, Drop, Hang, error_body
from tests.faults.model import Cell, Entry, Fault, Group, Place, Transcribed

_HOST = "Try the address’s host from the bot’s machine: `transcripts.cometchat.io`, or the host of `COMETCHAT_BASE_URL`."
_ADDRESS = (
    "CometChat named an address elsewhere, or its name resolves to a private address. Nothing was sent there. If your "
    "transcripts are on a host of your own, that has to be the one of `COMETCHAT_BASE_URL`."
)
_LINK = "The person can still open the file by its link."
_TROUBLE = "The server with the transcript file isn’t responding right now."
_UNTRUSTED = "The transcript file isn’t on CometChat’s servers, so callinfo didn’t open it."
_UNKNOWN = "callinfo can’t read this transcript file."
_NONE = "This call has no transcript."


def _unreadable(name: str, cause: Transcribed, reads: str, code: str, to_do: str) -> Fault:
    log = {"outcome": "transcript_unreadable", "upstream_code": code}
    return Fault(
        f"Transcript: {name}", (cause,), to_do, {Entry.TRANSCRIPT: Cell(Place.WINDOW, (reads,), log)}
    )


def _none(name: str, cause: Transcribed, to_do: str) -> Fault:
    advice = "Transcription must be on in your CometChat app, and started during the call."
    cell = Cell(Place.WINDOW, (_NONE, advice), {"outcome": "no_transcript"})
    return Fault(f"Transcript: {name}", (cause,), to_do, {Entry.TRANSCRIPT: cell})


TRANSCRIPTS = Group(
    "Transcripts",
    "A call that can’t be looked up reads as above. A transcript’s file is another request, to another server; there, "
    "`upstream_code` says in a word what was wrong with it.",
    (
        _none(
            "there is none",
            Transcribed(any=False),
            "Nothing: CometChat has to switch transcription on for an app.",
        ),
        _none(
            "the API knows no transcripts",
            Transcribed(listed=Answer(404, error_body("ERR_API_NOT_FOUND", "No."))),
            "An on-premise CometChat that is older than transcription: update it.",
        ),
        Fault(
            "Transcript: the list fails",
            (Transcribed(listed=Answer(500, error_body("ERR_EXCEPTION", "No."))),),
            "Look at CometChat’s status page.",
            {
                Entry.TRANSCRIPT: Cell(
                    Place.WINDOW,
                    ("CometChat isn’t responding right now.",),
                    {"outcome": "cometchat_in_trouble", "upstream_code": "ERR_EXCEPTION"},
                )
            },
        ),
        _unreadable(
            "the file is gone",
            Transcribed(file=Answer(404, b"<Error>NoSuchKey</Error>")),
            "The transcript file no longer exists.",
            "gone",
            "Look in CometChat’s dashboard how long transcripts are kept.",
        ),
        _unreadable(
            "the file’s server has an error", Transcribed(file=Answer(500)), _TROUBLE, "unavailable", _HOST
        ),
        _unreadable("the file’s server hangs up", Transcribed(file=Drop()), _TROUBLE, "unavailable", _HOST),
        _unreadable(
            "the file does not come",
            Transcribed(file=Hang()),
            "The transcript file took longer than 5 seconds to load.",
            "late",
            f"{_HOST} {_LINK}",
        ),
        _unreadable(
            "the file is larger than 5 MB",
            Transcribed(content=b'{"events": [], "padding": "' + b"x" * 6_000_000 + b'"}'),
            "The transcript file is over 5 MB, too large to show here.",
            "too_large",
            f"Nothing. {_LINK}",
        ),
        _unreadable(
            "the file is no JSON",
            Transcribed(content=b"<html>"),
            _UNKNOWN,
            "not_understood",
            f"{_HOST} {_LINK}",
        ),
        _unreadable(
            "the file has an unknown shape",
            Transcribed(content={"version": 7}),
            _UNKNOWN,
            "not_understood",
            f"Report it as an issue, with the file’s keys and without its words. {_LINK}",
        ),
        _unreadable(
            "a redirect into the machine’s own network",
            Transcribed(file=Answer(302, b"", {"Location": METADATA_ADDRESS})),
            _UNTRUSTED,
            "untrusted",
            _ADDRESS,
        ),
        _unreadable(
            "a redirect to another host",
            Transcribed(file=Answer(302, b"", {"Location": ANOTHER_HOST})),
            _UNTRUSTED,
            "untrusted",
            _ADDRESS,
        ),
        _unreadable(
            "an address that is not CometChat’s",
            Transcribed(url=ANOTHER_HOST),
            _UNTRUSTED,
            "untrusted",
            _ADDRESS,
        ),
    ),
)
