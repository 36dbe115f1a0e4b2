"""`/callinfo …`: what a person types, passed to what does it."""

from __future__ import annotations

from functools import partial

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.answers.interaction import Interaction, Outcome
from bot.calls import problems
from bot.calls.cursor import PageRequest
from bot.calls.problems import Problem
from bot.cards.usage import not_understood, usage
from bot.cards.whoami import whoami
from bot.listeners import links, recent, subscribe, subscriptions
from bot.listeners.payloads.commands import parse_command
from bot.listeners.payloads.reading import Payload
from bot.listeners.services import Services
from bot.listeners.subcommands import (
    ListCalls,
    ListLinks,
    ListSubscriptions,
    LookUp,
    MakeLink,
    NotUnderstood,
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
        interaction = parse_command(command, context, _if_cut_short(typed))
        work = partial(_answer, services, interaction, typed)
        about = typed.session_id if isinstance(typed, LookUp) else None
        if isinstance(typed, OpenSubscribeForm):  # a modal can't wait until it would be late
            await services.responder.after_the_ack(interaction, ack, work)
        else:
            await services.responder.in_the_ack(interaction, ack, work, about=about)


def _if_cut_short(typed: Subcommand | Problem) -> str:
    """Return what another process needs to answer instead, if it is no session id."""
    match typed:
        case ListCalls(call_filter):
            return PageRequest(call_filter).to_text()
        case Subscribe() | Unsubscribe() | ListSubscriptions():
            return subscriptions.SUBSCRIPTIONS
        case _:
            return ""


async def _answer(
    services: Services, interaction: Interaction, typed: Subcommand | Problem
) -> Outcome | Problem:
    match typed:
        case Problem():
            return typed
        case LookUp():
            answer = _look_up(services, interaction, typed)
        case ListCalls(call_filter):
            answer = recent.answer(services, interaction, PageRequest(call_filter))
        case WhoAmI():
            answer = _whoami(services, interaction)
        case Usage() | NotUnderstood():
            answer = _help(typed)
        case Subscribe() | OpenSubscribeForm() | Unsubscribe() | ListSubscriptions():
            answer = _manage_subscriptions(services, interaction, typed)
        case _:
            answer = _manage_links(services, interaction, typed)
    return await answer


async def _look_up(services: Services, interaction: Interaction, typed: LookUp) -> Outcome | Problem:
    found = await services.calls.look_up(interaction, typed.session_id)
    found = problems.did_you_mean(found, typed.meant) if isinstance(found, Problem) else found
    return services.summarised(interaction, found)


async def _help(typed: Usage | NotUnderstood) -> Outcome:
    card = usage() if isinstance(typed, Usage) else not_understood(typed.text, typed.meant)
    return Outcome("usage", card)


async def _whoami(services: Services, interaction: Interaction) -> Outcome | Problem:
    acting = await services.whoami(interaction.user)
    if isinstance(acting, Problem):
        return acting
    return Outcome("whoami", whoami(acting, services.contacts.besides(interaction.user.user_id)))


async def _manage_links(
    services: Services, interaction: Interaction, typed: MakeLink | RemoveLink | ListLinks
) -> Outcome | Problem:
    match typed:
        case MakeLink(user_id, uid):
            return await links.link(services, interaction, user_id, uid)
        case RemoveLink(user_id):
            return await links.unlink(services, interaction, user_id)
        case _:
            return await links.list_links(services, interaction, typed.prefix)


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
        case _:
            return await subscriptions.list_subscriptions(services, interaction)
