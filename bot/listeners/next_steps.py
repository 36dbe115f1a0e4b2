"""The buttons that lead on: Try again, Show my recent calls, Find a call, Help.

Whose calls they show is decided at each press, as for what is typed.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.answers.interaction import Outcome
from bot.calls.cursor import PageRequest
from bot.calls.problems import Problem
from bot.calls.search_form import SearchForm, SearchState
from bot.cards.next_steps import FIND_CALL, HELP, RECENT_CALLS, RETRY
from bot.cards.transcript import is_about_transcript
from bot.cards.usage import usage
from bot.cards.waiting import loading_find
from bot.listeners import details, find, recent
from bot.listeners.payloads.actions import Press, parse_find_press, parse_press
from bot.listeners.payloads.reading import Payload
from bot.listeners.services import Services
from bot.listeners.transcript import show_transcript


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the buttons, in messages, in modals and in the Home tab."""

    @app.action(RETRY)
    async def retry(ack: AsyncAck, body: Payload, context: Payload) -> None:
        press, about = parse_find_press("retry", body, context)
        interaction = press.interaction
        if is_about_transcript(press.block_id):
            await show_transcript(services, ack, body, context, again=True)
        elif not interaction.view_id:
            work = partial(_retry, services, press)
            await services.responder.after_the_ack(interaction, ack, work, about=press.session_id)
        elif about.call:  # in "Find a call"
            work = partial(find.show_chosen, services, interaction, about)
            await services.responder.in_a_modal(interaction, ack, work)
        else:
            interaction = replace(interaction, finding=None)
            work = partial(details.show, services, replace(press, interaction=interaction))
            await services.responder.in_a_modal(interaction, ack, work)

    @app.action(RECENT_CALLS)
    async def show_recent(ack: AsyncAck, body: Payload, context: Payload) -> None:
        press = parse_press("recent", body, context)
        if press.interaction.view_id or press.interaction.in_home:  # which have no place for a message
            interaction = replace(press.interaction, kind="search", finding=SearchState())
            work = partial(find.list_found, services, interaction, SearchForm())
            loading = loading_find() if interaction.in_home else None
            await services.responder.in_a_modal(interaction, ack, work, loading=loading)
        else:
            query = PageRequest()
            interaction = replace(press.interaction, filter=query.to_text())
            work = partial(recent.answer, services, interaction, query, replace=True)
            await services.responder.after_the_ack(interaction, ack, work)

    @app.action(FIND_CALL)
    async def find_a_call(ack: AsyncAck, body: Payload, context: Payload) -> None:
        interaction = parse_press("find", body, context).interaction
        work = partial(find.open_form, services, interaction)
        await services.responder.after_the_ack(interaction, ack, work)

    @app.action(HELP)
    async def show_help(ack: AsyncAck, body: Payload, context: Payload) -> None:
        interaction = parse_press("help", body, context).interaction
        await services.responder.after_the_ack(interaction, ack, _help)


async def _retry(services: Services, press: Press) -> Outcome | Problem:
    return services.summarised(press.interaction, await services.look_up_pressed(press), replace=True)


async def _help() -> Outcome:
    return Outcome("usage", usage())
