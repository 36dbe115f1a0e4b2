"""Requests for a link, which people without one make and admins answer. Values, and the store's Protocol.

`storage/link_requests.py` implements the store. Making the link closes the request (`Links.put`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol

from bot.identity.users import SlackUser


class RequestResult(Enum):
    """What comes of asking: RECORDED, or an earlier request is still OPEN, or was DECLINED a short while ago."""

    RECORDED = auto()
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
    """A person's last request, while it still counts: open or declined since `at` (Unix time).

    `delivered`: admins have got it. `if_repeated` is what would come of asking again.
    """

    at: int
    delivered: bool
    if_repeated: RequestResult


class Requests(Protocol):
    """A store of requests. Every method raises StoreUnavailableError."""

    async def request(self, user: SlackUser, at: int) -> RequestResult:
        """Record that the user asks for a link at that Unix time, unless an earlier request prevents it."""
        ...

    async def last_request(self, user: SlackUser, at: int) -> LastRequest | None:
        """Return the user's last request, None where none counts at that Unix time."""
        ...

    async def request_sent(self, user: SlackUser, at: int) -> None:
        """Record that admins have got the user's open request."""
        ...

    async def withdraw_request(self, user: SlackUser) -> None:
        """Delete the user's open request, as if it had never been made."""
        ...

    async def decline_request(self, user: SlackUser, by: str, at: int) -> bool:
        """Decline the user's open request; return False where there is none, or another admin has closed it."""
        ...

    async def open_requests(self, team_id: str, *, limit: int) -> OpenRequests:
        """Return a workspace's open requests."""
        ...
