"""The HTTP server: the port, health for the platform, metrics, and a shutdown that loses nobody's answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from http import HTTPStatus
from typing import Any

from aiohttp import web

from bot.inbound.cometchat_events import PATH, CometChatEvents
from bot.inbound.http_events import HttpEvents
from bot.inbound.mcp import McpEndpoint
from bot.inbound.slack_requests import MAX_BODY
from bot.observability.metrics import CONTENT_TYPE, Metrics
from bot.slack.manifest import EVENTS, MCP

# Above the 90 s after which Heroku's router closes an idle connection, so that it never picks a dying one
KEEP_ALIVE_SECONDS = 95.0
HEAD_SECONDS = 10.0
"""How long the first bytes of a connection may take, and a request's head from its first byte to its last.

A head that begins in the packet that ends the request before it has KEEP_ALIVE_SECONDS: no more than an idle connection.
"""
# How long the rest of a refused body is read; with aiohttp's 10 s, a flood keeps hundreds of dead connections
LINGERING_SECONDS = 1.0
CLOSING_SECONDS = 3.0
"""How long requests may take to end once the work after their acks is done: Slack waits no longer for an ack."""

READY, STARTING, SHUTTING_DOWN, NOT_CONNECTED = "ready", "starting", "shutting down", "not connected to Slack"
"""What `/readyz` says; `python -m bot check` knows a bot by it."""

_BACKLOG = 128  # as aiohttp has it

Handler = Callable[[web.Request], Awaitable[web.Response]]


class Server:
    """Serves `/livez`, `/readyz` and `/metrics`; the other paths where there is somebody for them.

    `/readyz` is 200 only while `is_connected` says that Slack reaches the bot.
    """

    def __init__(
        self,
        metrics: Metrics,
        events: HttpEvents | None,
        is_connected: Callable[[], bool] = lambda: True,
        *,
        cometchat_events: CometChatEvents | None = None,
        mcp: McpEndpoint | None = None,
    ) -> None:
        self._metrics = metrics
        self._is_connected = is_connected
        metrics.watch_connection(is_connected)
        self._is_started = False
        self._is_draining = False
        app = web.Application(client_max_size=MAX_BODY)
        ways_in: tuple[tuple[str, HttpEvents | CometChatEvents | McpEndpoint | None], ...] = (
            (EVENTS, events),
            (PATH, cometchat_events),
            (MCP, mcp),
        )
        for path, way_in in ways_in:
            if way_in:
                app.router.add_post(path, partial(self._handled, way_in.handle))
                app.router.add_route("*", path, partial(self._handled, way_in.handle_wrong_method))
        app.router.add_get("/livez", self._livez)
        app.router.add_get("/readyz", self._readyz)
        app.router.add_get("/metrics", self._metrics_text)
        self._runner = web.AppRunner(
            app,
            shutdown_timeout=CLOSING_SECONDS,
            handler_cancellation=False,  # a repeat may wait for the response to a request whose sender hung up
        )
        self._listening: asyncio.Server | None = None
        self.port = 0

    async def listen(self, host: str, port: int) -> None:
        """Open the port; `self.port` says which, where 0 asked for any."""
        await self._runner.setup()
        loop = asyncio.get_running_loop()
        options: dict[str, Any] = {
            "loop": loop,
            "access_log": None,
            "keepalive_timeout": KEEP_ALIVE_SECONDS,
            "lingering_time": LINGERING_SECONDS,
            "auto_decompress": False,  # Slack packs nothing; unpacking anybody's bytes costs work, and errors
        }
        connect = partial(_Connection, self._runner.server, **options)  # type: ignore[arg-type] # None before `setup`
        self._listening = await loop.create_server(connect, host, port, backlog=_BACKLOG)
        self.port = self._listening.sockets[0].getsockname()[1]

    def ready(self) -> None:
        """Let `/readyz` say 200."""
        self._is_started = True

    def begin_drain(self) -> None:
        """Let `/readyz` say 503, and each connection end with its next response. The port stays open to say so."""
        self._is_draining = True
        self._metrics.drain()

    async def close(self) -> None:
        """Close the port, after CLOSING_SECONDS at most for the requests under way."""
        if self._listening:
            self._listening.close()
        await self._runner.cleanup()

    async def _handled(self, handle: Handler, request: web.Request) -> web.Response:
        response = await handle(request)
        if self._is_draining:
            response.force_close()
        return response

    async def _livez(self, _: web.Request) -> web.Response:
        return web.Response(text="alive")

    async def _readyz(self, _: web.Request) -> web.Response:
        state = self._state()
        status = HTTPStatus.OK if state == READY else HTTPStatus.SERVICE_UNAVAILABLE
        return web.Response(status=status, text=state)

    def _state(self) -> str:
        if self._is_draining:
            return SHUTTING_DOWN
        if not self._is_started:
            return STARTING
        return READY if self._is_connected() else NOT_CONNECTED

    async def _metrics_text(self, _: web.Request) -> web.Response:
        return web.Response(body=self._metrics.text(), headers={"Content-Type": CONTENT_TYPE})


class _Connection(web.RequestHandler):
    """Ends after HEAD_SECONDS of waiting for a head: aiohttp waits for it as long as for an idle connection's next."""

    __slots__ = ("_head_timer",)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._head_timer: asyncio.TimerHandle | None = None
        self._time_head()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if not self._is_waiting():  # the head is complete
            self._stop_timer()
        elif not self._head_timer:
            self._time_head()

    def connection_lost(self, exc: BaseException | None) -> None:
        self._stop_timer()
        super().connection_lost(exc)

    def _is_waiting(self) -> bool:
        return self._waiter is not None and not self._waiter.done()

    def _time_head(self) -> None:
        self._head_timer = asyncio.get_running_loop().call_later(HEAD_SECONDS, self._head_is_late)

    def _stop_timer(self) -> None:
        if self._head_timer:
            self._head_timer.cancel()
            self._head_timer = None

    def _head_is_late(self) -> None:
        if self._is_waiting():
            self.force_close()
