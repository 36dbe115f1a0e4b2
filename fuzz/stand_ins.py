"""Slack's and CometChat's side of the fuzzed bot: answers by the number of the case, and looks at what it is sent.

What a bot posts is held against Slack's limits, and searched for marks; neither side ever keeps anything.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections import Counter
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self
from urllib.parse import unquote

from aiohttp import web

from bot.cards.kit.limits import Surface, violations
from bot.cards.subscriptions import VIEW as FORM
from bot.playground.slack.workspace import TEAM_ID
from fuzz import marks
from fuzz.answers import GOOD, HOST, Reply
from fuzz.oracle import Complaint, of_message
from fuzz.people import ADMIN
from fuzz.spoken import file, listed

Answers = Callable[[str], Reply | None]
"""What CometChat answers for a session id; None where it hangs up instead."""
_IDENTITY = {
    "ok": True,
    "url": "https://playground.example.com/",
    "team": "Playground",
    "team_id": TEAM_ID,
    "user": "callinfo",
    "user_id": "U0CALLINFO",
    "bot_id": "B0CALLINFO",
}
_LIST = "/v3.0/calls"
_SESSION = re.compile(r"/v3\.0/calls/([^/?]+)")
_TRANSCRIPTIONS = re.compile(rf"{_SESSION.pattern}/transcriptions")
_FILE = re.compile(r"/files/([0-9]{1,9})")
_NUMBER = re.compile(r"([0-9]+)-")


class StandIns:
    """Enter it to listen. `delay` says how many seconds a session's answer takes, `faults` whether Slack fails at times.

    Transcripts are those of `seed`.
    """

    def __init__(
        self,
        complain: Callable[[Complaint], None],
        answers: Answers,
        *,
        delay: Callable[[str], float] = lambda _: 0.0,
        faults: bool = True,
        seed: int = 1,
    ) -> None:
        self._seed = seed
        self.took: Counter[str] = Counter()
        self._complain = complain
        self._answers = answers
        self._delay = delay
        self._faults = faults
        self._runner = web.ServerRunner(web.Server(self._take, access_log=None))

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0, backlog=1000).start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()

    @property
    def url(self) -> str:
        """The address of both."""
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    @property
    def reply_base(self) -> str:
        """What response_urls begin with."""
        return f"{self.url}/respond"

    async def _take(self, request: web.BaseRequest) -> web.StreamResponse:
        path = request.path
        body = await request.read()
        if path.startswith("/respond/"):
            return self._reply(path, body)
        if path.startswith("/slack/"):
            return self._web_api(path.removeprefix("/slack/"), body, request.query_string)
        if transcript := self._transcript(request.raw_path):
            return self._sent(transcript)
        if session := _SESSION.match(request.raw_path):
            return await self._call(request, unquote(session[1]))
        if path == _LIST:  # which names no case: each answer is the next one's
            self.took["lists"] += 1
            return await self._call(request, f"fuzz-{self.took['lists']}")
        self.took[f"other: {path[:40]}"] += 1
        return web.json_response({"data": []})

    async def _call(self, request: web.BaseRequest, session_id: str) -> web.StreamResponse:
        self.took["calls"] += 1
        if not request.headers.get("onBehalfOf"):
            self._complain(Complaint("CometChat was asked on behalf of nobody", session_id))
        if pause := self._delay(session_id):
            await asyncio.sleep(pause)
        reply = Reply(200, GOOD) if session_id.startswith("good") else self._answers(session_id)
        if reply is None:
            if request.transport:
                request.transport.abort()
            return web.Response()
        return self._sent(reply)

    def _transcript(self, raw_path: str) -> Reply | None:
        """Return a transcript's file, or a list of them, if that is what is asked for."""
        if number := _FILE.match(raw_path):
            self.took["files"] += 1
            return file(self._seed, int(number[1]))
        if session := _TRANSCRIPTIONS.match(raw_path):
            self.took["transcripts"] += 1
            return listed(self._seed, _case(unquote(session[1])))
        return None

    def _sent(self, reply: Reply) -> web.Response:
        headers = {"Content-Type": "application/json", **reply.headers}
        body = reply.body.replace(HOST.encode(), self.url.encode())
        return web.Response(status=reply.status, body=body, headers=headers)

    def _reply(self, path: str, body: bytes) -> web.Response:
        self.took["replies"] += 1
        self._look(body, marks.IN_MESSAGES, "a reply")
        if complaint := of_message(body):
            self._complain(complaint)
        number = _NUMBER.search(path)
        if self._faults and number and (status := _FAULTS.get(int(number[1]) % 50)):
            return web.Response(status=status, text="no", headers={"Retry-After": "1"})
        return web.Response(text="ok")

    def _web_api(self, method: str, body: bytes, query: str) -> web.Response:
        self.took[method] += 1
        try:
            sent: Any = json.loads(body)
        except ValueError:
            sent = {}
        allowed = {"views.open": marks.IN_OPENED_VIEWS, "views.update": marks.IN_FILLED_VIEWS}
        sent = sent if isinstance(sent, dict) else {}
        view = sent.get("view")
        if method == "views.update" and isinstance(view, dict) and view.get("callback_id") == FORM:
            allowed[method] = marks.IN_OPENED_VIEWS  # as it was when it was opened, with another sentence
        told = {name: value for name, value in sent.items() if name != "trigger_id"}
        self._look(json.dumps(told).encode(), allowed.get(method, marks.IN_MESSAGES), method)
        surface: Surface = "home" if method == "views.publish" else "modal"
        if isinstance(view, dict) and (wrong := violations(view, surface)):
            self._complain(Complaint(f"Slack would refuse the {surface}", f"{wrong[:3]}"))
        return web.json_response(_answer(method, query))

    def _look(self, body: bytes, allowed: Any, where: str) -> None:
        if kinds := marks.leaked(body, allowed):
            self._complain(Complaint(f"{where} has a planted {', '.join(sorted(kinds))}", repr(body[:2000])))


_FAULTS = {7: 404, 17: 429, 27: 500, 37: 302}
"""What becomes of the response_url of a case, by its number modulo 50."""


def _case(session_id: str) -> int:
    """Return the number of the case that a session id names, 0 for any other."""
    number = session_id.removeprefix("fuzz-")
    return int(number) if re.fullmatch("[0-9]{1,9}", number) else 0


def _answer(method: str, query: str) -> dict[str, Any]:
    if method == "users.info":
        found = re.search(r"user=([A-Z0-9]+)", query)
        user_id = found[1] if found else ""
        profile = {"real_name": marks.mark("name"), "email": marks.mark("name", "e@example.com")}
        who = {"id": user_id, "team_id": TEAM_ID, "is_admin": user_id == ADMIN.id, "profile": profile}
        return {"ok": True, "user": who}
    return _IDENTITY | {"view": {"id": "V0OPENED"}, "ts": "1763812800.000100", "channel": "D0FUZZ"}
