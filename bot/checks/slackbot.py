"""Slackbot: whether it may ask the bot for people, and whether `/mcp` answers it."""

from __future__ import annotations

from http import HTTPStatus

import aiohttp

from bot.checks.context import Context, SlackRefusedError, SlackUnreachableError
from bot.checks.results import Result, failed, ok, skipped
from bot.checks.slack import granted_scopes
from bot.slack.manifest import MCP

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
        return skipped("Slack did not say which scopes the app has.")
    if SCOPE not in granted:
        return skipped(
            f"Slackbot does not ask callinfo: the Slack app has no scope {SCOPE}. "
            "`python -m bot manifest --slackbot` prints a manifest that has it."
        )
    if context.settings.slack_app_token:
        return failed(
            f"The Slack app has the scope {SCOPE}, but by Socket Mode Slackbot reaches no bot.",
            "Let Slack post to a public address (unset SLACK_APP_TOKEN), or take the scope and mcp_servers away.",
        )
    if context.address is None:
        return ok(f"Slackbot may ask callinfo. With --url this also sees whether {MCP} answers.")
    return await _answers(context, context.address + MCP)


async def _answers(context: Context, url: str) -> Result:
    try:
        async with context.web.post(url, json={}, allow_redirects=False) as answer:
            status, body = answer.status, await answer.content.read(_MOST_BYTES)
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        return failed(f"Nothing answers at {url} ({type(error).__name__}).", "Start the bot there.")
    if status == HTTPStatus.UNAUTHORIZED and _REFUSAL in body:
        return ok(f"Slackbot may ask callinfo, and {url} answers: it refuses what Slack has not signed.")
    return failed(
        f"Slackbot may ask callinfo, but what answers at {url} is not callinfo: status {status}.",
        f"Let your proxy pass {MCP} to the bot, as it passes /slack/events.",
    )
