"""One thing that a person did in Slack, and what came of it: the values that listeners and responder exchange."""

from __future__ import annotations

import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Literal

from bot.calls.cursor import PageRequest
from bot.calls.problems import Problem, ProblemKind
from bot.calls.search_form import SearchState
from bot.cards.kit.message import Message
from bot.cards.kit.modal import View
from bot.cards.links import LinksQuery
from bot.cards.slackbot.answer import ToolAnswer
from bot.identity import SlackUser

InteractionKind = Literal[
    "command",
    "shortcut",
    "asked_session",
    "pick",
    "share",
    "details",
    "recording",
    "transcript",
    "refresh",
    "retry",
    "recent",
    "find",
    "search",
    "found_call",
    "share_found",
    "help",
    "links",
    "link_anyway",
    "ask_admin",
    "approve",
    "approval",
    "decline",
    "subscribe",
    "subscribe_form",
    "unsubscribe",
    "switch",
    "home",
    "slackbot",
    "crash",
]
"""What a person did: a label of metrics, so a closed set."""

Done = Literal[
    "found",
    "usage",
    "choices",
    "asked_for_session",
    "details",
    "recording",
    "transcript",
    "shared",
    "already_shared",
    "listed",
    "finding",
    "whoami",
    "links",
    "linked",
    "uid_taken",
    "unlinked",
    "asked",
    "approving",
    "declined",
    "subscribing",
    "subscribed",
    "unsubscribed",
    "muted",
    "subscriptions",
    "home",
]
"""What came of it, unless it was a problem: a label of metrics, too."""

_REFERENCE_ALPHABET = (
    "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no letters that are mistaken for others when read out
)


def new_reference() -> str:
    """Return a short id that stands in a message and in the log."""
    letters = ""
    number = secrets.randbelow(len(_REFERENCE_ALPHABET) ** 8)  # one system call, not one for each letter
    for _ in range(8):
        number, place = divmod(number, len(_REFERENCE_ALPHABET))
        letters += _REFERENCE_ALPHABET[place]
    return letters


@dataclass(frozen=True, slots=True)
class Interaction:
    """One thing that a person did in Slack, parsed from a signed payload.

    `arrived` is `time.monotonic()` when the request came in. `response_url` is empty for most of what happens in a modal,
    `trigger_id` lets a modal be opened for 3 s, `thread_ts` is the thread that it happened in. `filter` is that of a list
    of calls, or says which of a session's calls is meant: it is all that another process needs to answer instead.
    `in_home`: it is answered in the Home tab, whose view then had the hash `home_hash`. `finding` is what a modal of
    "Find a call" is about: a problem there leads back to it.
    """

    kind: InteractionKind
    arrived: float
    user: SlackUser
    channel_id: str = ""
    channel_name: str = ""
    message_ts: str = ""
    thread_ts: str | None = None
    view_id: str = ""
    response_url: str = field(default="", repr=False)
    trigger_id: str = field(default="", repr=False)
    filter: str = ""
    in_home: bool = False
    home_hash: str = ""
    finding: SearchState | None = None
    reference: str = field(default_factory=new_reference)

    def milliseconds(self) -> float:
        """Return how long ago the request arrived."""
        return round((time.monotonic() - self.arrived) * 1000, 1)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an interaction: a word for the log, and a message for the person, None when there is nothing to say.

    `replace`: the message replaces the one whose button was pressed. `view` is the content of a modal; then the message
    is for a person who has left that modal. A `quiet` outcome is not logged, unless it could not be delivered. A Home
    tab then shows the links of `links_query`, and the calls of `page_request`. `told` is what Slackbot gets.
    """

    outcome: Done | ProblemKind
    message: Message | None = None
    upstream_status: int | None = None
    upstream_code: str | None = None
    replace: bool = False
    view: View | None = None
    quiet: bool = False
    links_query: LinksQuery | None = None
    page_request: PageRequest | None = None
    told: ToolAnswer | None = None


Work = Callable[[], Awaitable[Outcome | Problem]]
"""What a listener does for an interaction, in one call into the core."""
