"""Stored links: which Slack user is which CometChat user, by whom. Values, errors, and the store's Protocol.

`storage/links.py` implements the store.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from bot.cometchat import Uid
from bot.identity.users import SlackUser
from bot.observability.audit import Entry

How = Literal["admin", "import"]

_FINGERPRINT_LENGTH = 16


class StoreUnavailableError(Exception):
    """The store can't be read or changed now; a later try may succeed."""


class ValueRefusedError(StoreUnavailableError):
    """The database is there, but can't hold a value that it was given; the text is the kind of the driver's error."""


@dataclass(frozen=True, slots=True)
class UidConflict:
    """What an admin has to confirm: `others` have the UID too; `current` is what the person is linked to now."""

    others: tuple[SlackUser, ...]
    current: Uid | None

    def fingerprint(self) -> str:
        """Return what a confirmation carries, so that it holds for exactly this conflict and not for a later one."""
        named = json.dumps([sorted(other.user_id for other in self.others), self.current])
        return hashlib.sha256(named.encode()).hexdigest()[:_FINGERPRINT_LENGTH]


CONFIRM_ANY = "*"
"""The confirmation of the command line, which shows no conflict: any others may have the UID too."""


class UidTakenError(Exception):
    """Other Slack users of the workspace have that UID, and nobody has confirmed that they may share it."""

    def __init__(self, conflict: UidConflict) -> None:
        super().__init__("the UID belongs to another Slack user")
        self.conflict = conflict


class RequestSettledError(Exception):
    """The request that a link was to answer is no longer open: another admin was faster."""


@dataclass(frozen=True, slots=True)
class Link:
    """A Slack user's link. `made_by` is a Slack user id, or "cli"; `made_at` is Unix time."""

    user: SlackUser
    uid: Uid
    made_by: str
    made_at: int
    how: How

    @property
    def made_by_themself(self) -> bool:
        """Whether an admin has linked their own account."""
        return self.made_by == self.user.user_id


@dataclass(frozen=True, slots=True)
class LinksPage:
    """Some links of a workspace, by Slack user id, and how many match in all."""

    links: tuple[Link, ...]
    total: int


class Links(Protocol):
    """A store of links. Every method raises StoreUnavailableError."""

    async def get(self, user: SlackUser) -> Link | None:
        """Return the user's link: one indexed read, or none where it was read within seconds."""
        ...

    async def put(
        self,
        link: Link,
        *,
        confirmed: str = "",
        asked_for: bool = False,
        configured: Sequence[SlackUser] = (),
        audited: Callable[[Link | None], Entry] | None = None,
    ) -> Link | None:
        """Make or replace the user's link, and close their open request if there is one, in one transaction.

        Return the link that it replaces. Raises UidTakenError where other users of the workspace have the UID,
        unless an admin `confirmed` that by its fingerprint, and RequestSettledError where it was `asked_for` and no
        request is open. `configured` are users whose UID it is by the configuration, unless a link of theirs says
        another. `audited` makes the audit entry that is stored with the change, from the replaced link.
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
