"""Slackbot's questions by HTTP: posts to `/mcp` in the Model Context Protocol, signed by Slack.

Its Streamable HTTP transport without sessions: one message a post, answered as JSON
(https://modelcontextprotocol.io/specification/2025-11-25/basic/transports). What the messages are is mcp_messages.py's.
"""

from __future__ import annotations

import time
from functools import partial
from http import HTTPStatus

from aiohttp import web
from mcp_types import INTERNAL_ERROR, INVALID_REQUEST
from slack_sdk.signature import SignatureVerifier

from bot.inbound.deduplication import EMPTY, Deduplication, Response
from bot.inbound.dispatch import Dispatch
from bot.inbound.http_events import http_response, read_body
from bot.inbound.mcp_messages import Messages, RpcError
from bot.inbound.slack_requests import (
    RefusedRequestError,
    not_understood,
    parse_headers,
    request_identity,
    verified_text,
)
from bot.observability.log_throttle import LogThrottle


class McpEndpoint:
    """Answers the posts that `verifier` knows to be Slack's. Refusals and bugs are `dispatch`'s to log and to count."""

    def __init__(
        self, messages: Messages, dispatch: Dispatch, verifier: SignatureVerifier, throttle: LogThrottle
    ) -> None:
        self._messages = messages
        self._dispatch = dispatch
        self._verifier = verifier
        # Apart from that of Slack's other requests, whose kept responses the long ones here would push out
        self._deduplication = Deduplication(throttle)

    async def handle(self, request: web.Request) -> web.Response:
        """Return the response to a post from anywhere."""
        arrived = time.monotonic()
        try:
            headers = parse_headers(request.headers)
            text = verified_text(headers, await read_body(request), self._verifier)
            self._dispatch.check_capacity()
        except RefusedRequestError as refusal:
            return http_response(self._refused(refusal))
        except Exception as error:  # noqa: BLE001 - a bug that anybody can meet: a trace each would flood the log
            return http_response(self._refused(not_understood(error, "request")))
        act = partial(self._answer, text, arrived)
        response = await self._deduplication.respond(request_identity(headers), act)
        if response == EMPTY:
            response = self._refused(
                RefusedRequestError(HTTPStatus.BAD_REQUEST, "repeated after its response was dropped")
            )
        return http_response(response)

    async def handle_wrong_method(self, _: web.Request) -> web.Response:
        """Return the refusal of what is no post: there are no streams to get, and no sessions to delete."""
        refusal = RefusedRequestError(HTTPStatus.METHOD_NOT_ALLOWED, "Slack sends POST")
        return http_response(self._refused(refusal), {"Allow": "POST"})

    async def _answer(self, text: str, arrived: float) -> Response:
        try:
            answer = await self._messages.answer(text, arrived)
        except RpcError as error:
            if error.status is not HTTPStatus.OK:
                self._dispatch.refuse(RefusedRequestError(error.status, str(error)))
            return Response(error.status.value, error.to_json())
        except Exception as error:  # noqa: BLE001 - a bug, which Slack alone meets
            words = f"Something went wrong inside callinfo, reference {self._dispatch.crashed(error)}"
            return Response(HTTPStatus.OK.value, RpcError(INTERNAL_ERROR, words).to_json())
        return Response(HTTPStatus.OK.value, answer) if answer else Response(HTTPStatus.ACCEPTED.value, b"")

    def _refused(self, refusal: RefusedRequestError) -> Response:
        self._dispatch.refuse(refusal)
        return Response(refusal.status.value, RpcError(INVALID_REQUEST, refusal.status.phrase).to_json())
