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

from bot.cometchat import InvalidSessionIdError, SessionId, parse_session_id

# Possessive, so that an id that somebody cut short ("v1.eu.2574…") is passed over and not cut shorter still
_SERVER_MADE = re.compile(
    r"(?<![0-9A-Za-z_-])v1\.[a-z]{2,8}\.[0-9A-Za-z]{4,40}\.(?:[0-9A-Za-z_-]|\.(?=[0-9A-Za-z_-]))++(?!…|\.\.)"
)
# After a word like "session", a form of one's own: marked as a value, in code or quotes, or a UUID
_NAMED = re.compile(
    r"""(?<![0-9A-Za-z])(?:session(?:[\s_-]?id)?|(?:call|meeting|room)[\s_-]?id)["'”’]?(?:
        \s*+[:=\#]\s*+["'`“‘<]?(?P<marked>[^\s"'`“”‘’<>|,;&()\[\]{}]+)
      | \s++(?:is\s++)?[`"'“‘](?P<quoted>[^\s"'`“”‘’<>|]+)[`"'”’]
      | \s++(?:is\s++)?(?P<uuid>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})
    )""",
    re.IGNORECASE | re.VERBOSE,
)
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
    text = "".join(_plain(character) for character in text)
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
        found = set(_SERVER_MADE.findall(text))
        if len(found) != 1:
            raise
        return parse_session_id(found.pop())


def found_in(texts: Iterable[str]) -> tuple[SessionId, ...]:
    """Return the session ids that a message's texts and addresses mention, in order, without repeats.

    A `v1.…` id counts anywhere, another form only where a word like "session" says what it is.
    """
    return tuple(dict.fromkeys(session_id for text in texts for session_id in _mentioned(text)))


def _mentioned(text: str) -> Iterator[SessionId]:
    plain = _unescaped("".join(_plain(character) for character in text))
    if "%" in plain:
        plain = unquote(plain)  # an id in an address may be percent-encoded
    matches = [(match.start(), match[0]) for match in _SERVER_MADE.finditer(plain)]
    matches += [(match.start(), match[match.lastgroup or 0]) for match in _NAMED.finditer(plain)]
    for _, candidate in sorted(matches):
        tidy = tidied(candidate)
        server_made = _SERVER_MADE.search(tidy)
        try:
            yield parse_session_id(server_made[0] if server_made else tidy)
        except InvalidSessionIdError:
            continue


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


def _plain(character: str) -> str:
    """Return a space for every kind of space, nothing for what is invisible."""
    category = unicodedata.category(character)
    if category in {"Zs", "Zl", "Zp"} or character in "\t\r\n":
        return " "
    return "" if category == "Cf" else character
