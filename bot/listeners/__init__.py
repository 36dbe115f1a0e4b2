"""One module for each thing that a person can do in Slack, each with `register(app, services)`.

A listener reads the payload, makes one call into a use case, turns the result into a card, and hands it to `answers/`.
"""

from __future__ import annotations

from slack_bolt.async_app import AsyncApp

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
    pick,
    recent,
    refresh,
    share,
    uninstalled,
)
from bot.listeners.services import Services

__all__ = ["Services", "register_all"]


def register_all(app: AsyncApp, services: Services) -> None:
    """Register every listener of the bot."""
    for module in (command, from_message, ask_session, pick, share, details, refresh, recent, find):
        module.register(app, services)
    for module in (links, link_request, home, uninstalled, crashed):
        module.register(app, services)
