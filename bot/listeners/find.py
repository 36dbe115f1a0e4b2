"""The global shortcut "Find a call": a form, and in its place the calls that it finds. What is pressed in the list is found.py's."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.answers.interaction import Interaction, Outcome
from bot.calls import problems
from bot.calls.cursor import PageRequest
from bot.calls.local_days import Zone
from bot.calls.problems import Problem
from bot.calls.search_form import SearchForm
from bot.cards.find import (
    CHANGE,
    FORM_VIEW,
    LAST,
    form,
    found,
    working,
)
from bot.cards.problem import problem_modal
from bot.listeners.payloads import of_finding_press, of_search, of_shortcut
from bot.listeners.services import Services

SHORTCUT = "callinfo_find"
SHOWN = 20
"""How many calls the modal shows."""

KNOWN_WITHIN_SECONDS = 1.0
"""How long the form waits to be opened until it is known who the person is."""


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the shortcut, the form, and the button that leads back to it."""

    @app.global_shortcut(SHORTCUT)
    async def find(ack: AsyncAck, shortcut: dict[str, Any], context: dict[str, Any]) -> None:
        interaction = of_shortcut(shortcut, context, "find")

        async def work() -> Outcome:
            return await _open(services, interaction)

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
        press, about = of_finding_press("find", body, context)

        async def work() -> Outcome:
            return Outcome("finding", view=form(about.form))

        await services.answering.in_a_modal(press.interaction, ack, work)


async def _open(services: Services, interaction: Interaction) -> Outcome:
    problem = await _in_the_way(services, interaction)
    view = problem_modal(problem, interaction.reference, services.helpers) if problem else form(SearchForm())
    await services.modals.open(interaction.trigger_id, view)
    return Outcome(problem.kind if problem else "finding")


async def _in_the_way(services: Services, interaction: Interaction) -> Problem | None:
    """Return why the person will find nothing, for nobody should fill in a form to read that.

    While it takes long to find out who they are, Slack's 3 s for opening the form go before; the search tells it then.
    """
    with suppress(TimeoutError):
        async with asyncio.timeout(KNOWN_WITHIN_SECONDS):
            acting = await services.whoami(interaction.user)
            return acting if isinstance(acting, Problem) else None
    return None


async def list_found(
    services: Services, interaction: Interaction, filled: SearchForm, page: PageRequest | None = None
) -> Outcome | Problem:
    """Return the calls that the form seeks, or a page of them, as a view."""
    zone = await services.days.zone_of(interaction.user) if filled.dated else Zone()
    sought = filled.filter(
        zone
    )  # and not what the page says: the two never differ in what is told and what is shown
    query = replace(page, filter=sought) if page else PageRequest(sought)
    listed = await services.list_calls(interaction, query, many=SHOWN)
    if isinstance(listed, Problem):
        return listed
    view = found(listed, filled, zone_known=zone.known, now=int(services.now()))
    return Outcome("listed", view=view, upstream_status=listed.upstream_status)
