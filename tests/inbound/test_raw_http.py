"""HTTP by bare sockets: what no client would send, and no library would let one. Never a 5xx, never a hang."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from aiohttp.http_parser import HttpRequestParser, HttpRequestParserPy
from structlog.testing import capture_logs

from bot.inbound.slack_requests import MAX_BODY
from bot.playground.run import SIGNING_SECRET, Playground, playground
from bot.playground.slack import sign

BODY = b"command=%2Fcallinfo&text=help&team_id=T1&user_id=U1&response_url=x"
FORM = {"Host": "x", "Content-Type": "application/x-www-form-urlencoded"}
LENGTH = {"Content-Length": str(len(BODY))}
NEVER = 10.0  # seconds after which something hangs


def signed(body: bytes = BODY) -> dict[str, str]:
    return sign(SIGNING_SECRET, body, time.time())


def head(*lines: str) -> bytes:
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def post(headers: dict[str, str], body: bytes = b"", *, version: str = "1.1") -> bytes:
    lines = [f"{name}: {value}" for name, value in headers.items()]
    return head(f"POST /slack/events HTTP/{version}", *lines) + body


class Line:
    """A connection to the bot."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._with_bodies = True

    def send(self, raw: bytes) -> None:
        self._with_bodies = not raw.startswith(b"HEAD")
        self._writer.write(raw)

    def hang_up(self) -> None:
        self._writer.write_eof()

    async def status(self) -> int:
        """Read an answer, its body too; return its status."""
        async with asyncio.timeout(NEVER):
            raw = await self._reader.readuntil(b"\r\n\r\n")
            first, _, rest = raw.partition(b"\r\n")
            for line in rest.lower().split(b"\r\n"):
                if self._with_bodies and line.startswith(b"content-length:"):
                    await self._reader.readexactly(int(line.partition(b":")[2]))
            return int(first.split()[1])

    async def rest(self) -> bytes:
        """Return what else comes until the bot closes the connection; what is sent after that is answered by a reset."""
        async with asyncio.timeout(NEVER):
            try:
                return await self._reader.read()
            except ConnectionResetError:
                return b""

    async def close(self) -> None:
        self._writer.close()
        await asyncio.gather(self._writer.wait_closed(), return_exceptions=True)


@asynccontextmanager
async def line_to(ground: Playground) -> AsyncIterator[Line]:
    url = httpx.URL(ground.bot_url)
    line = Line(*await asyncio.open_connection(url.host, url.port))
    try:
        yield line
    finally:
        await line.close()


async def status_of(ground: Playground, raw: bytes) -> int:
    async with line_to(ground) as line:
        line.send(raw)
        return await line.status()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for slow ones as briefly as a test would."""
    monkeypatch.setattr("bot.inbound.http_events.READ_SECONDS", 0.3)
    monkeypatch.setattr("bot.inbound.server.HEAD_SECONDS", 0.6)


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
        (b"\r\n\r\nhello\r\n\r\n", 400),
        (head("GET"), 400),
        (head("GET / HTTP/9.9", "Host: x"), 400),
        (head("GET /livez HTTP/1.1", "no colon"), 400),
        (head("GET /livez HTTP/1.1", "Host: x", "X: a\0b"), 400),
        (head("GET /livez HTTP/1.1", "Host: x", *(f"X-{n}: a" for n in range(1000))), 400),
        (head("GET /livez HTTP/1.1", "Host: x", "X: " + "a" * 20_000), 400),
        (head("GET /" + "a" * 20_000 + " HTTP/1.1", "Host: x"), 400),
        (head("GET /%00%ff%zz HTTP/1.1", "Host: x"), 404),
        (head("GET //../../etc/passwd HTTP/1.1", "Host: x"), 404),
        (head("GET http://elsewhere/ HTTP/1.1", "Host: x"), 404),
        (head("PROPFIND /slack/events HTTP/1.1", "Host: x"), 405),
        (head("OPTIONS * HTTP/1.1", "Host: x"), 404),
        (head("OPTIONS /slack/events HTTP/1.1", "Host: x"), 405),
        (head("TRACE /slack/events HTTP/1.1", "Host: x"), 405),
        (head("HEAD /slack/events HTTP/1.1", "Host: x"), 405),
        (head("HEAD /livez HTTP/1.1", "Host: x"), 200),
        (head("PUT /slack/events HTTP/1.1", "Host: x", "Content-Length: 0"), 405),
        (head("POST /livez HTTP/1.1", "Host: x", "Content-Length: 0"), 405),
        (head("CONNECT elsewhere:443 HTTP/1.1", "Host: x"), 404),
        (head("POST /slack/events HTTP/1.1", "Host: x", "Expect: a miracle", "Content-Length: 1"), 417),
        (head("GET /livez HTTP/1.1", "Host: x", "Upgrade: websocket", "Connection: upgrade"), 200),
        (head("GET /livez HTTP/1.0"), 200),
        (head("GET /livez HTTP/1.1", "Host: x", "Content-Length: 5"), 200),
    ],
)
async def test_what_is_no_request_of_slack_s_gets_its_status(
    ground: Playground, raw: bytes, status: int
) -> None:
    assert await status_of(ground, raw) == status


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        (LENGTH, BODY, 200),
        ({"Transfer-Encoding": "chunked"}, b"%x\r\n%b\r\n0\r\n\r\n" % (len(BODY), BODY), 200),
        ({"Transfer-Encoding": "chunked"}, b"".join(b"1\r\n%c\r\n" % c for c in BODY) + b"0\r\n\r\n", 200),
        ({"Transfer-Encoding": "chunked"}, b"zz\r\n" + BODY, 400),
        ({"Transfer-Encoding": "chunked"}, b"-5\r\n" + BODY, 400),
        ({"Transfer-Encoding": "chunked"}, b"5\r\nabcdefgh\r\n", 400),
        ({"Transfer-Encoding": "chunked"}, b"5\r\nabc", 400),
        ({"Transfer-Encoding": "chunked"}, b"ffffffffffffffff\r\nabc", 400),
        ({"Transfer-Encoding": "chunked"}, b"50000\r\n" + b"a" * 0x50000 + b"\r\n0\r\n\r\n", 413),
        ({"Transfer-Encoding": "gzip"}, BODY, 400),
        ({"Transfer-Encoding": "chunked"} | LENGTH, BODY, 400),
        ({"Content-Length": "-1"}, BODY, 400),
        ({"Content-Length": "0x10"}, BODY, 400),
        ({"Content-Length": "5, 6"}, BODY, 400),
        ({"Content-Length": "9" * 40}, BODY, 400),
        ({"Content-Length": str(MAX_BODY + 1)}, BODY, 413),
        ({"Content-Length": str(len(BODY) + 50)}, BODY, 400),  # the rest never comes
        ({"Content-Length": str(len(BODY) - 1)}, BODY, 400),  # what is left over is no request
        ({"Content-Length": "0"}, b"", 401),
        ({}, b"", 401),
        (LENGTH | {"Content-Encoding": "gzip"}, BODY, 400),
        (LENGTH | {"Content-Encoding": "Identity"}, BODY, 200),
        (LENGTH | {"Content-Type": "text/plain"}, BODY, 400),
        (LENGTH | {"Content-Type": "multipart/form-data; boundary=x"}, BODY, 400),
        (LENGTH | {"Content-Type": ""}, BODY, 400),
        (LENGTH | {"Content-Type": "Application/X-WWW-Form-Urlencoded; Charset=UTF-8"}, BODY, 200),
        (LENGTH | {"X-Slack-Signature": "v0=" + "é" * 64}, BODY, 401),
        (LENGTH | {"Connection": "close"}, BODY, 200),
    ],
)
async def test_a_body_that_is_not_as_its_headers_say_is_refused(
    ground: Playground, monkeypatch: pytest.MonkeyPatch, headers: dict[str, str], body: bytes, status: int
) -> None:
    if status != 400:
        monkeypatch.setattr("bot.inbound.http_events.READ_SECONDS", NEVER)  # all of the body does come
    assert await status_of(ground, post(FORM | signed() | headers, body)) == status


@pytest.mark.parametrize("parser", [HttpRequestParser, HttpRequestParserPy], ids=["usual", "python"])
@pytest.mark.parametrize("more", [b"zz\r\n", b"5\r\nabcdefgh\r\n", b"-1\r\n"])
async def test_a_body_that_goes_wrong_once_it_is_being_read_is_refused(
    ground: Playground, monkeypatch: pytest.MonkeyPatch, parser: type, more: bytes
) -> None:
    """One parser reports it to the reader. The other, for machines without a wheel of aiohttp's, raises."""
    monkeypatch.setattr("aiohttp.web_protocol.HttpRequestParser", parser)
    async with line_to(ground) as line:
        line.send(post(FORM | signed() | {"Transfer-Encoding": "chunked", "Expect": "100-continue"}))
        assert await line.status() == 100  # now the bot reads
        line.send(b"3\r\ncom\r\n" + more)
        assert await line.status() == 400


async def test_http_1_0_is_answered_and_the_connection_ends(ground: Playground) -> None:
    async with line_to(ground) as line:
        line.send(post(FORM | signed() | LENGTH, BODY, version="1.0"))
        assert await line.status() == 200
        assert await line.rest() == b""


async def test_who_waits_for_100_continue_gets_it(
    ground: Playground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.inbound.http_events.READ_SECONDS", NEVER)  # the body does come
    async with line_to(ground) as line:
        line.send(post(FORM | signed() | LENGTH | {"Expect": "100-continue"}))
        assert await line.status() == 100
        line.send(BODY)
        assert await line.status() == 200


async def test_requests_sent_in_one_go_are_answered_in_turn(ground: Playground) -> None:
    refused = post(FORM | LENGTH, BODY)
    alive = head("GET /livez HTTP/1.1", "Host: x")
    async with line_to(ground) as line:
        line.send(post(FORM | signed() | LENGTH, BODY) + alive + refused + head("GET /x HTTP/1.1", "Host: x"))
        assert [await line.status() for _ in range(4)] == [200, 200, 401, 404]
        line.send(alive * 100)
        assert [await line.status() for _ in range(100)] == [200] * 100


async def test_a_body_that_comes_a_byte_at_a_time_is_not_waited_for(ground: Playground) -> None:
    async with line_to(ground) as line:
        line.send(post(FORM | signed() | LENGTH))
        drip = asyncio.create_task(_drip(line))
        assert await line.status() == 400
        await line.rest()  # ends: the connection is closed
        drip.cancel()


async def test_a_head_that_comes_a_byte_at_a_time_is_not_waited_for(ground: Playground) -> None:
    async with line_to(ground) as line:
        line.send(b"POST /slack/events HTTP/1.1\r\nX: ")
        drip = asyncio.create_task(_drip(line))
        assert await line.rest() == b""
        drip.cancel()


async def test_nor_is_the_next_head_of_a_connection_that_was_answered(ground: Playground) -> None:
    async with line_to(ground) as line:
        line.send(head("GET /livez HTTP/1.1", "Host: x"))
        assert await line.status() == 200
        line.send(b"GET /livez HTTP/1.1\r\nX: ")
        drip = asyncio.create_task(_drip(line))
        assert await line.rest() == b""
        drip.cancel()


async def test_a_connection_that_was_answered_may_be_idle_for_longer_than_a_head_may_take(
    ground: Playground,
) -> None:
    async with line_to(ground) as line:
        for _ in range(2):
            line.send(head("GET /livez HTTP/1.1", "Host: x"))
            assert await line.status() == 200
            await asyncio.sleep(0.9)
        line.send(post(FORM | signed() | LENGTH, BODY))
        assert await line.status() == 200


async def test_a_connection_that_says_nothing_is_closed(ground: Playground) -> None:
    async with line_to(ground) as line:
        assert await line.rest() == b""


@pytest.mark.parametrize(
    "sent", [b"", b"POST /sla", post(FORM | LENGTH), post(FORM | signed() | LENGTH, b"c")]
)
async def test_who_hangs_up_leaves_nothing_behind(ground: Playground, sent: bytes) -> None:
    async with line_to(ground) as line:
        line.send(sent)
        line.hang_up()
        answer = await line.rest()
        assert not answer or b" 40" in answer[:13]
    assert await status_of(ground, head("GET /livez HTTP/1.1", "Host: x")) == 200


async def test_a_flood_of_refused_requests_is_two_lines_in_the_log_with_their_count() -> None:
    with capture_logs() as logs:
        async with playground() as ground, line_to(ground) as line:
            for _ in range(200):
                line.send(post(FORM | LENGTH, BODY))
                assert await line.status() == 401
                line.send(head("GET /wp-login.php HTTP/1.1", "Host: x"))
                assert await line.status() == 404
    refused = [each for each in logs if each["event"] == "request refused"]
    assert [each.get("more") for each in refused] == [None, 199]
    assert {(each["status"], each["reason"]) for each in refused} == {(401, "no usable signature")}
    assert [each for each in logs if each["log_level"] != "info"] == refused


async def _drip(line: Line) -> None:
    while True:
        line.send(b"a")
        await asyncio.sleep(0.05)
