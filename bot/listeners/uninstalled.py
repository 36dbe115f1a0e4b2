"""callinfo was removed from a workspace: its links go.

https://docs.slack.dev/reference/events/app_uninstalled and tokens_revoked. Slack is answered at once and the links
are removed afterwards, with a few tries: a store that is away for a moment must not keep them.
"""

from __future__ import annotations

import asyncio
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp

from bot.identity.links import StoreUnavailableError
from bot.listeners.payloads import of_removal
from bot.listeners.services import Services

log = structlog.get_logger()

PAUSES = (1.0, 5.0, 10.0)
"""Seconds between the tries; in all, less than a shutdown waits."""


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the events."""

    @app.event("app_uninstalled")
    async def uninstalled(body: dict[str, Any]) -> None:
        services.tasks.start(_forget(services, body))

    @app.event("tokens_revoked")
    async def revoked(body: dict[str, Any], event: dict[str, Any]) -> None:
        tokens = event.get("tokens")
        if isinstance(tokens, dict) and tokens.get("bot"):  # people's own tokens are none of ours
            services.tasks.start(_forget(services, body))


async def _forget(services: Services, body: dict[str, Any]) -> None:
    for enterprise_id, team_id in of_removal(body):
        for pause in (*PAUSES, None):
            try:
                await services.linking.forget_workspace(enterprise_id, team_id)
            except StoreUnavailableError:
                if pause is None:
                    log.error("links of a removed workspace are still there", team=team_id)  # noqa: TRY400 - no trace: the store has logged why
                else:
                    await asyncio.sleep(pause)
            else:
                break
