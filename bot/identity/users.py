"""The values of this package: a Slack user, and who that is in CometChat."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.cometchat import Uid

if TYPE_CHECKING:  # which is of a Slack user itself
    from bot.identity.links import Link

OwnTeam = Callable[[], Awaitable[str]]
"""Returns the id of the bot's own workspace; raises IdentityUnavailableError while it can't be known."""


class IdentityUnavailableError(Exception):
    """Who the user is can't be found out now; it may be later. Nobody is let in meanwhile."""


@dataclass(frozen=True, slots=True)
class SlackUser:
    """A Slack user. A user id alone is not enough: another workspace's person may have the same one.

    Workspace and user say who it is: a workspace keeps its id when it joins an organisation, or leaves it.
    """

    enterprise_id: str | None = field(compare=False)
    team_id: str
    user_id: str


@dataclass(frozen=True, slots=True)
class Identified:
    """The CometChat user that a Slack user acts as, and the rule that says so (`link`, `map`, `slack-id`).

    `link` is what the first of these has read the UID from.
    """

    uid: Uid
    rule: str
    link: Link | None = None
