"""One module for each thing that a person can do in Slack, each with `register(app, services)`.

A listener reads the payload, makes one call into the core, turns what comes back into a card, and replies.
"""

from __future__ import annotations

from slack_bolt.async_app import AsyncApp

from bot.listeners import (
    ask_admin,
    ask_session,
    command,
    crashed,
    details,
    find,
    found,
    from_message,
    home,
    link,
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
    for module in (command, from_message, ask_session, pick, share, details, refresh, recent, find, found):
        module.register(app, services)
    for module in (link, links, ask_admin, home, uninstalled, crashed):
        module.register(app, services)
