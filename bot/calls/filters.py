"""Which calls of a person's list are wanted, and from where on (pure). What a call says decides, not what was asked.

The API may ignore any filter, so each is held against each call here. A query travels in a button's value: it has
been outside when it comes back, and holds neither who asks nor on whose behalf.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from bot.calls.status import UNFINISHED, settled
from bot.calls.typed_text import without_controls
from bot.cometchat import Call, Participant, Uid, lower_uid

KINDS = ("audio", "video")
MISSED: Final = "missed"
"""Not CometChat's word alone: the person was called and took no part, whatever the call's status says of it."""

LONGEST_NAME = 80
LATEST = 253_402_300_799  # the last second of the year 9999

_RINGS_SECONDS = 60
"""After so long nobody takes a call any more, whatever it says: `initiated` can stay for ever (facts: "Get Call")."""

# What nobody took, whoever was called
_NOBODY_TOOK = frozenset({"unanswered", "missed", "cancelled", "busy", "initiated"})
_DID_NOT_COME = frozenset({"unanswered", "absent"})

_NON_JOINER = "\u200c"

_MENTION = re.compile(r"<@(?P<user>[UW][A-Z0-9]{1,30})(?:\|[^<>]*)?>")


@dataclass(frozen=True, slots=True)
class Sought:
    """What calls are sought. `kind` is audio or video, `ended` a status or MISSED; None and "" are all of them.

    `with_whom` is a UID, the beginning of a name's words, or a Slack mention. A call counts by when it began: `since`
    that Unix second, and before `until`; `today` is the person's own day, and takes their place.
    """

    kind: str | None = None
    ended: str | None = None
    with_whom: str = ""
    since: int | None = None
    until: int | None = None
    today: bool = False

    @property
    def anything(self) -> bool:
        """Whether every call will do."""
        return self == Sought()

    @property
    def mentioned(self) -> str | None:
        """The Slack user id, where the calls with a mentioned person are sought."""
        match = _MENTION.fullmatch(self.with_whom)
        return match["user"] if match else None

    def takes(self, call: Call, viewer: Uid, whom: Uid | None = None, *, now: float) -> bool:
        """Whether the call is sought, at that Unix time; `whom` is the mentioned person's UID, where one is mentioned."""
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


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a person's list as the API gives it: a page, counted from 1, and how many of its calls stand before.

    Calls come and go between two looks: `after` stands for the call that was shown last before it (`mark_of`), "" where
    none is known, and where that is found on the page it says better where to go on. `size` is how many calls such a
    page has, 0 where it has as many as usual.
    """

    page: int = 1
    index: int = 0
    after: str = ""
    size: int = 0

    def smaller(self, usual: int) -> Place | None:
        """Return the same place among pages of half the size, None where they can't be smaller."""
        half = (self.size or usual) // 2
        return self._on_pages_of(half, usual) if half else None

    def larger(self, usual: int) -> Place:
        """Return the same place among pages that were made smaller once less, where one of those begins there."""
        larger = usual
        while larger // 2 > (self.size or usual):
            larger //= 2
        place = self._on_pages_of(larger, usual)
        return self if place.index else place

    def _on_pages_of(self, size: int, usual: int) -> Place:
        before = (self.page - 1) * (self.size or usual) + self.index
        return Place(before // size + 1, before % size, self.after, 0 if size == usual else size)

    def to_text(self) -> str:
        """Return it as a part of a button's value: at most 36 characters."""
        size = f"/{self.size}" if self.size else ""
        return f"{self.page}.{self.index}{size}" + (f"~{self.after}" if self.after else "")

    @staticmethod
    def from_text(text: str) -> Place:
        """Read it back from what `Query` has found to be one."""
        at, _, after = text.partition("~")
        at, _, size = at.partition("/")
        page, _, index = at.partition(".")
        return Place(int(page), int(index), after, int(size or 0))


def mark_of(call: Call) -> str:
    """Return a few characters that tell the call from others of a list, none where it has no id."""
    if not (call.session_id or call.mid):
        return ""
    which = f"{call.session_id} {call.mid}".encode(errors="replace")
    return f"{hashlib.sha256(which).hexdigest()[:8]}@{_number(call.began_at)}"


@dataclass(frozen=True, slots=True)
class Query:
    """What is sought, and where the pages before this one and this one itself (the last) begin.

    `forgotten` is how many pages there were between the first of them and the next. `oldest_first`: a page before this
    showed that those after it are newer; the last alone may be too short to show it.
    """

    sought: Sought = Sought()
    trail: tuple[Place, ...] = (Place(),)
    forgotten: int = 0
    oldest_first: bool = False

    @property
    def page(self) -> int:
        """The number of the page, counted from 1."""
        return len(self.trail) + self.forgotten

    @property
    def after_a_gap(self) -> bool:
        """Whether the page before this is forgotten, and `newer` leads to the first."""
        return self.forgotten > 0 and len(self.trail) == _FIRST_AND_THIS

    def older(self, place: Place) -> Query:
        """Return the query for the page that begins there; of very many pages only the first and the latest are kept."""
        trail = (*self.trail, place)
        if len(trail) <= _LONGEST_TRAIL:
            return replace(self, trail=trail)
        forgotten = min(self.forgotten + 1, _MOST_FORGOTTEN)
        return replace(self, trail=(trail[0], *trail[2:]), forgotten=forgotten)

    def newer(self) -> Query | None:
        """Return the query for the page before this, the first where that is forgotten; None on the first."""
        if len(self.trail) == 1:
            return None
        return replace(self, trail=self.trail[:-1], forgotten=0 if self.after_a_gap else self.forgotten)

    def to_text(self) -> str:
        """Return it as a button's value: at most 1,700 characters of the 2,000 that Slack takes."""
        sought = self.sought
        days = "today" if sought.today else f"{_number(sought.since)}-{_number(sought.until)}"
        first, *others = (place.to_text() for place in self.trail)
        order = _OLDEST_FIRST if self.oldest_first else ""
        trail = order + ",".join([first + (f"+{self.forgotten}" if self.forgotten else ""), *others])
        return "|".join((trail, sought.kind or "", sought.ended or "", days, sought.with_whom))

    @staticmethod
    def from_text(text: str) -> Query | None:
        """Read it back, None for what was never written here."""
        match = _QUERY.fullmatch(text)
        if match is None or without_controls(match["whom"]) != match["whom"]:  # what was typed has none
            return None
        trail = tuple(Place.from_text(text) for text in (match["first"] + match["others"]).split(","))
        forgotten = int(match["forgotten"]) if match["forgotten"] and len(trail) > 1 else 0
        since, until = match["since"], match["until"]
        return Query(
            Sought(
                kind=match["kind"] or None,
                ended=match["ended"] or None,
                with_whom=match["whom"],
                since=int(since) if since else None,
                until=int(until) if until else None,
                today=match["today"] is not None,
            ),
            trail,
            forgotten,
            match["order"] is not None,
        )


_FIRST_AND_THIS = 2
_OLDEST_FIRST = "^"
_MOST_FORGOTTEN = 99_999  # more than anybody turns
_LONGEST_TRAIL = 40
_SECOND = r"(?:-?[0-9]{1,12})?"  # a calendar has days before 1970 too
_SIZES = "20|10|5|2|1"  # forty, and the eleven of a list of all, halved again and again
_PLACE = rf"[1-9][0-9]{{0,4}}\.[0-9]{{1,5}}(?:/(?:{_SIZES}))?(?:~[0-9a-f]{{8}}@[0-9]{{0,12}})?"
_QUERY = re.compile(
    rf"(?P<order>\{_OLDEST_FIRST})?(?P<first>{_PLACE})(?:\+(?P<forgotten>[1-9][0-9]{{0,4}}))?(?P<others>(?:,{_PLACE}){{0,{_LONGEST_TRAIL - 1}}})"
    r"\|(?P<kind>audio|video|)\|(?P<ended>[a-z_]{0,30})"
    rf"\|(?:(?P<today>today)|(?P<since>{_SECOND})-(?P<until>{_SECOND}))"
    rf"\|(?P<whom>[^\n\r]{{0,{LONGEST_NAME}}})"
)


def missed(call: Call, viewer: Uid, *, now: float) -> bool:
    """Whether that user was called, and neither took part nor declined, as far as CometChat says at that Unix time."""
    own = [person for person in call.participants if lower_uid(person.uid) == viewer]
    if any(_acted(person) for person in own) or not _was_called(call, viewer):
        return False
    if call.status in {"ended", UNFINISHED}:  # others took it; of one who is not on the list it says nothing
        return bool(own)
    if call.status == "rejected":  # by whom is not to be inferred: only the person's own entry can say
        return any(person.state in _DID_NOT_COME for person in own)
    return call.status in _NOBODY_TOOK and not rings(call, now=now)


def rings(call: Call, *, now: float) -> bool:
    """Whether the call may be taken still, at that Unix time; the API's clock and ours may be a little apart."""
    began = call.began_at if call.ended_at is None else None
    return call.status == "initiated" and began is not None and abs(now - began) < _RINGS_SECONDS


def _acted(person: Participant) -> bool:
    return person.joined or person.state == "rejected"


def _was_called(call: Call, viewer: Uid) -> bool:
    """Whether somebody else called; who is on the list of a call without a caller may have been the caller."""
    if call.initiator is None:
        return call.receiver is not None and call.receiver.is_user(viewer)
    return not call.initiator.is_user(viewer)


def _with(call: Call, viewer: Uid, wanted: str, whom: Uid | None) -> bool:
    if whom is not None:
        return whom != viewer and call.involves(whom)
    others = _others(call, viewer)
    plain = _plain(wanted)
    words = _words(plain)
    return bool(plain) and any(
        lower_uid(uid).startswith(plain) or _named(name, words) for uid, name in others
    )


def _others(call: Call, viewer: Uid) -> Iterator[tuple[str, str]]:
    """Yield id and name of both sides, a called group too, and of the participants, less the person's own."""
    for party in (call.initiator, call.receiver):
        if party and not party.is_user(viewer):
            yield party.uid, party.name or ""
    for person in call.participants:
        if lower_uid(person.uid) != viewer:
            yield person.uid, person.name or ""


def _named(name: str, words: list[str]) -> bool:
    """Whether each of the words begins a word of the name."""
    if not words:
        return False
    cut = name[: 4 * LONGEST_NAME]
    # Where a non-joiner parts a Persian name, people write it, a space or nothing: its second part can be asked for too
    ways = (cut, cut.replace(_NON_JOINER, " ")) if _NON_JOINER in cut else (cut,)
    parts = [part for way in ways for part in _words(_plain(way))]
    return all(any(part.startswith(word) for part in parts) for word in words)


def _plain(text: str) -> str:
    """Return the text as it is compared: "José", "JOSÉ" and "Jose\u0301" are one, and so is "jose".

    What can't be seen counts for nothing, as in what is typed: the joiners of Persian and Indian scripts, the marks of
    a writing direction, soft hyphens.
    """
    apart = unicodedata.normalize("NFKD", text.casefold())
    if apart.isascii():
        return apart.strip()
    seen = (each for each in apart if not unicodedata.combining(each) and unicodedata.category(each) != "Cf")
    return "".join(seen).strip()


def _words(plain: str) -> list[str]:
    """Return the words; a mark belongs to the letter before it, as the vowels of Indian scripts do."""
    return "".join(each if _in_a_word(each) else " " for each in plain).split()


def _in_a_word(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character)[0] == "M"


def _number(at: int | None) -> str:
    return "" if at is None else str(at)
