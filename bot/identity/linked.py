"""The first rule: the link that an admin made, as the store keeps it."""

from __future__ import annotations

from bot.identity.links import Links, StoreUnavailableError
from bot.identity.users import Identified, IdentityUnavailableError, SlackUser


class StoredLink:
    """Asks the store of links."""

    def __init__(self, links: Links) -> None:
        self._links = links

    async def identify(self, user: SlackUser) -> Identified | None:
        """Return whom the user is linked to; raises IdentityUnavailableError while the store can't be asked."""
        try:
            link = await self._links.get(user)
        except StoreUnavailableError as error:
            raise IdentityUnavailableError("the store of links can't be asked") from error
        return Identified(link.uid, "link", link) if link else None
