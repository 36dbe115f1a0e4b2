"""HTTP: the port, health for the platform, metrics, and a shutdown that loses nobody's answer.

What Slack posts is http_events.py's to answer; in Socket Mode Slack posts nothing, and the rest is the same.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from http import HTTPStatus

from aiohttp import web

from bot.inbound.http_events import HttpEvents
from bot.inbound.readiness import NOT_CONNECTED, READY, SHUTTING_DOWN, STARTING
from bot.inbound.slack_requests import MAX_BODY
from bot.observability.metrics import CONTENT_TYPE, Metrics

# Above the 90 s after which Heroku's router closes an idle connection, so that it never picks a dying one
KEEP_ALIVE_SECONDS = 95.0
# How long the rest of a refused body is waited for; aiohttp's 10 s keep hundreds of dead connections in a flood
LINGERING_SECONDS = 1.0
CLOSING_SECONDS = 3.0
"""How long requests under way may take once the work after them is done: Slack waits no longer for an ack."""

Handle = Callable[[web.Request], Awaitable[web.Response]]


class Server:
    """Serves `/livez`, `/readyz` and `/metrics`, and `/slack/events` where there are `events`.

    `/readyz` is 200 only while `connected` says that Slack can get through.
    """

    def __init__(
        self, metrics: Metrics, events: HttpEvents | None, connected: Callable[[], bool] = lambda: True
    ) -> None:
        self._metrics = metrics
        self._connected = connected
        metrics.watch_connection(connected)
        self._ready = False
        self._draining = False
        app = web.Application(client_max_size=MAX_BODY)
        if events:
            app.router.add_post("/slack/events", partial(self._answered, events.handle))
            app.router.add_route("*", "/slack/events", partial(self._answered, events.handle_wrong_method))
        app.router.add_get("/livez", self._livez)
        app.router.add_get("/readyz", self._readyz)
        app.router.add_get("/metrics", self._told_metrics)
        self._runner = web.AppRunner(
            app,
            access_log=None,
            keepalive_timeout=KEEP_ALIVE_SECONDS,
            shutdown_timeout=CLOSING_SECONDS,
            lingering_time=LINGERING_SECONDS,
            handler_cancellation=False,  # who hangs up leaves repeats of the request their answer (repeats.py)
            auto_decompress=False,  # Slack packs nothing; unpacking is work, and errors, for anybody's bytes
        )
        self.port = 0

    async def listen(self, host: str, port: int) -> None:
        """Open the port; `self.port` says which, where 0 asked for any."""
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        await site.start()
        self.port = self._runner.addresses[0][1]

    def ready(self) -> None:
        """Let `/readyz` say 200."""
        self._ready = True

    def begin_drain(self) -> None:
        """Let `/readyz` say 503, and each connection end with its next answer. The port stays open to say so."""
        self._draining = True
        self._metrics.drain()

    async def close(self) -> None:
        """Close the port, and give requests under way a moment to be answered."""
        await self._runner.cleanup()

    async def _answered(self, handle: Handle, request: web.Request) -> web.Response:
        response = await handle(request)
        if self._draining:
            response.force_close()
        return response

    async def _livez(self, _: web.Request) -> web.Response:
        return web.Response(text="alive")

    async def _readyz(self, _: web.Request) -> web.Response:
        if obstacle := self._obstacle():
            return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE, text=obstacle)
        return web.Response(text=READY)

    def _obstacle(self) -> str:
        """Return why the bot is not ready, empty where it is."""
        if self._draining:
            return SHUTTING_DOWN
        if not self._ready:
            return STARTING
        return "" if self._connected() else NOT_CONNECTED

    async def _told_metrics(self, _: web.Request) -> web.Response:
        return web.Response(body=self._metrics.text(), headers={"Content-Type": CONTENT_TYPE})
