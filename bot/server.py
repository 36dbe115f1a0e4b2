"""HTTP: Slack's requests into Bolt, health for the platform, and a shutdown that loses nobody's answer."""

from __future__ import annotations

import asyncio
import time
from http import HTTPStatus

import structlog
from aiohttp import web
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.signature import SignatureVerifier

from bot.listeners.payloads import ARRIVED
from bot.slack_requests import MAX_BODY, NotSlackError, claimed_signature, verified_body

log = structlog.get_logger()

# Above the 90 s after which Heroku's router closes an idle connection, so that it never picks a dying one
KEEP_ALIVE_SECONDS = 95.0
READ_SECONDS = 3.0


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
            app,
            access_log=None,
            keepalive_timeout=KEEP_ALIVE_SECONDS,
            shutdown_timeout=5.0,
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

    async def close(self) -> None:
        """Close the port, and give requests under way a moment to be answered."""
        await self._runner.cleanup()

    async def _events(self, request: web.Request) -> web.Response:
        arrived = time.monotonic()
        try:
            answer = await self._dispatched(await self._body(request), request, arrived)
        except NotSlackError as refusal:
            log.warning("request refused", status=refusal.status.value, reason=str(refusal))
            return web.Response(status=refusal.status, text=refusal.status.phrase)
        if answer.status >= HTTPStatus.BAD_REQUEST:
            log.warning("request not answered", status=answer.status)
        return self._response(answer)

    async def _body(self, request: web.Request) -> str:
        """Return the verified body; raises NotSlackError."""
        claim = claimed_signature(request.headers)
        try:
            async with asyncio.timeout(READ_SECONDS):
                body = await request.read()
        except TimeoutError:
            raise NotSlackError(HTTPStatus.BAD_REQUEST, "body did not come in time") from None
        except web.HTTPRequestEntityTooLarge:
            raise NotSlackError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "body is too large") from None
        return verified_body(claim, body, request.headers.get("Content-Type", ""), self._verifier)

    async def _dispatched(self, body: str, request: web.Request, arrived: float) -> BoltResponse:
        """Return Bolt's answer; raises NotSlackError for a payload of a shape that Slack doesn't send.

        Listeners let nothing escape; what is raised here comes from Bolt's own reading of the payload.
        """
        try:
            bolt_request = AsyncBoltRequest(
                body=body,
                query=request.query_string,
                headers={name: [value] for name, value in request.headers.items()},
                context={ARRIVED: arrived},
            )
            answer = await self._slack.async_dispatch(bolt_request)
        except Exception as error:
            log.exception("payload not understood")
            raise NotSlackError(
                HTTPStatus.BAD_REQUEST, f"payload not understood: {type(error).__name__}"
            ) from None
        if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise NotSlackError(HTTPStatus.BAD_REQUEST, "payload not understood by Bolt")
        return answer

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
