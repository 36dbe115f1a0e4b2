"""A request of Slack's into Bolt, and the response out again, whether it came by HTTP or by Socket Mode.

Repeats are acted on once (deduplication.py). What is refused, or has no listener, is logged and counted here.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest

from bot.answers.interaction import new_reference
from bot.calls.problems import ProblemKind
from bot.inbound.deduplication import Deduplication, Response
from bot.inbound.slack_requests import RefusedRequestError, not_understood
from bot.listeners.payloads.reading import ARRIVED, nested, objects, text
from bot.observability.log_throttle import LogThrottle
from bot.observability.metrics import Metrics

log = structlog.get_logger()

_MAX_NAME = 100
_EVENTS = ("event_callback", "app_rate_limited")


class Dispatch:
    """Answers requests that are certain to be Slack's. `throttle` is for what anybody can cause to be logged."""

    def __init__(
        self,
        slack: AsyncApp,
        metrics: Metrics,
        throttle: LogThrottle,
        is_full: Callable[[], bool] = lambda: False,
    ) -> None:
        self._slack = slack
        self._metrics = metrics
        self._throttle = throttle
        self._is_full = is_full
        self._deduplication = Deduplication(throttle)

    def check_capacity(self) -> None:
        """Raise RefusedRequestError while `is_full`: Slack then tells the person itself, and sends events again."""
        if self._is_full():
            raise RefusedRequestError(HTTPStatus.SERVICE_UNAVAILABLE, "too much is under way")

    async def respond(self, identity: bytes, payload: dict[str, Any], arrived: float) -> Response:
        """Return the response to a request, which is acted on unless it is a repeat.

        `identity` is what the request has in common with its repeats and with no other, `arrived` is
        `time.monotonic()` when it came in.
        """
        try:
            return await self._deduplication.respond(identity, lambda: self._act(payload, arrived))
        except Exception as error:  # noqa: BLE001 - a bug, which Slack alone meets
            # Slack tells the person in words of its own that it did not work
            return Response(
                HTTPStatus.BAD_REQUEST.value, f"Bad Request, reference {self.crashed(error)}".encode()
            )

    def refuse(self, refusal: RefusedRequestError) -> Response:
        """Log and count the refusal; return its response."""
        self._metrics.refused(refusal.status.value)
        self._throttle.warning("request refused", status=refusal.status.value, reason=str(refusal))
        return Response(refusal.status.value, refusal.status.phrase.encode())

    def crashed(self, error: Exception) -> str:
        """Log and count a bug with its trace; return its reference."""
        reference = new_reference()
        log.error("crashed", reference=reference, kind="request", exc_info=error)
        self._metrics.ended("crash", ProblemKind.CRASHED, ack=None, total=None)
        return reference

    async def _act(self, payload: dict[str, Any], arrived: float) -> Response:
        try:
            response = await self._dispatch(payload, arrived)
        except RefusedRequestError as refusal:
            return self.refuse(refusal)
        if response.status == HTTPStatus.NOT_FOUND and payload.get("type") in _EVENTS:
            # Slack repeats an event that got no 2xx, and ends the subscription of an app that fails too many
            # https://docs.slack.dev/apis/events-api/#error-handling
            return Response(HTTPStatus.OK.value, b"")
        if response.status >= HTTPStatus.BAD_REQUEST:
            self._metrics.refused(response.status)
            self._throttle.warning("request not answered", status=response.status, **_named(payload))
        return response

    async def _dispatch(self, payload: dict[str, Any], arrived: float) -> Response:
        """Return Bolt's response; raises RefusedRequestError for a payload of a shape that Slack doesn't send.

        Listeners let nothing escape: what is raised here comes from Bolt's own reading of the payload. It gets the
        payload as Socket Mode has it, since by HTTP it would parse the body again.
        """
        try:
            request = AsyncBoltRequest(mode="socket_mode", body=payload, context={ARRIVED: arrived})
            bolt = await self._slack.async_dispatch(request)
            response = Response(bolt.status, bolt.body.encode())
        except Exception as error:  # noqa: BLE001 - Bolt raises anything; a trace a request would flood the log
            raise not_understood(error, "payload") from None
        if response.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise RefusedRequestError(HTTPStatus.BAD_REQUEST, "payload not understood by Bolt")
        return response


def _named(payload: dict[str, Any]) -> dict[str, str]:
    """Return what a payload is, for the log: its type, and the command, action, shortcut or view that it names."""
    action = next(iter(objects(payload.get("actions"))), payload)  # a block_suggestion has no actions
    names = {
        "type": text(payload, "type"),
        "command": text(payload, "command"),
        "action_id": text(action, "action_id"),
        "callback_id": text(payload, "callback_id") or text(nested(payload, "view"), "callback_id"),
    }
    return {key: name[:_MAX_NAME] for key, name in names.items() if name and name.isprintable()}
