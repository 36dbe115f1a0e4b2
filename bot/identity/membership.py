"""Who is a member of the bot's own workspace, whichever workspace of theirs a payload names.

On Enterprise Grid a person may be in several workspaces of one organisation. A command names the one in which it was
typed. Actions, shortcuts and submitted views name one fixed workspace of the person's, or the organisation, so the same
person comes under different names. In Slack Connect the payload's `team` is the app's workspace although the person is
of another company: it proves nothing. What decides is the list of their workspaces in `users.info`.
https://docs.slack.dev/reference/objects/user-object, https://docs.slack.dev/enterprise
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from cachetools import TTLCache

from bot.identity.users import IdentityUnavailableError, OwnTeam, SlackUser
from bot.slack.users import People, PeopleUnavailableError, Profile

WAIT_SECONDS = 1.0
"""How long Slack is waited for: the request that names the person has not been acked yet."""
CACHE_SECONDS = 600.0
CACHE_SIZE = 2_000


class Membership:
    """Resolves people to the bot's own workspace. `clock` is monotonic, in seconds."""

    def __init__(
        self, people: People, own_team: OwnTeam, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._people = people
        self._own_team = own_team
        self._members: TTLCache[SlackUser, bool] = TTLCache(CACHE_SIZE, CACHE_SECONDS, clock)

    async def resolve(self, user: SlackUser) -> SlackUser:
        """Return the person as a member of the bot's own workspace if they are one, else as the payload named them.

        While Slack can't say, they are `unresolved`: nobody may act for them, nor be taken for them.
        """
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                own_team = await self._own_team()
        except (IdentityUnavailableError, TimeoutError):
            return user  # each rule that needs to know the workspace says that it does not
        if not user.user_id or user.team_id == own_team:
            return user
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                member = await self._is_member(user, own_team)
        except (PeopleUnavailableError, TimeoutError):
            return replace(user, unresolved=True)
        return replace(user, team_id=own_team) if member else user

    async def _is_member(self, user: SlackUser, own_team: str) -> bool:
        with suppress(KeyError):
            return self._members[user]
        profile = await self._people.profile(user.user_id)
        member = profile is not None and own_team in profile.teams and _is_same_person(user, profile)
        self._members[user] = member
        return member


def _is_same_person(user: SlackUser, profile: Profile) -> bool:
    """Return whether the payload's user is the one of that profile, and no namesake of another company's.

    The workspace that the payload names has to be one of theirs, or their organisation.
    """
    if profile.stranger or profile.deactivated or profile.bot:
        return False
    organisations = {profile.enterprise_id, user.enterprise_id} - {"", None}
    return not user.team_id or user.team_id in profile.teams or user.team_id in organisations
