"""Parses the text after `/callinfo subscribe` (pure): words in any order.

A name goes from `with` up to the words at the end that say something else; a mention is one word. What is not
understood is named, so that nobody has to guess.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.calls import session_ids
from bot.calls.filters import KINDS, LONGEST_NAME, MISSED
from bot.calls.markup import MENTION
from bot.calls.problems import Problem
from bot.calls.typed_text import PERSON
from bot.cometchat import Uid, parse_uid
from bot.links.problems import not_a_mention
from bot.subscriptions import problems
from bot.subscriptions.subscription import Wanted

ENDED = "ended"
HERE = "here"
LONGEST_SECONDS = 24 * 3600

_LENGTH = re.compile(
    r"(?P<number>[0-9]{1,5}) ?(?P<unit>s|secs?|seconds?|m|mins?|minutes?|h|hours?|)", re.IGNORECASE
)
_UNITS = {"s": 1, "m": 60, "": 60, "h": 3600}
_KEYWORDS = frozenset({MISSED, ENDED, HERE, *KINDS, "longer", "as"})


@dataclass(frozen=True, slots=True)
class TypedSubscription:
    """What is asked for; `here`: told in the channel in which it was typed; `uid`: that of another, for admins."""

    wanted: Wanted
    here: bool = False
    uid: Uid | None = None


@dataclass(slots=True)
class _Said:
    flags: set[str] = field(default_factory=set)
    longer: int = 0
    uid: Uid | None = None
    with_whom: str = ""


def parse_typed(text: str) -> TypedSubscription | Problem:
    """Return what the text asks for, or what is wrong with it. Neither `missed` nor `ended` asks for both."""
    words = PERSON.sub(r"<@\g<user>>", text).split()
    at = next((number for number, word in enumerate(words) if word.lower() == "with"), len(words))
    said = _Said()
    if problem := _read(said, words[:at]):
        return problem
    if at < len(words) and (problem := _read_with(said, words[at + 1 :])):
        return problem
    if said.longer and MISSED in said.flags and ENDED not in said.flags:
        return problems.MISSED_HAS_NO_LENGTH
    neither = not said.flags & {MISSED, ENDED}
    kinds = [kind for kind in KINDS if kind in said.flags]
    wanted = Wanted(
        missed=MISSED in said.flags or (neither and not said.longer),
        ended=ENDED in said.flags or neither,
        kind=kinds[0] if len(kinds) == 1 else None,
        longer_seconds=said.longer,
        with_whom=said.with_whom,
    )
    return TypedSubscription(wanted, HERE in said.flags, said.uid)


def _read(said: _Said, words: Sequence[str]) -> Problem | None:
    """Read words that are no name; return what is wrong with them."""
    rest = list(words)
    while rest:
        word = rest.pop(0)
        match word.lower():
            case "longer":
                if (seconds := _take_length(rest)) is None:
                    return problems.LENGTH_NOT_UNDERSTOOD
                said.longer = seconds
            case "as":
                try:
                    said.uid = parse_uid(rest.pop(0) if rest else "")
                except ValueError:
                    return problems.NO_UID_AFTER_AS
            case known if known in _KEYWORDS:
                said.flags.add(known)
            case _:
                return problems.not_understood(word)
    return None


def _take_length(rest: list[str]) -> int | None:
    """Take "10m", "10 min" or "than 10 minutes" from the words; return the seconds, None where there is no length."""
    if rest and rest[0].lower() == "than":
        rest.pop(0)
    for many in (2, 1):
        match = _LENGTH.fullmatch(" ".join(rest[:many])) if len(rest) >= many else None
        if match:
            del rest[:many]
            seconds = int(match["number"]) * _UNITS[match["unit"][:1].lower()]
            return seconds if 0 < seconds <= LONGEST_SECONDS else None
    return None


def _read_with(said: _Said, words: Sequence[str]) -> Problem | None:
    """Read a name and what follows it; return what is wrong with them."""
    many = _name_length(words)
    name = session_ids.tidied(" ".join(words[:many]))
    if name.startswith("@"):
        return not_a_mention(or_a_name=True)
    if not name or len(name) > LONGEST_NAME or name.lower() in _KEYWORDS:
        return problems.NOBODY_AFTER_WITH
    if MENTION.search(name) and not PERSON.fullmatch(name):
        return problems.NOBODY_AFTER_WITH
    said.with_whom = name
    return _read(said, words[many:])


def _name_length(words: Sequence[str]) -> int:
    """Return how many of the words are the name: as few as leave only words that say something else.

    Where no end of it does, it ends before the first such word, which is then not understood.
    """
    if words and PERSON.fullmatch(words[0]):
        return 1
    for many in range(1, len(words)):
        if words[many].lower() in _KEYWORDS and _read(_Said(), words[many:]) is None:
            return many
    keywords = (many for many in range(1, len(words)) if words[many].lower() in _KEYWORDS)
    return next(keywords, len(words))
