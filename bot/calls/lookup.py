"""The use case: a Slack user and a session id become a call, or a problem in words.

Knows nothing of Slack's payloads and blocks. Authorisation stands here, twice over: the API is asked on behalf of
the person's own UID, and whatever it answers, a call in which that UID has no part does not exist for them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Protocol

from bot.calls import problems
from bot.calls.asker import Limit, acting_as
from bot.calls.call_ref import OneCall, one_of
from bot.calls.problems import Problem, ProblemKind
from bot.calls.status import settled
from bot.cometchat import (
    Answer,
    Call,
    CallProblemError,
    Home,
    SessionId,
    Uid,
    home_of,
)
from bot.identity import Identity, SlackUser
from bot.throttling.places import TooBusyError


class Calls(Protocol):
    """What this use case needs of CometChat; `flood.asking.Asking` is it."""

    async def get_call(
        self, asker: SlackUser, session_id: SessionId, on_behalf_of: Uid, *, anew: bool
    ) -> Answer:
        """Return the calls of a session, the newest first; `anew` lets no answer from before do.

        Raises a CallProblemError, or TooBusyError.
        """
        ...


@dataclass(frozen=True, slots=True)
class Found:
    """A call that this person may see, out of the `of` calls in the session that they had a part in.

    `newer` of those are newer than it: none, unless just this call was asked for.
    """

    session_id: SessionId
    viewer: Uid
    call: Call
    of: int
    hint: str | None
    upstream_status: int
    newer: int = 0

    @property
    def which(self) -> str:
        """Which of the session's calls it is, for buttons to be about just that one: the next may have begun already."""
        return one_of(self.session_id, self.call).which


class Lookup:
    """Looks calls up for people. `home` is the CometChat app that the bot is configured for, `now` the wall clock."""

    def __init__(
        self,
        calls: Calls,
        identity: Identity,
        home: Home,
        limit: Limit,
        *,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._now = now
        self._limit = limit
        self._calls = calls
        self._identity = identity
        self._home = home

    async def __call__(
        self, user: SlackUser, session_id: SessionId, *, which: OneCall | None = None, anew: bool = False
    ) -> Found | Problem:
        """Return a call of the session that the user had a part in, or what to tell them instead.

        It is the newest, or just `which`. `anew` is for what others will see: then a call that is over is not taken
        from memory either.
        """
        uid = await acting_as(user, self._limit, self._identity)
        if isinstance(uid, Problem):
            return uid
        which = which or OneCall(session_id)
        found = await self._asked(user, session_id, uid, which, anew=anew)
        if isinstance(found, Problem) and found.kind is ProblemKind.CALL_GONE and not anew:
            # What is remembered of the session may be older than the list that the call was chosen from
            return await self._asked(user, session_id, uid, which, anew=True)
        return found

    async def _asked(
        self, user: SlackUser, session_id: SessionId, uid: Uid, which: OneCall, *, anew: bool
    ) -> Found | Problem:
        """Ask CometChat on behalf of that UID, and hold what it answers against it."""
        hint = self._hint(session_id)
        try:
            answer = await self._calls.get_call(user, session_id, uid, anew=anew)
        except TooBusyError as busy:
            return problems.too_much_under_way() if busy.own else problems.busy()
        except CallProblemError as error:
            return replace(problems.from_cometchat(error, hint=hint), uid=uid)
        theirs = _apart(settled(call, now=self._now()) for call in answer.calls if call.involves(uid))
        if not theirs:
            return replace(problems.no_such_call(hint=hint, status=answer.status), uid=uid)
        place = which.place_in(theirs)
        if place is None:  # of their own calls: of others' nothing is told
            return replace(problems.call_gone(status=answer.status), uid=uid)
        return Found(session_id, uid, theirs[place], len(theirs), hint, answer.status, newer=place)

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
    """Return the calls without repeats: of those with the same `mid`, the first."""
    apart: dict[str | int, Call] = {}
    for position, call in enumerate(calls):
        apart.setdefault(call.mid or position, call)
    return list(apart.values())
