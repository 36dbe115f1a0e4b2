"""`/callinfo …`: what a person types, sent to the module that does it."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.answers.interaction import Interaction, Outcome
from bot.calls.cursor import PageRequest
from bot.calls.problems import Problem
from bot.cards.usage import usage
from bot.listeners import link, links, recent, unlink, whoami
from bot.listeners.payloads import of_command
from bot.listeners.services import Services
from bot.listeners.subcommands import (
    ListCalls,
    ListLinks,
    LookUp,
    MakeLink,
    RemoveLink,
    Usage,
    Wanted,
    WhoAmI,
    wanted,
)

COMMAND = "/callinfo"


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the slash command."""

    @app.command(COMMAND)
    async def callinfo(ack: AsyncAck, command: dict[str, Any], context: dict[str, Any]) -> None:
        asked = wanted(command.get("text") or "")
        sought = PageRequest(asked.sought).to_text() if isinstance(asked, ListCalls) else ""
        interaction = of_command(command, context, sought)

        async def work() -> Outcome | Problem:
            return asked if isinstance(asked, Problem) else await _answer(services, interaction, asked)

        about = asked.session_id if isinstance(asked, LookUp) else None
        await services.answering.in_the_ack(interaction, ack, work, about=about)


async def _answer(services: Services, interaction: Interaction, asked: Wanted) -> Outcome | Problem:
    match asked:
        case LookUp(session_id):
            return services.summarised(interaction, await services.look_up(interaction, session_id))
        case ListCalls(sought):
            return await recent.answer(services, interaction, PageRequest(sought))
        case WhoAmI():
            return await whoami.answer(services, interaction)
        case Usage():
            return Outcome("usage", usage())
        case _:
            return await _manage(services, interaction, asked)


async def _manage(
    services: Services, interaction: Interaction, asked: MakeLink | RemoveLink | ListLinks
) -> Outcome | Problem:
    match asked:
        case MakeLink(user_id, uid):
            return await link.answer(services, interaction, user_id, uid)
        case RemoveLink(user_id):
            return await unlink.answer(services, interaction, user_id)
        case ListLinks(prefix):
            return await links.answer(services, interaction, prefix)
