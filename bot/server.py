"""HTTP: Slack's requests into Bolt, health for the platform, and a shutdown that loses nobody's answer."""

from __future__ import annotations

import asyncio
import time
import traceback
from collections.abc import Callable
from http import HTTPStatus

import structlog
from aiohttp import web
from aiohttp.http import HttpProcessingError
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier

from bot.floodgate import Floodgate
from bot.interactions import new_reference
from bot.listeners.payloads import ARRIVED
from bot.metrics import CONTENT_TYPE, Metrics
from bot.problems import ProblemKind
from bot.repeats import Answer, Repeats
from bot.slack_requests import MAX_BODY, NotSlackError, SlackRequest, claimed, verified

log = structlog.get_logger()

# Above the 90 s after which Heroku's router closes an idle connection, so that it never picks a dying one
KEEP_ALIVE_SECONDS = 95.0
READ_SECONDS = 3.0
# How long the rest of a refused body is waited for; aiohttp's 10 s keep hundreds of dead connections in a flood
LINGERING_SECONDS = 1.0


class Server:
    """Serves `/slack/events`, `/livez`, `/readyz` and `/metrics`. While `full` says so, Slack is turned away."""

    def __init__(
        self,
        slack: AsyncApp,
        verifier: SignatureVerifier,
        metrics: Metrics,
        full: Callable[[], bool] = lambda: False,
    ) -> None:
        self._slack = slack
        self._full = full
        self._verifier = verifier
        self._unasked = Floodgate()
        self._repeats = Repeats(self._unasked)
        self._metrics = metrics
        self._ready = False
        self._draining = False
        app = web.Application(client_max_size=MAX_BODY)
        app.router.add_post("/slack/events", self._events)
        app.router.add_route("*", "/slack/events", self._wrong_method)
        app.router.add_get("/livez", self._livez)
        app.router.add_get("/readyz", self._readyz)
        app.router.add_get("/metrics", self._told_metrics)
        self._runner = web.AppRunner(
            app,
            access_log=None,
            keepalive_timeout=KEEP_ALIVE_SECONDS,
            shutdown_timeout=5.0,
            lingering_time=LINGERING_SECONDS,
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
        self._unasked.close()

    async def _events(self, request: web.Request) -> web.Response:
        """Answer what came; aiohttp would answer a crash with 500, and say nothing of it."""
        arrived = time.monotonic()
        try:
            asked = await self._asked(request)
        except NotSlackError as refusal:
            return self._response(self._refused(refusal))
        except Exception as error:  # noqa: BLE001 - a bug, which anybody can meet: a trace each would flood the log
            return self._response(self._refused(_stumbled(error, "request")))
        try:
            answer = await self._repeats.answer(
                asked.identity, lambda: self._acted_on(asked.body, request, arrived)
            )
        except Exception as error:  # noqa: BLE001 - a bug, met by Slack alone
            answer = self._crashed(error)
        return self._response(answer)

    async def _wrong_method(self, _: web.Request) -> web.Response:
        refusal = NotSlackError(HTTPStatus.METHOD_NOT_ALLOWED, "Slack sends POST")
        return self._response(self._refused(refusal), {"Allow": "POST"})

    def _crashed(self, error: Exception) -> Answer:
        """Log a bug with its trace; Slack tells the person in words of its own that it did not work."""
        reference = new_reference()
        log.error("crashed", reference=reference, kind="request", exc_info=error)
        self._metrics.ended("crash", ProblemKind.CRASHED, ack=None, total=None)
        return Answer(HTTPStatus.BAD_REQUEST.value, f"Bad Request, reference {reference}".encode())

    async def _asked(self, request: web.Request) -> SlackRequest:
        """Return what Slack asks; raises NotSlackError."""
        claim = claimed(request.headers)
        try:
            async with asyncio.timeout(READ_SECONDS):
                body = await request.read()
        except TimeoutError:
            raise NotSlackError(HTTPStatus.BAD_REQUEST, "body did not come in time") from None
        except web.HTTPRequestEntityTooLarge:
            raise NotSlackError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "body is too large") from None
        except (web.RequestPayloadError, HttpProcessingError):
            raise NotSlackError(HTTPStatus.BAD_REQUEST, "body is not as HTTP has it") from None
        slack_request = verified(claim, body, self._verifier)
        if self._full():  # Slack itself tells the person that it did not work, and sends events again
            raise NotSlackError(HTTPStatus.SERVICE_UNAVAILABLE, "too much is under way")
        return slack_request

    async def _acted_on(self, body: str, request: web.Request, arrived: float) -> Answer:
        """Return the answer to a request that is acted on, or found not to be understood."""
        try:
            answer = await self._dispatched(body, request, arrived)
        except NotSlackError as refusal:
            return self._refused(refusal)
        if answer.status >= HTTPStatus.BAD_REQUEST:
            self._metrics.refused(answer.status)
            self._unasked.warning("request not answered", status=answer.status)
        return answer

    async def _dispatched(self, body: str, request: web.Request, arrived: float) -> Answer:
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
            said = Answer(answer.status, answer.body.encode())
        except Exception as error:  # noqa: BLE001 - whatever Bolt stumbles over; a trace a request would flood the log
            raise _stumbled(error, "payload") from None
        if said.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise NotSlackError(HTTPStatus.BAD_REQUEST, "payload not understood by Bolt")
        return said

    def _refused(self, refusal: NotSlackError) -> Answer:
        self._metrics.refused(refusal.status.value)
        self._unasked.warning("request refused", status=refusal.status.value, reason=str(refusal))
        return Answer(refusal.status.value, refusal.status.phrase.encode())

    def _response(self, answer: Answer, headers: dict[str, str] | None = None) -> web.Response:
        response = web.Response(
            status=answer.status,
            headers=headers,
            body=answer.body,
            content_type="application/json" if answer.body.startswith(b"{") else "text/plain",
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

    async def _told_metrics(self, _: web.Request) -> web.Response:
        return web.Response(body=self._metrics.text(), headers={"Content-Type": CONTENT_TYPE})


def _stumbled(error: Exception, what: str) -> NotSlackError:
    """Return the refusal of what somebody's code stumbled over; its message may show what was sent."""
    where = traceback.extract_tb(error.__traceback__)[-1].name
    return NotSlackError(HTTPStatus.BAD_REQUEST, f"{what} not understood: {type(error).__name__} in {where}")
