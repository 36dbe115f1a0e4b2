"""Stored links: who made which Slack user which CometChat user. Values, errors, and what a store of them can do.

A database keeps them (`identity/stored.py`); this module knows nothing of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from bot.cometchat import Uid
from bot.identity.users import SlackUser

How = Literal["admin", "import"]


class StoreUnavailableError(Exception):
    """The store can't be asked or changed now; it may be later."""


class UidTakenError(Exception):
    """Another Slack user of the workspace has that UID, and nobody has confirmed that both may."""

    def __init__(self, others: Sequence[SlackUser]) -> None:
        super().__init__("the UID belongs to another Slack user")
        self.others = tuple(others)


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

    async def put(self, link: Link, *, confirmed: bool = False, asked_for: bool = False) -> Link | None:
        """Make or replace the user's link, and close the request that they may have open, all or nothing.

        Return the link that it replaces. Raises UidTakenError where another user of the workspace has the UID,
        unless an admin `confirmed` it, and RequestSettledError where it was `asked_for` and no request is open.
        """
        ...

    async def remove(self, user: SlackUser) -> Link | None:
        """Remove the user's link; return it, None when there was none."""
        ...

    async def page(
        self, enterprise_id: str | None, team_id: str, *, prefix: str = "", offset: int = 0, limit: int = 10
    ) -> LinksPage:
        """Return links of a workspace whose Slack user id or UID begins with `prefix`."""
        ...

    async def remove_team(self, enterprise_id: str | None, team_id: str) -> int:
        """Remove all links of a workspace; return how many there were."""
        ...

    async def request(self, user: SlackUser, at: int) -> bool:
        """Note that the user has asked for a link; return False where an open request is there already."""
        ...

    async def settle_request(self, user: SlackUser, by: str) -> bool:
        """Close the user's open request; return False where another admin has closed it, or there is none."""
        ...
