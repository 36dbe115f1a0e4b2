"""Read CometChat's list of a person's calls, page by page, until a page of ours is full.

CometChat does not document its order: its pages are taken by their numbers, and each has the newest calls first.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace

from bot.calls.cursor import Cursor, mark_of
from bot.cometchat import BadAnswerError, Call, CallPage, CallProblemError
from bot.cometchat.listing import MAX_PAGE
from bot.throttling.concurrency import TooBusyError

UPSTREAM_PAGES = 4
"""How many of CometChat's pages are read for one of ours, at most."""

ENOUGH_SECONDS = 4.0
"""After that no further page is read: what was found is shown, and Older goes on."""

_CLIENT_ERROR = 4

_Indexed = Sequence[tuple[int, Call]]
"""Calls of a page, with their indexes on it."""


@dataclass(slots=True)
class Slice:
    """The calls of a page of ours, and the cursors of this page, the older and the newer one.

    `read`: how many of the person's calls were looked at. `gave_up`: there may be more. `cut_short`: CometChat failed.
    """

    cursor: Cursor
    calls: list[Call] = field(default_factory=list)
    older: Cursor | None = None
    newer: Cursor | None = None
    status: int = 0
    read: int = 0
    gave_up: bool = False
    cut_short: bool = False
    oldest_first: bool = False


class _Reader:
    """CometChat's pages: not too many of them, and not for too long."""

    def __init__(self, fetch: Callable[[int], Awaitable[CallPage]], clock: Callable[[], float]) -> None:
        self._fetch = fetch
        self._clock = clock
        self._began = clock()
        self._seen: set[object] = set()
        self.pages = 0

    def enough(self) -> bool:
        """Whether no further page is to be read."""
        return self.pages > 0 and (
            self.pages == UPSTREAM_PAGES or self._clock() - self._began > ENOUGH_SECONDS
        )

    async def page(self, number: int) -> tuple[CallPage, _Indexed]:
        """Return the page, and its calls that no page before had; raises a CallProblemError, or TooBusyError."""
        try:
            page = await self._fetch(number)
        except BadAnswerError as error:
            # CometChat may refuse a page past the last one
            if number == 1 or error.status is None or error.status // 100 != _CLIENT_ERROR:
                raise
            page = CallPage((), error.status, last=True)
        self.pages += 1
        new = []
        for index, call in enumerate(page.calls):
            same: object = (call.session_id, call.mid) if call.mid else call
            if same not in self._seen:
                self._seen.add(same)
                new.append((index, call))
        return page, new


@dataclass(frozen=True, slots=True)
class Paging:
    """Reads a list for a page of `size` calls that are the person's own and wanted.

    `fetch` returns CometChat's page of that number. No call that began before `since` is wanted. `clock` is monotonic,
    in seconds.
    """

    fetch: Callable[[int], Awaitable[CallPage]]
    is_own: Callable[[Call], bool]
    is_wanted: Callable[[Call], bool]
    size: int
    since: int | None
    clock: Callable[[], float]

    async def read(self, cursor: Cursor) -> Slice:
        """Return the page of that cursor; raises a CallProblemError, or TooBusyError."""
        if cursor.back and (found := await self._backward(cursor)):
            return found
        return await self._forward(Cursor(oldest_first=cursor.oldest_first) if cursor.back else cursor)

    async def _forward(self, cursor: Cursor) -> Slice:
        """Return the page that begins at the cursor; if a later page of CometChat's fails, what was found before."""
        reader, found, position = _Reader(self.fetch, self.clock), Slice(cursor), cursor
        found.newer = None if cursor.at_start else _newer(cursor, cursor.page, cursor.index)
        while not reader.enough():
            try:
                page, new = await reader.page(position.page)
            except (CallProblemError, TooBusyError) as error:
                if not reader.pages:
                    raise
                found.cut_short, found.status = True, getattr(error, "status", None) or found.status
                break
            found.status, found.oldest_first = page.status, found.oldest_first or page.oldest_first
            for index, call in new if reader.pages > 1 else _after(new, cursor):
                if not self.is_own(call):
                    continue
                found.read += 1
                if not self.is_wanted(call):
                    continue
                if len(found.calls) == self.size:
                    found.older = _older(cursor, position.page, index, found.calls[-1])
                    return found
                if found.newer and not found.calls:
                    found.newer = _newer(cursor, position.page, index, call)
                found.calls.append(call)
            # No new calls: past the end, or an API that ignores the page's number
            if not new or page.last or position.page == MAX_PAGE or self._too_old(page):
                return found
            position = _older(cursor, position.page + 1, 0, page.calls[-1])
        found.older, found.gave_up = position, True
        return found

    async def _backward(self, cursor: Cursor) -> Slice | None:
        """Return the page that ends before the cursor; None to show the first page instead.

        That is if there are too few calls for a page, or none on the pages of CometChat's that are read.
        """
        reader, found, number = _Reader(self.fetch, self.clock), Slice(cursor), cursor.page
        nearest: list[tuple[int, int, Call]] = []
        while number and len(nearest) <= self.size and not reader.enough():
            page, new = await reader.page(number)
            found.status = page.status
            for index, call in reversed(new if reader.pages > 1 else _before(new, cursor)):
                if self.is_own(call) and self.is_wanted(call):
                    nearest.append((number, index, call))
            number -= 1
        more = len(nearest) > self.size or number > 0
        shown = nearest[: self.size][::-1]
        if not shown or (not more and len(shown) < self.size):
            return None
        cursor = replace(cursor, number=max(2, cursor.number)) if more else Cursor()
        found.cursor = replace(cursor, oldest_first=found.cursor.oldest_first)
        found.calls = [call for *_, call in shown]
        found.newer = _newer(cursor, *shown[0]) if more else None
        page_of_last, index_of_last, last = shown[-1]
        found.older = _older(cursor, page_of_last, index_of_last + 1, last)
        return found

    def _too_old(self, page: CallPage) -> bool:
        """Whether the list goes on with calls that began before `since`, if CometChat keeps to the order of this page."""
        return (
            self.since is not None
            and page.newest_first
            and all(call.began_at is not None and call.began_at < self.since for call in page.calls)
        )


def _older(this: Cursor, page: int, index: int, before: Call) -> Cursor:
    return Cursor(page, index, mark_of(before), number=this.number + 1)


def _newer(this: Cursor, page: int, index: int, after: Call | None = None) -> Cursor:
    return Cursor(page, index, mark_of(after) if after else "", back=True, number=max(1, this.number - 1))


def _after(calls: _Indexed, cursor: Cursor) -> _Indexed:
    """Return the calls after the marked one; calls that came since have moved it."""
    if (at := _marked(calls, cursor)) is not None:
        return calls[at + 1 :]
    return [(index, call) for index, call in calls if index >= cursor.index]


def _before(calls: _Indexed, cursor: Cursor) -> _Indexed:
    """Return the calls before the marked one, which may have moved on to the next page."""
    if (at := _marked(calls, cursor)) is not None:
        return calls[:at]
    return calls if cursor.mark else [(index, call) for index, call in calls if index < cursor.index]


def _marked(calls: _Indexed, cursor: Cursor) -> int | None:
    if not cursor.mark:
        return None
    return next((at for at, (_, call) in enumerate(calls) if mark_of(call) == cursor.mark), None)
