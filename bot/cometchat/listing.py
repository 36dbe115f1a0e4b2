"""List Calls as pure functions: the request for one page of a user's calls, and what the answer means.

Nothing in the answer is relied on but the calls themselves: every key of `meta.pagination` may be missing, and the
API may ignore any filter, `page` and `perPage`. Whoever asks checks each call, and whether a page says anything new.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from urllib.parse import urlencode

from bot.cometchat.errors import NoSuchCallError, UnsafeRequestError
from bot.cometchat.ids import Uid
from bot.cometchat.models import Call
from bot.cometchat.parsing import began_at, count, parse_call
from bot.cometchat.wire import RequestParts, accepted, calls_in, user_headers

MOST_A_PAGE = 40
"""The most calls to ask for at once: forty of fifty people each are 840 kB, and wire.MAX_BODY is 1 MiB.

Those of more people, or devices, are larger: then a page raises TooLargeError, and is to be asked for in parts.
"""

MOST_PAGES = 99_999
"""The last page that is asked for; nobody turns to it, but a place that comes from outside may name it."""

_NO_CHANCE = 3
_WORD = re.compile(r"[a-z_]{1,30}")


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of a user's calls, `page` counted from 1, narrowed by the API's own filters where those are given."""

    page: int = 1
    per_page: int = MOST_A_PAGE
    type: str | None = None
    status: str | None = None


class Calls(Sequence[Call]):
    """Calls of an answer, each parsed when it is first looked at: of a page of eleven, a person mostly sees five."""

    def __init__(self, raw: Sequence[dict[str, Any]]) -> None:
        self._raw = raw
        self._parsed: dict[int, Call] = {}

    def __len__(self) -> int:
        return len(self._raw)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [self[each] for each in range(*index.indices(len(self)))]
        if index not in self._parsed:
            self._parsed[index] = parse_call(self._raw[index])
        return self._parsed[index]


@dataclass(frozen=True, slots=True)
class Page:
    """The calls of a page, the newest first, and the HTTP status they came with.

    `last`: the API says that no more follow. `in_order`: it gave them in that order itself, and they show it;
    `oldest_first`: they show that it gave them the other way round, so that those on later pages are newer.
    """

    calls: Sequence[Call]
    status: int
    last: bool
    in_order: bool = False
    oldest_first: bool = False


def list_calls_request(listing: Listing, on_behalf_of: Uid, api_key: str) -> RequestParts:
    """Return the request for a page of a user's calls, asked for on that user's behalf and by their UID.

    The API reads every call of the app when `onBehalfOf` is missing, so all is checked once more here: raises
    UnsafeRequestError, before anything is sent.
    """
    headers = user_headers(on_behalf_of, api_key)
    if not (1 <= listing.page <= MOST_PAGES and 1 <= listing.per_page <= MOST_A_PAGE):
        raise UnsafeRequestError("no such page")
    query = {"uid": headers["onBehalfOf"], "page": str(listing.page), "perPage": str(listing.per_page)}
    for name, word in (("type", listing.type), ("status", listing.status)):
        if word is not None:
            if not _WORD.fullmatch(word):
                raise UnsafeRequestError(f"no {name}")
            query[name] = word
    return RequestParts(f"/calls?{urlencode(query)}", headers)


def parse_page(status: int, headers: Mapping[str, str], body: bytes, listing: Listing) -> Page:
    """Return the page; one without calls is a page as well, also where the API says so by refusing.

    `headers` have lower-case names, `body` is as it came over the wire. Raises a CallProblemError.
    """
    try:
        document = accepted(status, headers, body)
        given = calls_in(document.get("data"), status)
    except NoSuchCallError:
        return Page((), status, last=True)
    last = _is_last(document.get("meta"), listing, len(given))
    times = [began_at(raw) or 0 for raw in given]
    newest_first = sorted(range(len(given)), key=times.__getitem__, reverse=True)
    calls = Calls([given[place] for place in newest_first])
    all_there_is = last and listing.page == 1
    return Page(calls, status, last, in_order=_fall(times), oldest_first=_rise(times) and not all_there_is)


def _fall(times: Sequence[int]) -> bool:
    return times[0] > times[-1] and times == sorted(times, reverse=True)


def _rise(times: Sequence[int]) -> bool:
    """Whether each is later than the one before; a few may be so by chance."""
    return len(times) >= _NO_CHANCE and all(one < next_one for one, next_one in pairwise(times))


def _is_last(meta: Any, listing: Listing, calls: int) -> bool:
    """Whether `meta.pagination` says that this is the last page; what it leaves out says nothing."""
    told = meta.get("pagination") if isinstance(meta, dict) else None
    pagination = told if isinstance(told, dict) else {}
    if pages := count(pagination.get("total_pages")):
        return listing.page >= pages
    total = count(pagination.get("total"))
    return total is not None and listing.page == 1 and total <= calls
