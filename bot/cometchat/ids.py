"""User ids and session ids: parsed here, trusted everywhere else."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import NewType

Uid = NewType("Uid", str)
"""A CometChat user id: at most 100 characters of `a-z 0-9 - _`, lower case as CometChat keeps it."""

SessionId = NewType("SessionId", str)
"""A call's session id, which fits into one segment of a URL's path. Case matters."""

MAX_SESSION_ID = 255
_UID = re.compile(r"[a-z0-9_-]{1,100}")
_SERVER_MADE = re.compile(r"v1\.(?P<region>[a-z]{2,8})\.(?P<app_id>[0-9A-Za-z]{4,40})\..+")
_PATH_CHARACTERS = frozenset("/\\?#%")
# Cc controls, Cf invisible formatting, Cs lone surrogates, Z* every kind of space
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp", "Zs"})


class InvalidSessionIdError(ValueError):
    """The text can't be a session id. The message says why, in words for people."""


def lower_uid(text: str) -> str:
    """Return a user id that CometChat gave as it compares them: in lower case.

    They are ASCII, in which each letter has one lower case: elsewhere the Kelvin sign would be a k.
    """
    return text.lower() if text.isascii() else text


def parse_uid(text: str) -> Uid:
    """Parse a UID; raises ValueError for what CometChat would not take as one."""
    uid = text.strip()
    if not uid.isascii() or not _UID.fullmatch(uid := uid.lower()):
        raise ValueError("a CometChat UID has 1 to 100 characters: letters, digits, - and _")
    return Uid(uid)


def parse_session_id(text: str) -> SessionId:
    """Parse a session id, which stays as it is; raises InvalidSessionIdError."""
    if not text:
        raise InvalidSessionIdError("it is empty")
    if len(text) > MAX_SESSION_ID:
        raise InvalidSessionIdError(f"it is longer than {MAX_SESSION_ID} characters")
    if not text.strip("."):
        raise InvalidSessionIdError("it has nothing but dots")
    for character in text:
        if character in _PATH_CHARACTERS:
            raise InvalidSessionIdError(f"it has a {character} in it")
        if unicodedata.category(character) in _INVISIBLE:
            raise InvalidSessionIdError("it has a space or an invisible character in it")
    return SessionId(text)


@dataclass(frozen=True, slots=True)
class CallsApp:
    """A CometChat app and its region."""

    app_id: str
    region: str


def app_of(session_id: SessionId) -> CallsApp | None:
    """Return the app that a `v1.{region}.{appId}.…` id belongs to, None for ids of another form."""
    match = _SERVER_MADE.fullmatch(session_id)
    return CallsApp(app_id=match["app_id"], region=match["region"]) if match else None
