"""The global shortcut "Find a call": a form, then the calls that it finds, then the chosen one, which can be shared.

Each step replaces the one before in the same modal, and looks everything up again for the person who takes it.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from functools import partial

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.answers.interaction import Interaction, Outcome, Work
from bot.calls import problems
from bot.calls.cursor import PageRequest
from bot.calls.local_days import Zone
from bot.calls.lookup import LookupResult
from bot.calls.problems import Problem
from bot.calls.search_form import SearchForm, SearchState
from bot.cards import find as cards
from bot.cards.kit.modal import View
from bot.cards.problem_card import problem_modal
from bot.cards.share import shared_message, shared_modal
from bot.cards.waiting import loading_find
from bot.listeners.payloads.actions import parse_find_press
from bot.listeners.payloads.commands import parse_shortcut
from bot.listeners.payloads.reading import Payload
from bot.listeners.payloads.views import parse_search, parse_share_found
from bot.listeners.services import Services
from bot.listeners.share import publish

SHORTCUT = "callinfo_find"
SHOWN = 20
"""How many calls the modal shows."""

KNOWN_WITHIN_SECONDS = 1.0
"""How long the form waits to be opened until it is known who the person is."""


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the shortcut, the form, the buttons, and the modal that shares."""

    @app.global_shortcut(SHORTCUT)
    async def find(ack: AsyncAck, shortcut: Payload, context: Payload) -> None:
        interaction = parse_shortcut(shortcut, context, "find")
        work = partial(open_form, services, interaction)
        await services.responder.after_the_ack(interaction, ack, work)

    @app.view(cards.FORM_VIEW)
    async def search(ack: AsyncAck, body: Payload, context: Payload) -> None:
        interaction, filled = parse_search(body, context)
        work = partial(_search, services, interaction, filled)
        if filled.upside_down:
            await services.responder.beside_the_input(interaction, ack, work, block_id=cards.LAST)
        else:
            await services.responder.in_the_submitted_modal(interaction, ack, work, loading=loading_find())

    @app.view(cards.CHOSEN_VIEW)
    async def share(ack: AsyncAck, body: Payload, context: Payload) -> None:
        interaction, about = parse_share_found(body, context)
        work = partial(_share, services, interaction, about)
        await services.responder.in_the_submitted_modal(interaction, ack, work, loading=loading_find())

    _register_buttons(app, services)


def _register_buttons(app: AsyncApp, services: Services) -> None:
    @app.action(cards.FOUND_CALL)
    async def choose(ack: AsyncAck, body: Payload, context: Payload) -> None:
        press, about = parse_find_press("found_call", body, context)
        work = partial(show_chosen, services, press.interaction, about)
        loading = loading_find() if press.interaction.in_home else None
        await _in_its_modal(services, press.interaction, ack, work, loading=loading)

    @app.action(cards.CHANGE)
    async def change(ack: AsyncAck, body: Payload, context: Payload) -> None:
        press, about = parse_find_press("find", body, context)
        work = partial(_change, about)
        await _in_its_modal(services, press.interaction, ack, work)

    @app.action(cards.BACK)
    async def back(ack: AsyncAck, body: Payload, context: Payload) -> None:
        press, about = parse_find_press("search", body, context)
        work = partial(list_found, services, press.interaction, about.form, about.page)
        await _in_its_modal(services, press.interaction, ack, work)

    @app.action(cards.OLDER)
    @app.action(cards.NEWER)
    async def turn(ack: AsyncAck, body: Payload, context: Payload) -> None:
        press, about = parse_find_press("search", body, context)
        about = replace(about, page=PageRequest.from_text(press.value))
        interaction = replace(press.interaction, finding=about)
        work = partial(_turn, services, interaction, about)
        await _in_its_modal(services, interaction, ack, work)


async def _in_its_modal(
    services: Services, interaction: Interaction, ack: AsyncAck, work: Work, *, loading: View | None = None
) -> None:
    """Answer a button of the modal, or of the Home tab's list; callinfo puts them nowhere else."""
    if interaction.view_id or interaction.in_home:
        await services.responder.in_a_modal(interaction, ack, work, loading=loading)
    else:
        await services.responder.after_the_ack(interaction, ack, _not_understood)


async def _not_understood() -> Problem:
    return problems.list_button_not_understood("with Find a call")


async def show_chosen(services: Services, interaction: Interaction, about: SearchState) -> Outcome | Problem:
    """Return the chosen call as a view from which it can be shared."""
    call = await _look_up(services, interaction, about)
    if isinstance(call, Problem):
        return call
    view = cards.chosen(call, about, now=int(services.now()), recording_hosts=services.recording_hosts)
    return Outcome("found", view=view, upstream_status=call.upstream_status)


async def open_form(services: Services, interaction: Interaction) -> Outcome:
    """Open the form, or say why the person would find nothing."""
    problem = await _unidentified(services, interaction)
    view = (
        problem_modal(problem, interaction.reference, services.contacts.besides(interaction.user.user_id))
        if problem
        else cards.form(SearchForm())
    )
    await services.views.open(interaction.trigger_id, view)
    return Outcome(problem.kind if problem else "finding")


async def _unidentified(services: Services, interaction: Interaction) -> Problem | None:
    """Return why the person will find nothing, so that they don't fill in a form to learn that.

    The form has to open within Slack's 3 s: if it takes longer to find out, the search tells them.
    """
    with suppress(TimeoutError):
        async with asyncio.timeout(KNOWN_WITHIN_SECONDS):
            acting = await services.whoami(interaction.user)
            return acting if isinstance(acting, Problem) else None
    return None


async def _change(about: SearchState) -> Outcome:
    return Outcome("finding", view=cards.form(about.form))


async def _search(services: Services, interaction: Interaction, filled: SearchForm) -> Outcome | Problem:
    if filled.upside_down:
        return problems.days_upside_down()
    return await list_found(services, interaction, filled)


async def _turn(services: Services, interaction: Interaction, about: SearchState) -> Outcome | Problem:
    if about.page is None:
        return problems.list_button_not_understood("with Find a call")
    return await list_found(services, interaction, about.form, about.page)


async def list_found(
    services: Services, interaction: Interaction, filled: SearchForm, page: PageRequest | None = None
) -> Outcome | Problem:
    """Return the calls that the form asks for, or a page of them, as a view."""
    zone = await services.days.zone_of(interaction.user) if filled.dated else Zone()
    call_filter = filled.filter(zone)  # not the page's own, so that the list shows what its heading says
    query = replace(page, filter=call_filter) if page else PageRequest(call_filter)
    listed = await services.calls.list_page(interaction, query, size=SHOWN)
    if isinstance(listed, Problem):
        return listed
    view = cards.found(listed, filled, zone_known=zone.known, now=int(services.now()))
    return Outcome("listed", view=view, upstream_status=listed.upstream_status)


async def _share(services: Services, interaction: Interaction, about: SearchState) -> Outcome | Problem:
    call = await _look_up(services, interaction, about, fresh=True)
    if isinstance(call, Problem):
        return replace(call, again=None)  # to try again would show the call, not share it
    # One modal can show several calls of one session, one after the other, and each may be shared
    where = f"{interaction.view_id} {about.call.to_text() if about.call else ''}"
    outcome = await publish(services, interaction, call, where=where)
    if isinstance(outcome, Problem):
        return outcome
    before = outcome.outcome == "already_shared"
    return replace(outcome, view=shared_modal(before=before), message=shared_message(before=before))


async def _look_up(
    services: Services, interaction: Interaction, about: SearchState, *, fresh: bool = False
) -> LookupResult | Problem:
    if about.call is None:
        return problems.not_a_session_id("it is none that callinfo has put there")
    return await services.calls.look_up(interaction, about.call.session_id, which=about.call, fresh=fresh)
