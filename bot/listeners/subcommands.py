"""Parses the text after `/callinfo` (pure). One word that is no subcommand is a session id.

A new subcommand is a value, a line in `_SUBCOMMANDS`, and a case in command.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches

from bot.calls import problems, session_ids
from bot.calls.filters import KINDS, LONGEST_NAME, MISSED, CallFilter
from bot.calls.markup import MENTION
from bot.calls.problems import Problem
from bot.calls.typed_text import PERSON
from bot.cometchat import InvalidSessionIdError, SessionId
from bot.links import problems as link_problems
from bot.subscriptions import problems as subscription_problems
from bot.subscriptions.typed import HERE, TypedSubscription, parse_typed

_PERSON_AND_UID = re.compile(PERSON.pattern + r"\s+(?P<uid>\S+)")
_LONGEST_UID = 100
_TODAY = "today"
_FILTERS = frozenset({*KINDS, MISSED, _TODAY})
_ALIKE = 0.75
"""How alike two words are that may be the same, mistyped: difflib's ratio."""


@dataclass(frozen=True, slots=True)
class Usage:
    """`help`."""


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """Several words of which the first is no subcommand; `meant` is what may have been meant, "" for nothing known."""

    text: str
    meant: str = ""


@dataclass(frozen=True, slots=True)
class LookUp:
    """A session id; `meant` is the subcommand that it looks like, mistyped, "" for most."""

    session_id: SessionId
    meant: str = ""


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
    """`recent`, and what narrows it; nothing at all is `recent`."""

    filter: CallFilter


@dataclass(frozen=True, slots=True)
class OpenSubscribeForm:
    """`subscribe` alone."""


@dataclass(frozen=True, slots=True)
class Subscribe:
    """`subscribe`, and what is wanted."""

    typed: TypedSubscription


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    """`unsubscribe`: all of one's own; `here`: those to this channel."""

    here: bool


@dataclass(frozen=True, slots=True)
class ListSubscriptions:
    """`subscriptions`."""


SubscriptionCommand = OpenSubscribeForm | Subscribe | Unsubscribe | ListSubscriptions
Subcommand = (
    Usage
    | NotUnderstood
    | LookUp
    | ListCalls
    | WhoAmI
    | MakeLink
    | RemoveLink
    | ListLinks
    | SubscriptionCommand
)


def parse_subcommand(text: str) -> Subcommand | Problem:
    """Return what the text asks for, or what is wrong with it."""
    text = session_ids.tidied(text)
    if not text:
        return ListCalls(CallFilter())
    word, _, rest = text.partition(" ")
    if parse := _SUBCOMMANDS.get(word.lower()):
        return parse(rest.strip())
    if rest:
        return NotUnderstood(text, _meant(text))
    try:
        return LookUp(session_ids.from_tidied(word), _meant(word))
    except InvalidSessionIdError as error:
        return problems.not_a_session_id(str(error))


def _meant(text: str) -> str:
    """Return the subcommand that a mistyped text may stand for, with its arguments where they make sense; "" for none."""
    word, _, rest = text.partition(" ")
    alike = get_close_matches(word.lower(), [*_SUBCOMMANDS, *_AFTER_RECENT], n=1, cutoff=_ALIKE)
    if not alike:
        return ""
    command = f"recent {alike[0]}" if alike[0] in _AFTER_RECENT else alike[0]
    whole = f"{command} {rest.strip()}"
    makes_sense = (
        rest and "<" not in rest and not isinstance(parse_subcommand(whole), Problem | NotUnderstood)
    )
    return whole if makes_sense else command


def _help(_: str) -> Usage:
    return Usage()


def _whoami(rest: str) -> WhoAmI | NotUnderstood:
    return NotUnderstood(f"whoami {rest}", "whoami") if rest else WhoAmI()


def _link(rest: str) -> MakeLink | Problem:
    if match := _PERSON_AND_UID.fullmatch(rest):
        return MakeLink(match["user"], match["uid"])
    return _not_a_mention(rest) or link_problems.LINK_NOT_UNDERSTOOD


def _unlink(rest: str) -> RemoveLink | Problem:
    if match := PERSON.fullmatch(rest):
        return RemoveLink(match["user"])
    return _not_a_mention(rest) or link_problems.UNLINK_NOT_UNDERSTOOD


def _links(rest: str) -> ListLinks | Problem:
    if match := PERSON.fullmatch(rest):
        return ListLinks(match["user"])
    return link_problems.LINKS_NOT_UNDERSTOOD if " " in rest or len(rest) > _LONGEST_UID else ListLinks(rest)


def _not_a_mention(rest: str) -> Problem | None:
    """Return the problem of a typed @name that Slack did not turn into a mention."""
    return link_problems.not_a_mention() if rest.startswith("@") else None


def _recent(rest: str) -> ListCalls | Problem:
    """Parse the filters, in any order; a name goes from `with` up to the filters at the end."""
    words = PERSON.sub(r"<@\g<user>>", rest).split()
    at = next((number for number, word in enumerate(words) if word.lower() == "with"), None)
    filters, name = (words, []) if at is None else (words[:at], words[at + 1 :])
    while name and name[-1].lower() in _FILTERS:
        filters.append(name.pop())
    chosen = {word.lower() for word in filters}
    with_whom = session_ids.tidied(" ".join(name))  # filters may follow a name in quotes
    if with_whom.startswith("@"):
        return link_problems.not_a_mention(or_a_name=True)
    if not chosen <= _FILTERS or chosen >= set(KINDS) or not _is_somebody(with_whom, meant=at is not None):
        return problems.recent_not_understood()
    return ListCalls(
        CallFilter(
            kind=next((kind for kind in KINDS if kind in chosen), None),
            ended=MISSED if MISSED in chosen else None,
            with_whom=with_whom,
            today=_TODAY in chosen,
        )
    )


def _is_somebody(name: str, *, meant: bool) -> bool:
    """Return whether that is a name or one mention if somebody is `meant`, else nothing."""
    mentioned = PERSON.fullmatch(name) or not MENTION.search(name)
    return bool(name) is meant and len(name) <= LONGEST_NAME and bool(mentioned)


def _subscribe(rest: str) -> SubscriptionCommand | Problem:
    if not rest:
        return OpenSubscribeForm()
    typed = parse_typed(rest)
    return typed if isinstance(typed, Problem) else Subscribe(typed)


def _unsubscribe(rest: str) -> Unsubscribe | Problem:
    if rest.lower() in {"", HERE}:
        return Unsubscribe(here=bool(rest))
    words = rest.split()
    return subscription_problems.unsubscribe_not_understood(words[words[0].lower() == HERE])


def _subscriptions(rest: str) -> ListSubscriptions | Problem:
    return subscription_problems.LIST_NOT_UNDERSTOOD if rest else ListSubscriptions()


_SUBCOMMANDS: dict[str, Callable[[str], Subcommand | Problem]] = {
    "help": _help,
    "recent": _recent,
    "whoami": _whoami,
    "link": _link,
    "unlink": _unlink,
    "links": _links,
    "subscribe": _subscribe,
    "subscriptions": _subscriptions,
    "unsubscribe": _unsubscribe,
}
_AFTER_RECENT = sorted({*_FILTERS, "with"})
"""What people type where they leave out `recent`."""
