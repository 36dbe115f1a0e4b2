"""A call that "Find a call" has found: shown in the place of the list, and shared to where the person chooses.

Each step is looked up anew, for the person who takes it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot import problems
from bot.cards.find import BACK, CHOSEN_VIEW, FOUND_CALL, chosen, shared, working
from bot.finding import Chosen, Form
from bot.interactions import Interaction, Outcome
from bot.listeners.find import list_found
from bot.listeners.payloads import Press, chosen_in, of_press, of_share_found
from bot.listeners.pressed import look_up
from bot.listeners.services import Services
from bot.listeners.share import publish
from bot.problems import Problem


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the list's buttons, the way back, and the modal that shares."""

    @app.action(FOUND_CALL)
    async def choose(ack: AsyncAck, body: dict[str, Any], context: dict[str, Any]) -> None:
        press, filled = of_press("found_call", body, context), chosen_in(body).form

        async def work() -> Outcome | Problem:
            return await show_chosen(services, press, filled)

        await services.answering.in_a_modal(press.interaction, ack, work)

    @app.action(BACK)
    async def back(ack: AsyncAck, body: dict[str, Any], context: dict[str, Any]) -> None:
        interaction, filled = of_press("search", body, context).interaction, chosen_in(body).form

        async def work() -> Outcome | Problem:
            return await list_found(services, interaction, filled)

        await services.answering.in_a_modal(interaction, ack, work)

    @app.view(CHOSEN_VIEW)
    async def share(ack: AsyncAck, body: dict[str, Any], context: dict[str, Any]) -> None:
        interaction, about = of_share_found(body, context)

        async def work() -> Outcome | Problem:
            return await _share(services, interaction, about)

        await services.answering.in_the_submitted_modal(interaction, ack, work, loading=working())


async def show_chosen(services: Services, press: Press, filled: Form) -> Outcome | Problem:
    """Return the call that the button is about, as a view from which it can be shared."""
    call = await look_up(services, press)
    if isinstance(call, Problem):
        return call
    view = chosen(call, filled, now=int(services.now()))
    return Outcome("found", view=view, upstream_status=call.upstream_status)


async def _share(services: Services, interaction: Interaction, about: Chosen) -> Outcome | Problem:
    if about.session_id is None:
        return problems.not_a_session_id("it is none that callinfo has put there")
    call = await services.look_up(interaction, about.session_id, anew=True)
    if isinstance(call, Problem):
        return call
    outcome = await publish(services, interaction, call, where=interaction.view_id)
    if isinstance(outcome, Problem):
        return outcome
    return replace(outcome, view=shared(before=outcome.outcome == "already_shared"))
