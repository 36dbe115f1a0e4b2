"""Show, in a list of calls: the call is shown below the list, or in a modal where the list is in the Home tab.

Also the buttons to a session's earlier and later call, which take the place of the one that is shown.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.answers.interaction import Outcome
from bot.calls.problems import Problem
from bot.calls.search_form import SearchState
from bot.cards.call_buttons import PICK, turns
from bot.cards.waiting import loading_find
from bot.listeners.find import show_chosen
from bot.listeners.payloads.actions import Press, parse_press
from bot.listeners.payloads.reading import Payload
from bot.listeners.services import Services


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the list's buttons."""

    @app.action(PICK)
    async def pick(ack: AsyncAck, body: Payload, context: Payload) -> None:
        press = parse_press("pick", body, context)
        if press.interaction.in_home:  # which has no place for a message
            about = SearchState(call=press.call)
            interaction = replace(press.interaction, finding=about)
            work = partial(show_chosen, services, interaction, about)
            await services.responder.in_a_modal(interaction, ack, work, loading=loading_find())
        else:
            work = partial(_show, services, press)
            await services.responder.after_the_ack(press.interaction, ack, work, about=press.session_id)


async def _show(services: Services, press: Press) -> Outcome | Problem:
    found = await services.look_up_pressed(press)
    return services.summarised(press.interaction, found, replace=turns(press.block_id))
