"""The workspace of the bot's token, and the person with an e-mail address: what only Slack knows.

`auth.test` and `users.lookupByEmail` (https://docs.slack.dev/reference/methods).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.cli.running import FailedError, WrongUsageError
from bot.identity import SlackUser
from bot.links import problems
from bot.links.validation import unlinkable_by
from bot.settings import Settings
from bot.slack.users import profile_of
from bot.slack.web_api import WebApiError, answered

_TRIES = 4
_LONGEST_WAIT = 60.0
_NO_CHECK = {"users.info": " To link without checking, add --no-check."}
_BECAUSE = {
    problems.A_BOT: "that is a bot",
    problems.deactivated(had_a_link=False): "that person's Slack account is deactivated",
}
_NOBODY = {
    "users_not_found": "nobody in the workspace has that e-mail address",
    "user_not_found": "Slack knows nobody with that id in this workspace",
    "user_not_visible": "Slack knows nobody with that id in this workspace",
}
# Slack's words for a token that it refuses
_TOKEN = frozenset({"not_authed", "invalid_auth", "account_inactive", "token_revoked", "token_expired"})


@dataclass(frozen=True, slots=True)
class Team:
    """A workspace: its id, and its organisation's where it belongs to one."""

    enterprise_id: str | None
    team_id: str


class NobodyError(Exception):
    """Slack knows nobody by that e-mail address who could use the bot; the message says why."""


class Directory:
    """Asks Slack, with retries: nobody waits for a single answer."""

    def __init__(self, slack: AsyncWebClient) -> None:
        self._slack = slack

    async def own_team(self) -> Team:
        """Return the workspace of the bot's token; raises FailedError."""
        answer = await self._ask("auth.test", {})
        team_id = answer.get("team_id")
        if not isinstance(team_id, str) or not team_id:
            raise FailedError("Slack didn't say which workspace SLACK_BOT_TOKEN is for; nothing was changed.")
        return Team(answer.get("enterprise_id") or None, team_id)

    async def check(self, user: SlackUser) -> None:
        """Return if the user can be linked; raises NobodyError or FailedError."""
        answer = await self._ask("users.info", {"user": user.user_id})
        _check(answer.get("user"), user.team_id)

    async def user_of(self, email: str, team: Team, *, check: bool) -> str:
        """Return the Slack user id of an e-mail address; raises NobodyError or FailedError.

        With `check`, the person must be one who can be linked.
        """
        answer = await self._ask("users.lookupByEmail", {"email": email})
        user = answer.get("user")
        if not isinstance(user, dict) or not isinstance(user.get("id"), str):
            raise FailedError("Slack's answer to users.lookupByEmail names nobody; nothing was changed.")
        if user.get("deleted"):
            raise NobodyError("that person's Slack account is deactivated")
        if check:
            _check(user, team.team_id)
        return str(user["id"])

    async def _ask(self, method: str, arguments: dict[str, str]) -> Any:
        """Return Slack's answer; raises NobodyError for an address it does not know, else FailedError."""
        for retry in range(_TRIES):
            try:
                return (await answered(self._slack.api_call(method, data=arguments))).data
            except WebApiError as error:
                wait = _pause(error, retry)
                if wait is None:
                    raise _refusal(method, error.word) from None
            if retry + 1 < _TRIES:
                await asyncio.sleep(wait)
        raise FailedError(
            f"Slack can't be reached ({method}); nothing was changed.{_NO_CHECK.get(method, '')}"
        )


@asynccontextmanager
async def directory(settings: Settings) -> AsyncIterator[Directory]:
    """Open connections to Slack."""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10), trust_env=True) as session:
        yield Directory(
            AsyncWebClient(
                token=settings.slack_bot_token.get_secret_value(),
                base_url=f"{settings.slack_api_url}/",
                session=session,
            )
        )


def _check(found: Any, team_id: str) -> None:
    """Raise NobodyError where the user object is not of a person who can be linked in that workspace."""
    if not isinstance(found, dict) or not isinstance(user_id := found.get("id"), str):
        raise FailedError("Slack's answer names nobody; nothing was changed.")
    problem = unlinkable_by(profile_of(user_id, found), SlackUser(None, team_id, user_id))
    if problem:
        raise NobodyError(_BECAUSE.get(problem, "that person is not a member of this workspace"))


def _pause(error: WebApiError, retry: int) -> float | None:
    """Return how many seconds to wait before the next try, None where one would not help."""
    if error.status == HTTPStatus.TOO_MANY_REQUESTS or error.word == "ratelimited":
        seconds = error.retry_after
        return min(float(seconds) if seconds.isdigit() else float(2**retry), _LONGEST_WAIT)
    if error.status != HTTPStatus.OK or error.word in {"internal_error", "fatal_error", ""}:
        return float(2**retry) / 2
    return None


def _refusal(method: str, word: str) -> Exception:
    if word in _NOBODY:
        return NobodyError(_NOBODY[word])
    if word == "missing_scope":
        return WrongUsageError(
            "The Slack app lacks the scope users:read.email, which e-mail addresses need. Add it under OAuth & "
            "Permissions and install the app again, or use Slack user ids (slack_user). Nothing was changed."
        )
    if word in _TOKEN:
        return WrongUsageError(
            f"Slack rejects SLACK_BOT_TOKEN ({word}). Install the app again to get a new one."
        )
    return FailedError(f"Slack rejects {method} ({word}); nothing was changed.")
