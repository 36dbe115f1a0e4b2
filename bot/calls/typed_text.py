"""What a person typed, without what nobody types and no database keeps (pure)."""

from __future__ import annotations

import unicodedata

_DROPPED = frozenset({"Cc", "Cs"})  # controls, PostgreSQL's NUL among them, and halves of a character


def without_controls(text: str) -> str:
    """Return the text with plain spaces, and without controls and halves of a character."""
    if text.isprintable():
        return text
    plain = (" " if character.isspace() else character for character in text)
    return "".join(character for character in plain if unicodedata.category(character) not in _DROPPED)
