"""`/callinfo subscribe …`, the form that does the same, and the switches of the Home tab."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from functools import partial

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.answers.home import FIRST
from bot.answers.interaction import Interaction, Outcome
from bot.calls.filters import MISSED
from bot.calls.problems import Problem, list_button_not_understood
from bot.cards import subscriptions as cards
from bot.cards.ask_session import Origin
from bot.cards.home import SWITCHES
from bot.cards.kit.message import lines_message
from bot.cards.subscriptions import CHANNEL, KIND, LONGER, OPEN_FORM, QUIET_HOURS, VIEW, WHICH, WITH_WHOM
from bot.links.home_tab import Switches
from bot.listeners.payloads.actions import Press, parse_press
from bot.listeners.payloads.reading import Payload
from bot.listeners.payloads.views import origin_in, parse_subscription, subscription_in
from bot.listeners.services import Services
from bot.slack.messages import ChannelRefusesError
from bot.subscriptions import problems
from bot.subscriptions.form import SubscribeForm
from bot.subscriptions.results import Subscribed
from bot.subscriptions.switches import set_switches
from bot.subscriptions.typed import ENDED, TypedSubscription

KNOWN_WITHIN_SECONDS = 1.0
"""How long the form waits to be opened until it is known who the person is."""

_REFUSALS = {
    "not_in_channel": problems.NOT_IN_CHANNEL,
    "channel_not_found": problems.NOT_IN_CHANNEL,
    "user_not_in_channel": problems.YOU_NOT_IN_CHANNEL,
    "is_archived": problems.CHANNEL_ARCHIVED,
}
"""What Slack mostly says of a channel in which a message can't be posted."""


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the button that opens the form, to each choice in it, to the form, and to the switches."""

    @app.action(OPEN_FORM)
    async def open_from_button(ack: AsyncAck, body: Payload, context: Payload) -> None:
        interaction = parse_press("subscribe_form", body, context).interaction
        await services.responder.after_the_ack(interaction, ack, partial(open_form, services, interaction))

    @app.action(WHICH)
    @app.action(KIND)
    @app.action(LONGER)
    @app.action(WITH_WHOM)
    @app.action(CHANNEL)
    @app.action(QUIET_HOURS)
    async def choose(ack: AsyncAck, body: Payload, context: Payload) -> None:
        interaction = parse_press("subscribe_form", body, context).interaction
        if interaction.view_id:
            work = partial(_say_what_it_means, subscription_in(body), origin_in(body))
            await services.responder.in_a_modal(interaction, ack, work)
        else:
            await services.responder.after_the_ack(interaction, ack, _misplaced)

    @app.view(VIEW)
    async def submit(ack: AsyncAck, body: Payload, context: Payload) -> None:
        interaction, filled = parse_subscription(body, context)
        work = partial(_submit, services, interaction, filled)
        beside = CHANNEL if filled.channel_id else WHICH
        await services.responder.beside_the_input(interaction, ack, work, block_id=beside)

    @app.action(SWITCHES)
    async def switch(ack: AsyncAck, body: Payload, context: Payload) -> None:
        press = parse_press("switch", body, context)
        await services.responder.after_the_ack(press.interaction, ack, partial(_switch, services, press))


async def open_form(services: Services, interaction: Interaction) -> Outcome | Problem:
    """Open the form for a person who has calls; the others read why they have none."""
    # It has to open within Slack's 3 s: if it takes longer to find out, the submission tells them
    with suppress(TimeoutError):
        async with asyncio.timeout(KNOWN_WITHIN_SECONDS):
            acting = await services.whoami(interaction.user)
            if isinstance(acting, Problem):
                return acting
    origin = Origin(interaction.response_url, interaction.channel_id, None)
    await services.views.open(interaction.trigger_id, cards.form(SubscribeForm(), origin))
    return Outcome("subscribing")


async def subscribe(
    services: Services, interaction: Interaction, typed: TypedSubscription, *, quiet_hours: bool = True
) -> Outcome | Problem:
    """Subscribe the person as they typed it. A conversation of two is no place to post to: they are told directly."""
    here = interaction.channel_id if typed.here and not interaction.channel_id.startswith("D") else ""
    form = SubscribeForm(typed.wanted, here, quiet_hours)
    return await _subscribe(services, interaction, form, uid=typed.uid)


async def _submit(services: Services, interaction: Interaction, filled: SubscribeForm) -> Outcome | Problem:
    outcome = await _subscribe(services, interaction, filled)
    if isinstance(outcome, Problem) or not interaction.in_home:
        return outcome
    return replace(outcome, links_query=FIRST.links)


async def _subscribe(
    services: Services, interaction: Interaction, form: SubscribeForm, *, uid: str | None = None
) -> Outcome | Problem:
    result = await services.subscriptions.subscribe(
        interaction.user,
        form.wanted,
        channel_id=form.channel_id or None,
        uid=uid,
        quiet_hours=form.quiet_hours,
        reference=interaction.reference,
    )
    if isinstance(result, Problem):
        return result
    card = cards.subscribed(result)
    if not form.channel_id:
        return Outcome("subscribed", card)
    return await _confirm_there(services, interaction, result, form.channel_id)


async def _confirm_there(
    services: Services, interaction: Interaction, result: Subscribed, channel_id: str
) -> Outcome | Problem:
    """Confirm a subscription in its channel, so that it shows now whether the bot may post there.

    Slack tells that without a further scope only when something is sent. Where it refuses, the subscription ends again;
    where it is out of order, the first call will show it.
    """
    card = cards.subscribed(result)
    try:
        shown = await services.ephemeral.show(channel_id, interaction.user.user_id, card)
    except ChannelRefusesError as refusal:
        if result.new:
            made = result.subscription.id
            await services.subscriptions.unsubscribe(interaction.user, made, reference=interaction.reference)
        return _REFUSALS.get(str(refusal), problems.CHANNEL_REFUSES)
    read_already = shown and channel_id == interaction.channel_id
    return Outcome("subscribed", None if read_already else card)


async def _say_what_it_means(filled: SubscribeForm, origin: Origin) -> Outcome:
    return Outcome("subscribing", view=cards.form(filled, origin))


async def _misplaced() -> Problem:
    return list_button_not_understood("with `/callinfo subscribe`")


async def _switch(services: Services, press: Press) -> Outcome | Problem:
    interaction = press.interaction
    if not interaction.in_home:
        return await _misplaced()
    wanted = Switches(missed=MISSED in press.ticked, ended=ENDED in press.ticked)
    result = await set_switches(services.subscriptions, interaction.user, wanted, interaction.reference)
    if isinstance(result, Problem):
        return result
    lines = cards.unsubscribed_lines(result.ended, interaction.user.user_id) if result.ended else []
    lines += [line for made in result.made for line in cards.subscribed_lines(made)]
    notice = lines_message(lines) if lines else None
    return Outcome("subscribed" if result.made else "unsubscribed", notice, links_query=FIRST.links)
