"""The checks that ask Slack: the bot's token, its scopes, the app's token for Socket Mode, and this machine's clock."""

from __future__ import annotations

from email.utils import parsedate_to_datetime

import aiohttp
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.checks.context import Context, SlackRefusedError, SlackUnreachableError
from bot.checks.results import Result, failed, ok, skipped
from bot.inbound.slack_requests import ACCEPTED_SECONDS
from bot.slack.manifest import scopes
from bot.slack.web_api import NO_VALID_ANSWER

_SCOPES_HEADER = "x-oauth-scopes"  # https://docs.slack.dev/reference/methods/auth.test
_SOCKET_MODE_OFF = frozenset({"socket_mode_not_enabled", "forbidden"})
TOLERATED_SECONDS = 60.0


async def check_token(context: Context) -> Result:
    """Ask Slack whose token SLACK_BOT_TOKEN is."""
    try:
        answer = await context.ask_slack("auth.test")
    except SlackUnreachableError as error:
        return failed(
            f"{error.sentence}, at {context.settings.slack_api_url}.",
            "Try again in a minute. If SLACK_API_URL is set, check it."
            if error.answered
            else "Let this machine reach Slack over HTTPS. If SLACK_API_URL is set, check it.",
        )
    except SlackRefusedError as error:
        if error.is_passing:
            return failed(f"Slack has a problem right now ({error}).", "Try again in a minute.")
        return failed(
            f"Slack rejects SLACK_BOT_TOKEN ({error}).",
            "Install the Slack app to your workspace again (OAuth & Permissions), and set SLACK_BOT_TOKEN to the "
            "new token.",
        )
    return ok(f"Slack accepts SLACK_BOT_TOKEN for the workspace {_printable(answer.get('team'))}.")


async def check_scopes(context: Context) -> Result:
    """Compare the granted scopes with the manifest's."""
    try:
        answer = await context.ask_slack("auth.test")
    except SlackUnreachableError as error:
        return skipped(f"{error.sentence}.")
    except SlackRefusedError:
        return skipped("Slack rejects the token, so it doesn't name its scopes.")
    granted = granted_scopes(answer)
    if granted is None:
        return skipped("Slack didn't name the granted scopes.")
    wanted = scopes(context.manifest)
    if missing := [each for each in wanted if each not in granted]:
        names = ", ".join(missing)
        return failed(
            f"The Slack app lacks {'the scope' if len(missing) == 1 else 'the scopes'} {names}.",
            f"Add {names} on the Slack app's page OAuth & Permissions, and install the app again.",
        )
    return ok(f"The Slack app has all scopes of the manifest: {', '.join(wanted)}.")


def granted_scopes(answer: AsyncSlackResponse) -> frozenset[str] | None:
    """Return the scopes that the token has, None where the answer does not name them."""
    headers = {str(name).lower(): str(value) for name, value in answer.headers.items()}
    named = headers.get(_SCOPES_HEADER)
    return None if named is None else frozenset(each.strip() for each in named.split(","))


async def check_socket_mode(context: Context) -> Result:
    """Ask Slack for a WebSocket's address, as the bot does at its start; it is not used, and counts as no connection."""
    token = context.settings.slack_app_token
    if token is None:
        return skipped("SLACK_APP_TOKEN is not set: Slack posts to the bot's public address.")
    try:
        await context.ask_slack("apps.connections.open", token=token)
    except SlackUnreachableError as error:
        return skipped(f"{error.sentence}.")
    except SlackRefusedError as error:
        if error.is_passing:
            return failed(f"Slack has a problem right now ({error}).", "Try again in a minute.")
        if str(error) in _SOCKET_MODE_OFF:
            return failed(
                f"Slack rejects Socket Mode ({error}).",
                "Turn it on on the Slack app's page Socket Mode, or unset SLACK_APP_TOKEN.",
            )
        return failed(
            f"Slack rejects SLACK_APP_TOKEN ({error}).",
            "Make an app-level token with the scope connections:write (Basic Information, App-Level Tokens), and set "
            "SLACK_APP_TOKEN to it.",
        )
    return ok("Slack accepts SLACK_APP_TOKEN; the bot needs no public address.")


async def check_clock(context: Context) -> Result:
    """Compare this machine's clock with the `Date` of Slack's answer, whatever it is; api.test needs no token."""
    url, sent = f"{context.settings.slack_api_url}/api.test", context.now()
    try:
        async with context.web.post(url, allow_redirects=False) as answer:
            date = answer.headers.get("Date", "")
    except NO_VALID_ANSWER as error:
        return skipped(
            f"Slack's answer can't be used, so the clock wasn't compared ({type(error).__name__})."
        )
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        return skipped(f"Slack didn't answer, so the clock wasn't compared ({type(error).__name__}).")
    try:
        theirs = parsedate_to_datetime(date).timestamp()
    except (ValueError, OverflowError):
        return skipped("Slack's answer didn't include the time.")
    offset = clock_offset(theirs, sent, context.now())
    if abs(offset) <= TOLERATED_SECONDS:
        return ok("This machine's clock agrees with Slack's.")
    return failed(
        f"This machine's clock is {abs(offset):,.0f} seconds {'ahead of' if offset > 0 else 'behind'} Slack's. From "
        f"{ACCEPTED_SECONDS:.0f} seconds on, the bot refuses every request from Slack.",
        "Correct the clock, and keep it right with NTP.",
    )


def clock_offset(theirs: float, sent: float, received: float) -> float:
    """Return how many seconds our clock is ahead: 0 where their whole second lies between our two readings."""
    if theirs + 1 < sent:
        return sent - theirs - 1
    return min(0.0, received - theirs)


def _printable(name: object) -> str:
    """Return a workspace's name, which its owners choose, as it may stand on a terminal."""
    plain = "".join(letter for letter in str(name or "") if letter.isprintable())
    return plain[:60] or "without a name"
