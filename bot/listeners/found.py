"""A call that "Find a call" has found: shown in the place of the list, and shared to where the person chooses.

Each step is looked up anew, for the person who takes it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.answers.interaction import Interaction, Outcome
from bot.calls import problems
from bot.calls.cursor import PageRequest
from bot.calls.lookup import LookupResult
from bot.calls.problems import Problem
from bot.calls.search_form import SearchState
from bot.cards.find import (
    BACK,
    CHOSEN_VIEW,
    FOUND_CALL,
    FURTHER,
    NEARER,
    chosen,
    shared,
    shared_elsewhere,
    working,
)
from bot.listeners.find import list_found
from bot.listeners.payloads import of_finding_press, of_share_found
from bot.listeners.services import Services
from bot.listeners.share import publish


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the list's buttons, the way back, and the modal that shares."""
    _register_pages(app, services)

    @app.action(FOUND_CALL)
    async def choose(ack: AsyncAck, body: dict[str, Any], context: dict[str, Any]) -> None:
        press, about = of_finding_press("found_call", body, context)
        interaction = press.interaction

        async def work() -> Outcome | Problem:
            return await show_chosen(services, interaction, about)

        loading = working() if interaction.in_home else None
        await services.answering.in_a_modal(interaction, ack, work, loading=loading)

    @app.action(BACK)
    async def back(ack: AsyncAck, body: dict[str, Any], context: dict[str, Any]) -> None:
        press, about = of_finding_press("search", body, context)

        async def work() -> Outcome | Problem:
            return await list_found(services, press.interaction, about.form, about.page)

        await services.answering.in_a_modal(press.interaction, ack, work)

    @app.view(CHOSEN_VIEW)
    async def share(ack: AsyncAck, body: dict[str, Any], context: dict[str, Any]) -> None:
        interaction, about = of_share_found(body, context)

        async def work() -> Outcome | Problem:
            return await _share(services, interaction, about)

        await services.answering.in_the_submitted_modal(interaction, ack, work, loading=working())


def _register_pages(app: AsyncApp, services: Services) -> None:
    async def turn(ack: AsyncAck, body: dict[str, Any], context: dict[str, Any]) -> None:
        press, about = of_finding_press("search", body, context)
        page = PageRequest.from_text(press.value)
        interaction = replace(press.interaction, finding=replace(about, page=page))

        async def work() -> Outcome | Problem:
            if page is None:
                return problems.list_button_not_understood("with Find a call")
            return await list_found(services, interaction, about.form, page)

        await services.answering.in_a_modal(interaction, ack, work)

    app.action(FURTHER)(turn)
    app.action(NEARER)(turn)


async def show_chosen(services: Services, interaction: Interaction, about: SearchState) -> Outcome | Problem:
    """Return the call that is meant, as a view from which just that one can be shared."""
    call = await _look_up(services, interaction, about)
    if isinstance(call, Problem):
        return call
    view = chosen(call, about, now=int(services.now()))
    return Outcome("found", view=view, upstream_status=call.upstream_status)


async def _share(services: Services, interaction: Interaction, about: SearchState) -> Outcome | Problem:
    call = await _look_up(services, interaction, about, anew=True)
    if isinstance(call, Problem):
        return call
    # In one modal several calls of one session can be chosen, one after the other, and each may be shared
    where = f"{interaction.view_id} {about.call.to_text() if about.call else ''}"
    outcome = await publish(services, interaction, call, where=where)
    if isinstance(outcome, Problem):
        return outcome
    before = outcome.outcome == "already_shared"
    return replace(outcome, view=shared(before=before), message=shared_elsewhere(before=before))


async def _look_up(
    services: Services, interaction: Interaction, about: SearchState, *, anew: bool = False
) -> LookupResult | Problem:
    if about.call is None:
        return problems.not_a_session_id("it is none that callinfo has put there")
    return await services.look_up(interaction, about.call.session_id, which=about.call, anew=anew)
