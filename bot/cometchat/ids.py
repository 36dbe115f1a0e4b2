"""The two identifiers that may reach CometChat's API, and what they must look like.

Everything else in the project takes a `Uid` or a `SessionId` and trusts it; only the functions here make them.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import NewType

Uid = NewType("Uid", str)
"""A CometChat user id: at most 100 characters of `a-z 0-9 - _`, lower case as CometChat keeps it."""

SessionId = NewType("SessionId", str)
"""A call's session id: fit to be exactly one segment of a URL's path. Case matters."""

MAX_SESSION_ID = 255
_UID = re.compile(r"[a-z0-9_-]{1,100}")
_HOME = re.compile(r"v1\.(?P<region>[a-z]{2,8})\.(?P<app_id>[0-9A-Za-z]{4,40})\..+")
_ORDINARY = re.compile(rf"(?!\.+\Z)[0-9A-Za-z._-]{{1,{MAX_SESSION_ID}}}")
_PATH_CHARACTERS = frozenset("/\\?#%")
# Cc controls, Cf invisible formatting, Cs lone surrogates, Z* every kind of space
_UNFIT_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp", "Zs"})


class InvalidSessionIdError(ValueError):
    """The text can't be a session id; the message says why, for a person to read."""


def lower_uid(text: str) -> str:
    """Return a user id that CometChat gave as it compares them: in lower case.

    They are ASCII, in which each letter has one lower case: elsewhere the Kelvin sign would be a k.
    """
    return text.lower() if text.isascii() else text


def parse_uid(text: str) -> Uid:
    """Return the UID that `text` names.

    Raises ValueError when CometChat could not have such a user.
    """
    uid = text.strip()
    if not uid.isascii() or not _UID.fullmatch(uid := uid.lower()):
        raise ValueError("a CometChat UID has 1 to 100 characters: letters, digits, - and _")
    return Uid(uid)


def parse_session_id(text: str) -> SessionId:
    """Return `text` as a session id, unchanged.

    Raises InvalidSessionIdError when it can't be one segment of a path.
    """
    if _ORDINARY.fullmatch(text):  # as the server makes them: no need to look at each character
        return SessionId(text)
    if not text:
        raise InvalidSessionIdError("it is empty")
    if len(text) > MAX_SESSION_ID:
        raise InvalidSessionIdError(f"it is longer than {MAX_SESSION_ID} characters")
    if not text.strip("."):
        raise InvalidSessionIdError("it has nothing but dots")
    for character in text:
        if character in _PATH_CHARACTERS:
            raise InvalidSessionIdError(f"it has a {character} in it")
        if unicodedata.category(character) in _UNFIT_CATEGORIES:
            raise InvalidSessionIdError("it has a space or an invisible character in it")
    return SessionId(text)


@dataclass(frozen=True, slots=True)
class Home:
    """The CometChat app and region that a session id made by the server names."""

    app_id: str
    region: str


def home_of(session_id: SessionId) -> Home | None:
    """Return where a `v1.{region}.{appId}.…` id comes from, None for ids of another form."""
    match = _HOME.fullmatch(session_id)
    return Home(app_id=match["app_id"], region=match["region"]) if match else None
