"""Stored links: who made which Slack user which CometChat user. Values, errors, and what a store of them can do.

A database keeps them (`storage/links.py`); this module knows nothing of it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from bot.cometchat import Uid
from bot.identity.users import SlackUser
from bot.observability.audit import Entry

How = Literal["admin", "import"]

_SEAL_LENGTH = 16


class StoreUnavailableError(Exception):
    """The store can't be asked or changed now; it may be later."""


class ValueRefusedError(StoreUnavailableError):
    """The database is there, and has no form for a value that it was given; the text is the kind of the driver's error."""


@dataclass(frozen=True, slots=True)
class Sharing:
    """What an admin is asked to confirm: `others` have the UID too, and the person's own link is to `present` yet."""

    others: tuple[SlackUser, ...]
    present: Uid | None

    def seal(self) -> str:
        """Return what a confirmation carries, so that it holds for exactly this and for nothing newer."""
        named = json.dumps([sorted(other.user_id for other in self.others), self.present])
        return hashlib.sha256(named.encode()).hexdigest()[:_SEAL_LENGTH]


WHOEVER = "*"
"""The confirmation of somebody who was shown nothing, on the command line: whoever has the UID may."""


class UidTakenError(Exception):
    """Other Slack users of the workspace have that UID, and nobody has confirmed that these may share it."""

    def __init__(self, sharing: Sharing) -> None:
        super().__init__("the UID belongs to another Slack user")
        self.sharing = sharing


class RequestSettledError(Exception):
    """The request that a link was to answer is not open any more: another admin was faster."""


@dataclass(frozen=True, slots=True)
class Link:
    """A Slack user's link. `made_by` is a Slack user id, or "cli"; `made_at` is Unix time."""

    user: SlackUser
    uid: Uid
    made_by: str
    made_at: int
    how: How


@dataclass(frozen=True, slots=True)
class LinksPage:
    """Some links of a workspace, by Slack user id, and how many there are in all that match."""

    links: tuple[Link, ...]
    total: int


class Links(Protocol):
    """A store of links. Every method raises StoreUnavailableError when it can't be asked."""

    async def get(self, user: SlackUser) -> Link | None:
        """Return the user's link: one indexed read, or none where it was read within seconds."""
        ...

    async def put(
        self,
        link: Link,
        *,
        confirmed: str = "",
        asked_for: bool = False,
        audited: Callable[[Link | None], Entry] | None = None,
    ) -> Link | None:
        """Make or replace the user's link, and close the request that they may have open, all or nothing.

        Return the link that it replaces. Raises UidTakenError where other users of the workspace have the UID,
        unless an admin `confirmed` that by its seal, and RequestSettledError where it was `asked_for` and no
        request is open. `audited` makes the entry that is stored with the change, from the link that it replaces.
        """
        ...

    async def remove(self, user: SlackUser, *, audited: Callable[[Link], Entry] | None = None) -> Link | None:
        """Remove the user's link; return it, None when there was none. `audited` makes the entry stored with it."""
        ...

    async def page(self, team_id: str, *, prefix: str = "", offset: int = 0, limit: int = 10) -> LinksPage:
        """Return links of a workspace whose Slack user id or UID begins with `prefix`."""
        ...

    async def remove_team(
        self, team_id: str, *, until: int | None = None, audited: Callable[[Link], Entry] | None = None
    ) -> tuple[Link, ...]:
        """Remove all links of a workspace, made `until` then (Unix time); return them. `audited` is as for `remove`."""
        ...
