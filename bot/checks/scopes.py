"""Has the token the scopes that the manifest asks for? Slack names the granted ones in a header of each answer.

https://docs.slack.dev/reference/methods/auth.test
"""

from __future__ import annotations

from bot.checks.desk import Desk, SlackRefusedError, SlackUnreachableError
from bot.checks.finding import Verdict, failed, ok, skipped
from bot.slack.manifest import scopes

_HEADER = "x-oauth-scopes"


async def check_scopes(desk: Desk) -> Verdict:
    """Hold the granted scopes against the manifest's."""
    try:
        answer = await desk.ask_slack("auth.test")
    except (SlackUnreachableError, SlackRefusedError):
        return skipped("Slack did not take the token, so it did not say.")
    headers = {str(name).lower(): str(value) for name, value in answer.headers.items()}
    if _HEADER not in headers:
        return skipped("Slack's answer did not name the granted scopes.")
    granted = {each.strip() for each in headers[_HEADER].split(",")}
    wanted = scopes(desk.manifest)
    if lacking := [each for each in wanted if each not in granted]:
        names = ", ".join(lacking)
        return failed(
            f"The Slack app lacks {'the scope' if len(lacking) == 1 else 'the scopes'} {names}.",
            f"Add {names} in the Slack app's page OAuth & Permissions, and install the app again.",
        )
    return ok(f"The Slack app has all scopes of the manifest: {', '.join(wanted)}.")
