"""Reads a transcript's file: who said what, and when (pure).

The file's shape is not documented. By its names it is that of Jitsi's events (https://github.com/jitsi/skynet), and lists
of segments or utterances are as usual. So whatever is there is read tolerantly, and what makes no sense is left out.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.cometchat import Call, Transcription, lower_uid

LONGEST_TURN = 800
"""A turn that is longer, in characters, goes on in the next: twenty of these are as much as a modal should show."""

WORD_EDGE_SECONDS = 30
"""How far the clocks of CometChat's servers may be apart: what was said so long before or after is still of the call."""

_LISTS = ("events", "segments", "utterances", "transcript", "results", "data")
_TIMES = ("timestamp", "start", "start_time", "startTime", "offset", "time")
_SURROGATES = re.compile("[\ud800-\udfff]")
_CLOCK = re.compile(r"(?:(\d{1,4}):)?(\d{1,4}):(\d{1,2}(?:\.\d{1,9})?)")
_EPOCH_FROM = 1e9  # as a time in a call this would be 31 years
_MILLISECONDS_FROM = 1e11
_LATEST = 253_402_300_799
_FAR_TOO_LONG = 10


@dataclass(frozen=True, slots=True)
class Turn:
    """What somebody said on end. `at` is Unix time in seconds, None where the file does not tell.

    `uid` is the participant's, "" where nothing says who of them it was; `speaker` is a name, "" where there is none.
    """

    speaker: str
    uid: str
    at: int | None
    text: str


@dataclass(frozen=True, slots=True)
class _Said:
    """A piece of speech as the file has it; `at` is Unix time, or below _EPOCH_FROM seconds from its start."""

    name: str
    ids: tuple[str, ...]
    at: float | None
    text: str


class _Speakers:
    """The people of a call, by whatever a transcript may call them."""

    def __init__(self, call: Call) -> None:
        self._names: dict[str, str] = {}
        self._by_id: dict[str, str] = {}
        self._by_name: dict[str, set[str]] = {}
        for side in (call.initiator, call.receiver):
            if side and not side.group:
                self._add(side.uid, side.name)
        for entry in call.participants:
            self._add(entry.uid, entry.name)
            if entry.uid and entry.device_id:  # an address of Jitsi's: its last part names the device
                self._by_id.setdefault(lower_uid(entry.device_id), lower_uid(entry.uid))
                self._by_id.setdefault(lower_uid(entry.device_id.rpartition("/")[2]), lower_uid(entry.uid))

    def _add(self, uid: str, name: str | None) -> None:
        key = lower_uid(uid)
        if not key:
            return
        self._by_id[key] = key
        if name:
            self._names.setdefault(key, name)
            self._by_name.setdefault(name.casefold(), set()).add(key)

    def find(self, name: str, ids: Iterable[str]) -> tuple[str, str]:
        """Return the speaker's name and UID, "" where it is not known who of the participants it was."""
        for each in ids:
            if uid := self._by_id.get(lower_uid(each)):
                return self._names.get(uid) or name or uid, uid
        namesakes = self._by_name.get(name.casefold(), set())
        if len(namesakes) == 1:
            return name, next(iter(namesakes))
        return name, ""


def read_transcript(
    body: bytes, call: Call, part: Transcription, *, only_during: bool = False
) -> tuple[Turn, ...] | None:
    """Return what was said, in order; None where nothing of the file is understood. Raises nothing.

    `only_during`: the file is about other calls too, so only what was said in this one is returned.
    """
    document = _document(body)
    entries = _entries(document)
    if entries is None:
        return None
    said = [each for entry in entries if (each := _said(entry))]
    if not said and not all(map(_is_event, entries)):
        return None
    if not all(each.name for each in said):
        names = _names_by_id(document, entries)
        said = [replace(each, name=each.name or _known(each.ids, names)) for each in said]
    timed = _in_time(said, call, part)
    if only_during:
        timed = [each for each in timed if is_during(call, each.at)]
    return _turns(timed, _Speakers(call))


def is_during(call: Call, at: float | None, edge: int = WORD_EDGE_SECONDS) -> bool:
    """Whether that time (Unix seconds) is within the call, give or take `edge`, as far as it is known when that was."""
    begins = call.initiated_at if call.initiated_at is not None else call.began_at
    if at is None or begins is None:
        return False
    ended = call.ended_at if call.ended_at is not None else _LATEST
    return begins - edge <= at <= ended + edge


def _document(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _entries(document: Any) -> list[dict[str, Any]] | None:
    """Return the list of what happened, wherever it is; None where there is none."""
    if isinstance(document, dict):
        found = next((document[key] for key in _LISTS if isinstance(document.get(key), list)), None)
        document = [document] if found is None and _words(document) else found
    if not isinstance(document, list):
        return None
    entries = [each for each in document if isinstance(each, dict)]
    return entries if entries or not document else None


def _is_event(entry: Mapping[str, Any]) -> bool:
    """Whether it is understood although nobody says anything in it."""
    return isinstance(entry.get("event"), str)


def _said(entry: Mapping[str, Any]) -> _Said | None:
    """Return what was said, None for another event, and for words that were still to change."""
    event = entry.get("event")
    interim = entry.get("is_interim")
    if (isinstance(event, str) and event.upper() != "SPEECH") or (interim and interim != "false"):
        return None
    text = _words(entry)
    if not text:
        return None
    name, ids = _speaker(entry)
    time = next((at for key in _TIMES if (at := _seconds(entry.get(key))) is not None), None)
    return _Said(name, ids, time, text)


def _words(entry: Mapping[str, Any]) -> str:
    """Return the words: of several alternatives the first."""
    said = entry.get("transcript")
    if isinstance(said, list):
        said = next((each for each in said if isinstance(each, dict | str)), None)
    if isinstance(said, dict):
        said = said.get("text")
    return _line(said) or _line(entry.get("text"))


def _speaker(entry: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    """Return the speaker's name and ids, as far as the file has them."""
    who = entry.get("participant", entry.get("speaker"))
    if isinstance(who, dict):
        ids = [_id(who[key]) for key in ("identity_id", "id", "uid") if key in who]
        return _line(who.get("name")), tuple([each for each in ids if each])
    name = _line(who)
    return (f"Speaker {name}" if name.isdecimal() else name), ((_id(who),) if name else ())


def _names_by_id(document: Any, entries: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return what the file calls people elsewhere: at its head, and where they join."""
    head = document.get("initial_participants") if isinstance(document, dict) else None
    listed = [{"participant": each} for each in head] if isinstance(head, list) else []
    speakers = map(_speaker, [*listed, *entries])
    return {each: name for name, ids in speakers if name for each in ids}


def _known(ids: Iterable[str], names: Mapping[str, str]) -> str:
    return next((names[each] for each in ids if each in names), "")


def _in_time(said: Sequence[_Said], call: Call, part: Transcription) -> list[_Said]:
    """Return the same with Unix times, in their order where each has one."""
    offsets = [each.at for each in said if each.at is not None and each.at < _EPOCH_FROM]
    length = _length(part.started_at, part.ended_at) or _length(call.began_at, call.ended_at)
    unit = 1000 if length and offsets and max(offsets) > _FAR_TOO_LONG * length else 1
    begins = part.started_at if part.started_at is not None else call.began_at
    timed = [_Said(each.name, each.ids, _unix(each.at, begins, unit), each.text) for each in said]
    if all(each.at is not None for each in timed):
        timed.sort(key=lambda each: each.at or 0)
    return timed


def _unix(at: float | None, begins: int | None, unit: int) -> float | None:
    if at is None:
        return None
    if at >= _EPOCH_FROM:
        seconds = at / 1000 if at >= _MILLISECONDS_FROM else at
        return seconds if seconds <= _LATEST else None
    return None if begins is None else begins + at / unit


def _length(start: int | None, end: int | None) -> int:
    return max(0, end - start) if start is not None and end is not None else 0


def _seconds(value: Any) -> float | None:
    """Return a time as it stands: a number, digits, or a clock such as 1:02:03.5."""
    if isinstance(value, str) and (clock := _CLOCK.fullmatch(value.strip())):
        hours, minutes, seconds = clock.groups()
        return int(hours or 0) * 3600 + int(minutes) * 60 + float(seconds)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if number >= 0 else None


def _line(value: Any) -> str:
    """Return a text on one line, in the form in which equal texts are equal."""
    text = _id(value)
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _id(value: Any) -> str:
    """Return an id on one line, as it stands: in the form of a text, the Kelvin sign would be a K."""
    if isinstance(value, str):
        text = value if value.isascii() else _SURROGATES.sub("\ufffd", value)
        return " ".join(text.split())
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**20:
        return str(value)
    return ""


def _turns(said: Iterable[_Said], speakers: _Speakers) -> tuple[Turn, ...]:
    """Put together what one speaker said on end."""
    turns: list[Turn] = []
    for each in said:
        name, uid = speakers.find(each.name, each.ids)
        at = None if each.at is None else int(each.at)
        for text in _pieces(each.text):
            last = turns[-1] if turns else None
            if last and (last.speaker, last.uid) == (name, uid) and len(last.text) + len(text) < LONGEST_TURN:
                turns[-1] = Turn(name, uid, last.at, f"{last.text} {text}")
            else:
                turns.append(Turn(name, uid, at, text))
    return tuple(turns)


def _pieces(text: str) -> Iterator[str]:
    """Yield the text in pieces of at most LONGEST_TURN, cut between words where there are any."""
    start = 0  # the rest is not cut off each time: that would copy megabytes thousands of times
    while len(text) - start > LONGEST_TURN:
        end = text.rfind(" ", start + 1, start + LONGEST_TURN + 1)
        end = end if end > 0 else start + LONGEST_TURN
        yield text[start:end]
        start = end + (text[end] == " ")
    yield text[start:]
