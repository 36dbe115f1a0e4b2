"""What stands around a word that is meant as a value: quotes, code marks, brackets, punctuation, Slack's links (pure).

Slack writes a link as `<address|label>`, also where it took a part of an id for a host name, and escapes & < >
(https://docs.slack.dev/messaging/formatting-message-text).
"""

from __future__ import annotations

import json
import re
import unicodedata

from bot.calls.typed_text import without_controls

LINK = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")
MENTION = re.compile(r"<[@#!]")
"""How the markup of a person, a channel, a group or a date begins."""

NO_TEXT = "\ufffc"
"""In place of what is no text, such as a mention: a word with it is not known whole."""

_CLOSING = {
    '"': '"',
    "'": "'",
    "`": "`",
    "´": "´",
    "“": "”“",
    "”": "”",
    "„": "“”",
    "‘": "’‘",
    "’": "’",
    "‚": "‘’",
    "«": "»",
    "»": "«",
    "‹": "›",
    "›": "‹",
}
"""Quotes and code marks: what closes each of them."""

OPENING = f"[{''.join(_CLOSING)}]"
_QUOTES = frozenset("".join(_CLOSING) + "".join(_CLOSING.values()))
_BRACKETS = {"(": ")", "[": "]", "{": "}", "<": ">"}
_OPENING = {closing: opening for opening, closing in _BRACKETS.items()}
_STYLES = frozenset({"*", "_", "~", "**"})  # bold, italic, struck out; bold in Markdown
_PUNCTUATION = frozenset(".,;:!?")
WORD_ENDS = re.compile(r"""[)\]}>,.;:!?"'”’»`*_~|]{0,9}(?:\s|\Z)""")
"""What stands right after a word."""
# Joiners of letters and emoji, and the tags of Scotland's flag. After an ASCII character there is nothing to shape
_SHAPING = frozenset("\u200c\u200d") | frozenset(map(chr, range(0xE0020, 0xE0080)))
_SHAPES_NOTHING = re.compile("(?<=[\0-\x7f])[\u200c\u200d\U000e0020-\U000e007f]+")
_SCHEME = re.compile(r"(?:https?://|mailto:|tel:)", re.IGNORECASE)

# What goes on right after code (`standup`:2) is a part of the word, unless it is an emoji
_CODE = r"`([^\s`]{1,300})`(?!(?!:[\w+-]+:)[:.!?*_~]\w)"
# A quote within a value (it's) is none: one opens after a delimiter and closes before one
QUOTED = re.compile(
    rf"(?<![^\s(\[{{<>,:;=#|*_~—–`])(?:{_CODE}|"
    + "|".join(
        rf"{opening}(\S{{1,300}}?)[{closing}]" for opening, closing in _CLOSING.items() if opening != "`"
    )
    + r")(?![^\s)\]}<>,:;.!?|*_~—–`])"
)
"""A value without spaces in quotes or code marks; `quoted` returns it."""

_VALUE_OR_STYLE = re.compile(rf"`[^`]*`|{QUOTED.pattern}|\*\*|[*_~]")
_LINE = re.compile(r"\S(?:[^\n]*\S)?")  # what stands between its spaces


def quoted(match: re.Match[str]) -> str:
    """Return the value that QUOTED has matched, the escapes of JSON undone."""
    value = match[match.lastindex or 0]
    if match[0].startswith('"') and "\\" in value:
        try:
            return str(json.loads(match[0]))
        except ValueError:
            return value
    return value


def as_code(text: str, *, block: bool) -> str:
    """Return the text with each line in code marks; those of a `block` don't touch a line of several words."""
    return _LINE.sub(lambda line: f"` {line[0]} `" if block and " " in line[0] else f"`{line[0]}`", text)


def peeled(text: str) -> tuple[str, bool]:
    """Return `text` without what stands around it, and whether quotes or code marks said where the value ends.

    Between those nothing more is taken off: all of it is the value. Each character is looked at once.
    """
    partners = _partners(text)
    start, end, exact = 0, len(text), False
    while True:
        before = start, end
        while start < end and text[start].isspace():
            start += 1
        while start < end and text[end - 1].isspace():
            end -= 1
        if end - start > 1 and text[end - 1] in _CLOSING.get(text[start], ""):
            start, end, exact = start + 1, end - 1, True
        elif start < end and not exact:
            start, end = _without_an_end(text, start, end, partners)
        if (start, end) == before:
            return text[start:end], exact


def shown(link: re.Match[str]) -> str:
    """Return what a person sees of a link: its label, else its address."""
    return link[2] or without_scheme(link[1])


def without_scheme(address: str) -> str:
    """Return an address as people write it."""
    return _SCHEME.sub("", address, count=1).rstrip("/")


def without_styles(line: str) -> str:
    """Return a line without the marks of bold, italic and struck out words; code and values in quotes stay.

    As in Slack, a mark opens before a word and closes after one, and one without its other half is a character.
    """
    opened: dict[str, range] = {}
    dropped: set[int] = set()
    for match in _VALUE_OR_STYLE.finditer(line):
        mark, at, end = match[0], match.start(), match.end()
        before, after = line[max(0, at - 1) : at], line[end : end + 1]
        if mark in opened and before.strip() and WORD_ENDS.match(line, end):
            dropped.update(opened.pop(mark), range(at, end))
        elif (
            mark in _STYLES
            and after.strip() not in {"", mark}
            and (not before.strip() or before in _BRACKETS or any(at == of.stop for of in opened.values()))
        ):
            opened[mark] = range(at, end)
    return "".join(each for at, each in enumerate(line) if at not in dropped) if dropped else line


def unescaped(text: str) -> str:
    """Undo Slack's three escapes."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def without_invisible(text: str) -> str:
    """Return the text with plain spaces, and without what changes nothing that can be seen."""
    if text.isascii() and text.isprintable():
        return text
    plain = _SHAPES_NOTHING.sub("", without_controls(text))
    return "".join(each for each in plain if each in _SHAPING or unicodedata.category(each) != "Cf")


def _without_an_end(text: str, start: int, end: int, partners: dict[int, int]) -> tuple[int, int]:
    """Return where the text begins and ends without one mark at an end of it, the same where there is none."""
    first, last = text[start], text[end - 1]
    styled = first == last and first in _STYLES and text[start + 1 : start + 2] != first  # __init__ is a name
    if (end - start > 1 and styled) or partners.get(start) == end - 1:
        return start + 1, end - 1
    if (last in _OPENING and end - 1 not in partners) or (
        last in _PUNCTUATION and text[end - 2 : end] != ".."  # that would be a text that is cut off
    ):
        return start, end - 1
    if first in _BRACKETS and start not in partners:
        return start + 1, end
    if (
        first in _QUOTES or last in _QUOTES
    ):  # one without its other half: all that may have hidden that is gone
        return start + (first in _QUOTES), end - (first not in _QUOTES)
    return start, end


def _partners(text: str) -> dict[int, int]:
    """Return where the other bracket of each bracket is; those without one are left out."""
    partners: dict[int, int] = {}
    open_ones: dict[str, list[int]] = {opening: [] for opening in _BRACKETS}
    for position, character in enumerate(text):
        if character in open_ones:
            open_ones[character].append(position)
        elif (opening := _OPENING.get(character)) and open_ones[opening]:
            partner = open_ones[opening].pop()
            partners[partner], partners[position] = position, partner
    return partners
