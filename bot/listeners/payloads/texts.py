"""The texts of a message in Slack's markup, whatever kind of message it is (pure).

https://docs.slack.dev/reference/block-kit/blocks/rich-text-block: a line of rich text is a list of elements, and a
word may be spread over several of them, so that a line is read as one text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from bot.calls.markup import NO_TEXT, as_code

_LINES = ("rich_text_section", "rich_text_preformatted", "rich_text_quote")
_ESCAPES = (
    (re.compile("&(?!(?:amp|lt|gt);)"), "&amp;"),
    (re.compile("<"), "&lt;"),
    (re.compile(">"), "&gt;"),
)


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
    elif (
        isinstance(message, dict)
        and message.get("type") in _LINES
        and isinstance(message.get("elements"), list)
    ):
        yield _line(message["elements"], code=message["type"] == "rich_text_preformatted")
        yield from texts_of([each for each in message["elements"] if _is_unknown(each)])
    elif isinstance(message, dict):
        if isinstance(message.get("title"), str) and isinstance(message.get("value"), str):
            # An attachment's field: a label and its value
            yield f"{message['title'].rstrip(': ')}: {message['value']}"
        ordered = sorted(message, key=lambda key: _READING_ORDER.get(key, len(_READING_ORDER)))
        for key in ordered:
            if key not in _STRUCTURE and not (key == "text" and _repeats_blocks(message)):
                yield from texts_of(message[key])


def _repeats_blocks(message: dict[str, Any]) -> bool:
    """Whether the `text` is Slack's rendering of a person's rich text, with marks that look like the text's own.

    An app writes both, and not always the same.
    """
    blocks = message.get("blocks")
    if "bot_id" in message or "app_id" in message or not isinstance(blocks, list):
        return False
    rich = [each for each in blocks if isinstance(each, dict) and each.get("type") == "rich_text"]
    return any(text.strip() for text in texts_of(rich))


def _line(elements: list[Any], *, code: bool) -> str:
    """Return a line of rich text in markup; what is in code on end, in however many elements, is one code."""
    parts = []
    for is_code, group in groupby(elements, key=lambda element: code or _is_code(element)):
        text = "".join(map(_markup, group))
        parts.append(as_code(text, block=code) if is_code else text)
    return "".join(parts)


def _markup(element: Any) -> str:
    """Return an element of a line in markup, NO_TEXT for what has none."""
    match element:
        case {"type": "text", "text": str(text)}:
            return _escaped(text)
        case {"type": "link", "url": str(url)}:
            label = element.get("text")
            address = _escaped(url).replace("|", "%7C")
            return f"<{address}|{_escaped(label)}>" if label and isinstance(label, str) else f"<{address}>"
        case {"type": "emoji"}:
            return _emoji(element)
        case {"type": "color", "value": str(value)}:
            return _escaped(value)
        case _:
            return NO_TEXT


def _emoji(element: dict[str, Any]) -> str:
    """Return the characters of an emoji, which an id may have; one of the workspace's own has none."""
    try:
        return "".join(chr(int(each, 16)) for each in str(element["unicode"]).split("-"))
    except (KeyError, ValueError, OverflowError):
        return NO_TEXT


def _escaped(text: str) -> str:
    for pattern, escape in _ESCAPES:
        text = pattern.sub(escape, text)
    return text


def _is_code(element: Any) -> bool:
    style = element.get("style") if isinstance(element, dict) else None
    return isinstance(style, dict) and style.get("code") is True


def _is_unknown(element: Any) -> bool:
    return _markup(element) == NO_TEXT


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
