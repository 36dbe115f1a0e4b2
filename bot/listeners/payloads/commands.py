"""Slash commands and shortcuts, parsed."""

from __future__ import annotations

from bot.answers.interaction import Interaction, Kind
from bot.listeners.payloads.reading import Payload, address, an_id, arrived, person, who, within


def of_command(command: Payload, context: Payload, list_filter: str = "") -> Interaction:
    """Return the interaction that a slash command is; `list_filter` is that of a list of calls."""
    return Interaction(
        kind="command",
        arrived=arrived(context),
        user=person(an_id(command, "enterprise_id"), an_id(command, "team_id"), an_id(command, "user_id")),
        channel_id=an_id(command, "channel_id"),
        response_url=address(command),
        trigger_id=an_id(command, "trigger_id"),
        filter=list_filter,
    )


def of_shortcut(shortcut: Payload, context: Payload, kind: Kind = "shortcut") -> Interaction:
    """Return the interaction that a shortcut is; a message in a thread names the thread, a global one has no message."""
    message = within(shortcut, "message")
    return Interaction(
        kind=kind,
        arrived=arrived(context),
        user=who(shortcut),
        channel_id=an_id(within(shortcut, "channel"), "id"),
        message_ts=an_id(message, "ts"),
        thread_ts=_thread(message),
        response_url=address(shortcut),
        trigger_id=an_id(shortcut, "trigger_id"),
    )


def _thread(message: Payload) -> str | None:
    """Return the thread that a message is a reply in; a thread's first message stands in the channel."""
    thread_ts = an_id(message, "thread_ts")
    return thread_ts if thread_ts and thread_ts != an_id(message, "ts") else None
