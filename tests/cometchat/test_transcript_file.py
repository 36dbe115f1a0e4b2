"""Files are downloaded from CometChat's hosts and from nowhere else: what is refused is refused before any connection."""

import asyncio
import gzip
import socket
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from bot.cometchat import (
    BadAnswerError,
    CometChat,
    FileGoneError,
    NoAnswerInTimeError,
    TooLargeError,
    TrustedAddresses,
    UnavailableError,
    UntrustedAddressError,
)
from bot.cometchat.transcript_file import MAX_FILE, TranscriptFiles, is_public

BASE = "http://127.0.0.1:8080/v3.0"
NAME = "transcripts.cometchat.io"


@dataclass
class Server:
    """A server of plain HTTP, which remembers what it was asked, and who connected."""

    answer: Callable[[web.BaseRequest], web.StreamResponse]
    port: int = 0
    requests: list[web.BaseRequest] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@asynccontextmanager
async def serving(
    answer: Callable[[web.BaseRequest], web.StreamResponse] = lambda _: web.Response(body=b"[]"),
) -> AsyncIterator[Server]:
    server = Server(answer)

    async def handle(request: web.BaseRequest) -> web.StreamResponse:
        server.requests.append(request)
        return server.answer(request)

    runner = web.ServerRunner(web.Server(handle, access_log=None), shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.port = runner.addresses[0][1]
    try:
        yield server
    finally:
        await runner.cleanup()


class Names(AbstractResolver):
    """A resolver that knows one answer for each name."""

    def __init__(self, **addresses: str) -> None:
        self.addresses = {name.replace("_", "."): address for name, address in addresses.items()}
        self.asked: list[str] = []

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        self.asked.append(host)
        address = self.addresses[host]
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        return [
            ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=0),
        ]

    async def close(self) -> None: ...


@asynccontextmanager
async def files(base_url: str, names: AbstractResolver | None = None) -> AsyncIterator[TranscriptFiles]:
    files = TranscriptFiles(base_url, httpx.create_ssl_context, resolver=names)
    try:
        yield files
    finally:
        await files.close()


@pytest.mark.parametrize(
    "address",
    [
        "https://cometchat.io/file.json",
        "https://transcripts.cometchat.io/app/transcript_2026-01-01T10:00:00.000Z_t.json",
        "https://TRANSCRIPTS.CometChat.COM:443/file.json?x=1#y",
        "http://127.0.0.1:8080/anything",
    ],
)
def test_an_address_of_cometchat_s_is_trusted(address: str) -> None:
    assert TrustedAddresses(BASE).parse(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "file.json",
        "//cometchat.io/x",
        "http://transcripts.cometchat.io/x",
        "https://transcripts.cometchat.io:8443/x",
        "https://user@cometchat.io/x",
        "https://:secret@cometchat.io/x",
        "https://cometchat.io@evil.example/x",
        "https://cometchat.io.evil.example/x",
        "https://evilcometchat.io/x",
        "https://evil.example/cometchat.io",
        "https://evil.example#.cometchat.io",
        "https://evil.example\\.cometchat.io/x",
        "https://cometchat.io./x",
        "https://сometchat.io/x",  # the first letter is Cyrillic
        "https://cometchat。io.evil.example/x",
        "https://127.0.0.1:8080/x",
        "http://127.0.0.1:8081/x",
        "http://127.0.0.1/x",
        "http://localhost:8080/x",
        "http://u@127.0.0.1:8080/x",
        "http://169.254.169.254/latest/meta-data/",
        "https://[::1]/x",
        "https://2130706433/x",
        "ftp://cometchat.io/x",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://cometchat.io:99999/x",
        "https://[cometchat.io/x",
        "https://cometchat.io/" + "x" * 2_000,
    ],
)
def test_any_other_address_is_not(address: str) -> None:
    assert TrustedAddresses(BASE).parse(address) is None


@given(st.text(max_size=30), st.text(max_size=10))
def test_whatever_is_put_around_it_only_a_host_of_cometchat_s_is_trusted(before: str, after: str) -> None:
    url = TrustedAddresses(BASE).parse(f"https://{before}cometchat.io{after}")
    if url:
        assert url.scheme == "https"
        assert url.host == "cometchat.io" or (url.host or "").endswith(".cometchat.io")


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("::ffff:8.8.8.8", True),
        ("64:ff9b::808:808", True),
        ("0.0.0.0", False),  # noqa: S104 - it is refused
        ("10.1.2.3", False),
        ("100.64.0.1", False),
        ("127.0.0.1", False),
        ("169.254.169.254", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("224.0.0.1", False),
        ("240.0.0.1", False),
        ("255.255.255.255", False),
        ("::", False),
        ("::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:169.254.169.254", False),
        ("64:ff9b::a9fe:a9fe", False),
        ("2002:a9fe:a9fe::1", False),
        ("fe80::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("ff02::1", False),
    ],
)
def test_an_address_is_public_or_refused(address: str, public: bool) -> None:  # noqa: FBT001 - a table
    if address == "::ffff:8.8.8.8" and not is_public(address):
        pytest.skip("this Python counts no mapped address as global")  # which errs on the safe side
    assert is_public(address) is public


async def test_a_file_on_the_configured_host_is_read_without_a_key_and_without_cookies() -> None:
    def answer(_: web.BaseRequest) -> web.Response:
        response = web.Response(body=b'{"events": []}')
        response.set_cookie("session", "1")
        return response

    async with serving(answer) as server, CometChat(f"{server.url}/v3.0", SecretStr("key")) as cometchat:
        for _ in range(2):
            body = await cometchat.get_transcript_file(f"{server.url}/file.json", most=100, within=5)
            assert body == b'{"events": []}'
    for request in server.requests:
        assert not {"apikey", "onbehalfof", "cookie", "authorization"} & {
            each.lower() for each in request.headers
        }


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "169.254.169.254", "10.0.0.7", "::1", "fd00::7", "::ffff:127.0.0.1"]
)
async def test_a_name_of_cometchat_s_that_leads_inside_is_refused_by_the_socket(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    connected = _connections(monkeypatch)
    names = Names(transcripts_cometchat_io=address)
    async with files(BASE, names) as downloads:
        with pytest.raises(UntrustedAddressError, match="private"):
            await downloads.get(f"https://{NAME}/file.json")
    assert names.asked == [NAME]
    assert connected == []


async def test_a_public_address_is_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    connected = _connections(monkeypatch)
    async with files(BASE, Names(transcripts_cometchat_io="8.8.8.8")) as downloads:
        with pytest.raises(UnavailableError):
            await downloads.get(f"https://{NAME}/file.json")
    assert connected == [("8.8.8.8", 443)]


@pytest.mark.parametrize(
    "target",
    [
        "http://169.254.169.254/latest/meta-data/",
        "https://evil.example/file.json",
        "https://127.0.0.1/file.json",
        "http://transcripts.cometchat.io/file.json",
        "//evil.example/file.json",
        "file:///etc/passwd",
        "http://[",
        "",
    ],
)
async def test_a_redirect_elsewhere_is_refused_before_a_connection_is_made(
    target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serving(lambda _: web.Response(status=302, headers={"Location": target})) as server:
        connected = _connections(monkeypatch)
        async with files(server.url, Names()) as downloads:
            with pytest.raises((UntrustedAddressError, BadAnswerError)):
                await downloads.get(f"{server.url}/file.json")
        assert {each[1] for each in connected} == {server.port}


async def test_a_redirect_to_another_port_of_the_configured_host_is_refused() -> None:
    async with serving() as other:
        to = {"Location": f"{other.url}/file.json"}
        async with (
            serving(lambda _: web.Response(status=307, headers=to)) as server,
            files(server.url) as downloads,
        ):
            with pytest.raises(UntrustedAddressError):
                await downloads.get(f"{server.url}/file.json")
        assert other.requests == []


async def test_a_redirect_to_a_name_of_cometchat_s_that_leads_inside_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    to = {"Location": f"https://{NAME}/file.json"}
    async with serving(lambda _: web.Response(status=301, headers=to)) as server:
        connected = _connections(monkeypatch)
        async with files(server.url, Names(transcripts_cometchat_io="192.168.0.1")) as downloads:
            with pytest.raises(UntrustedAddressError):
                await downloads.get(f"{server.url}/file.json")
        assert {each[0] for each in connected} == {"127.0.0.1"}


async def test_a_redirect_within_cometchat_is_followed_and_not_for_ever() -> None:
    def answer(request: web.BaseRequest) -> web.Response:
        if request.path == "/there":
            return web.Response(body=b"[]")
        return web.Response(
            status=302, headers={"Location": "/there" if request.path == "/here" else "/round"}
        )

    async with serving(answer) as server, files(f"{server.url}/v3.0") as downloads:
        assert await downloads.get(f"{server.url}/here") == b"[]"
        with pytest.raises(BadAnswerError, match="redirects"):
            await downloads.get(f"{server.url}/round")


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (204, BadAnswerError),
        (400, BadAnswerError),
        (403, FileGoneError),
        (404, FileGoneError),
        (410, FileGoneError),
        (429, UnavailableError),
        (500, UnavailableError),
        (503, UnavailableError),
    ],
)
async def test_any_status_but_200_says_what_is_wrong(status: int, error: type[Exception]) -> None:
    async with serving(lambda _: web.Response(status=status)) as server, files(server.url) as downloads:
        with pytest.raises(error):
            await downloads.get(f"{server.url}/file.json")


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (b"x" * (MAX_FILE + 1), "identity"),
        (gzip.compress(b"x" * (MAX_FILE + 1)), "gzip"),
        (gzip.compress(b"\0" * 50_000_000, 1), "gzip"),
        (zlib.compress(b"x" * (MAX_FILE + 1)), "deflate"),
    ],
    ids=["plain", "gzip", "a bomb", "deflate"],
)
async def test_a_file_over_five_megabytes_is_refused_as_it_comes_or_unpacked(
    body: bytes, encoding: str
) -> None:
    how = {"Content-Encoding": encoding}
    async with (
        serving(lambda _: web.Response(body=body, headers=how)) as server,
        files(server.url) as downloads,
    ):
        with pytest.raises(TooLargeError):
            await downloads.get(f"{server.url}/file.json")


async def test_a_file_of_exactly_the_limit_is_read_packed_too() -> None:
    whole = b"x" * 1_000
    how = {"Content-Encoding": "gzip"}
    async with (
        serving(lambda _: web.Response(body=gzip.compress(whole), headers=how)) as server,
        files(server.url) as downloads,
    ):
        assert await downloads.get(f"{server.url}/file.json", most=1_000) == whole
        with pytest.raises(TooLargeError):
            await downloads.get(f"{server.url}/file.json", most=999)


async def test_a_packed_file_that_is_broken_is_a_bad_answer() -> None:
    how = {"Content-Encoding": "gzip"}
    async with (
        serving(lambda _: web.Response(body=b"no gzip", headers=how)) as server,
        files(server.url) as downloads,
    ):
        with pytest.raises(BadAnswerError):
            await downloads.get(f"{server.url}/file.json")


async def test_a_file_that_does_not_come_is_given_up() -> None:
    connections: set[asyncio.Future[None]] = set()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.add(over := asyncio.get_running_loop().create_future())
        await reader.read()
        writer.close()
        await writer.wait_closed()
        over.set_result(None)

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with files(url) as downloads:
        for within in (0.05, 0.0, -1.0):
            with pytest.raises(NoAnswerInTimeError):
                await downloads.get(f"{url}/file.json", within=within)
    server.close()
    await asyncio.gather(*connections)


async def test_a_server_that_hangs_up_or_is_not_there_is_unavailable() -> None:
    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with files(url) as downloads:
        with pytest.raises(UnavailableError):
            await downloads.get(f"{url}/file.json")
    server.close()
    await server.wait_closed()
    async with files(url) as downloads:
        with pytest.raises(UnavailableError):
            await downloads.get(f"{url}/file.json")


def _connections(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Note each address that a socket is connected to; only this machine's own are really connected to."""
    connected: list[tuple[str, int]] = []
    really = asyncio.selector_events.BaseSelectorEventLoop.sock_connect

    async def connect(
        loop: asyncio.selector_events.BaseSelectorEventLoop, sock: socket.socket, address: tuple[str, int]
    ) -> None:
        connected.append(address[:2])
        if address[0] != "127.0.0.1":
            raise OSError("no network in tests")
        await really(loop, sock, address)

    monkeypatch.setattr(asyncio.selector_events.BaseSelectorEventLoop, "sock_connect", connect)
    return connected
