"""Share to channel: the call, looked up anew for the person who presses, becomes a message that everyone sees.

The ephemeral original goes. One press twice (two devices, a repeated delivery) posts once.
"""

from __future__ import annotations

from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.cards.buttons import SHARE
from bot.cards.summary import shared_summary
from bot.interactions import Outcome
from bot.listeners.payloads import Press, of_press
from bot.listeners.pressed import look_up
from bot.listeners.services import Services
from bot.problems import Problem
from bot.reply import ReplyFailedError

log = structlog.get_logger()


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the button."""

    @app.action(SHARE)
    async def share(ack: AsyncAck, body: dict[str, Any], context: dict[str, Any]) -> None:
        press = of_press("share", body, context)

        async def work() -> Outcome | Problem:
            return await _share(services, press)

        await services.answering.after_the_ack(press.interaction, ack, work)


async def _share(services: Services, press: Press) -> Outcome | Problem:
    found = await look_up(services, press)
    if isinstance(found, Problem):
        return found
    interaction = press.interaction
    key = (interaction.user.team_id, interaction.channel_id, interaction.message_ts, press.value)
    if not services.shares.claim(key):
        return Outcome("already_shared")
    card = shared_summary(found, now=int(services.now()), sharer=interaction.user.user_id)
    try:
        await services.replies.publish(interaction.response_url, card, thread_ts=interaction.thread_ts)
    except ReplyFailedError:
        services.shares.release(key)
        raise
    try:
        await services.replies.delete_original(interaction.response_url)
    except ReplyFailedError as error:  # what matters is shared; the person can dismiss the original
        log.warning("original not deleted", reference=interaction.reference, reply_failure=str(error))
    return Outcome("shared", upstream_status=found.upstream_status)
