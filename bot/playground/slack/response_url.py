"""`POST /response/{key}`: the bot's later answers to a command, a shortcut or a press.

https://docs.slack.dev/interactivity/handling-user-interaction#message_responses. Observed: it answers plain text, and
4xx on failure.
"""

import asyncio
import json
from typing import Any

from aiohttp import web

from bot.playground.slack.faults import Fault, Received
from bot.playground.slack.refusals import RefusedError, check_message
from bot.playground.slack.state import State
from bot.playground.slack.tickets import Origin
from bot.playground.slack.workspace import direct_channel

_TARGET = "response_url"


class ResponseUrlApi:
    """What a response URL does. `thread_replies` off is a Slack that ignores `thread_ts` here."""

    def __init__(self, state: State) -> None:
        self.thread_replies = True
        self._state = state

    async def handle(self, request: web.Request) -> web.Response:
        """Answer one request of the bot's."""
        raw = await request.read()
        fault = self._state.faults.take(_TARGET)
        if fault is not None:
            await asyncio.sleep(fault.delay)
        try:
            body = _parsed(raw)
        except RefusedError as refused:
            self._state.record.refuse(_TARGET, refused)
            return web.Response(status=refused.status, text=refused.error)
        key = request.match_info["key"]
        status, answer = self._answer(key, body, fault)
        self._state.record.receive(Received(_TARGET, body, status, answer, self._state.now(), key))
        headers = dict(fault.headers) if fault is not None and fault.status is not None else {}
        return web.Response(status=status, text=answer, headers=headers)

    def _answer(self, key: str, body: dict[str, Any], fault: Fault | None) -> tuple[int, str]:
        if fault is not None and fault.status is not None:
            said = (
                fault.body if isinstance(fault.body, str) else json.dumps(fault.body or "failed on request")
            )
            return fault.status, said
        try:
            self._apply(self._state.urls.use(key), body)
        except RefusedError as refused:
            self._state.record.refuse(_TARGET, refused)
            return refused.status, refused.error
        return 200, "ok"

    def _apply(self, origin: Origin, body: dict[str, Any]) -> None:
        # Only a press has an original of ours: a command has no message, a shortcut's is somebody else's.
        original = origin.ts if origin.kind == "press" else None
        if body.get("delete_original") is True:
            if original is not None:
                self._present(original)
                self._state.messages.remove(original)
            return
        check_message(body)
        if body.get("replace_original") is True and original is not None:
            self._present(original)
            self._state.messages.replace(original, body)
            return
        public = body.get("response_type") == "in_channel"
        in_direct = (
            origin.channel_id == direct_channel(origin.user_id)
            if origin.kind == "view"
            else original is not None and self._state.messages.is_direct(original)
        )
        self._state.messages.add_from_bot(
            body,
            only_for=None if public and not in_direct else origin.user_id,
            thread_ts=body.get("thread_ts") if self.thread_replies else None,
            direct=public and in_direct,
        )

    def _present(self, ts: str) -> None:
        if ts not in self._state.messages:
            raise RefusedError("message_not_found", status=404)


def _parsed(raw: bytes) -> dict[str, Any]:
    try:
        body = json.loads(raw)
    except ValueError:
        raise RefusedError("invalid_payload") from None
    if not isinstance(body, dict):
        raise RefusedError("invalid_payload")
    return body
