"""One thing that a person did in Slack, and what came of it: the values that travel between listeners and answering."""

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
from bot.cards.link_buttons import Place
from bot.identity import SlackUser

Kind = Literal[
    "command",
    "shortcut",
    "asked_session",
    "pick",
    "share",
    "details",
    "refresh",
    "recent",
    "find",
    "search",
    "found_call",
    "share_found",
    "links",
    "link_anyway",
    "ask_admin",
    "approve",
    "approval",
    "decline",
    "home",
    "crash",
]
"""What a person did: for the log and the metrics, which count by it, so there are these and no more."""

Done = Literal[
    "found",
    "usage",
    "choices",
    "asked_for_session",
    "details",
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
    "home",
]
"""What came of it, where it was no problem; counted as well."""

_REFERENCE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # nothing that is mistaken for another when read out


def new_reference() -> str:
    """Return a short id that stands in a message and in the log."""
    letters = ""
    number = secrets.randbelow(len(_REFERENCE_ALPHABET) ** 8)  # the system is asked once, not for each letter
    for _ in range(8):
        number, place = divmod(number, len(_REFERENCE_ALPHABET))
        letters += _REFERENCE_ALPHABET[place]
    return letters


@dataclass(frozen=True, slots=True)
class Interaction:
    """One thing that a person did in Slack, parsed from a signed payload.

    `arrived` is `time.monotonic()` when the request came in. `response_url` is empty for what happens inside a
    modal, `trigger_id` lets a modal be opened for 3 s, `thread_ts` is the thread that it happened in. `sought` is what
    a list of calls is to have on it, or which of a session's calls is meant, for whoever has to give the answer
    instead. `in_home`: it is answered in the Home tab, whose view then had the hash `home_hash`. `finding` is what the
    modal of "Find a call" is about that it is answered in: a problem leads back to that.
    """

    kind: Kind
    arrived: float
    user: SlackUser
    channel_id: str = ""
    message_ts: str = ""
    thread_ts: str | None = None
    view_id: str = ""
    response_url: str = field(default="", repr=False)
    trigger_id: str = field(default="", repr=False)
    sought: str = ""
    in_home: bool = False
    home_hash: str = ""
    finding: SearchState | None = None
    reference: str = field(default_factory=new_reference)

    def milliseconds(self) -> float:
        """Return how long ago the request arrived."""
        return round((time.monotonic() - self.arrived) * 1000, 1)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an interaction: a word for the log, and the message for the person, None when all is said.

    `replace` puts the message in the place of the one whose button was pressed. `view` is what a modal is filled
    with; the message beside it is for one who does not look at that modal any more. A `quiet` one has no line in the
    log, unless the person could not be told. `place` is the page of the links that a Home tab is to show, `query` that
    of the calls, which the tab lists itself.
    """

    outcome: Done | ProblemKind
    message: Message | None = None
    upstream_status: int | None = None
    upstream_code: str | None = None
    replace: bool = False
    view: View | None = None
    quiet: bool = False
    place: Place | None = None
    query: PageRequest | None = None


Work = Callable[[], Awaitable[Outcome | Problem]]
"""What a listener does for an interaction, in one call into the core."""
