"""The public address given by `--url`: whether the manifest names it, and whether a callinfo answers there."""

from __future__ import annotations

from http import HTTPStatus

import aiohttp

from bot.checks.context import Context
from bot.checks.results import Result, failed, ok, skipped
from bot.inbound.server import READY, SHUTTING_DOWN, STARTING
from bot.slack.manifest import EVENTS, MCP, addresses
from bot.slack.web_api import NO_VALID_ANSWER

PLACEHOLDER = f"https://callinfo.example.com{EVENTS}"
_MCP_PLACEHOLDER = f"https://callinfo.example.com{MCP}"
_NOT_GIVEN = "No address was given with --url."
# The bot's answers to a request that Slack has not signed, and at /readyz
_REFUSALS = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.BAD_REQUEST})
_STATES = frozenset({READY, STARTING, SHUTTING_DOWN})
_MOST_BYTES = 100


async def check_manifest(context: Context) -> Result:
    """Compare the addresses in `manifest.yml` with the one that was given."""
    if context.address is None:
        return skipped(_NOT_GIVEN)
    named = addresses(context.manifest) - {context.address + EVENTS, context.address + MCP}
    if not named:
        return ok(f"manifest.yml sends Slack to {context.address}{EVENTS}.")
    command = f"`python -m bot manifest --url {context.address}`"
    if named <= {PLACEHOLDER, _MCP_PLACEHOLDER}:
        return ok(f"manifest.yml has no address yet; {command} prints it with yours.")
    return failed(
        f"manifest.yml sends Slack to {', '.join(sorted(named))}, not to {context.address}{EVENTS}.",
        f"Paste what {command} prints into your app's App Manifest at api.slack.com/apps.",
    )


async def check_address(context: Context) -> Result:
    """Send a request that Slack has not signed: a callinfo refuses it."""
    if context.address is None:
        return skipped(_NOT_GIVEN)
    if context.settings.slack_app_token:
        return skipped("In Socket Mode the bot needs no public address.")
    url = context.address + EVENTS
    try:
        async with context.web.post(url, data=b"", allow_redirects=False) as answer:
            status = answer.status
        async with context.web.get(f"{context.address}/readyz", allow_redirects=False) as answer:
            state = (await answer.content.read(_MOST_BYTES)).decode(errors="replace")
    except NO_VALID_ANSWER as error:
        return _not_ours(url, type(error).__name__)
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        return failed(
            f"Nothing answers at {url} ({type(error).__name__}).",
            "Start the bot there, and check the address's DNS name and certificate.",
        )
    if status in _REFUSALS and state in _STATES:
        return ok(f"callinfo answers at {url}, and refuses what Slack hasn't signed.")
    return _not_ours(url, f"status {status}")


def _not_ours(url: str, what: str) -> Result:
    return failed(
        f"The answer at {url} isn't callinfo's ({what}).",
        "Check that --url is the bot's own address, and that the bot runs there.",
    )
