"""What Slack sends, parsed at the border: who did something, and where the answer goes."""

from __future__ import annotations

import time
from typing import Any

from bot.answering import Interaction
from bot.identity import SlackUser

ARRIVED = "callinfo_arrived"
"""The key of Bolt's context under which server.py puts the time of arrival (`time.monotonic()`)."""


def command_interaction(command: dict[str, Any], context: dict[str, Any]) -> Interaction:
    """Return the interaction that a slash command is."""
    return Interaction(
        kind="command",
        arrived=context.get(ARRIVED) or time.monotonic(),
        team_id=command.get("team_id", ""),
        user_id=command.get("user_id", ""),
        response_url=command.get("response_url", ""),
    )


def command_user(command: dict[str, Any]) -> SlackUser:
    """Return who typed a slash command; the payload is signed by Slack, so this is no claim of theirs."""
    return SlackUser(
        command.get("enterprise_id") or None, command.get("team_id", ""), command.get("user_id", "")
    )
