"""The use case of `whoami`: who a person is in CometChat, by which rule, and the link where it is one.

For a person without a link: what became of their request for one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

from bot.calls import problems
from bot.calls.problems import Problem
from bot.identity import Identity, IdentityUnavailableError, SlackUser
from bot.identity.links import StoreUnavailableError
from bot.identity.requests import LastRequest, Requests
from bot.links.admins import Admins, AdminStatus
from bot.links.results import ActingAs

SLACK_SECONDS = 1.0
"""How long Slack is waited for to say who may be linked."""


class Whoami:
    """Says who people are. `now` is the wall clock, in Unix seconds."""

    def __init__(
        self, identity: Identity, requests: Requests, admins: Admins, now: Callable[[], float]
    ) -> None:
        self._identity = identity
        self._requests = requests
        self._admins = admins
        self._now = now

    async def __call__(self, user: SlackUser) -> ActingAs | Problem:
        """Return who the user is in CometChat."""
        try:
            identified = await self._identity.identify(user)
        except IdentityUnavailableError:
            return problems.identity_unavailable()
        if identified:  # Slack is not asked whether they are an admin: their calls wait for this
            return ActingAs(identified, admin=await self._admins.is_named(user))
        return await self.without_a_link(user)

    async def without_a_link(self, user: SlackUser) -> Problem:
        """Return what to tell a person without a link: only those who can be linked, by another, may ask an admin.

        Those read what became of their last request.
        """
        with suppress(TimeoutError):  # their answer waits for it
            async with asyncio.timeout(SLACK_SECONDS):
                if await self._admins.status(user) is AdminStatus.ADMIN:
                    return problems.not_linked_yourself()
                if not await self._admins.can_be_linked(user):
                    return problems.not_linked_for_good()
        return problems.not_linked(await self._last_request(user))

    async def with_an_unknown_uid(self, user: SlackUser, problem: Problem) -> Problem:
        """Return what to tell a person whose UID CometChat does not know: an admin needs to ask nobody."""
        with suppress(TimeoutError):
            async with asyncio.timeout(SLACK_SECONDS):
                if await self._admins.status(user) is AdminStatus.ADMIN:
                    return problems.yours_to_fix(problem)
        return problem

    async def _last_request(self, user: SlackUser) -> LastRequest | None:
        """Return the person's last request. While the store is unavailable, the answer goes without it."""
        try:
            return await self._requests.last_request(user, int(self._now()))
        except StoreUnavailableError:
            return None
