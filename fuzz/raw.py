"""Raw HTTP that no client would send, byte by byte: request lines, headers, framing, encodings, pipelines. Pure.

None of it is signed, so whatever is understood is refused.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from fuzz import signed
from fuzz.marks import mark
from fuzz.mutate import changed_bytes

_ZEROS = "0" * 64
_HOST = b"Host: bot\r\n"


@dataclass(frozen=True, slots=True)
class Raw:
    """Bytes for a connection. `answers` is how many answers must come; 0 where the bytes may be no whole request."""

    kind: str
    data: bytes
    answers: int = 0
    body_less: bool = False


def raw(rng: Random, body: bytes) -> Raw:
    """Return a case; `body` is a payload as Slack would send it."""
    kind = rng.choices(tuple(_KINDS), _WEIGHTS)[0]
    return _KINDS[kind](rng, body)


def _unsigned(rng: Random, body: bytes) -> Raw:
    """Return a well-formed request whose signature is wrong in one of many ways."""
    stamp = rng.choice(
        (int(time.time()), int(time.time()) - 301, int(time.time()) + 3600, 0, -1, "", "x", "１", "9" * 40)
    )
    signature = rng.choice(
        (
            *(
                f"v0={_ZEROS}",
                "v0=",
                "v1=" + _ZEROS,
                _ZEROS,
                "",
                "é" * 64,
                "v0=" + "Z" * 64,
                "v0=" + _ZEROS * 9,
            ),
            "v0=" + hashlib.sha256(body).hexdigest(),
        )
    )
    headers = {
        "Content-Type": rng.choice(
            (signed.FORM, signed.JSON, "", "text/html", "multipart/form-data; boundary=x")
        ),
        "X-Slack-Request-Timestamp": str(stamp),
        "X-Slack-Signature": signature,
        "X-Junk": mark("words"),
    }
    kept = {name: value for name, value in headers.items() if rng.random() > 0.1}  # noqa: PLR2004 - one in ten
    return Raw("unsigned", signed.request(body, kept), 1)


def _route(rng: Random, body: bytes) -> Raw:
    """Return a request to some route, by some method."""
    path = rng.choice(
        (
            *("/", "/livez", "/readyz", "/metrics", "/slack/events", "/slack/events/", "/slack/events?x=1"),
            *("/slack/install", "//slack/events", "/slack/%65vents", "/../etc/passwd", "/%00", "/%ff", "*"),
            *(
                "/slack/events#x",
                "http://bot/slack/events",
                "http://[/",
                "/" + "a" * 7000,
                "/%zz",
                "/livez/../x",
            ),
            *("/robots.txt", "/admin", "/?" + "a=b&" * 500, "/livez?" + mark("words")),
        )
    )
    method = rng.choice(("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"))
    sent = body[:500] if method in {"POST", "PUT", "PATCH"} else b""
    head = f"{method} {path} HTTP/1.1\r\nHost: bot\r\nContent-Length: {len(sent)}\r\n\r\n"
    return Raw("route", head.encode() + sent, 1, method == "HEAD")


def _request_line(rng: Random, _: bytes) -> Raw:
    line = rng.choice(
        (
            *(
                b"GET",
                b"GET /",
                b"GET / HTTP/1.1 x",
                b"GET / HTTP/9.9",
                b"GET / HTTP/0.9",
                b"GET / HTTP/1.10",
            ),
            *(
                b"get / http/1.1",
                b"G\x00T / HTTP/1.1",
                b" GET / HTTP/1.1",
                b"GET\t/\tHTTP/1.1",
                b"GET  /  HTTP/1.1",
            ),
            *(
                b"\xff\xfe / HTTP/1.1",
                b"POST " + b"/" * 9000 + b" HTTP/1.1",
                b"A" * 20000,
                b"CONNECT bot:1 HTTP/1.1",
            ),
            *(
                b"GET http://user:pw@[::1/ HTTP/1.1",
                b"GET /\x7f\x01 HTTP/1.1",
                "GET /é HTTP/1.1".encode(),
                b"PRI * HTTP/2.0",
            ),
            *(
                b"GET //// HTTP/1.1",
                b"GET ? HTTP/1.1",
                b"GET http://a:99999999/ HTTP/1.1",
                b"GET / HTTP/1.0",
                b"",
            ),
        )
    )
    return Raw("request line", line + rng.choice((b"\r\n", b"\n", b"\r", b"\r\n\r\n")) + _HOST + b"\r\n")


def _headers(rng: Random, body: bytes) -> Raw:
    chosen = rng.sample(
        (
            *(b"Content-Length: -1", b"Content-Length: +5", b"Content-Length: 1e3", b"Content-Length: 5, 5"),
            *(
                b"Content-Length: 99999999999999999999",
                b"Content-Length: 5\r\nContent-Length: 6",
                b"Content-Length:",
            ),
            *(b"Transfer-Encoding: chunked\r\nContent-Length: 3", b"Transfer-Encoding: gzip, chunked"),
            *(
                b"Transfer-Encoding: xchunked",
                b"Transfer-Encoding: chunked, chunked",
                b"Transfer-Encoding : chunked",
            ),
            *(
                b": no name",
                b"No-Colon",
                b"Sp ace: x",
                b" folded: x",
                b"X: a\r\n b",
                b"X: \x00",
                b"X: \xff\xfe",
                b"X: a\nY: b",
            ),
            *(
                b"X: " + b"a" * 9000,
                b"X: y\r\n" * 300,
                b"Host: a\r\nHost: b",
                b"Host:",
                b"Expect: 100-continue",
            ),
            *(
                b"Expect: nonsense",
                b"Upgrade: websocket\r\nConnection: Upgrade",
                b"Connection: keep-alive, close",
            ),
            *(
                b"Content-Encoding: gzip",
                b"Content-Encoding: br",
                b"Content-Type: \xff",
                b"Content-Type: ;;;=",
                b"Cookie: \x01=;=",
            ),
            *(
                b"Content-Type: application/json; charset=no-such",
                b"Range: bytes=-9-",
                b"If-Modified-Since: never",
            ),
            *(b"X-Slack-Signature: v0=a\r\nX-Slack-Signature: v0=b", b"X-Slack-Request-Timestamp: 1\r\n 2"),
        ),
        k=rng.randint(1, 3),
    )
    head = b"POST /slack/events HTTP/1.1\r\n" + _HOST + b"\r\n".join(chosen)
    length = b"" if rng.random() < 0.5 else f"\r\nContent-Length: {len(body)}".encode()  # noqa: PLR2004 - half
    return Raw("headers", head + length + b"\r\n\r\n" + body)


def _chunks(rng: Random, body: bytes) -> Raw:
    size = rng.choice(
        ("-1", "g", "", "0x5", "FFFFFFFFFFFFFFFFF", "5;ext=\x01", " 5", "5 ", "00005", "1" * 3000)
    )
    chunked = (
        f"{size}\r\n".encode()
        + body[:5]
        + rng.choice((b"\r\n", b"", b"\n", b"xx"))
        + b"0\r\n"
        + b"X: y\r\n" * 3
    )
    return Raw("chunks", _chunked_head() + chunked + b"\r\n")


def _well_chunked(rng: Random, body: bytes) -> Raw:
    """Return a body in sound chunks, which a proxy may send."""
    parts, left = [], body
    while left:
        size = rng.randint(1, 1 + len(body) // 3)
        parts.append(f"{len(left[:size]):x}\r\n".encode() + left[:size] + b"\r\n")
        left = left[size:]
    return Raw("well chunked", _chunked_head() + b"".join(parts) + b"0\r\n\r\n", 1)


def _chunked_head() -> bytes:
    return b"POST /slack/events HTTP/1.1\r\n" + _HOST + b"Transfer-Encoding: chunked\r\n\r\n"


def _garbage(rng: Random, _: bytes) -> Raw:
    data = rng.choice(
        (
            rng.randbytes(rng.randint(1, 600)),
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + rng.randbytes(200),  # the beginning of TLS
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + rng.randbytes(30),
            b"SSH-2.0-OpenSSH_9.2\r\n",
            b"\r\n" * rng.randint(1, 500),
            b"PROXY TCP4 1.1.1.1 2.2.2.2 1 2\r\nGET / HTTP/1.1\r\nHost: bot\r\n\r\n",
        )
    )
    return Raw("garbage", data)


def _pipeline(rng: Random, body: bytes) -> Raw:
    """Return several requests at once; each gets an answer."""
    requests = [_unsigned(rng, body).data for _ in range(rng.randint(2, 6))]
    return Raw("pipeline", b"".join(requests), len(requests))


def _mangled(rng: Random, body: bytes) -> Raw:
    steps = [rng.randrange(2**32) for _ in range(rng.randint(1, 4))]
    return Raw("mangled", changed_bytes(_unsigned(rng, body).data, steps))


def _large(rng: Random, _: bytes) -> Raw:
    size = 256 * 1024 + rng.choice((-1, 0, 1, 40_000))
    return Raw("large", signed.request(b"a=" + b"x" * (size - 2), {"Content-Type": signed.FORM}))


_KINDS: dict[str, Callable[[Random, bytes], Raw]] = {
    "unsigned": _unsigned,
    "route": _route,
    "request line": _request_line,
    "headers": _headers,
    "chunks": _chunks,
    "well chunked": _well_chunked,
    "garbage": _garbage,
    "pipeline": _pipeline,
    "mangled": _mangled,
    "large": _large,
}
_WEIGHTS = (45, 15, 6, 10, 4, 4, 4, 4, 8, 0.2)
