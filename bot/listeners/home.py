"""The Home tab, opened. The buttons in it are listened to by the modules of what they do.

https://docs.slack.dev/reference/events/app_home_opened. The event is acked at once; Slack sends one for each time that
somebody looks, and some twice.
"""

from __future__ import annotations

from slack_bolt.async_app import AsyncApp

from bot.listeners.payloads.events import parse_home_opened
from bot.listeners.payloads.reading import Payload
from bot.listeners.services import Services


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the event."""

    @app.event("app_home_opened")
    async def opened(body: Payload, context: Payload) -> None:
        if interaction := parse_home_opened(body, context):
            services.responder.in_the_home(interaction)
