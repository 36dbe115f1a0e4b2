"""Slash commands and shortcuts, parsed, and the texts of the message that a shortcut was used on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.answers.interaction import Interaction, Kind
from bot.listeners.payloads.reading import (
    Payload,
    acting_user,
    arrived,
    identifier,
    nested,
    response_url,
    slack_user,
)


def parse_command(command: Payload, context: Payload, sought: str = "") -> Interaction:
    """Return the interaction of a slash command; `sought` is the filter of a list of calls."""
    user = slack_user(*(identifier(command, key) for key in ("enterprise_id", "team_id", "user_id")))
    return Interaction(
        kind="command",
        arrived=arrived(context),
        user=user,
        channel_id=identifier(command, "channel_id"),
        response_url=response_url(command),
        trigger_id=identifier(command, "trigger_id"),
        sought=sought,
    )


def parse_shortcut(shortcut: Payload, context: Payload, kind: Kind = "shortcut") -> Interaction:
    """Return the interaction of a shortcut. A global one has no message."""
    message = nested(shortcut, "message")
    thread_ts = identifier(message, "thread_ts")
    is_reply = thread_ts != identifier(message, "ts")  # a thread's first message is in the channel
    return Interaction(
        kind=kind,
        arrived=arrived(context),
        user=acting_user(shortcut),
        channel_id=identifier(nested(shortcut, "channel"), "id"),
        message_ts=identifier(message, "ts"),
        thread_ts=thread_ts if thread_ts and is_reply else None,
        response_url=response_url(shortcut),
        trigger_id=identifier(shortcut, "trigger_id"),
    )


def texts_of(message: Any) -> Iterator[str]:
    """Yield all texts and addresses of a message, in reading order.

    A bot's message may have no `text`, so blocks and attachments of all types are read too: every string counts
    that is not one of Slack's own words for structure.
    """
    if isinstance(message, str):
        yield message
    elif isinstance(message, list):
        for item in message:
            yield from texts_of(item)
    elif isinstance(message, dict):
        if isinstance(message.get("title"), str) and isinstance(message.get("value"), str):
            yield f"{message['title']}: {message['value']}"  # an attachment's field: a label and its value
        ordered = sorted(message, key=lambda key: _READING_ORDER.get(key, len(_READING_ORDER)))
        for key in ordered:
            if key not in _STRUCTURE:
                yield from texts_of(message[key])


_READING_ORDER = {
    key: number for number, key in enumerate(("pretext", "title", "title_link", "text", "fields", "blocks"))
}
_NO_TEXT = """
type ts thread_ts user team bot_id app_id bot_profile client_msg_id subtype block_id action_id style color icons edited
reactions metadata parent_user_id reply_users latest_reply last_read permalink user_id channel_id confirm
"""
_STRUCTURE = frozenset(_NO_TEXT.split())
