"""The modal that asks for a session id: a wrong one is told beside the input, a right one is answered at the origin."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.answers.interaction import Outcome
from bot.calls import problems, session_ids
from bot.calls.problems import Problem
from bot.cards.ask_session import BLOCK, VIEW
from bot.cometchat import InvalidSessionIdError, SessionId
from bot.listeners.payloads import of_asked_session
from bot.listeners.services import Services


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the modal's submission."""

    @app.view(VIEW)
    async def show(ack: AsyncAck, body: dict[str, Any], context: dict[str, Any]) -> None:
        interaction, typed = of_asked_session(body, context)

        wanted = _wanted(typed)

        async def work() -> Outcome | Problem:
            if isinstance(wanted, Problem):
                return wanted
            return services.summarised(interaction, await services.look_up(interaction, wanted))

        about = None if isinstance(wanted, Problem) else wanted
        await services.responder.beside_the_input(interaction, ack, work, block_id=BLOCK, about=about)


def _wanted(typed: str) -> SessionId | Problem:
    try:
        return session_ids.from_text(typed)
    except InvalidSessionIdError as error:
        return problems.not_a_session_id(str(error))
