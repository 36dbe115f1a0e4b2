"""The modal that asks for a session id: an error is shown beside the input, the call where the shortcut was used."""

from __future__ import annotations

from functools import partial

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.answers.interaction import Interaction, Outcome
from bot.calls import problems, session_ids
from bot.calls.problems import Problem
from bot.cards.ask_session import BLOCK, VIEW
from bot.cometchat import InvalidSessionIdError, SessionId, parse_session_id
from bot.listeners.payloads.reading import Payload
from bot.listeners.payloads.views import parse_asked_session
from bot.listeners.services import Services


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the modal's submission."""

    @app.view(VIEW)
    async def show(ack: AsyncAck, body: Payload, context: Payload) -> None:
        interaction, typed, as_offered = parse_asked_session(body, context)
        session_id = _parse(typed, as_it_is=as_offered)
        work = partial(_look_up, services, interaction, session_id)
        about = None if isinstance(session_id, Problem) else session_id
        await services.responder.beside_the_input(interaction, ack, work, block_id=BLOCK, about=about)


def _parse(typed: str, *, as_it_is: bool) -> SessionId | Problem:
    try:
        return parse_session_id(typed) if as_it_is else session_ids.from_text(typed)
    except InvalidSessionIdError as error:
        return problems.not_a_session_id(str(error))


async def _look_up(
    services: Services, interaction: Interaction, session_id: SessionId | Problem
) -> Outcome | Problem:
    if isinstance(session_id, Problem):
        return session_id
    return services.summarised(interaction, await services.calls.look_up(interaction, session_id))
