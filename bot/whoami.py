"""The use case of `whoami`: who a person is in CometChat, by which rule, and the link where it is one."""

from __future__ import annotations

from bot import problems
from bot.identity import Identity, IdentityUnavailableError, SlackUser
from bot.link_results import Acting
from bot.problems import Problem


class Whoami:
    """Says who people are."""

    def __init__(self, identity: Identity) -> None:
        self._identity = identity

    async def __call__(self, user: SlackUser) -> Acting | Problem:
        """Return who the user is in CometChat."""
        try:
            identified = await self._identity.identify(user)
        except IdentityUnavailableError:
            return problems.identity_unavailable()
        return Acting(identified) if identified else problems.not_linked()
