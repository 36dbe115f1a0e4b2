"""Refresh, while a call is not over: the message gives way to the call as it is now."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.answers.interaction import Outcome
from bot.calls.problems import Problem
from bot.cards.buttons import REFRESH
from bot.listeners.payloads import of_press
from bot.listeners.pressed import look_up
from bot.listeners.services import Services


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the button."""

    @app.action(REFRESH)
    async def refresh(ack: AsyncAck, body: dict[str, Any], context: dict[str, Any]) -> None:
        press = of_press("refresh", body, context)

        async def work() -> Outcome | Problem:
            return services.summarised(press.interaction, await look_up(services, press), replace=True)

        await services.responder.after_the_ack(press.interaction, ack, work, about=press.wanted)
