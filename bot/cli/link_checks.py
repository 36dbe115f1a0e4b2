"""Checks of links before they are stored: the person with Slack, the UID with CometChat, and who has it by configuration."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.cli.running import FailedError
from bot.cli.team import Directory, NobodyError, Team
from bot.cometchat import CallProblemError, CometChat, RateLimitedError, Uid, UnknownUidError
from bot.identity import SlackUser
from bot.identity.rules import ConfiguredUsers
from bot.settings import Settings

_TRIES = 4
_LONGEST_WAIT = 60


class LinkChecks:
    """Checks links. A service that can't be asked is a FailedError, so that nothing is stored unchecked."""

    def __init__(self, slack: Directory, cometchat: CometChat) -> None:
        self._slack = slack
        self._cometchat = cometchat

    async def problem(self, user: SlackUser, uid: Uid) -> str | None:
        """Return why the link can't be right, None if it can. Raises FailedError."""
        try:
            await self._slack.check(user)
        except NobodyError as nobody:
            return str(nobody)
        return await self.uid_problem(uid)

    async def uid_problem(self, uid: Uid) -> str | None:
        """Return that CometChat has no such user, None if it has. Raises FailedError."""
        try:
            await self._check_user(uid)
        except UnknownUidError:
            return f"CometChat has no active user {uid}"
        except CallProblemError as error:
            raise FailedError(
                f"Can't check the UID with CometChat ({type(error).__name__.removesuffix('Error')}); nothing was changed. "
                "To link without checking, add --no-check."
            ) from None
        return None

    async def _check_user(self, uid: Uid) -> None:
        """Ask CometChat, again after a pause where it gets too many requests."""
        for _ in range(_TRIES - 1):
            try:
                return await self._cometchat.check_user(uid)
            except RateLimitedError as error:
                wait = _LONGEST_WAIT if error.retry_after is None else error.retry_after
                await asyncio.sleep(min(wait, _LONGEST_WAIT))
        return await self._cometchat.check_user(uid)


class ConfiguredHolders:
    """Knows to whom the map or the rule gives a UID. With `slack`, those whom Slack doesn't know don't count."""

    def __init__(self, settings: Settings, team: Team, slack: Directory | None) -> None:
        async def own_team() -> str:
            return team.team_id

        by_slack_id = settings.callinfo_uid_rule == "slack-id"
        self._users = ConfiguredUsers(settings.callinfo_user_map, own_team, by_slack_id=by_slack_id)
        self._slack = slack

    async def of(self, uid: Uid) -> tuple[SlackUser, ...]:
        """Return those users. Raises FailedError where Slack can't be asked."""
        return tuple([user for user in await self._users.of(uid) if await self._is_there(user)])

    async def _is_there(self, user: SlackUser) -> bool:
        try:
            if self._slack:
                await self._slack.check(user)
        except NobodyError:
            return False
        return True


@asynccontextmanager
async def link_checks(settings: Settings, slack: Directory) -> AsyncIterator[LinkChecks]:
    """Open connections to CometChat."""
    async with CometChat(settings.calls_base_url, settings.cometchat_api_key) as cometchat:
        yield LinkChecks(slack, cometchat)
