"""Slash commands and shortcuts, parsed."""

from __future__ import annotations

from bot.answers.interaction import Interaction, InteractionKind
from bot.listeners.payloads.reading import (
    Payload,
    acting_user,
    arrived,
    identifier,
    nested,
    response_url,
    text,
)


def parse_command(command: Payload, context: Payload, query: str = "") -> Interaction:
    """Return the interaction of a slash command; `query` is the page of a list that is asked for, as text."""
    return Interaction(
        kind="command",
        arrived=arrived(context),
        user=acting_user(command, context),
        channel_id=identifier(command, "channel_id"),
        channel_name=text(command, "channel_name"),
        response_url=response_url(command),
        trigger_id=identifier(command, "trigger_id"),
        filter=query,
    )


def parse_shortcut(shortcut: Payload, context: Payload, kind: InteractionKind = "shortcut") -> Interaction:
    """Return the interaction of a shortcut. A global one has no message."""
    message = nested(shortcut, "message")
    thread_ts = identifier(message, "thread_ts")
    is_reply = thread_ts != identifier(message, "ts")  # a thread's first message is in the channel
    return Interaction(
        kind=kind,
        arrived=arrived(context),
        user=acting_user(shortcut, context),
        channel_id=identifier(nested(shortcut, "channel"), "id"),
        channel_name=text(nested(shortcut, "channel"), "name"),
        message_ts=identifier(message, "ts"),
        thread_ts=thread_ts if thread_ts and is_reply else None,
        response_url=response_url(shortcut),
        trigger_id=identifier(shortcut, "trigger_id"),
    )
