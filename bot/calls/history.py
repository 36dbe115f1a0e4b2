"""The use case: a Slack user and what they seek become a page of their latest calls, or a problem in words.

Knows nothing of Slack's payloads and blocks. Authorisation stands here, twice over, as for a look-up: the API is
asked on behalf of the person's own UID and for that UID, and whatever it answers, a call in which that UID has no
part is not on the list. Nor is one that a filter excludes, which the API may have ignored.
How the API's pages are read is paging.py's.

The newest come first as the API gives its pages; its order is not documented, so each page is put in order here, and
where the API shows that it gives the oldest first, nobody is told that these are the latest.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from bot.calls import problems
from bot.calls.asker import Limit, acting_as
from bot.calls.filters import Query, Sought
from bot.calls.local_days import Zone
from bot.calls.paging import Pages, Wanted
from bot.calls.problems import Problem
from bot.calls.status import settled
from bot.cometchat import Call, CallProblemError, Listing, Page, Uid
from bot.cometchat.listing import MOST_A_PAGE
from bot.identity import Identity, IdentityUnavailableError, SlackUser
from bot.throttling.places import TooBusyError

PAGE = 5
"""How many calls a person sees at once."""

_A_FEW = 2 * PAGE + 1
"""Of the API's, where every call will do: two of our pages and whether there is a third, so that the first Older asks once."""

# Statuses that the API surely spells as we do, and that no call has whose own is another (status.py)
_ASKED_FOR = frozenset({"initiated", "unanswered", "rejected", "busy"})


class Calls(Protocol):
    """What this use case needs of CometChat; `flood.asking.Asking` is it."""

    async def list_calls(self, asker: SlackUser, listing: Listing, on_behalf_of: Uid) -> Page:
        """Return a page of a user's calls; raises a CallProblemError, or TooBusyError."""
        ...


class Zones(Protocol):
    """What it needs to know of people's days; `days.Days` is it."""

    async def zone_of(self, user: SlackUser) -> Zone:
        """Return the person's time zone."""
        ...


@dataclass(frozen=True, slots=True)
class RecentCalls:
    """Calls that this person had a part in, the newest first, and the way to those before and after them.

    `looked_through` says how many of the person's were looked at before it was given up to look for more, None where all
    were, or the page is full. `zone` is the one that `today` was reckoned in, None where no day was asked for.
    `cut_short`: the API could not be asked for the older ones, or refused them, and whether there are any is not known.
    `oldest_first`: it gives the oldest first, and there may be newer ones than these.
    """

    viewer: Uid
    calls: tuple[Call, ...]
    query: Query
    older: Query | None
    newer: Query | None
    looked_through: int | None
    zone: Zone | None
    upstream_status: int
    cut_short: bool = False
    oldest_first: bool = False


class Recent:
    """Lists people's calls. `now` is the wall clock, in Unix seconds, `clock` a monotonic one."""

    def __init__(
        self,
        calls: Calls,
        identity: Identity,
        limit: Limit,
        zones: Zones,
        *,
        now: Callable[[], float] = time.time,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._calls = calls
        self._identity = identity
        self._limit = limit
        self._zones = zones
        self._now = now
        self._clock = clock

    async def __call__(self, user: SlackUser, query: Query, *, many: int = PAGE) -> RecentCalls | Problem:
        """Return `many` of the user's calls that are sought, from the query's place on, or what to tell them instead."""
        viewer = await acting_as(user, self._limit, self._identity)
        if isinstance(viewer, Problem):
            return viewer
        whom = await self._mentioned(user, query.sought)
        if isinstance(whom, Problem):
            return replace(whom, uid=viewer)
        zone = await self._zones.zone_of(user) if query.sought.today else None
        sought, now = self._dated(query.sought, zone), self._now()

        wanted = Wanted(
            many,
            theirs=lambda call: call.involves(viewer),
            sought=lambda call: sought.takes(call, viewer, whom, now=now),
            since=sought.since,
        )

        async def ask(listing: Listing) -> Page:
            return await self._calls.list_calls(user, listing, viewer)

        try:
            pages = Pages(ask, _listing(sought, many), self._clock)
            search = await pages.search(query.trail[-1], wanted)
        except TooBusyError as busy:
            return problems.too_much_under_way() if busy.own else problems.busy()
        except CallProblemError as error:
            return replace(problems.from_cometchat(error), uid=viewer)
        oldest_first = query.oldest_first or search.oldest_first
        onwards = replace(query, oldest_first=oldest_first)
        older, newer = onwards.older(search.more_from) if search.more_from else None, query.newer()
        return RecentCalls(
            viewer=viewer,
            calls=tuple(settled(call, now=now) for call in search.found),
            query=query,
            older=older,
            newer=newer,
            looked_through=search.looked if search.given_up and len(search.found) < many else None,
            zone=zone,
            upstream_status=search.status,
            cut_short=search.cut_short,
            oldest_first=oldest_first and bool(older or newer),  # else all are here, in order
        )

    async def _mentioned(self, user: SlackUser, sought: Sought) -> Uid | Problem | None:
        """Return who the mentioned member of the person's own workspace is, None where nobody is mentioned."""
        if sought.mentioned is None:
            return None
        try:
            identified = await self._identity.identify(replace(user, user_id=sought.mentioned))
        except IdentityUnavailableError:
            return problems.mentioned_unavailable()
        return identified.uid if identified else problems.mentioned_not_linked()

    def _dated(self, sought: Sought, zone: Zone | None) -> Sought:
        """Return what is sought with today as what it is, in that zone."""
        if zone is None:
            return sought
        today = zone.day(self._now())
        return replace(sought, since=zone.begins(today), until=zone.ends(today))


def _listing(sought: Sought, many: int) -> Listing:
    """Return what the API is asked for, by its own filters where what they take is known.

    Not by `startedAt` and `endedAt`: whether those say from, until or at is not documented.
    """
    few = many <= PAGE and sought.anything
    status = sought.ended if sought.ended in _ASKED_FOR else None
    return Listing(per_page=_A_FEW if few else MOST_A_PAGE, type=sought.kind, status=status)
