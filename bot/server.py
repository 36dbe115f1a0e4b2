"""HTTP: Slack's requests into Bolt, health for the platform, and a shutdown that loses nobody's answer."""

from __future__ import annotations

import time
from http import HTTPStatus

import structlog
from aiohttp import web
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.signature import SignatureVerifier

from bot.listeners.payloads import ARRIVED
from bot.slack_requests import MAX_BODY, NotSlackError, verified_body

log = structlog.get_logger()

# Above the 90 s after which Heroku's router closes an idle connection, so that it never picks a dying one
KEEP_ALIVE_SECONDS = 95.0


class Server:
    """Serves `/slack/events`, `/livez` and `/readyz`."""

    def __init__(self, slack: AsyncApp, verifier: SignatureVerifier) -> None:
        self._slack = slack
        self._verifier = verifier
        self._ready = False
        self._draining = False
        app = web.Application(client_max_size=MAX_BODY)
        app.router.add_post("/slack/events", self._events)
        app.router.add_get("/livez", self._livez)
        app.router.add_get("/readyz", self._readyz)
        self._runner = web.AppRunner(
            app, access_log=None, keepalive_timeout=KEEP_ALIVE_SECONDS, shutdown_timeout=5.0
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

    async def close(self) -> None:
        """Close the port, and give requests under way a moment to be answered."""
        await self._runner.cleanup()

    async def _events(self, request: web.Request) -> web.Response:
        arrived = time.monotonic()
        try:
            body = verified_body(request.headers, await request.read(), self._verifier)
        except NotSlackError as refusal:
            log.warning("request refused", status=refusal.status, reason=str(refusal))
            return web.Response(status=refusal.status, text=refusal.status.phrase)
        bolt_request = AsyncBoltRequest(
            body=body,
            query=request.query_string,
            headers={name: [value] for name, value in request.headers.items()},
            context={ARRIVED: arrived},
        )
        return self._response(await self._slack.async_dispatch(bolt_request))

    def _response(self, answer: BoltResponse) -> web.Response:
        response = web.Response(
            status=answer.status,
            body=answer.body.encode(),
            content_type="application/json" if answer.body.startswith("{") else "text/plain",
            charset="utf-8",
        )
        if self._draining:
            response.force_close()
        return response

    async def _livez(self, _: web.Request) -> web.Response:
        return web.Response(text="alive")

    async def _readyz(self, _: web.Request) -> web.Response:
        if self._ready and not self._draining:
            return web.Response(text="ready")
        return web.Response(
            status=HTTPStatus.SERVICE_UNAVAILABLE, text="shutting down" if self._draining else "starting"
        )
