"""The message that the tutorial answers with: plainer, and so cheaper to build, than the bot's own card."""

from __future__ import annotations

from typing import Any


def card(call: dict[str, Any]) -> dict[str, Any]:
    """Return what to pass to `respond()` for a call as CometChat's API shows it."""
    people = [
        f"• {person['name']}: {person['totalDurationInMinutes']:.1f} min" for person in call["participants"]
    ]
    title = f"{call['type'].title()} call, {call['status']}, {call['totalDurationInMinutes']:.1f} min"
    return {
        "text": "\n".join([title, *people]),
        "blocks": [
            {"type": "header", "text": {"type": "plain_text", "text": title}},
            *({"type": "section", "text": {"type": "mrkdwn", "text": line}} for line in people),
        ],
    }
