"""The one door to CometChat's API: HTTP with time limits, one retry and bounded bodies. What it says is wire.py's."""

from __future__ import annotations

import asyncio
import random
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from types import TracebackType
from typing import Self, cast

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport
from pydantic import SecretStr

from bot import __version__
from bot.cometchat.errors import BadAnswerError, NoAnswerInTimeError, TooLargeError, UnavailableError
from bot.cometchat.ids import SessionId, Uid
from bot.cometchat.listing import Listing, Page, list_calls_request, parse_page
from bot.cometchat.models import Call
from bot.cometchat.wire import (
    MAX_BODY,
    RequestParts,
    check_user_request,
    get_call_request,
    parse_calls,
    parse_known,
)

CONNECT_SECONDS = 2.0
TOTAL_SECONDS = 8.0
CHECK_SECONDS = 1.5
"""How long a check of a UID may take: it helps an admin, who waits for the command's answer, and is no condition."""
MAX_CONNECTIONS = 300
"""More than its callers have under way at once (throttling/places.py), so that none waits for a connection within TOTAL_SECONDS."""
_WORTH_A_RETRY = frozenset({502, 503, 504})
_TIMES = {"timeout": httpx.Timeout(TOTAL_SECONDS, connect=CONNECT_SECONDS, pool=None).as_dict()}


@dataclass(frozen=True, slots=True)
class Answer:
    """The calls of a session, the newest first (at least one), and the HTTP status they came with."""

    calls: tuple[Call, ...]
    status: int


@dataclass(frozen=True, slots=True)
class _Response:
    status: int
    headers: dict[str, str]
    body: bytes


class CometChat:
    """A client for one CometChat app. Enter it once and share it; leaving it closes its connections.

    `base_url` has no slash at its end. `total` is the most seconds that one request takes, retry included.
    """

    def __init__(
        self,
        base_url: str,
        api_key: SecretStr,
        *,
        total: float = TOTAL_SECONDS,
        pause: Callable[[], float] = lambda: random.uniform(0.05, 0.25),  # noqa: S311 - jitter is no secret
    ) -> None:
        self._base_url = base_url
        self._api_key = api_key
        self._total = total
        self._pause = pause
        self._http = _transport()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._http.aclose()

    async def get_call(self, session_id: SessionId, on_behalf_of: Uid) -> Answer:
        """Return the calls that the session holds, as the API shows them to that user.

        What it answers for a user who was not in the call is not documented: the caller checks that too.
        Raises a CallProblemError, or UnsafeRequestError before anything is sent.
        """
        response = await self._fetch_in_time(
            get_call_request(session_id, on_behalf_of, self._api_key.get_secret_value()), self._total
        )
        return Answer(parse_calls(response.status, response.headers, response.body), response.status)

    async def list_calls(self, listing: Listing, on_behalf_of: Uid) -> Page:
        """Return a page of that user's calls, as the API shows them; it may hold others', and ignore any filter.

        Raises a CallProblemError, or UnsafeRequestError before anything is sent.
        """
        parts = list_calls_request(listing, on_behalf_of, self._api_key.get_secret_value())
        response = await self._fetch_in_time(parts, self._total)
        return parse_page(response.status, response.headers, response.body, listing)

    async def check_user(self, uid: Uid) -> None:
        """Return when CometChat knows that user, after CHECK_SECONDS at the latest.

        Raises UnknownUidError when it does not, another CallProblemError when that can't be told now.
        """
        parts = check_user_request(uid, self._api_key.get_secret_value())
        response = await self._fetch_in_time(parts, min(CHECK_SECONDS, self._total))
        parse_known(response.status, response.headers, response.body)

    async def _fetch_in_time(self, parts: RequestParts, seconds: float) -> _Response:
        """Fetch within that time; raises NoAnswerInTimeError."""
        try:
            async with asyncio.timeout(seconds):
                return await self._fetch(parts)
        except TimeoutError:
            raise NoAnswerInTimeError from None

    async def _fetch(self, parts: RequestParts) -> _Response:
        """Send the request, once more after a failed connection or a gateway's error (a GET is safe to repeat)."""
        try:
            response = await self._fetch_once(parts)
        except UnavailableError:
            pass
        else:
            if response.status not in _WORTH_A_RETRY:
                return response
        await asyncio.sleep(self._pause())
        return await self._fetch_once(parts)

    async def _fetch_once(self, parts: RequestParts) -> _Response:
        # With a body given, if an empty one, httpx puts no header beside ours; aiohttp knows which are needed
        request = httpx.Request(
            "GET",
            self._base_url + parts.path,
            headers=parts.headers,
            stream=httpx.ByteStream(b""),
            extensions=_TIMES,
        )
        request.read()
        try:
            response = await self._http.handle_async_request(request)
            try:
                return _Response(response.status_code, dict(response.headers.items()), await _body(response))
            finally:
                await response.aclose()
        except httpx.ReadTimeout:
            raise NoAnswerInTimeError from None
        except (
            aiohttp.ClientResponseError
        ) as error:  # what came is not HTTP; httpx-aiohttp 0.2 lets it through
            raise BadAnswerError(_name(error)) from None
        except (httpx.TransportError, aiohttp.ClientError, OSError) as error:
            raise UnavailableError(_name(error)) from None


def _name(error: Exception) -> str:
    """Name what went wrong by its type alone: the errors' own texts hold the request's headers, key included."""
    return type(error.__cause__ or error).__name__


async def _body(response: httpx.Response) -> bytes:
    """Read the body as it came over the wire; raises BadAnswerError after MAX_BODY bytes of it."""
    body = bytearray()
    # What `aiter_raw` would do besides, put chunks together and remember what was read, takes three times as long
    async for chunk in cast("httpx.AsyncByteStream", response.stream):
        body += chunk
        if len(body) > MAX_BODY:
            kind = BadAnswerError if response.is_error else TooLargeError  # a refusal is no part of a page
            raise kind("larger than 1 MiB", status=response.status_code)
    return bytes(body)


@cache
def _tls() -> ssl.SSLContext:
    """Return what this process trusts; to read all the certificates takes as long as ten look-ups."""
    return httpx.create_ssl_context()


def _transport() -> AiohttpTransport:
    """Return httpx's way to aiohttp's connections: httpx's own pool collapses from about 16 requests in flight.

    It is used without httpx.AsyncClient, which spends as much again on redirects, cookies and credentials; of all
    these there are to be none. One user's cookie must not go with another's request.
    """
    tls = _tls()

    def session() -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(limit=MAX_CONNECTIONS, ssl=tls)
        made = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": f"callinfo/{__version__}"},
        )
        # aiohttp repeats a GET on a lost connection by itself and at once: then our one retry would be three
        made._retry_connection = False  # noqa: SLF001 - there is no public switch; a test counts connections
        return made

    return AiohttpTransport(verify=tls, client=session)
