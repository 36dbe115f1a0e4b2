"""Which calls of a person's list are wanted (pure).

The API may ignore any filter, so each is checked here against each call.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bot.calls.missed import missed
from bot.calls.status import settled
from bot.calls.typed_text import PERSON, without_controls
from bot.cometchat import Call, Uid, lower_uid

KINDS = ("audio", "video")
MISSED: Final = "missed"
"""Missed by the person (missed.py), which is more than CometChat's status of that name."""

LONGEST_NAME = 80

_NON_JOINER = "\u200c"
_SECOND = r"(?:-?[0-9]{1,12})?"  # calendars have days before 1970
_FILTER = re.compile(
    r"(?P<kind>audio|video|)\|(?P<ended>[a-z_]{0,30})"
    rf"\|(?:(?P<today>today)|(?P<since>{_SECOND})-(?P<until>{_SECOND}))"
    rf"\|(?P<whom>[^\n\r]{{0,{LONGEST_NAME}}})"
)


@dataclass(frozen=True, slots=True)
class CallFilter:
    """Which calls are wanted. `kind` is audio or video, `ended` a status or MISSED; None and "" match every call.

    `with_whom` is a UID, the beginning of a name's words, or a Slack mention. A call counts by its start: at or after
    `since`, before `until` (Unix seconds). `today` is the person's own day and replaces both.
    """

    kind: str | None = None
    ended: str | None = None
    with_whom: str = ""
    since: int | None = None
    until: int | None = None
    today: bool = False

    @property
    def matches_all(self) -> bool:
        """Whether it matches every call."""
        return self == EVERY_CALL

    @property
    def mentioned(self) -> str | None:
        """The Slack user id of the mentioned person."""
        match = PERSON.fullmatch(self.with_whom)
        return match["user"] if match else None

    def matches(self, call: Call, viewer: Uid, whom: Uid | None = None, *, now: float) -> bool:
        """Whether the call is wanted, at that Unix time; `whom` is the UID of the mentioned person."""
        call = settled(call, now=now)
        return (
            self.kind in {None, call.type}
            and self._ended_so(call, viewer, now)
            and self._in_time(call)
            and (not self.with_whom or _with(call, viewer, self.with_whom, whom))
        )

    def _ended_so(self, call: Call, viewer: Uid, now: float) -> bool:
        if self.ended == MISSED:
            return missed(call, viewer, now=now)
        return self.ended in {None, call.status}

    def _in_time(self, call: Call) -> bool:
        if self.since is None and self.until is None:
            return True
        began = call.began_at
        return (
            began is not None
            and (self.since is None or began >= self.since)
            and (self.until is None or began < self.until)
        )

    def to_text(self) -> str:
        """Return it as text, for a button's value: at most 150 characters."""
        since, until = ("" if each is None else str(each) for each in (self.since, self.until))
        days = "today" if self.today else f"{since}-{until}"
        return "|".join((self.kind or "", self.ended or "", days, self.with_whom))

    @staticmethod
    def from_text(text: str) -> CallFilter | None:
        """Parse what `to_text` returned, None for any other text: it comes from outside."""
        match = _FILTER.fullmatch(text)
        if match is None or without_controls(match["whom"]) != match["whom"]:
            return None
        since, until = match["since"], match["until"]
        return CallFilter(
            kind=match["kind"] or None,
            ended=match["ended"] or None,
            with_whom=match["whom"],
            since=int(since) if since else None,
            until=int(until) if until else None,
            today=match["today"] is not None,
        )


EVERY_CALL = CallFilter()


def _with(call: Call, viewer: Uid, wanted: str, whom: Uid | None) -> bool:
    if whom is not None:
        return whom != viewer and call.involves(whom)
    plain = _plain(wanted)
    words = _words(plain)
    others = _others(call, viewer)
    return bool(plain) and any(
        lower_uid(uid).startswith(plain) or _is_named(name, words) for uid, name in others
    )


def _others(call: Call, viewer: Uid) -> Iterator[tuple[str, str]]:
    """Yield UID and name of caller, receiver (also a group) and participants, but not the viewer's."""
    for party in (call.initiator, call.receiver):
        if party and not party.is_user(viewer):
            yield party.uid, party.name or ""
    for person in call.participants:
        if lower_uid(person.uid) != viewer:
            yield person.uid, person.name or ""


def _is_named(name: str, words: list[str]) -> bool:
    """Whether each of the words begins a word of the name."""
    if not words:
        return False
    # People write a Persian name's non-joiner, a space, or nothing; its second part is a word too
    spellings = {name, name.replace(_NON_JOINER, " ")}
    parts = [part for spelling in spellings for part in _words(_plain(spelling))]
    return all(any(part.startswith(word) for part in parts) for word in words)


def _plain(text: str) -> str:
    """Return the text as it is compared: "José", "JOSÉ" and "Jose\u0301" equal "jose".

    Invisible characters are dropped: joiners of Persian and Indian scripts, marks of direction, soft hyphens.
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    visible = (
        each for each in decomposed if not unicodedata.combining(each) and unicodedata.category(each) != "Cf"
    )
    return "".join(visible).strip()


def _words(plain: str) -> list[str]:
    """Return the words; a mark, such as a vowel of Indian scripts, belongs to the letter before it."""
    return "".join(each if _in_a_word(each) else " " for each in plain).split()


def _in_a_word(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character)[0] == "M"
