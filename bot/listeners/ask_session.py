"""The modal that asks for a session id: a wrong one is told beside the input, a right one is answered at the origin."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot import problems, session_id
from bot.cards.ask_session import BLOCK, VIEW
from bot.cometchat import InvalidSessionIdError
from bot.interactions import Interaction, Outcome
from bot.listeners.payloads import of_asked_session
from bot.listeners.services import Services
from bot.problems import Problem


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the modal's submission."""

    @app.view(VIEW)
    async def show(ack: AsyncAck, body: dict[str, Any], context: dict[str, Any]) -> None:
        interaction, typed = of_asked_session(body, context)

        async def work() -> Outcome | Problem:
            return await _answer(services, interaction, typed)

        await services.answering.beside_the_input(interaction, ack, work, block_id=BLOCK)


async def _answer(services: Services, interaction: Interaction, typed: str) -> Outcome | Problem:
    try:
        wanted = session_id.from_text(typed)
    except InvalidSessionIdError as error:
        return problems.not_a_session_id(str(error))
    return services.summarised(interaction, await services.look_up(interaction, wanted))
