"""Slack's two sides in the benchmark: it signs commands, and takes what is posted to their `response_url`s.

The way to it can be modelled: a post then counts as there after one round trip, on a fresh connection after three
more (TCP's handshake and TLS's). It also answers `auth.test`, which every program calls at its start or first request,
`users.info` (it is about noon for everybody, far from quiet hours), and all else with a bare `ok`.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import itertools
import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode
from weakref import WeakSet, WeakValueDictionary

from aiohttp import web

from bench.people import SLACK_USERS

BOT_TOKEN = "xoxb-bench"  # noqa: S105 - made up, and never leaves the machine
SIGNING_SECRET = "bench-signing-secret"  # noqa: S105 - as above
TEAM_ID = "T0BENCH01"
_IDENTITY = {
    "ok": True,
    "url": "https://bench.example.com/",
    "team": "Bench",
    "team_id": TEAM_ID,
    "user": "callinfo",
    "user_id": "U0CALLINFO",
    "bot_id": "B0CALLINFO",
}


_MEMBER = {
    "team_id": TEAM_ID,
    "name": "someone",
    "deleted": False,
    "is_bot": False,
    "is_admin": False,
    "profile": {"real_name": "Some One"},
}


@dataclass(frozen=True, slots=True)
class Post:
    """What the bot posted to a `response_url` or as a message, and when (`time.perf_counter()`)."""

    body: bytes
    at: float


@dataclass(frozen=True, slots=True)
class Command:
    """A signed slash command as bytes for the wire, and what will have come to its `response_url` first."""

    request: bytes
    posted: asyncio.Future[Post]


class Slack:
    """Enter it to listen. It runs in the load generator's process, so that one clock times both ends."""

    def __init__(self) -> None:
        self._runner = web.ServerRunner(web.Server(self._take))
        self._numbers = itertools.count(1)
        self._users = itertools.cycle(SLACK_USERS)
        self._awaited: WeakValueDictionary[int, asyncio.Future[Post]] = WeakValueDictionary()
        self._url = ""
        self._seen: WeakSet[asyncio.BaseTransport] = WeakSet()
        self.round_trip = 0.0
        """Seconds to the bot and back, for posts to a `response_url`."""
        self.posted: list[Post] = []
        """What came to `chat.postMessage`."""
        self._noon = f"Etc/GMT{(datetime.now(UTC).hour - 12):+d}"  # the sign is the other way round there

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self._url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()

    @property
    def web_api_url(self) -> str:
        """The value for SLACK_API_URL."""
        return f"{self._url}/api/"

    def command(self, text: str = "", user: str = "") -> Command:
        """Return the next command, of the next user where none is named.

        Without a text it is another session's id each time, so that no cache can help.
        """
        number = next(self._numbers)
        form = {
            "team_id": TEAM_ID,
            "team_domain": "bench",
            "channel_id": "C0BENCH01",
            "channel_name": "calls",
            "user_id": user or next(self._users),
            "user_name": "someone",
            "command": "/callinfo",
            "text": text or f"v1.us.2748663902141719.1763810992{number:040x}",
            "api_app_id": "A0BENCH01",
            "is_enterprise_install": "false",
            "response_url": f"{self._url}/commands/{number}",
            "trigger_id": f"13345224609.738474920.{number:032x}",
        }
        posted = self._awaited[number] = asyncio.get_running_loop().create_future()
        return Command(_signed(urlencode(form).encode()), posted)

    def question(self) -> Command:
        """Return the next question of Slackbot's for the next user: their latest calls. Nothing is posted for it."""
        who = {"slack": {"user_id": next(self._users), "team_id": TEAM_ID}}
        params = {"name": "recent_calls", "arguments": {}, "_meta": who}
        message = {"jsonrpc": "2.0", "id": next(self._numbers), "method": "tools/call", "params": params}
        posted: asyncio.Future[Post] = asyncio.get_running_loop().create_future()
        return Command(_signed(json.dumps(message).encode(), "/mcp", "application/json"), posted)

    async def _take(self, request: web.BaseRequest) -> web.Response:
        body = await request.read()
        if self.round_trip:
            await asyncio.sleep(self.round_trip * self._trips(request))
        at = time.perf_counter()
        if request.path == "/api/auth.test":
            return _json(_IDENTITY)
        if request.path == "/api/users.info":
            return _json({"ok": True, "user": {"id": request.query["user"], **_MEMBER, "tz": self._noon}})
        if request.path == "/api/chat.postMessage":
            self.posted.append(Post(body, at))
            return _json({"ok": True, "ts": f"1763810992.{len(self.posted):06}", "channel": "D0BENCH01"})
        if request.path.startswith("/api/"):
            return _json({"ok": True, "ts": "1763810992.000100", "channel": "D0BENCH01"})
        awaited = self._awaited.get(int(request.path.rpartition("/")[2]))
        if awaited is not None and not awaited.done():
            awaited.set_result(Post(body, at))
        return web.Response(text="ok")

    def _trips(self, request: web.BaseRequest) -> int:
        """Return how many round trips the request takes: one, or on a connection's first request three more."""
        transport = request.transport
        if transport is None or transport in self._seen:
            return 1
        self._seen.add(transport)
        return 4


def _json(answer: dict[str, Any]) -> web.Response:
    return web.Response(body=json.dumps(answer).encode(), content_type="application/json")


def _signed(
    body: bytes, path: str = "/slack/events", content_type: str = "application/x-www-form-urlencoded"
) -> bytes:
    """Return the whole HTTP request (https://docs.slack.dev/authentication/verifying-requests-from-slack)."""
    timestamp = str(int(time.time()))
    signature = hmac.new(SIGNING_SECRET.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256)
    head = (
        f"POST {path} HTTP/1.1\r\n"
        "Host: 127.0.0.1\r\n"
        "User-Agent: Slackbot 1.0 (+https://api.slack.com/robots)\r\n"
        "Accept: application/json,*/*\r\n"
        f"Content-Type: {content_type}\r\n"
        f"X-Slack-Request-Timestamp: {timestamp}\r\n"
        f"X-Slack-Signature: v0={signature.hexdigest()}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
