"""The use case: a Slack user and what they seek become a page of their latest calls, or a problem in words.

Knows nothing of Slack's payloads and blocks. Authorisation stands here, twice over, as for a look-up: the API is
asked on behalf of the person's own UID and for that UID, and whatever it answers, a call in which that UID has no
part is not on the list. Nor is one that a filter excludes, which the API may have ignored.
What was found is shown also where a later page can't be had: only without the first is there nothing to show.

The newest come first as the API gives its pages; its order is not documented, so each page is put in order here, and
where the API shows that it gives the oldest first, nobody is told that these are the latest.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Protocol

from bot import problems
from bot.asker import Limit, acting_as
from bot.cometchat import BadAnswerError, Call, CallProblemError, Listing, Page, Uid
from bot.cometchat.listing import MOST_A_PAGE, MOST_PAGES
from bot.days import Zone
from bot.flood.places import TooBusyError
from bot.identity import Identity, IdentityUnavailableError, SlackUser
from bot.problems import Problem
from bot.sought import Place, Query, Sought, mark_of

PAGE = 5
"""How many calls a person sees at once."""

UPSTREAM_PAGES = 4
"""How many pages of the API's are read for one of ours, at most."""

ENOUGH_SECONDS = 4.0
"""After this long no further page is read: what was found so far is shown, and Older goes on from there."""

_A_FEW = 2 * PAGE + 1
"""Of the API's, where every call will do: two of our pages and whether there is a third, so that the first Older asks once."""

_REFUSED = 4  # hundred and something: it knows the request and will not have it

# Statuses that the API surely spells as we do: canceled and cancelled are both seen (facts: "Get Call")
_SPELT_ONE_WAY = frozenset({"initiated", "ongoing", "ended", "unanswered", "rejected", "busy"})


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

    `looked_through` says how many were looked at before it was given up to look for more, None where all were, or
    the page is full. `zone` is the one that `today` was reckoned in, None where no day was asked for. `cut_short`: the
    API could not be asked for the older ones, or refused them, and whether there are any is not known. `oldest_first`:
    it gives the oldest first, and there may be newer ones than these.
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


@dataclass(slots=True)
class _Search:
    """What has been found so far, and whether there is more."""

    found: list[Call] = field(default_factory=list)
    seen: set[object] = field(default_factory=set)
    looked: int = 0
    status: int = 0
    more_from: Place | None = None
    given_up: bool = False
    cut_short: bool = False
    oldest_first: bool = False

    def full(self, calls: Iterable[tuple[Place, Call]], many: int, wanted: Callable[[Call], bool]) -> bool:
        """Take what is wanted of the calls, with their places; return whether there are `many` and one more."""
        for place, call in calls:
            self.looked += 1
            if not wanted(call):
                continue
            if len(self.found) == many:
                self.more_from = replace(place, after=mark_of(self.found[-1]))
                return True
            self.found.append(call)
        return False


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
        sought = self._dated(query.sought, zone)
        try:
            search = await self._search(user, viewer, sought, whom, start=query.trail[-1], many=many)
        except TooBusyError as busy:
            return problems.too_much_under_way() if busy.own else problems.busy()
        except CallProblemError as error:
            return replace(problems.from_cometchat(error), uid=viewer)
        older, newer = query.older(search.more_from) if search.more_from else None, query.newer()
        return RecentCalls(
            viewer=viewer,
            calls=tuple(search.found),
            query=query,
            older=older,
            newer=newer,
            looked_through=search.looked if search.given_up and len(search.found) < many else None,
            zone=zone,
            upstream_status=search.status,
            cut_short=search.cut_short,
            oldest_first=search.oldest_first and bool(older or newer),  # else all are here, in order
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

    async def _search(
        self, user: SlackUser, viewer: Uid, sought: Sought, whom: Uid | None, *, start: Place, many: int
    ) -> _Search:
        """Read the API's pages until there are `many` calls and one more, or no more pages, or enough of them."""
        search, begun, following = _Search(), self._clock(), start
        asked, now = _listing(sought, many), self._now()

        def wanted(call: Call) -> bool:
            return call.involves(viewer) and sought.takes(call, viewer, whom, now=now)

        for number in range(start.page, start.page + UPSTREAM_PAGES):
            if number > start.page and self._clock() - begun > ENOUGH_SECONDS:
                break
            try:
                page = await self._page(user, viewer, replace(asked, page=number))
            except (CallProblemError, TooBusyError) as error:
                if number == start.page:
                    raise
                search.cut_short, search.status = True, getattr(error, "status", None) or search.status
                break
            search.status = page.status
            search.oldest_first = search.oldest_first or page.oldest_first
            known, news = len(search.seen), _news(search, page)
            left = _left(news, start) if number == start.page else news
            reached = ((Place(number, index), call) for index, call in left)
            if search.full(reached, many, wanted):
                return search
            if len(search.seen) == known:  # past the end, or an API that gives one page whatever it is asked
                return search
            if page.last or number == MOST_PAGES or _all_before(page, sought.since):
                return search
            following = Place(number + 1)
        search.more_from, search.given_up = following, True
        return search

    async def _page(self, user: SlackUser, viewer: Uid, listing: Listing) -> Page:
        """Return a page of the API's; one after the first that it refuses as a bad request is past the end."""
        try:
            return await self._calls.list_calls(user, listing, viewer)
        except BadAnswerError as error:
            if listing.page > 1 and error.status is not None and error.status // 100 == _REFUSED:
                return Page((), error.status, last=True)
            raise


def _listing(sought: Sought, many: int) -> Listing:
    """Return what the API is asked for, by its own filters where what they take is known.

    Not by `startedAt` and `endedAt`: whether those say from, until or at is not documented.
    """
    few = many <= PAGE and sought.anything
    status = sought.ended if sought.ended in _SPELT_ONE_WAY else None
    return Listing(per_page=_A_FEW if few else MOST_A_PAGE, type=sought.kind, status=status)


def _news(search: _Search, page: Page) -> Iterator[tuple[int, Call]]:
    """Yield the calls of a page that none before had, with their places; those of a session with one `mid` are one.

    Not all that have one `mid`: for an API that says 0 of each, or "null", it says nothing. None is looked at before it
    is wanted: to parse all of a page takes as long as all else of a list.
    """
    for index, call in enumerate(page.calls):
        same = (call.session_id, call.mid) if call.mid else call
        if same not in search.seen:
            search.seen.add(same)
            yield index, call


def _left(news: Iterable[tuple[int, Call]], start: Place) -> Iterable[tuple[int, Call]]:
    """Return what of a page's calls is left from that place on, or after the call that was shown last before it.

    A call that has come since has moved all others back, so that by its place the last one would come again.
    """
    if not start.after:
        return ((index, call) for index, call in news if index >= start.index)
    given = list(news)
    shown = [at for at, (_, call) in enumerate(given) if mark_of(call) == start.after]
    if not shown:
        return [(index, call) for index, call in given if index >= start.index]
    nearest = min(shown, key=lambda at: abs(given[at][0] + 1 - start.index))  # calls without ids may be alike
    return given[nearest + 1 :]


def _all_before(page: Page, since: int | None) -> bool:
    """Whether nothing that began since then can follow, as far as the API keeps to the order that the page is in."""
    return (
        since is not None
        and page.in_order
        and all(call.began_at is not None and call.began_at < since for call in page.calls)
    )
