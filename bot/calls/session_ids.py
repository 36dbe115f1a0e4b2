"""One session id out of what a person typed or pasted, or all of them out of a message's texts (pure).

What an id may be is `cometchat.ids`' to say. Slack turns what looks like a host name into `<http://v1.eu.…|v1.eu.…>`
and escapes & < > in a command's text; people bring quotes, code marks and the full stop of the sentence they
copied from.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from bot.calls.typed_text import without_controls
from bot.cometchat import InvalidSessionIdError, SessionId, parse_session_id

# Every repetition is bounded, so that no text of anybody's takes more than linear time. A made id ends where its
# 50 digits do (".json" after it is the address's); a chosen one may hold dots and is looked at closer in _server_made.
_SERVER_MADE = re.compile(
    r"""(?<![0-9A-Za-z])v1\.[a-z]{2,8}\.[0-9A-Za-z]{4,40}\.
    (?:[0-9]{10}[0-9a-f]{40}(?![0-9A-Za-z]) | [0-9A-Za-z_-][0-9A-Za-z_.-]{0,180})""",
    re.VERBOSE,
)
# After a word like "session", a form of one's own: marked as a value, in code or quotes, or a UUID
_NAMED = re.compile(
    r"""(?<![0-9A-Za-z])(?:session(?:[ _-]?id)?|(?:call|meeting|room)[ _-]?id)["'”’*_~]{0,3}(?:
        [ ]{0,3}[:=\#][ *_~"'`“‘<]{0,6}(?P<marked>[^\W_][\w.~-]{0,254})
      | [ ]{1,3}(?:is[ ]{1,3})?[`"'“‘](?P<quoted>[^\W_][\w.~-]{0,254})[`"'”’]
      | [ *_~]{1,6}(?:is[ ]{1,3})?(?P<uuid>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_NO_VALUES = frozenset({"null", "none", "nil", "undefined", "unknown", "true", "false"})
_MOST_READ = 50_000
"""How many characters of a message are searched; people's messages are shorter, an attacker's are not."""

_LINK = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")
_SCHEME = re.compile(r"https?://", re.IGNORECASE)
_MENTION = re.compile(r"<[@#!]")  # how Slack marks up a person, a channel, a group
_QUOTES = "\"'`´‘’‚“”„«»‹›"
_PUNCTUATION = ".,;:!?…"
_BRACKETS = (("(", ")"), ("[", "]"), ("{", "}"))


def tidied(text: str) -> str:
    """Return what is left of `text` without markup, quotes and punctuation around it; white space inside stays.

    A mention of a person or a channel stays as Slack marks it up, so that it is never taken for an id.
    """
    text = _without_invisible(text)
    if _MENTION.search(text):
        return text.strip()
    return _stripped(_unescaped(_LINK.sub(_shown, text)), "<>")


def from_text(text: str) -> SessionId:
    """Return the session id in `text`; raises InvalidSessionIdError, whose message says what is wrong."""
    return from_tidied(tidied(text))


def from_tidied(text: str) -> SessionId:
    """Return the session id that is all of `text`, else the one server-made id within (a pasted address, say).

    Raises InvalidSessionIdError, whose message says what is wrong.
    """
    if _MENTION.match(text):
        raise InvalidSessionIdError("it is a person or a channel")
    try:
        return parse_session_id(text)
    except InvalidSessionIdError:
        found = {session_id for _, session_id in _server_made(text)}
        if len(found) != 1:
            raise
        return parse_session_id(found.pop())


def found_in(texts: Iterable[str]) -> tuple[SessionId, ...]:
    """Return the session ids that a message's texts and addresses mention, in order, without repeats.

    A `v1.…` id counts anywhere, another form only where a word like "session" says what it is.
    """
    left, found = _MOST_READ, dict[SessionId, None]()
    for text in dict.fromkeys(texts):
        found.update(dict.fromkeys(_mentioned(text[:left])))
        left -= min(left, len(text))
    return tuple(found)


def _mentioned(text: str) -> Iterator[SessionId]:
    plain = _unescaped(_without_invisible(text))
    if "%" in plain:
        plain = unquote(plain)  # an id in an address may be percent-encoded
    for _, candidate in sorted([*_server_made(plain), *_named(plain)]):
        yield parse_session_id(
            candidate
        )  # both patterns match nothing else; tests with any text hold them to it


def _server_made(text: str) -> Iterator[tuple[int, str]]:
    """Yield the `v1.…` ids and where they stand, without a sentence's full stop; one that was cut short is none."""
    for match in _SERVER_MADE.finditer(text):
        session_id = match[0].rstrip(".")
        if ".." not in match[0] and not text.startswith("…", match.end()):
            yield match.start(), session_id


def _named(text: str) -> Iterator[tuple[int, str]]:
    """Yield what stands after a word like "session", where it can be a value; server-made ids are found anyway."""
    for match in _NAMED.finditer(text):
        group = match.lastgroup or ""
        value = match[group].rstrip(".~-")
        is_address = text.startswith("://", match.end(group))
        if value.lower() not in _NO_VALUES and not is_address and not value.startswith("v1."):
            yield match.start(group), value


def _shown(link: re.Match[str]) -> str:
    """Return what a person sees of a link that Slack has marked up: its label, else its address."""
    return link[2] or _SCHEME.sub("", link[1], count=1).rstrip("/")


def _stripped(text: str, marks: str = "") -> str:
    """Strip quotes and the punctuation of a sentence; a bracket only where its other half is not in the text."""
    previous = None
    while text != previous:
        previous = text
        text = text.strip().lstrip(_QUOTES + marks).rstrip(_QUOTES + _PUNCTUATION + marks)
        for opening, closing in _BRACKETS:
            if text.startswith(opening) and (text.endswith(closing) or closing not in text):
                text = text[1:]
            if text.endswith(closing) and text.count(closing) > text.count(opening):
                text = text[:-1]
    return text


def _unescaped(text: str) -> str:
    """Undo Slack's three escapes (https://docs.slack.dev/messaging/formatting-message-text#escaping)."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _without_invisible(text: str) -> str:
    """Return the text with plain spaces, and without what can't be seen."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(each for each in without_controls(text) if unicodedata.category(each) != "Cf")
