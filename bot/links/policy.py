"""Who may manage links: those that `CALLINFO_ADMINS` names, and the admins and owners of the bot's own workspace.

Whoever can't be found to be an admin is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from enum import Enum, auto

from bot.identity import IdentityUnavailableError, OwnTeam, SlackUser
from bot.slack.users import People, PeopleUnavailableError


class Standing(Enum):
    """Whether a person is an admin; UNKNOWN counts as no, and is worth another try."""

    ADMIN = auto()
    NO_ADMIN = auto()
    UNKNOWN = auto()


class Admins:
    """Knows the admins. `named` are Slack user ids of the bot's own workspace."""

    def __init__(self, named: Sequence[str], people: People, own_team: OwnTeam) -> None:
        self.named = tuple(named)
        self._people = people
        self._own_team = own_team

    async def to_ask(self) -> tuple[str, ...]:
        """Return whom people can ask: those named, else some that Slack names; nobody where it can't be asked."""
        if self.named:
            return self.named
        try:
            return await self._people.admins()
        except PeopleUnavailableError:
            return ()

    async def is_named(self, user: SlackUser) -> bool:
        """Return whether `CALLINFO_ADMINS` names the person, for which Slack need not be asked about them."""
        with suppress(IdentityUnavailableError):
            return user.user_id in self.named and await self.is_member(user)
        return False

    async def is_member(self, user: SlackUser) -> bool:
        """Return whether the user is of the bot's own workspace; raises IdentityUnavailableError."""
        return user.team_id == await self._own_team()

    async def standing(self, user: SlackUser) -> Standing:
        """Return whether the person is an admin; Slack is asked, at most once a minute, about those not named."""
        try:
            own_team = await self._own_team()
        except IdentityUnavailableError:
            return Standing.UNKNOWN
        if user.team_id != own_team:  # a namesake, or an admin, of another workspace has no say here
            return Standing.NO_ADMIN
        if user.user_id in self.named:
            return Standing.ADMIN
        try:
            profile = await self._people.profile(user.user_id)
        except PeopleUnavailableError:
            return Standing.UNKNOWN
        if profile is None or own_team not in profile.teams or profile.deactivated or profile.bot:
            return Standing.NO_ADMIN
        return Standing.ADMIN if profile.admin else Standing.NO_ADMIN
