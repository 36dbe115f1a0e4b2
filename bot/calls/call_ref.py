"""A reference to one call of a session, which may hold several (pure).

Buttons, block ids and modals carry it, so it comes back from outside: it only selects among the calls of the session in
which the person took part.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.cometchat import Call, InvalidSessionIdError, SessionId, parse_session_id

WHICH = r"(?:[0-9a-f]{16})?@[0-9]{0,12}"
"""`CallRef.which` as a regular expression: at most 29 characters."""

_WHICH = re.compile(WHICH)


@dataclass(frozen=True, slots=True)
class CallRef:
    """A call of a session: the one whose `mid` has that `mark` or that began then (Unix seconds); else the newest.

    `nameless`: the one call that has neither a `mid` nor a start.
    """

    session_id: SessionId
    mark: str = ""
    began_at: int | None = None
    nameless: bool = False

    @property
    def newest(self) -> bool:
        """Whether the newest of the session's calls is meant, whichever that is."""
        return not self.mark and self.began_at is None and not self.nameless

    def index_in(self, calls: Sequence[Call]) -> int | None:
        """Return the index of the call among its session's, the newest first; None if it isn't there.

        The session may have been fetched by two requests, and either response may lack a `mid` or a start.
        """
        if self.newest:
            return 0 if calls else None
        if self.nameless:
            candidates = [at for at, call in enumerate(calls) if len(calls) == 1 or _is_nameless(call)]
            return candidates[0] if len(candidates) == 1 else None
        marks = [_mark(call) for call in calls]
        if same := [at for at, mark in enumerate(marks) if self.mark and mark == self.mark]:
            # If several calls have one mid, it identifies none of them
            began = [at for at in same if calls[at].began_at == self.began_at]
            return (began or same)[0] if began or len(same) == 1 else None
        if self.began_at is None:
            return None
        candidates = [at for at, mark in enumerate(marks) if not (self.mark and mark)]
        began = [at for at in candidates if calls[at].began_at == self.began_at]
        rang = [at for at in candidates if calls[at].initiated_at == self.began_at]
        return next(iter(began + rang), None)

    @property
    def which(self) -> str:
        """The call within its session, in a few characters; "" for the newest."""
        return "" if self.newest else f"{self.mark}@{'' if self.began_at is None else self.began_at}"

    def to_text(self) -> str:
        """Return it as a button's value: at most 285 characters."""
        return self.session_id if self.newest else f"{self.session_id} {self.which}"

    @staticmethod
    def of(session_id: SessionId, which: str) -> CallRef:
        """Return the call that `which` names, the newest for any other text."""
        if not _WHICH.fullmatch(which):
            return CallRef(session_id)
        mark, _, began = which.partition("@")
        return CallRef(session_id, mark, int(began) if began else None, nameless=not mark and not began)

    @staticmethod
    def from_text(text: str) -> CallRef | None:
        """Parse what `to_text` returned, None for any other text."""
        session_id, space, which = text.partition(" ")
        if space and not _WHICH.fullmatch(which):
            return None
        try:
            return CallRef.of(parse_session_id(session_id), which)
        except InvalidSessionIdError:
            return None


@dataclass(frozen=True, slots=True)
class TranscriptRef:
    """The transcript of that call."""

    call: CallRef


def ref_of(call: Call) -> CallRef | None:
    """Return a reference to that call, None if its session has no usable id."""
    try:
        session_id = parse_session_id(call.session_id or "")
    except InvalidSessionIdError:
        return None
    return ref_in(session_id, call)


def ref_in(session_id: SessionId, call: Call) -> CallRef:
    """Return a reference to that call of that session."""
    return CallRef(session_id, _mark(call), call.began_at, nameless=_is_nameless(call))


def _is_nameless(call: Call) -> bool:
    return not call.mid and call.began_at is None


def _mark(call: Call) -> str:
    return hashlib.sha256(call.mid.encode(errors="replace")).hexdigest()[:16] if call.mid else ""
