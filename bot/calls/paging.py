"""Reads a person's list as the API gives it, a page of its own at a time, until enough of the sought calls are found.

Which calls those are, and whose, is the caller's. What was found is shown also where a later page can't be had: only
without the first is there nothing to show.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from bot.calls.filters import Place, mark_of
from bot.cometchat import BadAnswerError, Call, CallProblemError, Listing, Page, TooLargeError
from bot.cometchat.listing import MOST_PAGES
from bot.throttling.places import TooBusyError

UPSTREAM_PAGES = 4
"""How many pages of the API's are read for one of ours, at most."""

ENOUGH_SECONDS = 4.0
"""After this long no further page is read: what was found so far is shown, and Older goes on from there."""

_REFUSED = 4  # hundred and something: it knows the request and will not have it


@dataclass(frozen=True, slots=True)
class Wanted:
    """How `many` calls are wanted, and which: the person's (`theirs`), and of these the `sought`.

    None that began before `since` is sought.
    """

    many: int
    theirs: Callable[[Call], bool]
    sought: Callable[[Call], bool]
    since: int | None = None


@dataclass(slots=True)
class Search:
    """What has been found so far, of how many of the person's that were looked at, and where to go on, None for nowhere.

    `given_up`: there were so many to look through that no more were read. `cut_short`: the API could not be asked for
    the next, or refused. `oldest_first`: it gives the oldest first.
    """

    found: list[Call] = field(default_factory=list)
    seen: set[object] = field(default_factory=set)
    looked: int = 0
    status: int = 0
    more_from: Place | None = None
    given_up: bool = False
    cut_short: bool = False
    oldest_first: bool = False

    def full(self, calls: Iterable[tuple[Place, Call]], wanted: Wanted) -> bool:
        """Take what is wanted of the calls, with their places; return whether there are as many and one more."""
        for place, call in calls:
            if not wanted.theirs(call):
                continue
            self.looked += 1
            if not wanted.sought(call):
                continue
            if len(self.found) == wanted.many:
                self.more_from = replace(place, after=mark_of(self.found[-1]))
                return True
            self.found.append(call)
        return False


@dataclass(frozen=True, slots=True)
class Pages:
    """A person's list: `ask` gets a page of it, and `asked` is what is asked for, less the number of the page.

    `clock` is monotonic, in seconds.
    """

    ask: Callable[[Listing], Awaitable[Page]]
    asked: Listing
    clock: Callable[[], float]

    async def search(self, start: Place, wanted: Wanted) -> Search:
        """Read from that place on until there are as many calls and one more, or no more pages, or enough of them.

        Raises a CallProblemError, or TooBusyError.
        """
        search, begun, place = Search(), self.clock(), start
        for read in range(UPSTREAM_PAGES):
            if read and self.clock() - begun > ENOUGH_SECONDS:
                break
            try:
                place, page = await self._page(place)
            except (CallProblemError, TooBusyError) as error:
                if not read:
                    raise
                search.cut_short, search.status = True, getattr(error, "status", None) or search.status
                break
            search.status = page.status
            search.oldest_first = search.oldest_first or page.oldest_first
            known, news = len(search.seen), _news(search, page)
            left = news if read else _left(news, place)
            reached = ((Place(place.page, index, size=place.size), call) for index, call in left)
            if search.full(reached, wanted):
                return search
            if len(search.seen) == known:  # past the end, or an API that gives one page whatever it is asked
                return search
            if page.last or place.page == MOST_PAGES or _all_before(page, wanted.since):
                return search
            last = page.calls[-1]
            # What comes meanwhile moves that one on to the next page; without an id it may be like others there
            place = Place(place.page + 1, after=mark_of(last) if last.mid else "", size=place.size)
        # Of pages that were too large, those further on may not be
        search.more_from = place if search.cut_short else place.larger(self.asked.per_page)
        search.given_up = True
        return search

    async def _page(self, place: Place) -> tuple[Place, Page]:
        """Return a page of the API's, and what that place is on it; one that is too large is asked for in parts.

        One after the first that it refuses as a bad request is past the end.
        """
        asked = replace(self.asked, page=place.page, per_page=place.size or self.asked.per_page)
        try:
            return place, await self.ask(asked)
        except TooLargeError:
            smaller = place.smaller(self.asked.per_page)
            if smaller is None or smaller.page > MOST_PAGES:
                raise
            return await self._page(smaller)
        except BadAnswerError as error:
            if place.page > 1 and error.status is not None and error.status // 100 == _REFUSED:
                return place, Page((), error.status, last=True)
            raise


def _news(search: Search, page: Page) -> Iterator[tuple[int, Call]]:
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
