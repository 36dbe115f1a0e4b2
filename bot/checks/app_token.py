"""Does Slack take the app's own token, and is Socket Mode on? Only where SLACK_APP_TOKEN is set.

Asked as the bot asks at its start (https://docs.slack.dev/reference/methods/apps.connections.open); the address that
Slack then gives is not used, and counts as no connection.
"""

from __future__ import annotations

from slack_sdk.web.async_client import AsyncWebClient

from bot.checks.desk import Desk, SlackRefusedError, SlackUnreachableError, asked
from bot.checks.finding import Verdict, failed, ok, skipped

_OFF = frozenset({"socket_mode_not_enabled", "forbidden"})


async def check_app_token(desk: Desk) -> Verdict:
    """Ask Slack where a WebSocket would lead."""
    token = desk.settings.slack_app_token
    if token is None:
        return skipped("SLACK_APP_TOKEN is not set: Slack posts to the bot's public address.")
    slack = AsyncWebClient(
        token=token.get_secret_value(), base_url=f"{desk.settings.slack_api_url}/", session=desk.web
    )
    try:
        await asked(slack, "apps.connections.open")
    except SlackUnreachableError:
        return skipped("Slack gives no answer.")
    except SlackRefusedError as error:
        if error.is_passing:
            return failed(f"Slack is in trouble ({error}).", "Try again in a minute.")
        if str(error) in _OFF:
            return failed(
                f"Slack refuses Socket Mode ({error}).",
                "Turn it on in the Slack app's page Socket Mode, or unset SLACK_APP_TOKEN.",
            )
        return failed(
            f"Slack refuses SLACK_APP_TOKEN ({error}).",
            "Make an app-level token with the scope connections:write (Basic Information, App-Level Tokens), and set "
            "SLACK_APP_TOKEN to it.",
        )
    return ok("Slack takes SLACK_APP_TOKEN, and the bot needs no public address.")
