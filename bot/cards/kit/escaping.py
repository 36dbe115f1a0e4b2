"""Makes strings that others wrote (names, ids, unknown words) fit to be shown (pure).

They can't mention, link, format or hide anything. Fields that parse nothing take them as they are, `escaped_text` is
for a message's `text`, and `tidy` drops invisible and direction-changing characters.
"""

from __future__ import annotations

import re
import unicodedata

NAME_LENGTH = 60
_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_JOINERS = (
    "\u200c\u200d"  # the only invisible characters to keep: they join emoji and letters of some scripts
)
_BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # letters and symbols that look like nothing
_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})
_WORD_JOINER = "\u2060"
# Slack still parses plain @here, #channel and addresses in a message's `text`; the joiner breaks them invisibly
_PARSED = re.compile(r"[@#](?=\w)|:(?=//)")


def tidy(text: str, limit: int = NAME_LENGTH) -> str:
    """Return `text` on one line, without control characters, at most `limit` characters long."""
    kept = text[: limit * 8]
    if not kept.isprintable() or not _BLANKS.isdisjoint(kept):  # few names need a look at each character
        kept = "".join(" " if character.isspace() else _visible(character) for character in kept)
    line = " ".join(kept.split()).strip(_JOINERS)
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def isolated(text: str) -> str:
    """Keep a right-to-left name from turning the words around it (Unicode's isolates, UAX #9)."""
    if not text.isascii() and any(unicodedata.bidirectional(each) in _RIGHT_TO_LEFT for each in text):
        return f"\u2068{text}\u2069"
    return text


def escaped(text: str) -> str:
    """Escape for mrkdwn, & first (https://docs.slack.dev/messaging/formatting-message-text#escaping)."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def escaped_text(text: str) -> str:
    """Escape for a message's `text`, where nothing in it may become a mention, a channel or a link."""
    return _PARSED.sub(lambda parsed: parsed[0] + _WORD_JOINER, escaped(text))


def _visible(character: str) -> str:
    if character in _JOINERS:
        return character
    return "" if character in _BLANKS or unicodedata.category(character) in _DROPPED else character
