"""The use case: list a Slack user's calls, a page at a time.

Who sees a call is decided here, as in lookup.py: CometChat is asked on behalf of the person's own UID, and in its
response a call without that UID, or one that the filter excludes, does not exist. How CometChat's pages are read is
paging.py's.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from bot.calls import problems
from bot.calls.cursor import PageRequest
from bot.calls.filters import CallFilter
from bot.calls.local_days import Zone
from bot.calls.lookup import resolve_uid
from bot.calls.paging import Paging, Slice
from bot.calls.problems import Problem
from bot.calls.status import settled
from bot.cometchat import Call, CallPage, CallProblemError, CallQuery, Uid
from bot.cometchat.listing import MAX_PER_PAGE
from bot.identity import Identity, IdentityUnavailableError, SlackUser
from bot.throttling.client import ThrottledClient
from bot.throttling.concurrency import TooBusyError
from bot.throttling.rate_limiter import RateLimiter

PAGE_SIZE = 5
"""How many calls a person sees at once."""

_PER_PAGE_OF_ALL = 2 * PAGE_SIZE + 1
"""Of CometChat's calls, if every call matches: two of our pages, and whether there is a third."""

# Statuses that CometChat spells as we do, and that no call has whose own is another (status.py)
_ASKED_FOR = frozenset({"initiated", "unanswered", "rejected", "busy"})


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Calls of a person, the newest first, and the way to the pages before and after.

    `looked_through`: how many of the person's calls were read before the search was given up, None if it was not.
    `zone`: the time zone of "today", None if that is not asked for. `cut_short`: CometChat failed when asked for older
    calls. `oldest_first`: CometChat lists the oldest first, so there may be newer calls than these.
    """

    viewer: Uid
    calls: tuple[Call, ...]
    request: PageRequest
    older: PageRequest | None
    newer: PageRequest | None
    looked_through: int | None
    zone: Zone | None
    upstream_status: int
    cut_short: bool = False
    oldest_first: bool = False


class CallHistory:
    """Lists people's calls. `now` is the wall clock, in Unix seconds, `clock` a monotonic one."""

    def __init__(
        self,
        client: ThrottledClient,
        identity: Identity,
        rate_limiter: RateLimiter,
        zone_of: Callable[[SlackUser], Awaitable[Zone]],
        *,
        now: Callable[[], float] = time.time,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._identity = identity
        self._rate_limiter = rate_limiter
        self._zone_of = zone_of
        self._now = now
        self._clock = clock

    async def __call__(
        self, user: SlackUser, request: PageRequest, *, size: int = PAGE_SIZE
    ) -> HistoryPage | Problem:
        """Return the page of that many calls, or a problem."""
        viewer = await resolve_uid(user, self._rate_limiter, self._identity)
        if isinstance(viewer, Problem):
            return viewer
        whom = await self._mentioned(user, request.filter)
        if isinstance(whom, Problem):
            return replace(whom, uid=viewer)
        zone = await self._zone_of(user) if request.filter.today else None
        wanted, now = self._dated(request.filter, zone), self._now()
        query = _query(wanted, size)

        async def fetch(number: int) -> CallPage:
            return await self._client.list_calls(user, replace(query, page=number), viewer)

        paging = Paging(
            fetch,
            is_own=lambda call: call.involves(viewer),
            is_wanted=lambda call: wanted.matches(call, viewer, whom, now=now),
            size=size,
            since=wanted.since,
            clock=self._clock,
        )
        try:
            found = await paging.read(request.cursor)
        except TooBusyError as busy:
            return problems.too_busy(busy)
        except CallProblemError as error:
            return replace(problems.from_cometchat(error), uid=viewer)
        calls = tuple(settled(call, now=now) for call in found.calls)
        return replace(_page(found, viewer, request, zone, size), calls=calls)

    async def _mentioned(self, user: SlackUser, wanted: CallFilter) -> Uid | Problem | None:
        """Return the UID of the mentioned member of the person's workspace, None if nobody is mentioned."""
        if wanted.mentioned is None:
            return None
        try:
            identified = await self._identity.identify(replace(user, user_id=wanted.mentioned))
        except IdentityUnavailableError:
            return problems.mentioned_unavailable()
        return identified.uid if identified else problems.mentioned_not_linked()

    def _dated(self, wanted: CallFilter, zone: Zone | None) -> CallFilter:
        """Return the filter with today's times in that zone."""
        if zone is None:
            return wanted
        today = zone.day(self._now())
        return replace(wanted, since=zone.begins(today), until=zone.ends(today))


def _query(wanted: CallFilter, size: int) -> CallQuery:
    """Return what CometChat is asked for, by those of its own filters that are documented well enough.

    `startedAt` and `endedAt` are not: they may mean from, until or at.
    """
    all_of_few = size <= PAGE_SIZE and wanted.matches_all
    status = wanted.ended if wanted.ended in _ASKED_FOR else None
    per_page = _PER_PAGE_OF_ALL if all_of_few else MAX_PER_PAGE
    return CallQuery(per_page=per_page, type=wanted.kind, status=status)


def _page(found: Slice, viewer: Uid, request: PageRequest, zone: Zone | None, size: int) -> HistoryPage:
    oldest_first = request.cursor.oldest_first or found.oldest_first
    older, newer = (
        replace(request, cursor=replace(cursor, oldest_first=oldest_first)) if cursor else None
        for cursor in (found.older, found.newer)
    )
    return HistoryPage(
        viewer=viewer,
        calls=tuple(found.calls),
        request=replace(request, cursor=found.cursor),
        older=older,
        newer=newer,
        looked_through=found.read if found.gave_up and len(found.calls) < size else None,
        zone=zone,
        upstream_status=found.status,
        cut_short=found.cut_short,
        oldest_first=oldest_first and bool(older or newer),  # else these are all, in order
    )
