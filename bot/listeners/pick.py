"""A choice out of several calls: the one chosen, below the list, which stays for another choice.

In the Home tab it shows in a modal, as one that was searched for.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.answers.interaction import Outcome
from bot.calls.problems import Problem
from bot.calls.search_form import SearchState
from bot.cards.buttons import PICK
from bot.cards.find import working
from bot.listeners.found import show_chosen
from bot.listeners.payloads import of_press
from bot.listeners.pressed import look_up
from bot.listeners.services import Services


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the list's buttons."""

    @app.action(PICK)
    async def pick(ack: AsyncAck, body: dict[str, Any], context: dict[str, Any]) -> None:
        press = of_press("pick", body, context)

        async def work() -> Outcome | Problem:
            return services.summarised(press.interaction, await look_up(services, press))

        if press.interaction.in_home:  # which has no place for a message
            about = SearchState(call=press.meant)
            interaction = replace(press.interaction, finding=about)

            async def in_a_modal() -> Outcome | Problem:
                return await show_chosen(services, interaction, about)

            await services.answering.in_a_modal(interaction, ack, in_a_modal, loading=working())
            return
        await services.answering.after_the_ack(press.interaction, ack, work, about=press.wanted)
