"""A bot of a few lines that answers whatever a test says, connected to a stand-in Slack."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

from bot.playground.slack import StandInSlack

SECRET = "a-signing-secret"
TONY, STEVE, ROBIN, ALEX = "U0TONY", "U0STEVE", "U0ROBIN", "U0ALEX"
Json = dict[str, Any]

BUTTON: Json = {
    "type": "button",
    "action_id": "share_call",
    "value": "v1.eu.1",
    "text": {"type": "plain_text", "text": "Share"},
}
CARD: Json = {"text": "a call", "blocks": [{"type": "actions", "block_id": "buttons", "elements": [BUTTON]}]}
ASK: Json = {
    "type": "modal",
    "callback_id": "callinfo_ask_session",
    "title": {"type": "plain_text", "text": "Which call?"},
    "submit": {"type": "plain_text", "text": "Look up"},
    "private_metadata": "kept",
    "blocks": [
        {
            "type": "input",
            "block_id": "session_id",
            "label": {"type": "plain_text", "text": "Session id"},
            "element": {"type": "plain_text_input", "action_id": "session_id"},
        }
    ],
}


class Clock:
    """A clock that a test turns on by hand."""

    def __init__(self) -> None:
        self.at = 1_763_812_800.0

    def __call__(self) -> float:
        return self.at


@dataclass
class TinyBot:
    """Answers each request with `status`, `answer` or `text` (`kind` says of what type), after `delay` seconds.

    Where a test puts an event into `held`, each request waits for it. Keeps what it got.
    """

    answer: Json | None = None
    text: str = ""
    kind: str = "text/plain"
    status: int = 200
    delay: float = 0.0
    held: asyncio.Event | None = None
    forms: list[dict[str, str]] = field(default_factory=list)
    headers: list[Mapping[str, str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.Response:
        self.bodies.append(await request.read())
        self.headers.append(request.headers)
        self.forms.append({key: str(value) for key, value in (await request.post()).items()})
        await asyncio.sleep(self.delay)
        if self.held:
            await self.held.wait()
        if self.answer is not None:
            return web.json_response(self.answer, status=self.status)
        return web.Response(text=self.text, status=self.status, content_type=self.kind)

    @property
    def payload(self) -> Json:
        """The last interaction."""
        found: Json = json.loads(self.forms[-1]["payload"])
        return found

    @property
    def response_url(self) -> str:
        """The response URL of the last request, whatever it was."""
        form = self.forms[-1]
        return form["response_url"] if "response_url" in form else str(self.payload["response_url"])


@dataclass
class Scene:
    """The stand-in, the bot, and a way to ask either over HTTP."""

    slack: StandInSlack
    bot: TinyBot
    http: aiohttp.ClientSession

    async def respond(self, url: str, **body: Any) -> tuple[int, str]:
        """Post to a response URL."""
        async with self.http.post(url, json=body) as response:
            return response.status, await response.text()

    async def call(self, method: str, *, token: str = "xoxb-playground", **arguments: Any) -> Json:
        """Call the Web API."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        url = f"{self.slack.web_api_url}{method}"
        async with self.http.post(url, json=arguments, headers=headers) as response:
            found: Json = await response.json()
            return found

    async def page(self, name: str, **body: Any) -> tuple[int, Json]:
        """Post to the page's API."""
        url = f"{self.slack.api_url}{name}"
        async with self.http.post(url, json=body, headers={"X-Playground": "1"}) as response:
            return response.status, await response.json()


@asynccontextmanager
async def scene(**options: Any) -> AsyncIterator[Scene]:
    """A stand-in Slack with a tiny bot connected; options are those of StandInSlack."""
    bot = TinyBot()
    app = web.Application()
    for path in ("/slack/events", "/mcp"):
        app.router.add_post(path, bot.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack = StandInSlack(signing_secret=SECRET, **options)
    await slack.start()
    slack.connect(f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events")
    try:
        async with aiohttp.ClientSession() as http:
            yield Scene(slack, bot, http)
    finally:
        await slack.close()
        await runner.cleanup()
