"""The workspace that the bot is installed in: `auth.test` returns its id.

It is asked at the start, so that a revoked token shows at once, and again on demand where Slack was out of reach.
Until it is known, nobody counts as a member.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.web_api import WebApiError, answered

log = structlog.get_logger()

PAUSE_SECONDS = 5.0
"""After a failure, how long `own_team` does not wait for Slack again."""


class WorkspaceUnknownError(Exception):
    """The bot's own workspace is not known yet."""


class TokenRefusedError(WorkspaceUnknownError):
    """Slack does not accept the bot's token; the text is Slack's word for why, such as `token_revoked`."""


class SlackUnreachableError(WorkspaceUnknownError):
    """Slack can't be asked now."""


class Workspace:
    """Knows the team id of the bot's own workspace. `clock` is monotonic, in seconds."""

    def __init__(self, slack: AsyncWebClient, clock: Callable[[], float] = time.monotonic) -> None:
        self._slack = slack
        self._clock = clock
        self._team_id = ""
        self._asking: asyncio.Task[str] | None = None
        self._not_before = 0.0

    async def own_team(self) -> str:
        """Return the team id; raises WorkspaceUnknownError while Slack can't be asked."""
        if self._team_id:
            return self._team_id
        if self._clock() < self._not_before:
            raise WorkspaceUnknownError
        return await self.learn()

    async def learn(self) -> str:
        """Ask Slack, with one request for all who wait; raises TokenRefusedError or SlackUnreachableError."""
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask())
        self._team_id = await asyncio.shield(self._asking)
        return self._team_id

    async def _ask(self) -> str:
        try:
            return await self._auth_test()
        except WorkspaceUnknownError as error:
            self._not_before = self._clock() + PAUSE_SECONDS
            log.warning(
                "workspace unknown", reason=str(error), consequence="nobody is recognised as a member"
            )
            raise

    async def _auth_test(self) -> str:
        try:
            answer = await answered(self._slack.auth_test())
        except WebApiError as error:
            if error.status is None:
                raise SlackUnreachableError("auth.test had no answer") from error
            if error.refuses_token:
                raise TokenRefusedError(error.word) from error
            raise SlackUnreachableError("auth.test failed") from error
        team_id = answer.get("team_id")
        if not isinstance(team_id, str) or not team_id:
            raise SlackUnreachableError("auth.test named no team")
        return team_id
