"""The use case: look a call up for a Slack user, by its session id.

Who sees a call is decided here, twice: CometChat is asked on behalf of the person's own UID, and in its response a call
without that UID does not exist.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from bot.calls import problems
from bot.calls.call_ref import CallRef, ref_in
from bot.calls.problems import Problem, ProblemKind
from bot.calls.status import settled
from bot.cometchat import Call, CallProblemError, CallsApp, SessionId, Uid, app_of
from bot.identity import Identity, IdentityUnavailableError, SlackUser
from bot.throttling.client import ThrottledClient
from bot.throttling.concurrency import TooBusyError
from bot.throttling.rate_limiter import RateLimiter


@dataclass(frozen=True, slots=True)
class LookupResult:
    """A call that this person may see, one of the `of` calls of the session in which they took part.

    `newer` of those are newer than it; `earlier` and `later` are the ones beside it. `alone`: CometChat shows no other
    call of the session, of anybody.
    """

    session_id: SessionId
    viewer: Uid
    call: Call
    of: int
    hint: str | None
    upstream_status: int
    newer: int = 0
    earlier: CallRef | None = None
    later: CallRef | None = None
    alone: bool = False

    @property
    def which(self) -> str:
        """Which of the session's calls it is, for its buttons: the next call may have begun already."""
        return ref_in(self.session_id, self.call).which


class Lookup:
    """Looks calls up. `app` is the CometChat app that the bot is configured for, `now` the wall clock."""

    def __init__(
        self,
        client: ThrottledClient,
        identity: Identity,
        app: CallsApp,
        rate_limiter: RateLimiter,
        *,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._client = client
        self._identity = identity
        self._app = app
        self._rate_limiter = rate_limiter
        self._now = now

    async def __call__(
        self, user: SlackUser, session_id: SessionId, *, which: CallRef | None = None, fresh: bool = False
    ) -> LookupResult | Problem:
        """Return the session's newest call in which the user took part, or just `which`; else a problem.

        `fresh` skips the cache: for what others will see.
        """
        uid = await resolve_uid(user, self._rate_limiter, self._identity)
        if isinstance(uid, Problem):
            return uid
        which = which or CallRef(session_id)
        result = await self._fetch(user, session_id, uid, which, fresh=fresh)
        if isinstance(result, Problem) and result.kind is ProblemKind.CALL_GONE and not fresh:
            # The cache may be older than the list from which the call was chosen
            return await self._fetch(user, session_id, uid, which, fresh=True)
        return result

    async def _fetch(
        self, user: SlackUser, session_id: SessionId, uid: Uid, which: CallRef, *, fresh: bool
    ) -> LookupResult | Problem:
        hint = self._hint(session_id)
        try:
            response = await self._client.get_call(user, session_id, uid, fresh=fresh)
        except TooBusyError as busy:
            return problems.too_busy(busy)
        except CallProblemError as error:
            return replace(problems.from_cometchat(error, hint=hint), uid=uid)
        own = _distinct(settled(call, now=self._now()) for call in response.calls if call.involves(uid))
        if not own:
            return replace(problems.no_such_call(hint=hint, status=response.status), uid=uid)
        index = which.index_in(own)
        if index is None:
            return replace(problems.call_gone(status=response.status), uid=uid)
        alone = len(response.calls) == 1
        return LookupResult(
            session_id,
            uid,
            own[index],
            len(own),
            hint,
            response.status,
            newer=index,
            earlier=_ref_at(session_id, own, index + 1),
            later=_ref_at(session_id, own, index - 1),
            alone=alone,
        )

    def _hint(self, session_id: SessionId) -> str | None:
        app = app_of(session_id)
        return None if app in {None, self._app} else problems.other_app_hint(app, self._app)


async def resolve_uid(user: SlackUser, rate_limiter: RateLimiter, identity: Identity) -> Uid | Problem:
    """Count a look-up of that person, and return the UID on whose behalf CometChat is asked."""
    if reached := await rate_limiter.hit(user):
        return problems.too_many_look_ups(reached)
    try:
        identified = await identity.identify(user)
    except IdentityUnavailableError:
        return problems.identity_unavailable()
    return identified.uid if identified else problems.not_linked()


def _distinct(calls: Iterable[Call]) -> list[Call]:
    """Return the first call of each `mid`, and all without one."""
    distinct: dict[str | int, Call] = {}
    for index, call in enumerate(calls):
        distinct.setdefault(call.mid or index, call)
    return list(distinct.values())


def _ref_at(session_id: SessionId, calls: list[Call], index: int) -> CallRef | None:
    """Return a reference to the call at that index, None where there is none, or none that leads to it."""
    if not 0 <= index < len(calls):
        return None
    ref = ref_in(session_id, calls[index])
    return ref if ref.index_in(calls) == index else None
