"""The use case: a Slack user and a session id become a call, or a problem in words.

Knows nothing of Slack's payloads and blocks. Authorisation stands here, twice over: the API is asked on behalf of
the person's own UID, and whatever it answers, a call in which that UID has no part does not exist for them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Protocol

from bot import problems
from bot.cometchat import (
    Answer,
    Call,
    CallProblemError,
    Home,
    SessionId,
    Uid,
    home_of,
)
from bot.identity import Identity, IdentityUnavailableError, SlackUser
from bot.problems import Problem


class Calls(Protocol):
    """What this use case needs of CometChat; `cometchat.CometChat` is it."""

    async def get_call(self, session_id: SessionId, on_behalf_of: Uid) -> Answer:
        """Return the calls of a session, the newest first; raises a CallProblemError."""
        ...


@dataclass(frozen=True, slots=True)
class Found:
    """A call that this person may see: the newest of the `of` calls in the session that they had a part in."""

    session_id: SessionId
    viewer: Uid
    call: Call
    of: int
    hint: str | None
    upstream_status: int


class Lookup:
    """Looks calls up for people. `home` is the CometChat app that the bot is configured for."""

    def __init__(self, calls: Calls, identity: Identity, home: Home) -> None:
        self._calls = calls
        self._identity = identity
        self._home = home

    async def __call__(self, user: SlackUser, session_id: SessionId) -> Found | Problem:
        """Return the newest call of the session that the user had a part in, or what to tell them instead."""
        try:
            identified = await self._identity.identify(user)
        except IdentityUnavailableError:
            return problems.identity_unavailable()
        if identified is None:
            return problems.not_linked()
        hint = self._hint(session_id)
        try:
            answer = await self._calls.get_call(session_id, identified.uid)
        except CallProblemError as error:
            return replace(problems.from_cometchat(error, hint=hint), uid=identified.uid)
        theirs = _apart(call for call in answer.calls if call.involves(identified.uid))
        if not theirs:
            return replace(problems.no_such_call(hint=hint, status=answer.status), uid=identified.uid)
        return Found(session_id, identified.uid, theirs[0], len(theirs), hint, answer.status)

    def _hint(self, session_id: SessionId) -> str | None:
        """Say so when the id names another CometChat app than ours."""
        home = home_of(session_id)
        if home is None or home == self._home:
            return None
        return (
            f"This id belongs to CometChat app {home.app_id} in region {home.region}; "
            f"callinfo is connected to app {self._home.app_id} in region {self._home.region}."
        )


def _apart(calls: Iterable[Call]) -> list[Call]:
    """Return the calls without repeats: those with the same `mid` are one."""
    return list({call.mid or f"#{position}": call for position, call in enumerate(calls)}.values())
