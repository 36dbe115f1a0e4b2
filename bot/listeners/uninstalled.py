"""A workspace uninstalls callinfo: its links and subscriptions are removed.

https://docs.slack.dev/reference/events/app_uninstalled and tokens_revoked. Slack is answered at once; all is
removed afterwards, retried until it is done.
"""

from __future__ import annotations

from itertools import chain, repeat

import structlog
from slack_bolt.async_app import AsyncApp

from bot.identity.links import StoreUnavailableError
from bot.listeners.payloads.events import happened_at, uninstalled_team
from bot.listeners.payloads.reading import Payload
from bot.listeners.services import Services

log = structlog.get_logger()

PAUSES = (1.0, 5.0, 30.0)
"""Seconds between the tries; the last is repeated until the process ends."""


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the events."""

    @app.event("app_uninstalled")
    async def uninstalled(body: Payload) -> None:
        services.tasks.start(_forget(services, body))

    @app.event("tokens_revoked")
    async def revoked(body: Payload, event: Payload) -> None:
        tokens = event.get("tokens")
        if isinstance(tokens, dict) and tokens.get("bot"):  # callinfo has no tokens of people
            services.tasks.start(_forget(services, body))


async def _forget(services: Services, body: Payload) -> None:
    team_id, at = uninstalled_team(body), happened_at(body, services.now())
    if not team_id:
        return
    for pause in chain(PAUSES, repeat(PAUSES[-1])):
        try:
            await services.subscriptions.forget_workspace(team_id, at)
            await services.links.forget_workspace(team_id, at)
        except StoreUnavailableError:
            if not await services.tasks.pause(pause):
                fix = f"python -m bot links remove --all --team {team_id}"
                log.error("links of a removed workspace are still there", team=team_id, fix=fix)  # noqa: TRY400 - no trace: the store has logged why
                return
        else:
            return
