"""List Calls as pure functions: the request for a page of a user's calls, and what the response means.

The API may ignore any filter, `page` and `perPage`, and leave out any key of `meta.pagination`. Callers check each
call, and whether a page has anything new.
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
from bot.cometchat.parsing import bounded_calls, count, parse_call
from bot.cometchat.wire import RequestParts, accepted, calls_in, user_headers

MAX_PER_PAGE = 40
"""Forty calls of 50 people each are 840 kB."""

MAX_PAGE = 99_999
_ORDER_IS_NO_CHANCE = 3
_WORD = re.compile(r"[a-z_]{1,30}")


@dataclass(frozen=True, slots=True)
class CallQuery:
    """A page of a user's calls, `page` counted from 1, narrowed by the API's own filters."""

    page: int = 1
    per_page: int = MAX_PER_PAGE
    type: str | None = None
    status: str | None = None


@dataclass(frozen=True, slots=True)
class CallPage:
    """The calls of a page, the newest first, and the HTTP status of the response.

    `last`: the API says that no page follows. `pages`: how many it says there are, None where it does not. `newest_first`,
    `oldest_first`: the order in which the API gave the calls, where they show it. The API does not document its order.
    """

    calls: tuple[Call, ...]
    status: int
    last: bool
    pages: int | None = None
    newest_first: bool = False
    oldest_first: bool = False


def list_calls_request(query: CallQuery, on_behalf_of: Uid, api_key: str) -> RequestParts:
    """Return the request for a page of a user's calls, on that user's behalf and filtered by their UID.

    Without `onBehalfOf` the API returns every call of the app, so everything is checked again here: raises
    UnsafeRequestError.
    """
    headers = user_headers(on_behalf_of, api_key)
    if not (1 <= query.page <= MAX_PAGE and 1 <= query.per_page <= MAX_PER_PAGE):
        raise UnsafeRequestError("no such page")
    parameters = {"uid": headers["onBehalfOf"], "page": str(query.page), "perPage": str(query.per_page)}
    for name, word in (("type", query.type), ("status", query.status)):
        if word is not None:
            if not _WORD.fullmatch(word):
                raise UnsafeRequestError(f"no {name}")
            parameters[name] = word
    return RequestParts(f"/calls?{urlencode(parameters)}", headers)


def parse_page(
    status: int, headers: Mapping[str, str], body: bytes, query: CallQuery, viewer: Uid | None = None
) -> CallPage:
    """Return the page, which may be empty: the API may say so by an error.

    `headers` have lower-case names, `body` is decoded. Raises a CallProblemError.
    """
    try:
        document = accepted(status, headers, body)
        found = bounded_calls(calls_in(document.get("data"), status))
    except NoSuchCallError:
        return CallPage((), status, last=True)
    calls = [parse_call(raw, viewer) for raw in found]
    last = is_last_page(document.get("meta"), query.page, len(calls))
    times = [call.began_at or 0 for call in calls]
    only_page = last and query.page == 1
    return CallPage(
        tuple(sorted(calls, key=lambda call: call.began_at or 0, reverse=True)),
        status,
        last,
        pages=_pagination(document.get("meta"), "total_pages"),
        newest_first=times[0] > times[-1] and times == sorted(times, reverse=True),
        oldest_first=_rise(times) and not only_page,
    )


def _rise(times: Sequence[int]) -> bool:
    """Whether each time is later than the one before; two may be so by chance."""
    return len(times) >= _ORDER_IS_NO_CHANCE and all(one < other for one, other in pairwise(times))


def is_last_page(meta: Any, page: int, listed: int) -> bool:
    """Whether `meta.pagination` says that this page, which lists so many, is the last."""
    if pages := _pagination(meta, "total_pages"):
        return page >= pages
    total = _pagination(meta, "total")
    return total is not None and page == 1 and total <= listed


def _pagination(meta: Any, key: str) -> int | None:
    said = meta.get("pagination") if isinstance(meta, dict) else None
    return count(said.get(key)) if isinstance(said, dict) else None
