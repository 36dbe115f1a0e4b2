"""Details: a modal, opened at once and filled when CometChat has answered; its own buttons turn its pages."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.answers.interaction import Outcome
from bot.calls.problems import Problem
from bot.cards.buttons import DETAILS, page_of
from bot.cards.details import details, loading
from bot.listeners.payloads import Press, of_press
from bot.listeners.pressed import look_up
from bot.listeners.services import Services


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the button, in a message and in the modal."""

    @app.action(DETAILS)
    async def show_details(ack: AsyncAck, body: dict[str, Any], context: dict[str, Any]) -> None:
        press = of_press("details", body, context)

        async def work() -> Outcome | Problem:
            return await _details(services, press)

        in_modal = bool(press.interaction.view_id)
        await services.responder.in_a_modal(
            press.interaction, ack, work, loading=None if in_modal else loading()
        )


async def _details(services: Services, press: Press) -> Outcome | Problem:
    found = await look_up(services, press)
    if isinstance(found, Problem):
        return found
    view = details(
        found,
        now=int(services.now()),
        page=page_of(press.block_id),
        recording_hosts=services.recording_hosts,
    )
    return Outcome("details", view=view, upstream_status=found.upstream_status)
