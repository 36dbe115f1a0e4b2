"""callinfo was removed from a workspace: its links go.

https://docs.slack.dev/reference/events/app_uninstalled and tokens_revoked. Slack is answered at once and the links
are removed afterwards, tried until it is done: a store that is away must not keep them.
"""

from __future__ import annotations

from itertools import chain, repeat
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp

from bot.identity.links import StoreUnavailableError
from bot.listeners.payloads import happened_at, of_removal
from bot.listeners.services import Services

log = structlog.get_logger()

PAUSES = (1.0, 5.0, 30.0)
"""Seconds between the tries, the last of them again and again; the end of the process ends them too."""


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
    team_id, at = of_removal(body), happened_at(body, services.now())
    if not team_id:
        return
    for pause in chain(PAUSES, repeat(PAUSES[-1])):
        try:
            await services.linking.forget_workspace(team_id, at)
        except StoreUnavailableError:
            if not await services.tasks.pause(pause):
                mend = f"python -m bot links remove --all --team {team_id}"
                log.error("links of a removed workspace are still there", team=team_id, mend=mend)  # noqa: TRY400 - no trace: the store has logged why
                return
        else:
            return
