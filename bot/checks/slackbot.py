"""Slackbot: whether it may ask the bot for people, and whether `/mcp` answers it."""

from __future__ import annotations

from http import HTTPStatus

import aiohttp

from bot.checks.context import Context, SlackRefusedError, SlackUnreachableError
from bot.checks.results import Result, failed, ok, skipped
from bot.checks.slack import granted_scopes
from bot.slack.manifest import MCP
from bot.slack.web_api import NO_VALID_ANSWER

SCOPE = "mcp:connect"
_REFUSAL = b'"code":-32600'
_MOST_BYTES = 1_000


async def check_slackbot(context: Context) -> Result:
    """See whether the app has the scope, then send a message that Slack has not signed: a callinfo refuses it."""
    try:
        granted = granted_scopes(await context.ask_slack("auth.test"))
    except (SlackUnreachableError, SlackRefusedError):
        granted = None
    if granted is None:
        return skipped("Slack didn't say which scopes the app has.")
    if SCOPE not in granted:
        return skipped(
            f"Slackbot is off: the Slack app lacks the scope {SCOPE}. "
            "`python -m bot manifest --slackbot` prints a manifest with it."
        )
    if context.settings.slack_app_token:
        return failed(
            f"The Slack app has the scope {SCOPE}, but in Socket Mode Slackbot can't reach the bot.",
            "Use a public address (unset SLACK_APP_TOKEN), or remove the scope and mcp_servers from the app.",
        )
    if context.address is None:
        return ok(f"Slackbot may ask callinfo. To check that {MCP} answers, add --url.")
    return await _answers(context, context.address + MCP)


async def _answers(context: Context, url: str) -> Result:
    try:
        async with context.web.post(url, json={}, allow_redirects=False) as answer:
            status, body = answer.status, await answer.content.read(_MOST_BYTES)
    except NO_VALID_ANSWER as error:
        return _not_ours(url, type(error).__name__)
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        return failed(f"Nothing answers at {url} ({type(error).__name__}).", "Start the bot there.")
    if status == HTTPStatus.UNAUTHORIZED and _REFUSAL in body:
        return ok(f"Slackbot may ask callinfo, and {url} refuses what Slack hasn't signed.")
    return _not_ours(url, f"status {status}")


def _not_ours(url: str, what: str) -> Result:
    return failed(
        f"Slackbot may ask callinfo, but the answer at {url} isn't callinfo's ({what}).",
        f"Let your proxy pass {MCP} to the bot, as it passes /slack/events.",
    )
