"""Who a Slack user is in CometChat: a chain of rules, the first that knows the user decides.

The order: the link that an admin made, `CALLINFO_USER_MAP`, `CALLINFO_UID_RULE`, nobody. A rule answers only for the
users it may speak for; no rule ever takes a UID from what a user typed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.identity.linked import StoredLink
from bot.identity.rules import SlackIdRule, UserMap, own_team_of
from bot.identity.users import Identified, IdentityUnavailableError, OwnTeam, SlackUser

__all__ = [
    "Chain",
    "Identified",
    "Identity",
    "IdentityUnavailableError",
    "OwnTeam",
    "SlackIdRule",
    "SlackUser",
    "StoredLink",
    "UserMap",
    "own_team_of",
]


class Identity(Protocol):
    """What the rest of the bot needs to know of this package."""

    async def identify(self, user: SlackUser) -> Identified | None:
        """Return who the user is, None when nobody has said so.

        Raises IdentityUnavailableError when that can't be found out now.
        """
        ...


class Chain:
    """Asks one rule after the other: first those that name users, `otherwise` the one that maps them all alike.

    While one that names users can't be asked, the others still speak for whom they name, but nobody else falls
    through to `otherwise`: it could show them more than the silent rule would.
    """

    def __init__(self, naming: Sequence[Identity], otherwise: Identity | None = None) -> None:
        self._naming = tuple(naming)
        self._otherwise = otherwise

    async def identify(self, user: SlackUser) -> Identified | None:
        """Return what the first rule that knows the user says, None when none does."""
        silent: IdentityUnavailableError | None = None
        for rule in self._naming:
            try:
                if identified := await rule.identify(user):
                    return identified
            except IdentityUnavailableError as error:
                silent = error
        if silent:
            raise silent
        return await self._otherwise.identify(user) if self._otherwise else None
