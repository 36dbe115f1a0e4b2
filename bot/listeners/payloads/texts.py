"""The texts of a message, whatever kind of message it is (pure)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def texts_of(message: Any) -> Iterator[str]:
    """Yield all texts and addresses of a message, in reading order.

    A bot's message may have no `text`, so blocks and attachments are read as well, whatever their types: every
    string that is not one of Slack's own words for structure counts.
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
    key: place for place, key in enumerate(("pretext", "title", "title_link", "text", "fields", "blocks"))
}
_STRUCTURE = frozenset(
    {
        *(
            "type",
            "ts",
            "thread_ts",
            "user",
            "team",
            "bot_id",
            "app_id",
            "bot_profile",
            "client_msg_id",
            "subtype",
        ),
        *(
            "block_id",
            "action_id",
            "style",
            "color",
            "icons",
            "edited",
            "reactions",
            "metadata",
            "parent_user_id",
        ),
        *("reply_users", "latest_reply", "last_read", "permalink", "user_id", "channel_id", "confirm"),
    }
)
