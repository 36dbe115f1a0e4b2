"""The rules that come from the configuration: `CALLINFO_USER_MAP` and `CALLINFO_UID_RULE=slack-id`."""

from __future__ import annotations

from collections.abc import Mapping

from bot.cometchat import Uid, parse_uid
from bot.identity.users import Identified, IdentityUnavailableError, OwnTeam, SlackUser
from bot.slack.workspace import Workspace, WorkspaceUnknownError


def own_team_of(workspace: Workspace) -> OwnTeam:
    """Return how to ask for the id of the bot's own workspace."""

    async def own_team() -> str:
        try:
            return await workspace.own_team()
        except WorkspaceUnknownError as error:
            raise IdentityUnavailableError("the bot's own workspace is not known yet") from error

    return own_team


class UserMap:
    """`CALLINFO_USER_MAP`: keys are `TEAM:USER`, or `USER` for a member of the bot's own workspace only."""

    def __init__(self, entries: Mapping[str, Uid], own_team: OwnTeam) -> None:
        self._entries = dict(entries)
        self._own_team = own_team

    async def identify(self, user: SlackUser) -> Identified | None:
        """Return the entry for the user, the one that names the team before the one that does not."""
        uid = self._entries.get(f"{user.team_id}:{user.user_id}")
        if uid is None and user.user_id in self._entries and user.team_id == await self._own_team():
            uid = self._entries[user.user_id]
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
        except ValueError:  # no id of Slack's: nobody's
            return None
