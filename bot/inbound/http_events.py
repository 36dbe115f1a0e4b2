"""Slack by HTTP: what is posted to `/slack/events`, once it is certain who posted it, and the answer.

Who the sender is, slack_requests.py tells; what is done, dispatch.py. Socket Mode has socket_mode/ in place of this.
"""

from __future__ import annotations

import asyncio
import time
from http import HTTPStatus

from aiohttp import web
from aiohttp.http import HttpProcessingError
from slack_sdk.signature import SignatureVerifier

from bot.inbound.deduplication import Answer
from bot.inbound.dispatch import Dispatch
from bot.inbound.slack_requests import NotSlackError, SlackRequest, claimed, stumbled, verified

READ_SECONDS = 3.0


class HttpEvents:
    """Answers the posts that `verifier` knows to be Slack's, and refuses all others."""

    def __init__(self, dispatch: Dispatch, verifier: SignatureVerifier) -> None:
        self._dispatch = dispatch
        self._verifier = verifier

    async def handle(self, request: web.Request) -> web.Response:
        """Return the answer to a post from anywhere."""
        arrived = time.monotonic()
        try:
            asked = await self._asked(request)
        except NotSlackError as refusal:
            return _response(self._dispatch.refused(refusal))
        except Exception as error:  # noqa: BLE001 - a bug, which anybody can meet: a trace each would flood the log
            return _response(self._dispatch.refused(stumbled(error, "request")))
        return _response(await self._dispatch.answer(asked.identity, asked.payload, arrived))

    async def handle_wrong_method(self, _: web.Request) -> web.Response:
        """Return the refusal of what is no post."""
        refusal = NotSlackError(HTTPStatus.METHOD_NOT_ALLOWED, "Slack sends POST")
        return _response(self._dispatch.refused(refusal), {"Allow": "POST"})

    async def _asked(self, request: web.Request) -> SlackRequest:
        """Return what Slack asks; raises NotSlackError."""
        claim = claimed(request.headers)
        try:
            async with asyncio.timeout(None if request.content.is_eof() else READ_SECONDS):
                body = await request.read()
        except TimeoutError:
            raise NotSlackError(HTTPStatus.BAD_REQUEST, "body did not come in time") from None
        except web.HTTPRequestEntityTooLarge:
            raise NotSlackError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "body is too large") from None
        except (web.RequestPayloadError, HttpProcessingError):
            raise NotSlackError(HTTPStatus.BAD_REQUEST, "body is not as HTTP has it") from None
        slack_request = verified(claim, body, self._verifier)
        self._dispatch.check_room()
        return slack_request


def _response(answer: Answer, headers: dict[str, str] | None = None) -> web.Response:
    return web.Response(
        status=answer.status,
        headers=headers,
        body=answer.body,
        content_type="application/json" if answer.body.startswith(b"{") else "text/plain",
        charset="utf-8",
    )
