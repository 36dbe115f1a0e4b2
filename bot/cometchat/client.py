"""The client: one httpx.AsyncClient with timeouts, one retry and a limit on the size of a response."""

from __future__ import annotations

import asyncio
import random
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Self

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport
from pydantic import SecretStr

from bot import __version__
from bot.cometchat.errors import BadAnswerError, NoAnswerInTimeError, TooLargeError, UnavailableError
from bot.cometchat.ids import SessionId, Uid
from bot.cometchat.listing import CallPage, CallQuery, list_calls_request, parse_page
from bot.cometchat.models import Call
from bot.cometchat.transcript_file import TranscriptFiles
from bot.cometchat.transcriptions import (
    TranscriptionPage,
    list_transcriptions_request,
    parse_transcription_page,
)
from bot.cometchat.wire import (
    RequestParts,
    check_user_request,
    get_call_request,
    parse_calls,
    parse_known,
)

CONNECT_SECONDS = 2.0
TOTAL_SECONDS = 8.0
CHECK_SECONDS = 1.5
"""The timeout of `check_user`: an admin waits for it, and can do without."""
MAX_CONNECTIONS = 300
"""More than the look-ups in flight (throttling/concurrency.py): none waits for a connection."""
MAX_BODY = 4 * 1024 * 1024
"""The largest response that is read, in bytes after decompression."""
_RETRIED = frozenset({502, 503, 504})


@dataclass(frozen=True, slots=True)
class SessionCalls:
    """The calls of a session, at least one, the newest first, and the HTTP status of the response."""

    calls: tuple[Call, ...]
    status: int


@dataclass(frozen=True, slots=True)
class _Response:
    status: int
    headers: dict[str, str]
    body: bytes


class CometChat:
    """A client for one CometChat app. Enter it once and share it; leaving it closes its connections.

    `total` is the timeout of a request in seconds, its retry included. `pause` returns the seconds before a retry.
    """

    def __init__(
        self,
        base_url: str,
        api_key: SecretStr,
        *,
        total: float = TOTAL_SECONDS,
        pause: Callable[[], float] = lambda: random.uniform(0.05, 0.25),  # noqa: S311 - jitter is no secret
    ) -> None:
        self._api_key = api_key
        self._total = total
        self._pause = pause
        self._http = httpx.AsyncClient(
            base_url=base_url,
            headers={"User-Agent": f"callinfo/{__version__}"},
            timeout=httpx.Timeout(None, connect=CONNECT_SECONDS),  # the rest is within the total
            follow_redirects=False,
            # No user's cookie goes with another's request
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
            trust_env=False,
            # httpx's own pool is slow under concurrency
            transport=AiohttpTransport(verify=_tls(), client=_session),
        )
        self._files = TranscriptFiles(base_url, _tls)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()
        await self._files.close()

    async def get_call(self, session_id: SessionId, on_behalf_of: Uid) -> SessionCalls:
        """Return the calls of a session, as the API shows them to that user.

        What the API returns for a user who was not in the call is not documented: callers check that too. Raises a
        CallProblemError, or UnsafeRequestError before anything is sent.
        """
        parts = get_call_request(session_id, on_behalf_of, self._api_key.get_secret_value())
        response = await self._fetch(parts, self._total)
        calls = parse_calls(response.status, response.headers, response.body, on_behalf_of)
        return SessionCalls(calls, response.status)

    async def list_calls(self, query: CallQuery, on_behalf_of: Uid) -> CallPage:
        """Return a page of that user's calls; the API may ignore any filter, and add calls of others.

        Raises a CallProblemError, or UnsafeRequestError before anything is sent.
        """
        parts = list_calls_request(query, on_behalf_of, self._api_key.get_secret_value())
        response = await self._fetch(parts, self._total)
        return parse_page(response.status, response.headers, response.body, query, on_behalf_of)

    async def list_transcriptions(
        self, session_id: SessionId, on_behalf_of: Uid, *, page: int = 1
    ) -> TranscriptionPage:
        """Return a page of a session's transcriptions, as the API shows them to that user.

        Raises a CallProblemError, or UnsafeRequestError before anything is sent.
        """
        api_key = self._api_key.get_secret_value()
        parts = list_transcriptions_request(session_id, on_behalf_of, api_key, page=page)
        response = await self._fetch(parts, self._total)
        return parse_transcription_page(response.status, response.headers, response.body, page=page)

    async def get_transcript_file(self, address: str, *, most: int, within: float) -> bytes:
        """Return a transcript's file: at most so many bytes, after so many seconds at the latest.

        Raises a CallProblemError; UntrustedAddressError before anything is sent to an address that is not CometChat's.
        """
        return await self._files.get(address, most=most, within=within)

    async def check_user(self, uid: Uid) -> None:
        """Return if CometChat knows that user, after CHECK_SECONDS at the latest.

        Raises UnknownUidError if it does not, another CallProblemError if it can't say.
        """
        parts = check_user_request(uid, self._api_key.get_secret_value())
        response = await self._fetch(parts, min(CHECK_SECONDS, self._total))
        parse_known(response.status, response.headers, response.body)

    async def _fetch(self, parts: RequestParts, timeout: float) -> _Response:  # noqa: ASYNC109 - of all its attempts
        """Send the request, once more after a failed connection or a gateway's error; a GET is safe to repeat."""
        try:
            async with asyncio.timeout(timeout):
                try:
                    response = await self._fetch_once(parts)
                except UnavailableError:
                    pass
                else:
                    if response.status not in _RETRIED:
                        return response
                await asyncio.sleep(self._pause())
                return await self._fetch_once(parts)
        except TimeoutError:
            raise NoAnswerInTimeError from None

    async def _fetch_once(self, parts: RequestParts) -> _Response:
        try:
            async with self._http.stream("GET", parts.path, headers=parts.headers) as response:
                return _Response(response.status_code, dict(response.headers), await _body(response))
        except (httpx.DecodingError, aiohttp.ClientResponseError) as error:  # the latter: it is not HTTP
            raise BadAnswerError(_name(error)) from None
        except (httpx.TransportError, aiohttp.ClientError, OSError) as error:
            raise UnavailableError(_name(error)) from None


def _name(error: Exception) -> str:
    """Return the error's type alone: its text may hold the request's headers, with the key."""
    return type(error.__cause__ or error).__name__


async def _body(response: httpx.Response) -> bytes:
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > MAX_BODY:
            raise TooLargeError(f"larger than {MAX_BODY} bytes", status=response.status_code)
    return bytes(body)


@cache
def _tls() -> ssl.SSLContext:
    """Return the trusted certificates, which take 20 ms to read; SSL_CERT_FILE and SSL_CERT_DIR are honoured."""
    return httpx.create_ssl_context()


def _session() -> aiohttp.ClientSession:
    session = aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=MAX_CONNECTIONS, ssl=_tls()),
        cookie_jar=aiohttp.DummyCookieJar(),
    )
    # aiohttp repeats a GET on a lost connection by itself: then our one retry would be three
    session._retry_connection = False  # noqa: SLF001 - there is no public switch; a test counts connections
    return session
