"""Marked secrets: planted wherever the bot is given something to keep, and searched for in all that comes out.

Every mark has one word in common, so that a search for it is cheap, and says its kind. In base64 that word is one of
three, for each group of three bytes is written for itself, and a mark may begin anywhere in one. No mark has anything
in it that would be percent-encoded. Which kinds may come out where is decided here, once. Pure.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet

_WORD = "zq7planted"
_MARK = re.compile(rf"{_WORD}(?:-([a-z]*))?", re.IGNORECASE)


def _in_base64(before: int) -> str:
    """Return what is the same in every base64 text of the word that comes `before` bytes into a group of three."""
    whole = base64.b64encode(b"\0" * before + _WORD.encode()).decode()
    first, bits = -(-before * 8 // 6), (before + len(_WORD)) * 8
    return whole[first : bits // 6]


# The digits are those of both alphabets; what the word is made of has none in which they differ
_ENCODED = [re.compile(rf"{_in_base64(before)}[\w+/-]*", re.ASCII) for before in range(3)]
_MISSING = ["", "AA", "AAA"]  # in place of the digits that the word shares with what came before it


def mark(kind: str, detail: object = "x") -> str:
    """Return a secret of that kind; `detail` tells several apart."""
    return f"{_WORD}-{kind}-{detail}"


BOT_TOKEN = f"xoxb-{mark('token')}"
SIGNING_SECRET = mark("signing")
API_KEY = mark("apikey")
VERIFICATION = mark("verification")
PASSWORD = mark("password")
WEBHOOK_USER, WEBHOOK_PASSWORD = "cometchat", mark("password", "hook")

_KINDS = frozenset(
    (
        *("token", "signing", "apikey", "verification", "password"),
        *("reply", "trigger", "words", "name", "recording", "spoken", "file"),
    )
)
"""All kinds; a mutation may have made another word of one, which says nothing any more."""

NOWHERE: AbstractSet[str] = frozenset()
"""Logs, metrics, process titles, answers to whoever is not Slack."""
IN_ECHOES = frozenset({"words", "reply", "trigger", "verification"})
"""What came in an unsigned request: aiohttp tells its sender which bytes of it were no HTTP."""
IN_MESSAGES = frozenset({"name"})
"""What a person who was in the call reads: acks, replies, direct messages."""
IN_OPENED_VIEWS = frozenset({"reply"})
"""A modal keeps the address of its answer in its private metadata, which Slack shows nobody."""
IN_QUESTIONS = frozenset({"name", "spoken"})
"""What Slackbot is told for a person who was in the call: it may have asked for the transcript."""
IN_FILLED_VIEWS = frozenset({"name", "recording", "spoken", "file"})
"""Modals: only they link to recordings and files, and say what was said."""


def leaked(text: str | bytes, allowed: AbstractSet[str] = NOWHERE) -> frozenset[str]:
    """Return the kinds of the marks in the text that must not be there; a mark that was cut short counts too."""
    if isinstance(text, bytes):
        text = text.decode(errors="replace")
    found = {kind.lower() for each in (text, *_decoded(text)) for kind in _MARK.findall(each)}
    known = {kind for kind in found if any(each.startswith(kind) for each in _KINDS)}
    return frozenset(kind for kind in known if not any(each.startswith(kind) for each in allowed))


def _decoded(text: str) -> Iterator[str]:
    """Yield what begins with a mark in base64, of either alphabet, as the text that it stands for."""
    for before, encoded in enumerate(_ENCODED):
        for match in encoded.findall(text):
            digits = _MISSING[before] + match.replace("-", "+").replace("_", "/")
            whole = digits[: len(digits) - (len(digits) % 4 == 1)]
            raw = base64.b64decode(whole + "=" * (-len(whole) % 4))
            yield f"{_WORD}{raw[before + len(_WORD) :].decode(errors='replace')}"


def unmarked(data: bytes) -> bytes:
    """Return the bytes with all marks spoilt: what is then changed byte by byte may move them anywhere."""
    return data.replace(_WORD.encode(), b"spoilt")


def is_marked(text: str) -> bool:
    """Whether there is a mark in the text."""
    return _WORD in text
