"""Does Slack take the bot's token? (https://docs.slack.dev/reference/methods/auth.test)."""

from __future__ import annotations

from bot.checks.desk import Desk, SlackRefusedError, SlackUnreachableError
from bot.checks.finding import Verdict, failed, ok


async def check_token(desk: Desk) -> Verdict:
    """Ask Slack whose token it is."""
    try:
        answer = await desk.ask_slack("auth.test")
    except SlackUnreachableError as error:
        return failed(
            f"Slack gave no answer at {desk.settings.slack_api_url} ({error}).",
            "Let this machine reach Slack over HTTPS; where SLACK_API_URL is set, see whether it is right.",
        )
    except SlackRefusedError as error:
        if error.is_passing:
            return failed(f"Slack is in trouble ({error}).", "Try again in a minute.")
        return failed(
            f"Slack refuses SLACK_BOT_TOKEN ({error}).",
            "Install the Slack app to your workspace again (OAuth & Permissions), and set SLACK_BOT_TOKEN to the "
            "token that it then shows.",
        )
    return ok(f"Slack takes SLACK_BOT_TOKEN, for the workspace {_shown(answer.get('team'))}.")


def _shown(name: object) -> str:
    """Return a workspace's name, which its owners choose, as it may stand on a terminal."""
    plain = "".join(letter for letter in str(name or "") if letter.isprintable())
    return plain[:60] or "without a name"
