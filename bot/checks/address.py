"""The public address given by `--url`: whether the manifest names it, and whether a callinfo answers there."""

from __future__ import annotations

from http import HTTPStatus

import aiohttp

from bot.checks.desk import Desk
from bot.checks.finding import Verdict, failed, ok, skipped
from bot.inbound.server import READY, SHUTTING_DOWN, STARTING
from bot.slack.manifest import EVENTS, addresses

PLACEHOLDER = f"https://callinfo.example.com{EVENTS}"
_NOT_GIVEN = "No address was given with --url."
# What the bot answers to a request that Slack has not signed, and says of itself (http_events.py, server.py)
_REFUSALS = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.BAD_REQUEST})
_STATES = frozenset({READY, STARTING, SHUTTING_DOWN})
_MOST_BYTES = 100


async def check_manifest(desk: Desk) -> Verdict:
    """Hold the addresses in `manifest.yml` against the one that was given."""
    if desk.address is None:
        return skipped(_NOT_GIVEN)
    named = addresses(desk.manifest) - {desk.address + EVENTS}
    if not named:
        return ok(f"manifest.yml sends Slack to {desk.address}{EVENTS}.")
    command = f"`python -m bot manifest --url {desk.address}`"
    if named == {PLACEHOLDER}:
        return ok(f"manifest.yml names no address of its own; {command} prints it with yours.")
    return failed(
        f"manifest.yml sends Slack to {', '.join(sorted(named))}, not to {desk.address}{EVENTS}.",
        f"Give Slack what {command} prints (your app's page at api.slack.com/apps, App Manifest).",
    )


async def check_address(desk: Desk) -> Verdict:
    """Send what Slack has not signed: a callinfo refuses it."""
    if desk.address is None:
        return skipped(_NOT_GIVEN)
    if desk.settings.slack_app_token:
        return skipped("By Socket Mode Slack needs no address of the bot's.")
    url = desk.address + EVENTS
    try:
        async with desk.web.post(url, data=b"", allow_redirects=False) as answer:
            status = answer.status
        async with desk.web.get(f"{desk.address}/readyz", allow_redirects=False) as answer:
            state = (await answer.content.read(_MOST_BYTES)).decode(errors="replace")
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        return failed(
            f"Nothing answers at {url} ({type(error).__name__}).",
            "Start the bot there, and see whether its name and its certificate are right.",
        )
    if status in _REFUSALS and state in _STATES:
        return ok(f"A callinfo answers at {url}, and refuses what Slack has not signed.")
    return failed(
        f"What answers at {url} is not callinfo: status {status}.",
        "See whether --url is the bot's own address, and whether the bot runs there.",
    )
