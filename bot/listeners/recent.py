"""`/callinfo recent …`: a person's latest calls, and the buttons that turn the pages in place."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.answers.interaction import Interaction, Outcome
from bot.calls import problems
from bot.calls.cursor import PageRequest
from bot.calls.problems import Problem
from bot.cards.recent import NEWER, OLDER, recent
from bot.listeners.payloads.actions import parse_press
from bot.listeners.payloads.reading import Payload
from bot.listeners.services import Services


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the buttons."""

    @app.action(OLDER)
    @app.action(NEWER)
    async def turn(ack: AsyncAck, body: Payload, context: Payload) -> None:
        press = parse_press("recent", body, context)
        query = PageRequest.from_text(press.value)
        interaction = replace(press.interaction, filter=press.value if query else "")
        work = partial(_turn, services, interaction, query)
        await services.responder.after_the_ack(interaction, ack, work)


async def answer(
    services: Services, interaction: Interaction, query: PageRequest, *, replace: bool = False
) -> Outcome | Problem:
    """List the calls that the query asks for."""
    listed = await services.calls.list_page(interaction, query)
    if isinstance(listed, Problem):
        return listed
    card = recent(listed, now=int(services.now()))
    return Outcome("listed", card, listed.upstream_status, replace=replace)


async def _turn(services: Services, interaction: Interaction, query: PageRequest | None) -> Outcome | Problem:
    if query is None:
        return problems.list_button_not_understood()
    if interaction.in_home:
        return Outcome("listed", page_request=query)
    return await answer(services, interaction, query, replace=True)
