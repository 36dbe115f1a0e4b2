"""Whether a subscription still holds, and on whose behalf CometChat is asked for it: found out anew each time."""

from __future__ import annotations

from dataclasses import replace

from cachetools import TTLCache

from bot.cometchat import Uid
from bot.identity import Identity, IdentityUnavailableError, SlackUser
from bot.links.admins import Admins, AdminStatus
from bot.slack.users import People, PeopleUnavailableError
from bot.subscriptions.subscription import Subscription
from bot.subscriptions.tellings import Why

PRESENT_SECONDS = 3_600.0
"""How long a look takes it that somebody is still there; before anything is told, Slack is asked."""

_MOST_PRESENT = 10_000


class NotKnownNowError(Exception):
    """It can't be found out now; a later try may succeed. Nothing is told meanwhile."""


class Standing:
    """Finds out whether subscriptions hold."""

    def __init__(self, identity: Identity, admins: Admins, people: People) -> None:
        self._identity = identity
        self._admins = admins
        self._people = people
        self._present: TTLCache[SlackUser, bool] = TTLCache(_MOST_PRESENT, PRESENT_SECONDS)

    async def viewer(self, subscription: Subscription, *, asking_slack: bool) -> Uid | Why:
        """Return on whose behalf CometChat is asked, or why the subscription ends.

        `asking_slack` whether its owner is still there even where that was known a short while ago. Raises
        NotKnownNowError.
        """
        if asking_slack or subscription.owner not in self._present:
            if await self._has_left(subscription.owner):
                return Why.LEFT
            self._present[subscription.owner] = True
        if subscription.uid is not None:
            return await self._chosen(subscription, subscription.uid)
        try:
            identified = await self._identity.identify(subscription.owner)
        except IdentityUnavailableError:
            raise NotKnownNowError from None
        if identified is None:
            return Why.LINK_LOST
        return identified.uid if identified.uid == subscription.made_for else Why.LINK_CHANGED

    async def mentioned(self, subscription: Subscription) -> Uid | None:
        """Return the UID of the person with whom the calls have to be, None where nobody is mentioned, or nobody known.

        Raises NotKnownNowError.
        """
        user_id = subscription.wanted.mentioned
        if user_id is None:
            return None
        try:
            identified = await self._identity.identify(replace(subscription.owner, user_id=user_id))
        except IdentityUnavailableError:
            raise NotKnownNowError from None
        return identified.uid if identified else None

    async def _has_left(self, owner: SlackUser) -> bool:
        try:
            profile = await self._people.profile(owner.user_id)
        except PeopleUnavailableError:
            raise NotKnownNowError from None
        if profile is None or profile.deactivated:
            return True
        # Who is out of the workspace may still be in its organisation
        return bool(profile.teams) and owner.team_id not in profile.teams

    async def _chosen(self, subscription: Subscription, uid: Uid) -> Uid | Why:
        match await self._admins.status(subscription.owner):
            case AdminStatus.ADMIN:
                return uid
            case AdminStatus.NOT_ADMIN:
                return Why.NO_LONGER_ADMIN
            case AdminStatus.UNKNOWN:
                raise NotKnownNowError
