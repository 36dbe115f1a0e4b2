"""Slack by HTTP: posts to `/slack/events` from anybody, and the responses."""

from __future__ import annotations

import asyncio
import time
from http import HTTPStatus

from aiohttp import web
from aiohttp.http import HttpProcessingError
from slack_sdk.signature import SignatureVerifier

from bot.inbound.deduplication import Response
from bot.inbound.dispatch import Dispatch
from bot.inbound.slack_requests import (
    RefusedRequestError,
    SlackRequest,
    not_understood,
    parse_headers,
    verify,
)

READ_SECONDS = 3.0


class HttpEvents:
    """Answers the posts that `verifier` knows to be Slack's, and refuses all others."""

    def __init__(self, dispatch: Dispatch, verifier: SignatureVerifier) -> None:
        self._dispatch = dispatch
        self._verifier = verifier

    async def handle(self, request: web.Request) -> web.Response:
        """Return the response to a post from anywhere."""
        arrived = time.monotonic()
        try:
            verified = await self._verified(request)
        except RefusedRequestError as refusal:
            return http_response(self._dispatch.refuse(refusal))
        except Exception as error:  # noqa: BLE001 - a bug that anybody can meet: a trace each would flood the log
            return http_response(self._dispatch.refuse(not_understood(error, "request")))
        return http_response(await self._dispatch.respond(verified.identity, verified.payload, arrived))

    async def handle_wrong_method(self, _: web.Request) -> web.Response:
        """Return the refusal of what is no post."""
        refusal = RefusedRequestError(HTTPStatus.METHOD_NOT_ALLOWED, "Slack sends POST")
        return http_response(self._dispatch.refuse(refusal), {"Allow": "POST"})

    async def _verified(self, request: web.Request) -> SlackRequest:
        """Return the request as Slack sent it; raises RefusedRequestError."""
        headers = parse_headers(request.headers)
        verified = verify(headers, await read_body(request), self._verifier)
        self._dispatch.check_capacity()
        return verified


async def read_body(request: web.Request) -> bytes:
    """Return the body, of MAX_BODY at most; raises RefusedRequestError."""
    try:
        async with asyncio.timeout(None if request.content.is_eof() else READ_SECONDS):
            return await request.read()
    except TimeoutError:
        raise RefusedRequestError(HTTPStatus.BAD_REQUEST, "body did not come in time") from None
    except web.HTTPRequestEntityTooLarge:
        raise RefusedRequestError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "body is too large") from None
    except (web.RequestPayloadError, HttpProcessingError):
        raise RefusedRequestError(HTTPStatus.BAD_REQUEST, "body is not as HTTP has it") from None


def http_response(response: Response, headers: dict[str, str] | None = None) -> web.Response:
    """Return the response as aiohttp's."""
    return web.Response(
        status=response.status,
        headers=headers,
        body=response.body,
        content_type="application/json" if response.body.startswith(b"{") else "text/plain",
        charset="utf-8",
    )
