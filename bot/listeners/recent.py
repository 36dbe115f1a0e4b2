"""`/callinfo recent …`: a person's latest calls, and the buttons that turn the pages in place."""

from __future__ import annotations

import dataclasses
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.answers.interaction import Interaction, Outcome
from bot.calls import problems
from bot.calls.cursor import PageRequest
from bot.calls.problems import Problem
from bot.cards.recent import NEWER, OLDER, recent
from bot.listeners.payloads import of_press
from bot.listeners.services import Services


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the buttons."""

    async def turn(ack: AsyncAck, body: dict[str, Any], context: dict[str, Any]) -> None:
        press = of_press("recent", body, context)
        query = PageRequest.from_text(press.value)
        interaction = dataclasses.replace(press.interaction, sought=press.value if query else "")

        async def work() -> Outcome | Problem:
            if query is None:
                return problems.list_button_not_understood()
            if interaction.in_home:
                return Outcome("listed", query=query)
            return await answer(services, interaction, query, replace=True)

        await services.answering.after_the_ack(interaction, ack, work)

    app.action(OLDER)(turn)
    app.action(NEWER)(turn)


async def answer(
    services: Services, interaction: Interaction, query: PageRequest, *, replace: bool = False
) -> Outcome | Problem:
    """List the calls that are sought."""
    listed = await services.list_calls(interaction, query)
    if isinstance(listed, Problem):
        return listed
    card = recent(listed, now=int(services.now()))
    return Outcome("listed", card, listed.upstream_status, replace=replace)
