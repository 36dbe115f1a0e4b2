"""Who a Slack user is in CometChat: a chain of rules, the first that knows the user decides.

A rule answers only for the users it may speak for; no rule ever takes a UID from what a user typed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.identity.rules import SlackIdRule, UserMap
from bot.identity.users import Identified, IdentityUnavailableError, OwnTeam, SlackUser

__all__ = [
    "Chain",
    "Identified",
    "Identity",
    "IdentityUnavailableError",
    "OwnTeam",
    "SlackIdRule",
    "SlackUser",
    "UserMap",
]


class Identity(Protocol):
    """What the rest of the bot needs to know of this package."""

    async def identify(self, user: SlackUser) -> Identified | None:
        """Return who the user is, None when nobody has said so.

        Raises IdentityUnavailableError when that can't be found out now.
        """
        ...


class Chain:
    """Asks one rule after the other."""

    def __init__(self, rules: Sequence[Identity]) -> None:
        self._rules = tuple(rules)

    async def identify(self, user: SlackUser) -> Identified | None:
        """Return what the first rule that knows the user says, None when none does."""
        for rule in self._rules:
            if identified := await rule.identify(user):
                return identified
        return None
