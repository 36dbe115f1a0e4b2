"""Text as people type it: mentions, and nothing that nobody types and no database stores (pure)."""

from __future__ import annotations

import re
import unicodedata

PERSON = re.compile(r"<@(?P<user>[UW][A-Z0-9]{1,30})(?:\|[^<>]*)?>")
"""A mention of a person, as Slack marks it up; a plain @name is none.

https://docs.slack.dev/interactivity/implementing-slash-commands#escaping
"""

_DROPPED = frozenset({"Cc", "Cs"})  # controls, such as the NUL that PostgreSQL refuses, and lone surrogates


def without_controls(text: str) -> str:
    """Return the text without controls and lone surrogates, each kind of space a plain one."""
    if text.isprintable():
        return text
    spaced = (" " if character.isspace() else character for character in text)
    return "".join(character for character in spaced if unicodedata.category(character) not in _DROPPED)
