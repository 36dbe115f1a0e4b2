"""Is the signing secret right? Slack has no way to ask: only what it signs shows it."""

from __future__ import annotations

from bot.checks.desk import Desk
from bot.checks.finding import Verdict, skipped


async def check_signing_secret(desk: Desk) -> Verdict:
    """Say that nobody can know, and how it will show."""
    if desk.settings.slack_signing_secret is None:
        return skipped("By Socket Mode nothing is signed.")
    return skipped(
        "Whether SLACK_SIGNING_SECRET is right, only Slack's first request shows. If /callinfo then fails and the log "
        'says "signature is wrong", copy it again (Basic Information).'
    )
