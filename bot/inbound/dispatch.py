"""A request of Slack's into Bolt and its answer out again, whichever way it came: http_events.py or socket_mode/.

What comes again is acted on once (repeats.py). What is refused, or nobody answers, is logged and counted here.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest

from bot.answers.interaction import new_reference
from bot.calls.problems import ProblemKind
from bot.inbound.deduplication import Answer, Repeats
from bot.inbound.slack_requests import NotSlackError, stumbled
from bot.listeners.payloads.reading import ARRIVED
from bot.observability.log_throttle import Floodgate
from bot.observability.metrics import Metrics

log = structlog.get_logger()


class Dispatch:
    """Answers requests that are certain to be Slack's. While `full` says so, it takes no more."""

    def __init__(self, slack: AsyncApp, metrics: Metrics, full: Callable[[], bool] = lambda: False) -> None:
        self._slack = slack
        self._full = full
        self._metrics = metrics
        self._unasked = Floodgate()
        self._repeats = Repeats(self._unasked)

    def close(self) -> None:
        """Log what has only been counted so far."""
        self._unasked.close()

    def check_room(self) -> None:
        """Raise NotSlackError while there is too much to do: Slack itself tells the person, and sends events again."""
        if self._full():
            raise NotSlackError(HTTPStatus.SERVICE_UNAVAILABLE, "too much is under way")

    async def answer(self, identity: bytes, payload: dict[str, Any], arrived: float) -> Answer:
        """Return the answer to a request that is acted on, has been before, or is found not to be understood.

        `identity` is what the request has in common with its repeats and with no other, `arrived` is
        `time.monotonic()` when it came in.
        """
        try:
            return await self._repeats.answer(identity, lambda: self._acted_on(payload, arrived))
        except Exception as error:  # noqa: BLE001 - a bug, met by Slack alone
            return self._crashed(error)

    def refused(self, refusal: NotSlackError) -> Answer:
        """Return what a refused request is answered."""
        self._metrics.refused(refusal.status.value)
        self._unasked.warning("request refused", status=refusal.status.value, reason=str(refusal))
        return Answer(refusal.status.value, refusal.status.phrase.encode())

    def _crashed(self, error: Exception) -> Answer:
        """Log a bug with its trace; Slack tells the person in words of its own that it did not work."""
        reference = new_reference()
        log.error("crashed", reference=reference, kind="request", exc_info=error)
        self._metrics.ended("crash", ProblemKind.CRASHED, ack=None, total=None)
        return Answer(HTTPStatus.BAD_REQUEST.value, f"Bad Request, reference {reference}".encode())

    async def _acted_on(self, payload: dict[str, Any], arrived: float) -> Answer:
        try:
            answer = await self._dispatched(payload, arrived)
        except NotSlackError as refusal:
            return self.refused(refusal)
        if answer.status >= HTTPStatus.BAD_REQUEST:
            self._metrics.refused(answer.status)
            self._unasked.warning("request not answered", status=answer.status)
        return answer

    async def _dispatched(self, payload: dict[str, Any], arrived: float) -> Answer:
        """Return Bolt's answer; raises NotSlackError for a payload of a shape that Slack doesn't send.

        Listeners let nothing escape; what is raised here comes from Bolt's own reading of the payload, which is handed
        over as Socket Mode has it: by HTTP, Bolt would parse the body once more.
        """
        try:
            request = AsyncBoltRequest(mode="socket_mode", body=payload, context={ARRIVED: arrived})
            answer = await self._slack.async_dispatch(request)
            said = Answer(answer.status, answer.body.encode())
        except Exception as error:  # noqa: BLE001 - whatever Bolt stumbles over; a trace a request would flood the log
            raise stumbled(error, "payload") from None
        if said.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise NotSlackError(HTTPStatus.BAD_REQUEST, "payload not understood by Bolt")
        return said
