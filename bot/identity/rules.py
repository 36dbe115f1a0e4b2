"""Who a Slack user is in CometChat: a chain of rules, of which the first that knows the user decides.

The order: the link that an admin made, `CALLINFO_USER_MAP`, `CALLINFO_UID_RULE`, nobody. A rule answers only for the
users it may speak for. No rule ever takes a UID from what a user typed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.cometchat import Uid, parse_uid
from bot.identity.links import Link, Links, StoreUnavailableError
from bot.identity.users import IdentityUnavailableError, OwnTeam, SlackUser
from bot.slack.workspace import Workspace, WorkspaceUnknownError

_SLACK_USER = re.compile(r"[UW][A-Z0-9]{1,30}")


@dataclass(frozen=True, slots=True)
class Identified:
    """The CometChat user that a Slack user acts as, and the rule that decided (`link`, `map`, `slack-id`).

    `link` is the stored link, for that rule.
    """

    uid: Uid
    rule: str
    link: Link | None = None


class Identity(Protocol):
    """A rule, or the chain of them."""

    async def identify(self, user: SlackUser) -> Identified | None:
        """Return who the user is, None when no rule knows. Raises IdentityUnavailableError."""
        ...


class Chain:
    """Asks one rule after the other: first those that name users, then `otherwise`, which maps all users alike.

    While a rule that names users is unavailable, the other naming rules still decide, but nobody falls through to
    `otherwise`: it could show them more than the unavailable rule would.
    """

    def __init__(self, naming: Sequence[Identity], otherwise: Identity | None = None) -> None:
        self._naming = tuple(naming)
        self._otherwise = otherwise

    async def identify(self, user: SlackUser) -> Identified | None:
        """Return what the first rule that knows the user says, None when none does."""
        if user.unresolved:
            raise IdentityUnavailableError("whether the user is a member is not known")
        unavailable: IdentityUnavailableError | None = None
        for rule in self._naming:
            try:
                if identified := await rule.identify(user):
                    return identified
            except IdentityUnavailableError as error:
                unavailable = error
        if unavailable:
            raise unavailable
        return await self._otherwise.identify(user) if self._otherwise else None


def own_team_of(workspace: Workspace) -> OwnTeam:
    """Return how to ask for the id of the bot's own workspace."""

    async def own_team() -> str:
        try:
            return await workspace.own_team()
        except WorkspaceUnknownError as error:
            raise IdentityUnavailableError("the bot's own workspace is not known yet") from error

    return own_team


class StoredLink:
    """The link that an admin made."""

    def __init__(self, links: Links) -> None:
        self._links = links

    async def identify(self, user: SlackUser) -> Identified | None:
        """Return whom the user is linked to."""
        try:
            link = await self._links.get(user)
        except StoreUnavailableError as error:
            raise IdentityUnavailableError("the store of links is unavailable") from error
        return Identified(link.uid, "link", link) if link else None


class UserMap:
    """`CALLINFO_USER_MAP`: keys are `TEAM:USER`, or `USER` for a member of the bot's own workspace only."""

    def __init__(self, entries: Mapping[str, Uid], own_team: OwnTeam) -> None:
        self._entries = dict(entries)
        self._own_team = own_team

    async def identify(self, user: SlackUser) -> Identified | None:
        """Return the user's entry; one that names the team wins over one that does not."""
        uid = self._entries.get(f"{user.team_id}:{user.user_id}")
        if uid is None and user.team_id == await self._own_team():
            uid = self._entries.get(user.user_id)
        return Identified(uid, "map") if uid else None


class SlackIdRule:
    """`CALLINFO_UID_RULE=slack-id`: the UID is the lower-cased Slack user id, in the bot's own workspace only."""

    def __init__(self, own_team: OwnTeam) -> None:
        self._own_team = own_team

    async def identify(self, user: SlackUser) -> Identified | None:
        """Return the user under their own Slack id."""
        if user.team_id != await self._own_team():
            return None
        try:
            return Identified(parse_uid(user.user_id), "slack-id")
        except ValueError:  # not an id that Slack gives out
            return None


class ConfiguredUsers:
    """To whom of the bot's own workspace the map, and where wanted the rule, give a UID."""

    def __init__(self, user_map: Mapping[str, Uid], own_team: OwnTeam, *, by_slack_id: bool) -> None:
        self._map = user_map
        self._own_team = own_team
        self._by_slack_id = by_slack_id

    async def of(self, uid: Uid) -> tuple[SlackUser, ...]:
        """Return those users; whether Slack knows them is not asked. Raises IdentityUnavailableError."""
        team = await self._own_team()
        mine = {key: each for key, each in self._map.items() if ":" not in key}
        mine |= {
            key.rpartition(":")[2]: each for key, each in self._map.items() if key.startswith(f"{team}:")
        }
        user_ids = [user_id for user_id, each in mine.items() if each == uid]
        user_id = uid.upper()
        if self._by_slack_id and user_id not in mine and _SLACK_USER.fullmatch(user_id):
            user_ids.append(user_id)
        return tuple(SlackUser(None, team, user_id) for user_id in user_ids)


def chain_of(links: Links, user_map: Mapping[str, Uid], own_team: OwnTeam, *, by_slack_id: bool) -> Chain:
    """Return the chain: links first, then the map, then, where wanted, the rule that a UID is the Slack user id."""
    otherwise = SlackIdRule(own_team) if by_slack_id else None
    return Chain([StoredLink(links), UserMap(user_map, own_team)], otherwise)
