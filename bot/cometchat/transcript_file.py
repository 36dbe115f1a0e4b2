"""Downloads a transcript's file from CometChat's hosts, and from nowhere else.

The API says where a file is, so its address may be anything. It is only followed by https to CometChat's hosts, and to
exactly the scheme, host and port at which the API itself answers. Each redirect is held to the same rule. A name of
CometChat's that resolves to a private address is refused by the socket that would connect to it: nothing is resolved
again between that check and the connection. No key and no cookie is ever sent.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable
from http import HTTPStatus
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from bot import __version__
from bot.cometchat.errors import (
    BadAnswerError,
    CallProblemError,
    FileGoneError,
    NoAnswerInTimeError,
    TooLargeError,
    UnavailableError,
    UntrustedAddressError,
)

HOSTS = ("cometchat.io", "cometchat.com")
"""CometChat's hosts: these, and all below them."""

MAX_FILE = 5 * 1024 * 1024
"""The largest file that is read, in bytes after decompression."""
FILE_SECONDS = 5.0
"""How long a download may take, redirects included."""
_MAX_REDIRECTS = 3
_MAX_URL = 2_000
_MAX_CONNECTIONS = 50
_CHUNK = 64 * 1024
_HTTPS = 443
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_GONE = frozenset(
    {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.GONE}
)  # storage hides what is not there
_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address


class TrustedAddresses:
    """The rule which addresses are CometChat's; `base_url` is where the API answers."""

    def __init__(self, base_url: str) -> None:
        self._own = URL(base_url).origin()

    def parse(self, text: str) -> URL | None:
        """Return the address if it is CometChat's, else None."""
        try:
            url = URL(text)
            host = url.raw_host or ""
            if len(text) > _MAX_URL or not url.absolute or url.raw_user or url.raw_password:
                return None
            if self.is_own(url):
                return url
        except ValueError:
            return None
        known = any(host == each or host.endswith(f".{each}") for each in HOSTS)
        return url if known and url.scheme == "https" and url.port == _HTTPS else None

    def is_own(self, url: URL) -> bool:
        """Whether the API answers there: by the same scheme, on the same host and port."""
        return url.origin() == self._own


class TranscriptFiles:
    """Downloads files. Enter nothing, but close it. `resolver` looks names up, by default as the machine does."""

    def __init__(
        self, base_url: str, tls: Callable[[], ssl.SSLContext], *, resolver: AbstractResolver | None = None
    ) -> None:
        self._trusted = TrustedAddresses(base_url)
        self._tls = tls
        self._resolver = resolver
        self._sessions: dict[bool, aiohttp.ClientSession] = {}

    async def close(self) -> None:
        """Close the connections."""
        for session in self._sessions.values():
            await session.close()

    async def get(self, address: str, *, most: int = MAX_FILE, within: float = FILE_SECONDS) -> bytes:
        """Return the file: at most so many bytes, after so many seconds at the latest.

        Raises UntrustedAddressError before anything is sent there, FileGoneError or another CallProblemError.
        """
        try:
            async with asyncio.timeout(max(0.0, within)):
                return await self._follow(address, most)
        except TimeoutError:
            raise NoAnswerInTimeError from None
        except aiohttp.ClientConnectorError as error:
            if isinstance(error.os_error, _PrivateAddressError):
                raise UntrustedAddressError("a private address") from None
            raise UnavailableError(type(error).__name__) from None
        except (aiohttp.ContentTypeError, aiohttp.ClientResponseError, aiohttp.ClientPayloadError) as error:
            raise BadAnswerError(type(error).__name__) from None
        except (aiohttp.ClientError, OSError) as error:
            raise UnavailableError(type(error).__name__) from None

    async def _follow(self, address: str, most: int) -> bytes:
        url = self._parse(address)
        for _ in range(_MAX_REDIRECTS + 1):
            async with self._session(url).get(url, allow_redirects=False) as response:
                if response.status not in _REDIRECTS:
                    return await _body(response, most)
                target = response.headers.get(aiohttp.hdrs.LOCATION, "")
            url = self._parse(_joined(url, target))
        raise BadAnswerError("too many redirects")

    def _parse(self, address: str) -> URL:
        if url := self._trusted.parse(address):
            return url
        raise UntrustedAddressError("not CometChat's")

    def _session(self, url: URL) -> aiohttp.ClientSession:
        """Return the session for that address: only the configured one may be private."""
        own = self._trusted.is_own(url)
        if own not in self._sessions:
            self._sessions[own] = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=_MAX_CONNECTIONS,
                    ssl=self._tls(),
                    resolver=self._resolver,
                    socket_factory=None if own else _public_socket,
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": f"callinfo/{__version__}", "Accept": "application/json"},
                trust_env=False,
            )
        return self._sessions[own]


def is_public(host: str) -> bool:
    """Whether an IP address belongs to the internet: neither private, loopback nor link-local, nor a way to one."""
    address = ip_address(host)
    return all(each.is_global and not each.is_multicast for each in (address, *_embedded(address)))


def _embedded(address: IPv4Address | IPv6Address) -> list[IPv4Address]:
    """Return the IPv4 addresses that packets to an IPv6 address may end at."""
    if isinstance(address, IPv4Address):
        return []
    nat64 = IPv4Address(int(address) & 0xFFFFFFFF) if address in _NAT64 else None
    return [each for each in (address.ipv4_mapped, address.sixtofour, nat64) if each]


class _PrivateAddressError(OSError):
    """A name resolves to an address that is not of the internet."""


def _public_socket(info: aiohttp.AddrInfoType) -> socket.socket:
    """Return a socket for that address, which is the one that it will be connected to."""
    family, kind, protocol, _, address = info
    if not is_public(str(address[0])):
        raise _PrivateAddressError("refused")
    return socket.socket(family, kind, protocol)


def _joined(url: URL, target: str) -> str:
    try:
        return str(url.join(URL(target)))
    except ValueError:
        return ""


async def _body(response: aiohttp.ClientResponse, most: int) -> bytes:
    """Return the body, which aiohttp decodes in pieces of a bounded size."""
    if response.status != HTTPStatus.OK:
        raise _problem(response.status)
    body = bytearray()
    async for chunk in response.content.iter_chunked(_CHUNK):
        body += chunk
        if len(body) > most:
            raise TooLargeError(f"larger than {most} bytes", status=response.status)
    return bytes(body)


def _problem(status: int) -> CallProblemError:
    if status in _GONE:
        return FileGoneError(status=status)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.TOO_MANY_REQUESTS:
        return UnavailableError(status=status)
    return BadAnswerError("no file", status=status)
