"""Requests for a link, which people without one make and admins answer: values, and what a store of them can do.

A database keeps them (`storage/link_requests.py`); a link closes the one that it answers (`Links.put`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol

from bot.identity.users import SlackUser


class Requested(Enum):
    """What came of noting a request: NOTED, or there is one that is OPEN, or was DECLINED a short while ago."""

    NOTED = auto()
    OPEN = auto()
    DECLINED = auto()


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """A request that nobody has decided; `at` is Unix time."""

    user: SlackUser
    at: int


@dataclass(frozen=True, slots=True)
class OpenRequests:
    """Some of a workspace's open requests, the oldest first, and how many there are in all."""

    requests: tuple[OpenRequest, ...]
    total: int


@dataclass(frozen=True, slots=True)
class LastRequest:
    """A person's last request, where it counts still: since `at` (Unix time) it waits, or is declined.

    `told`: admins have got it. `anew` is what would come of asking again: NOTED where it stands in nobody's way.
    """

    at: int
    told: bool
    anew: Requested


class Requests(Protocol):
    """A store of requests. Every method raises StoreUnavailableError when it can't be asked."""

    async def request(self, user: SlackUser, at: int) -> Requested:
        """Note that the user asks for a link at that Unix time, unless a request of theirs says otherwise."""
        ...

    async def last_request(self, user: SlackUser, at: int) -> LastRequest | None:
        """Return what is left of the user's last request at that Unix time, None where there is nothing to tell."""
        ...

    async def request_sent(self, user: SlackUser, at: int) -> None:
        """Note that admins have got the user's open request."""
        ...

    async def withdraw_request(self, user: SlackUser) -> None:
        """Close the user's open request as if it had never been made."""
        ...

    async def decline_request(self, user: SlackUser, by: str, at: int) -> bool:
        """Decline the user's open request; return False where another admin has closed it, or there is none."""
        ...

    async def open_requests(self, team_id: str, *, limit: int) -> OpenRequests:
        """Return a workspace's open requests."""
        ...
