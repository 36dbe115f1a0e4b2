"""The Home tab, opened: drawn for whoever opens it. What is pressed there, the buttons' own modules do.

https://docs.slack.dev/reference/events/app_home_opened. The event is acked at once; Slack sends one for each time that
somebody looks, and some twice.
"""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.listeners.payloads import of_home
from bot.listeners.services import Services


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the event."""

    @app.event("app_home_opened")
    async def opened(body: dict[str, Any], context: dict[str, Any]) -> None:
        interaction, is_home = of_home(body, context)
        if is_home:
            services.responder.in_the_home(interaction)
