"""The global shortcut "Find a call": a form, and in its place the calls that it finds. What is chosen is found.py's."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot import problems
from bot.cards.find import (
    CHANGE,
    FORM_VIEW,
    LAST,
    form,
    found,
    working,
)
from bot.days import Zone
from bot.finding import Form
from bot.interactions import Interaction, Outcome
from bot.listeners.payloads import chosen_in, of_press, of_search, of_shortcut
from bot.listeners.services import Services
from bot.problems import Problem
from bot.sought import Query

SHORTCUT = "callinfo_find"
SHOWN = 20
"""How many calls the modal shows."""


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the shortcut, the form, and the button that leads back to it."""

    @app.global_shortcut(SHORTCUT)
    async def find(ack: AsyncAck, shortcut: dict[str, Any], context: dict[str, Any]) -> None:
        interaction = of_shortcut(shortcut, context, "find")

        async def work() -> Outcome:
            await services.modals.open(interaction.trigger_id, form(Form()))
            return Outcome("finding")

        await services.answering.after_the_ack(interaction, ack, work)

    @app.view(FORM_VIEW)
    async def search(ack: AsyncAck, body: dict[str, Any], context: dict[str, Any]) -> None:
        interaction, filled = of_search(body, context)

        async def work() -> Outcome | Problem:
            if filled.upside_down:
                return problems.days_upside_down()
            return await list_found(services, interaction, filled)

        if filled.upside_down:
            await services.answering.beside_the_input(interaction, ack, work, block_id=LAST)
        else:
            await services.answering.in_the_submitted_modal(interaction, ack, work, loading=working())

    @app.action(CHANGE)
    async def change(ack: AsyncAck, body: dict[str, Any], context: dict[str, Any]) -> None:
        interaction, filled = of_press("find", body, context).interaction, chosen_in(body).form

        async def work() -> Outcome:
            return Outcome("finding", view=form(filled))

        await services.answering.in_a_modal(interaction, ack, work)


async def list_found(services: Services, interaction: Interaction, filled: Form) -> Outcome | Problem:
    """Return the calls that the form seeks, as a view."""
    zone = await services.days.zone_of(interaction.user) if filled.dated else Zone()
    listed = await services.list_calls(interaction, Query(filled.sought(zone)), many=SHOWN)
    if isinstance(listed, Problem):
        return listed
    view = found(listed, filled, zone_known=zone.known, now=int(services.now()))
    return Outcome("listed", view=view, upstream_status=listed.upstream_status)
