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
_VIRAMA = 9  # https://www.unicode.org/reports/tr44/#Canonical_Combining_Class_Values
_SKINS = "".join(map(chr, range(0x1F3FB, 0x1F400)))
_FLAG_HALVES = "".join(map(chr, range(0x1F1E6, 0x1F200)))
_TAGS = "".join(map(chr, range(0xE0020, 0xE0080)))
# Flags such as Scotland's: a black flag, invisible tags that name the region, and one that ends them
# (https://www.unicode.org/reports/tr51/#def_std_emoji_tag_sequence_set). Anywhere else tags would hide a text
_FLAG_OR_CHARACTER = re.compile(
    "\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f|.", re.DOTALL
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
        kept = "".join(map(_visible, _FLAG_OR_CHARACTER.findall(kept)))
    line = _without_joiners_at_the_ends(" ".join(kept.split()))
    return line if len(line) <= limit else cut(line, limit - 1) + "…"


def cut(line: str, length: int) -> str:
    """Return at most so many characters of the line, without a part of what is one character to the eye."""
    end = length
    while 0 < end < len(line) and _is_within(line, end):
        end -= 1
    kept = line[:end] or line[:length].rstrip(_TAGS)  # no room even for the first
    return _without_joiners_at_the_ends(kept.rstrip())


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
    """Return a character, a space for a white one, nothing for one that can't be seen; a flag stays whole."""
    if character.isspace():
        return " "
    if len(character) > 1 or character in _JOINERS:
        return character
    return "" if character in _BLANKS or unicodedata.category(character) in _DROPPED else character


def _without_joiners_at_the_ends(line: str) -> str:
    """Return the line without joiners that join nothing; after a virama one says how the last letter is written."""
    line = line.lstrip(_JOINERS)
    end = len(line.rstrip(_JOINERS))
    return line[: end + 1] if end and unicodedata.combining(line[end - 1]) == _VIRAMA else line[:end]


def _is_within(line: str, at: int) -> bool:
    """Whether the character there belongs to the one before: a mark, a joined one, a skin's colour, a flag's half."""
    before, character = line[at - 1], line[at]
    halves = len(line[:at]) - len(line[:at].rstrip(_FLAG_HALVES))
    return (
        (before == "\u200d" and unicodedata.combining(line[at - 2 : at - 1] or " ") != _VIRAMA)
        or character in _JOINERS
        or character in _SKINS
        or character in _TAGS
        or unicodedata.category(character) in {"Mn", "Me", "Mc"}
        or (character in _FLAG_HALVES and halves % 2 == 1)
    )
