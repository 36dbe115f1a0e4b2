"""One module for each thing that a person can do in Slack, each with `register(app, services)`.

A listener reads the payload, makes one call into a use case, turns the result into a card, and hands it to `answers/`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from slack_bolt.async_app import AsyncApp, AsyncBoltContext

from bot.listeners import (
    ask_session,
    command,
    crashed,
    details,
    find,
    from_message,
    home,
    link_request,
    links,
    next_steps,
    pick,
    recent,
    refresh,
    share,
    subscribe,
    subscriptions,
    transcript,
    uninstalled,
)
from bot.listeners.payloads.reading import ACTING_USER, Payload, named_user
from bot.listeners.services import Services

NextMiddleware = Callable[[], Awaitable[object]]

__all__ = ["Services", "register_all"]


def register_all(app: AsyncApp, services: Services) -> None:
    """Register every listener of the bot, behind what says who the person is."""

    @app.middleware
    async def resolve_person(body: Payload, context: AsyncBoltContext, next_: NextMiddleware) -> None:
        context[ACTING_USER] = await services.membership.resolve(named_user(body))
        await next_()

    for module in (
        command,
        from_message,
        ask_session,
        pick,
        share,
        details,
        transcript,
        refresh,
        recent,
        find,
        next_steps,
    ):
        module.register(app, services)
    for module in (subscribe, subscriptions, links, link_request, home, uninstalled, crashed):
        module.register(app, services)
