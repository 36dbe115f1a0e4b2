"""Whoever wants something of CometChat: counted first, then identified. Every use case that asks it begins here."""

from __future__ import annotations

from typing import Protocol

from bot.calls import problems
from bot.calls.problems import Problem
from bot.cometchat import Uid
from bot.identity import Identity, IdentityUnavailableError, SlackUser
from bot.throttling.rates import Refused


class Limit(Protocol):
    """How many look-ups a person may make; `flood.rate_limit.RateLimit` is it."""

    async def refusal(self, user: SlackUser) -> Refused | None:
        """Count a look-up of that person; return why it is one too many, None where it is not."""
        ...


async def acting_as(user: SlackUser, limit: Limit, identity: Identity) -> Uid | Problem:
    """Count a look-up of that person, and return the UID on whose behalf CometChat is asked for it."""
    if refused := await limit.refusal(user):
        return problems.too_many_look_ups(refused)
    try:
        identified = await identity.identify(user)
    except IdentityUnavailableError:
        return problems.identity_unavailable()
    return identified.uid if identified else problems.not_linked()
