"""The message shortcut "Get call info": finds the session ids that a message mentions.

One id: its call, at once. Several: a list to pick from. None, or none that is surely whole: a modal that asks for one.
"""

from __future__ import annotations

from functools import partial

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.answers.interaction import Interaction, Outcome
from bot.calls.mentioned_ids import Mentioned, found_in
from bot.calls.problems import Problem
from bot.cards.ask_session import Origin, ask_session
from bot.cards.pick import pick
from bot.listeners.payloads.commands import parse_shortcut
from bot.listeners.payloads.reading import Payload
from bot.listeners.payloads.texts import texts_of
from bot.listeners.services import Services

SHORTCUT = "callinfo_from_message"


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the shortcut."""

    @app.message_shortcut(SHORTCUT)
    async def get_call_info(ack: AsyncAck, shortcut: Payload, context: Payload) -> None:
        interaction = parse_shortcut(shortcut, context)
        mentioned = found_in(texts_of(shortcut.get("message")))
        work = partial(_answer, services, interaction, mentioned)
        about = mentioned.ids[0] if len(mentioned.ids) == 1 else None
        await services.responder.after_the_ack(interaction, ack, work, about=about)


async def _answer(services: Services, interaction: Interaction, mentioned: Mentioned) -> Outcome | Problem:
    if len(mentioned.ids) == 1:
        return services.summarised(interaction, await services.calls.look_up(interaction, mentioned.ids[0]))
    if mentioned.ids:
        return Outcome("choices", pick(mentioned.ids, thread_ts=interaction.thread_ts))
    origin = Origin(interaction.response_url, interaction.channel_id, interaction.thread_ts)
    await services.views.open(interaction.trigger_id, ask_session(origin, unsure=mentioned.unsure))
    return Outcome("asked_for_session")
