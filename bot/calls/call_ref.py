"""Which call is meant: a session may hold many, and a list shows each in a row of its own (pure).

It travels in a button's value, a block's id and a modal's metadata, so it has been outside when it comes back: it only
ever selects among the calls of that session that whoever presses had a part in.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.cometchat import Call, InvalidSessionIdError, SessionId, parse_session_id

WHICH = r"(?:[0-9a-f]{16})?@[0-9]{0,12}"
"""What `OneCall.which` is, as a regular expression: at most 29 characters."""

_WHICH = re.compile(WHICH)


@dataclass(frozen=True, slots=True)
class OneCall:
    """A call of a session: by the `mark` of its `mid`, else by when it began (Unix seconds); by neither, the newest.

    A `nameless` one has neither itself, and is the one that says nothing of the two.
    """

    session_id: SessionId
    mark: str = ""
    began_at: int | None = None
    nameless: bool = False

    @property
    def newest(self) -> bool:
        """Whether the newest of the session's calls is meant, whichever that is."""
        return not self.mark and self.began_at is None and not self.nameless

    def place_in(self, calls: Sequence[Call]) -> int | None:
        """Return where the call stands among those of its session, the newest first; None where it doesn't."""
        if self.newest:
            return 0 if calls else None
        if self.nameless:
            # Where it is the only one, the other answer may say of it what this one left out
            may_be = [place for place, call in enumerate(calls) if len(calls) == 1 or _is_nameless(call)]
            return may_be[0] if len(may_be) == 1 else None  # several such say nothing of which was meant
        marks = [_mark(call) for call in calls]
        if same := [place for place, mark in enumerate(marks) if self.mark and mark == self.mark]:
            began = [place for place in same if calls[place].began_at == self.began_at]
            return (
                (began or same)[0] if began or len(same) == 1 else None
            )  # a mid that several have says nothing
        # Of the two answers that are compared, one may have left out the mid, or when the call started
        may_be = [place for place, mark in enumerate(marks) if not (self.mark and mark)]
        began = [place for place in may_be if calls[place].began_at == self.began_at]
        rang = [place for place in may_be if calls[place].initiated_at == self.began_at]
        return next(iter(began + rang), None) if self.began_at is not None else None

    @property
    def which(self) -> str:
        """Which of the session's calls it is, in a few characters; empty for the newest."""
        return "" if self.newest else f"{self.mark}@{'' if self.began_at is None else self.began_at}"

    def to_text(self) -> str:
        """Return it as a button's value: at most 285 characters."""
        return self.session_id if self.newest else f"{self.session_id} {self.which}"

    @staticmethod
    def of(session_id: SessionId, which: str) -> OneCall:
        """Return that one of the session's calls, the newest for a word that was never written here."""
        if not _WHICH.fullmatch(which):
            return OneCall(session_id)
        mark, _, began = which.partition("@")
        return OneCall(session_id, mark, int(began) if began else None, nameless=not mark and not began)

    @staticmethod
    def from_text(text: str) -> OneCall | None:
        """Read it back, None for what was never written here."""
        session_id, space, which = text.partition(" ")
        if space and not _WHICH.fullmatch(which):
            return None
        try:
            return OneCall.of(parse_session_id(session_id), which)
        except InvalidSessionIdError:
            return None


def session_of(call: Call) -> SessionId | None:
    """Return the session id that the call can be asked for by."""
    try:
        return parse_session_id(call.session_id or "")
    except InvalidSessionIdError:
        return None


def one_call(call: Call) -> OneCall | None:
    """Return what that very call can be asked for by, None where its session can't be."""
    session_id = session_of(call)
    return one_of(session_id, call) if session_id else None


def one_of(session_id: SessionId, call: Call) -> OneCall:
    """Return what that call of that session can be asked for by."""
    return OneCall(session_id, _mark(call), call.began_at, nameless=_is_nameless(call))


def _is_nameless(call: Call) -> bool:
    return not call.mid and call.began_at is None


def _mark(call: Call) -> str:
    """Return a few characters that stand for the `mid`, whatever CometChat has put there."""
    return hashlib.sha256(call.mid.encode(errors="replace")).hexdigest()[:16] if call.mid else ""
