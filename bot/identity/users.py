"""A Slack user, and the bot's own workspace."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

OwnTeam = Callable[[], Awaitable[str]]
"""Returns the id of the bot's own workspace; raises IdentityUnavailableError while it is not known."""


class IdentityUnavailableError(Exception):
    """Who the user is can't be found out now; a later try may succeed. Nobody is let in meanwhile."""


@dataclass(frozen=True, slots=True)
class SlackUser:
    """A Slack user. The user id alone is not enough: two workspaces may have the same one.

    Workspace and user id identify the user. The organisation does not count: a workspace keeps its id when it joins
    or leaves one. `unresolved`: whether they are a member of the bot's own workspace is not known now (membership.py).
    """

    enterprise_id: str | None = field(compare=False)
    team_id: str
    user_id: str
    unresolved: bool = field(default=False, compare=False)
