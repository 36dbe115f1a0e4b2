"""`/callinfo subscriptions` and `unsubscribe`, Stop in a list, and the menu of everything that is told."""

from __future__ import annotations

import dataclasses
from functools import partial

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.answers.interaction import Interaction, Outcome
from bot.calls.problems import Problem
from bot.cards import subscriptions as cards
from bot.cards.kit.lines import Line
from bot.cards.subscriptions import LIST_BLOCK, SUBSCRIBED_BLOCK, UNSUBSCRIBE
from bot.cards.told import muted_id
from bot.listeners.payloads.actions import Press, parse_press
from bot.listeners.payloads.reading import Payload
from bot.listeners.services import Services

MUTE_SECONDS = 24 * 3600
SUBSCRIPTIONS = "subscriptions"
"""What a promise says of a command that is about them: another process lists those that hold."""


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the buttons and the menu, which have one id."""

    @app.action(UNSUBSCRIBE)
    async def stop_or_mute(ack: AsyncAck, body: Payload, context: Payload) -> None:
        press = parse_press("unsubscribe", body, context)
        muted = muted_id(press.value)
        work = partial(_mute, services, press, muted) if muted else partial(_stop, services, press)
        await services.responder.after_the_ack(press.interaction, ack, work)


async def list_subscriptions(
    services: Services, interaction: Interaction, *, news: list[Line] | None = None, replace: bool = False
) -> Outcome | Problem:
    """List the person's subscriptions; for an admin also others that they may end."""
    channel_id = interaction.channel_id or None
    listing = await services.subscriptions.listing(interaction.user, channel_id=channel_id)
    if isinstance(listing, Problem):
        return listing
    reader, now = interaction.user.user_id, int(services.now())
    card = cards.subscriptions(listing, reader, now=now, news=news or [])
    return Outcome("subscriptions", card, replace=replace)


async def unsubscribe(services: Services, interaction: Interaction, *, here: bool) -> Outcome | Problem:
    """End the person's own subscriptions, or those to this channel; what is left is listed."""
    result = await services.subscriptions.unsubscribe_all(
        interaction.user,
        channel_id=interaction.channel_id if here else None,
        reference=interaction.reference,
    )
    if isinstance(result, Problem):
        return result
    news = cards.unsubscribed_lines(result.subscriptions, interaction.user.user_id)
    return _unsubscribed(await list_subscriptions(services, interaction, news=news))


async def _stop(services: Services, press: Press) -> Outcome | Problem:
    """End one; a list and a confirmation are replaced by what holds now, what is told stays."""
    interaction = press.interaction
    result = await services.subscriptions.unsubscribe(
        interaction.user, press.value, reference=interaction.reference
    )
    if isinstance(result, Problem):
        return result
    reader = interaction.user.user_id
    if press.block_id.startswith(LIST_BLOCK):
        news = cards.unsubscribed_lines(result.subscriptions, reader)
        return _unsubscribed(await list_subscriptions(services, interaction, news=news, replace=True))
    card = cards.unsubscribed(result.subscriptions, reader)
    return Outcome("unsubscribed", card, replace=press.block_id == SUBSCRIBED_BLOCK)


def _unsubscribed(listed: Outcome | Problem) -> Outcome | Problem:
    """Return the list as what came of ending a subscription."""
    return listed if isinstance(listed, Problem) else dataclasses.replace(listed, outcome="unsubscribed")


async def _mute(services: Services, press: Press, subscription_id: str) -> Outcome | Problem:
    interaction = press.interaction
    until = int(services.now()) + MUTE_SECONDS
    result = await services.subscriptions.mute(
        interaction.user, subscription_id, until, reference=interaction.reference
    )
    if isinstance(result, Problem):
        return result
    return Outcome("muted", cards.muted(result.subscription, interaction.user.user_id))
