"""What a text after `/callinfo` asks for (pure). One word that is no subcommand is a session id; all else the usage.

With `should_escape`, Slack writes a mention as `<@U012AB3CD|name>`
(https://docs.slack.dev/interactivity/implementing-slash-commands#escaping); a plain @name is none.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.calls import problems, session_ids
from bot.calls.filters import KINDS, LONGEST_NAME, MISSED, CallFilter
from bot.calls.problems import Problem
from bot.cometchat import InvalidSessionIdError, SessionId
from bot.links import problems as link_problems

_MENTION = r"<@(?P<user>[UW][A-Z0-9]{1,30})(?:\|[^<>]*)?>"
_PERSON = re.compile(_MENTION)
_MARKED_UP = re.compile(r"<[@#!]")
_PERSON_AND_UID = re.compile(_MENTION + r"\s+(?P<uid>\S+)")
_LONGEST_UID = 100
_TODAY = "today"
_NARROWING = frozenset({*KINDS, MISSED, _TODAY})


@dataclass(frozen=True, slots=True)
class Usage:
    """`help`, nothing, and what is not understood."""


@dataclass(frozen=True, slots=True)
class LookUp:
    """A session id."""

    session_id: SessionId


@dataclass(frozen=True, slots=True)
class WhoAmI:
    """`whoami`."""


@dataclass(frozen=True, slots=True)
class MakeLink:
    """`link @user <uid>`; what was typed for a UID is still to be parsed."""

    user_id: str
    uid: str


@dataclass(frozen=True, slots=True)
class RemoveLink:
    """`unlink @user`."""

    user_id: str


@dataclass(frozen=True, slots=True)
class ListLinks:
    """`links [first letters]`."""

    prefix: str


@dataclass(frozen=True, slots=True)
class ListCalls:
    """`recent`, and what narrows it."""

    sought: CallFilter


Wanted = Usage | LookUp | ListCalls | WhoAmI | MakeLink | RemoveLink | ListLinks


def wanted(text: str) -> Wanted | Problem:
    """Return what the text asks for, or why it can't be had."""
    text = session_ids.tidied(text)
    word, _, rest = text.partition(" ")
    command, rest = word.lower(), rest.strip()
    if meant := _WITH_MORE.get(command):
        return meant(rest)
    if command == "whoami" and not rest:
        return WhoAmI()
    if rest or not word or command == "help":
        return Usage()
    try:
        return LookUp(session_ids.from_tidied(word))
    except InvalidSessionIdError as error:
        return problems.not_a_session_id(str(error))


def _link(rest: str) -> MakeLink | Problem:
    if match := _PERSON_AND_UID.fullmatch(rest):
        return MakeLink(match["user"], match["uid"])
    return _unmentioned(rest) or link_problems.link_not_understood()


def _unlink(rest: str) -> RemoveLink | Problem:
    if match := _PERSON.fullmatch(rest):
        return RemoveLink(match["user"])
    return _unmentioned(rest) or link_problems.unlink_not_understood()


def _links(rest: str) -> ListLinks | Problem:
    if match := _PERSON.fullmatch(rest):
        return ListLinks(match["user"])
    return (
        link_problems.links_not_understood() if " " in rest or len(rest) > _LONGEST_UID else ListLinks(rest)
    )


def _unmentioned(rest: str) -> Problem | None:
    """Say so where a name was typed that Slack made no mention of."""
    return link_problems.not_a_mention() if rest.startswith("@") else None


def _recent(rest: str) -> ListCalls | Problem:
    """Read what narrows the list, in any order; the name goes from `with` to the words at the end that narrow again."""
    words = _PERSON.sub(r"<@\g<user>>", rest).split()
    at = next((number for number, word in enumerate(words) if word.lower() == "with"), None)
    narrowing, name = (words, []) if at is None else (words[:at], words[at + 1 :])
    while name and name[-1].lower() in _NARROWING:
        narrowing.append(name.pop())
    said = {word.lower() for word in narrowing}
    with_whom = session_ids.tidied(" ".join(name))  # what narrows may stand after a name in quotes
    if with_whom.startswith("@"):
        return link_problems.not_a_mention(or_a_name=True)
    if not said <= _NARROWING or said >= set(KINDS) or not _is_somebody(with_whom, meant=at is not None):
        return problems.recent_not_understood()
    return ListCalls(
        CallFilter(
            kind=next((kind for kind in KINDS if kind in said), None),
            ended=MISSED if MISSED in said else None,
            with_whom=with_whom,
            today=_TODAY in said,
        )
    )


def _is_somebody(name: str, *, meant: bool) -> bool:
    """Whether that can be whom the calls were with: a name or one mention, and nobody where nobody is `meant`."""
    mentioned = _PERSON.fullmatch(name) or not _MARKED_UP.search(name)
    return bool(name) is meant and len(name) <= LONGEST_NAME and bool(mentioned)


_WITH_MORE: dict[str, Callable[[str], Wanted | Problem]] = {
    "link": _link,
    "unlink": _unlink,
    "links": _links,
    "recent": _recent,
}
