"""One session id out of what a person typed or pasted (pure). What an id may be is `cometchat.ids`' to say.

Slack turns what looks like a host name into `<http://v1.eu.…|v1.eu.…>` and escapes & < > in a command's text;
people bring quotes, code marks and the full stop of the sentence they copied from.
"""

from __future__ import annotations

import re
import unicodedata

from bot.cometchat import InvalidSessionIdError, SessionId, parse_session_id

_SERVER_MADE = re.compile(r"v1\.[a-z]{2,8}\.[0-9A-Za-z]{4,40}\.[0-9A-Za-z._-]*[0-9A-Za-z]")
_LINK = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")
_SCHEME = re.compile(r"https?://", re.IGNORECASE)
_OPENING = "\"'`´‘’‚“”„«»‹›([{"
_CLOSING = "\"'`´‘’‚“”„«»‹›)]}.,;:!…"


def tidied(text: str) -> str:
    """Return what is left of `text` without markup, quotes and punctuation around it; white space inside stays."""
    text = "".join(_plain(character) for character in text)
    previous = None
    while text != previous:
        previous = text
        text = text.strip().lstrip(_OPENING).rstrip(_CLOSING)
        if link := _LINK.fullmatch(text):
            text = link[2] or _SCHEME.sub("", link[1], count=1).rstrip("/")
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def from_text(text: str) -> SessionId:
    """Return the session id in `text`: all of it, else the one server-made id within (a pasted address, say).

    Raises InvalidSessionIdError, whose message says what is wrong.
    """
    tidy = tidied(text)
    try:
        return parse_session_id(tidy)
    except InvalidSessionIdError:
        found = set(_SERVER_MADE.findall(tidy))
        if len(found) != 1:
            raise
        return parse_session_id(found.pop())


def _plain(character: str) -> str:
    """Return a space for every kind of space, nothing for what is invisible."""
    category = unicodedata.category(character)
    if category in {"Zs", "Zl", "Zp"} or character in "\t\r\n":
        return " "
    return "" if category == "Cf" else character
