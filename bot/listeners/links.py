"""`/callinfo links [first letters]`, for admins, and the buttons that turn its pages."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.answers.interaction import Interaction, Outcome
from bot.calls.problems import Problem
from bot.cards.link_buttons import LINKS_NEXT, LINKS_PREVIOUS, Place
from bot.cards.linking import links
from bot.listeners.payloads import of_press
from bot.listeners.services import Services


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the buttons."""

    async def turn(ack: AsyncAck, body: dict[str, Any], context: dict[str, Any]) -> None:
        press = of_press("links", body, context)

        async def work() -> Outcome | Problem:
            if press.interaction.in_home:
                return Outcome("links", place=Place.from_text(press.value))
            return await _page(services, press.interaction, Place.from_text(press.value), replacing=True)

        await services.responder.after_the_ack(press.interaction, ack, work)

    app.action(LINKS_PREVIOUS)(turn)
    app.action(LINKS_NEXT)(turn)


async def answer(services: Services, interaction: Interaction, prefix: str) -> Outcome | Problem:
    """Show the first page."""
    return await _page(services, interaction, Place(0, prefix), replacing=False)


async def _page(
    services: Services, interaction: Interaction, place: Place, *, replacing: bool
) -> Outcome | Problem:
    listed = await services.linking.page(
        interaction.user, prefix=place.prefix, offset=place.offset, reference=interaction.reference
    )
    return listed if isinstance(listed, Problem) else Outcome("links", links(listed), replace=replacing)
