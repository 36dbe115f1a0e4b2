"""`/callinfo …`: what a person types, passed to what does it."""

from __future__ import annotations

from functools import partial

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.answers.interaction import Interaction, Outcome
from bot.calls.cursor import PageRequest
from bot.calls.problems import Problem
from bot.cards.usage import usage
from bot.cards.whoami import whoami
from bot.listeners import links, recent, subscribe, subscriptions
from bot.listeners.payloads.commands import parse_command
from bot.listeners.payloads.reading import Payload
from bot.listeners.services import Services
from bot.listeners.subcommands import (
    LinkCommand,
    ListCalls,
    ListLinks,
    ListSubscriptions,
    LookUp,
    MakeLink,
    OpenSubscribeForm,
    RemoveLink,
    Subcommand,
    Subscribe,
    SubscriptionCommand,
    Unsubscribe,
    Usage,
    WhoAmI,
    parse_subcommand,
)

COMMAND = "/callinfo"


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the slash command."""

    @app.command(COMMAND)
    async def callinfo(ack: AsyncAck, command: Payload, context: Payload) -> None:
        typed = parse_subcommand(command.get("text") or "")
        query = PageRequest(typed.filter).to_text() if isinstance(typed, ListCalls) else ""
        interaction = parse_command(command, context, query)
        work = partial(_answer, services, interaction, typed)
        about = typed.session_id if isinstance(typed, LookUp) else None
        if isinstance(typed, OpenSubscribeForm):  # a modal can't wait until it would be late
            await services.responder.after_the_ack(interaction, ack, work)
        else:
            await services.responder.in_the_ack(interaction, ack, work, about=about)


async def _answer(
    services: Services, interaction: Interaction, typed: Subcommand | Problem
) -> Outcome | Problem:
    match typed:
        case LookUp(session_id):
            return services.summarised(interaction, await services.calls.look_up(interaction, session_id))
        case ListCalls(call_filter):
            return await recent.answer(services, interaction, PageRequest(call_filter))
        case Usage():
            return Outcome("usage", usage())
        case Problem():
            return typed
        case _:
            return await _manage(services, interaction, typed)


async def _manage(
    services: Services, interaction: Interaction, typed: LinkCommand | SubscriptionCommand
) -> Outcome | Problem:
    match typed:
        case OpenSubscribeForm() | Subscribe() | Unsubscribe() | ListSubscriptions():
            return await _manage_subscriptions(services, interaction, typed)
        case _:
            return await _manage_links(services, interaction, typed)


async def _manage_links(
    services: Services, interaction: Interaction, typed: LinkCommand
) -> Outcome | Problem:
    match typed:
        case WhoAmI():
            acting = await services.whoami(interaction.user)
            if isinstance(acting, Problem):
                return acting
            return Outcome("whoami", whoami(acting, services.contacts))
        case MakeLink(user_id, uid):
            return await links.link(services, interaction, user_id, uid)
        case RemoveLink(user_id):
            return await links.unlink(services, interaction, user_id)
        case ListLinks(prefix):
            return await links.list_links(services, interaction, prefix)


async def _manage_subscriptions(
    services: Services, interaction: Interaction, typed: SubscriptionCommand
) -> Outcome | Problem:
    match typed:
        case Subscribe(asked):
            return await subscribe.subscribe(services, interaction, asked)
        case OpenSubscribeForm():
            return await subscribe.open_form(services, interaction)
        case Unsubscribe(here):
            return await subscriptions.unsubscribe(services, interaction, here=here)
        case ListSubscriptions():
            return await subscriptions.list_subscriptions(services, interaction)
