"""Refresh, while a call is not over: the message is replaced by the call as it is now."""

from __future__ import annotations

from functools import partial

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.answers.interaction import Outcome
from bot.calls.problems import Problem
from bot.cards.call_buttons import REFRESH
from bot.listeners.payloads.actions import Press, parse_press
from bot.listeners.payloads.reading import Payload
from bot.listeners.services import Services


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the button."""

    @app.action(REFRESH)
    async def refresh(ack: AsyncAck, body: Payload, context: Payload) -> None:
        press = parse_press("refresh", body, context)
        work = partial(_refresh, services, press)
        await services.responder.after_the_ack(press.interaction, ack, work, about=press.session_id)


async def _refresh(services: Services, press: Press) -> Outcome | Problem:
    return services.summarised(press.interaction, await services.look_up_pressed(press), replace=True)
