"""The direct messages about links. Nothing that was done is undone where one does not arrive."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot.cards.link_request import declined_notice, request_notice
from bot.cards.links import linked_notice
from bot.identity import SlackUser
from bot.identity.links import Link
from bot.slack.messages import DirectMessages
from bot.slack.users import Profile


class LinkNotices:
    """Sends people direct messages about their link, and admins those about requests."""

    def __init__(self, direct: DirectMessages) -> None:
        self._direct = direct

    async def linked(self, link: Link) -> bool:
        """Tell a person that they are linked; return whether Slack took the message."""
        return await self._direct.send(link.user.user_id, linked_notice(link))

    async def declined(self, user: SlackUser) -> bool:
        """Tell a person that their request was declined; return whether Slack took the message."""
        return await self._direct.send(user.user_id, declined_notice())

    async def requested(
        self, user: SlackUser, profile: Profile | None, admins: Sequence[str]
    ) -> tuple[str, ...]:
        """Tell the admins that a person asks to be linked; return those whose message Slack took."""
        card = request_notice(user, profile)
        sent = await asyncio.gather(*(self._direct.send(admin, card) for admin in admins))
        return tuple(admin for admin, taken in zip(admins, sent, strict=True) if taken)
