"""The use case of `whoami`: who a person is in CometChat, by which rule, and the link where it is one."""

from __future__ import annotations

from bot import problems
from bot.identity import Identity, IdentityUnavailableError, SlackUser
from bot.identity.links import Links, StoreUnavailableError
from bot.link_results import Acting
from bot.problems import Problem


class Whoami:
    """Says who people are."""

    def __init__(self, identity: Identity, links: Links) -> None:
        self._identity = identity
        self._links = links

    async def __call__(self, user: SlackUser) -> Acting | Problem:
        """Return who the user is in CometChat."""
        try:
            identified = await self._identity.identify(user)
            if identified is None:
                return problems.not_linked()
            link = await self._links.get(user) if identified.rule == "link" else None
        except (IdentityUnavailableError, StoreUnavailableError):
            return problems.identity_unavailable()
        return Acting(identified, link)
