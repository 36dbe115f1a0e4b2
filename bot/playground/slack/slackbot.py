"""Slackbot as an MCP client: asks the bot's `/mcp` for a person, and keeps each person's conversation with it.

https://docs.slack.dev/ai/slackbot-mcp-client: each message is a post of its own, signed as all of Slack's requests, and
`params._meta.slack` says who asks. Blocks of a type that Slackbot does not show drop all blocks of the answer.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from bot.playground.slack.blocks import find_element, with_ids
from bot.playground.slack.dispatch import Delivery, Dispatcher
from bot.playground.slack.questions import ToolCall, questions, tool_call
from bot.playground.slack.refusals import RefusedError, check_message
from bot.playground.slack.state import State
from bot.playground.slack.workspace import APP_NAME, TEAM_ID, TIME_ZONE, Json, person

KEPT = 100
PROTOCOL_VERSION = "2025-11-25"
_SHOWN = frozenset(
    {
        *(
            "context",
            "divider",
            "header",
            "markdown",
            "rich_text",
            "section",
            "file",
            "image",
            "video",
            "actions",
        ),
        *("carousel", "input", "data_table", "data_visualization", "table", "card", "container"),
    }
)
_TOOL = "tool:"
_NOT_UNDERSTOOD = "This Slackbot has no model, so it knows only these forms:"


@dataclass(frozen=True)
class Entry:
    """What was said in a conversation: a question, or an answer with the tool call that it came from."""

    ts: str
    sender: Literal["person", "slackbot"]
    text: str
    blocks: list[Json] | None = None
    failed: bool = False
    pending: bool = False
    call: ToolCall | None = None


@dataclass
class Slackbot:
    """Slackbot's side of `/mcp`."""

    state: State
    dispatcher: Dispatcher
    _conversations: dict[str, list[Entry]] = field(default_factory=dict)
    _ids: int = 0

    @property
    def can_ask(self) -> bool:
        """Whether the bot can be asked: it has an address."""
        return not self.dispatcher.by_socket

    def conversation(self, user_id: str) -> list[Entry]:
        """Return a person's conversation, the oldest first."""
        return self._conversations.setdefault(user_id, [])

    async def ask(self, user_id: str, question: str) -> None:
        """Put the question into the conversation, and the answer below it."""
        self._add(user_id, Entry(self.state.messages.new_ts(), "person", question))
        call = tool_call(question, datetime.fromtimestamp(self.state.now(), ZoneInfo(TIME_ZONE)).date())
        entry = Entry(self.state.messages.new_ts(), "slackbot", "", pending=call is not None, call=call)
        if call is None:
            forms = (f"• {each}" for each in questions(person(user_id).uid))
            self._add(user_id, replace(entry, text="\n".join((_NOT_UNDERSTOOD, *forms))))
            return
        self._add(user_id, entry)
        self._replace(user_id, await self._answered(user_id, entry, call))

    async def press(
        self, user_id: str, ts: str, action_id: str, block_id: str | None, value: str | None
    ) -> None:
        """Press a button of an answer: its tool's answer takes the place of the old one. LookupError where there is none."""
        entry = next((each for each in self.conversation(user_id) if each.ts == ts), None)
        if entry is None or not action_id.startswith(_TOOL):
            raise LookupError("no such button here")
        _, element = find_element(entry.blocks or [], action_id, block_id, value)
        call = ToolCall(action_id.removeprefix(_TOOL), json.loads(element["value"]))
        self._replace(user_id, await self._answered(user_id, entry, call))

    async def call_tool(self, user_id: str, tool: str, arguments: Mapping[str, Any], **slack: str) -> Json:
        """Call a tool for that person; return the JSON-RPC response. `slack` replaces facts of who asks."""
        meta = {"slack": {"user_id": user_id, "team_id": TEAM_ID, **slack}}
        sent = await self.request("tools/call", {"name": tool, "arguments": dict(arguments), "_meta": meta})
        response: Json = sent.parsed()
        return response

    async def request(self, method: str, params: Mapping[str, Any] | None = None) -> Delivery:
        """Send any request, signed."""
        self._ids += 1
        message: Json = {"jsonrpc": "2.0", "id": self._ids, "method": method}
        return await self.post(message if params is None else {**message, "params": dict(params)})

    async def post(self, message: Mapping[str, Any]) -> Delivery:
        """Send any message, signed."""
        return await self.dispatcher.question(json.dumps(message).encode(), message)

    async def _answered(self, user_id: str, entry: Entry, call: ToolCall) -> Entry:
        """Return the entry with the answer, after the greeting that a client begins with."""
        client = {
            "protocolVersion": PROTOCOL_VERSION,
            "capabilities": {},
            "clientInfo": {"name": "Slackbot", "version": "1"},
        }
        failed = replace(
            entry,
            text=f"{APP_NAME} didn’t answer. Please try again.",
            blocks=None,
            failed=True,
            pending=False,
        )
        try:
            await self.request("initialize", client)
            await self.post({"jsonrpc": "2.0", "method": "notifications/initialized"})
            result = (await self.call_tool(user_id, call.tool, call.arguments))["result"]
            calls = (result.get("structuredContent") or {}).get("calls")
            if call.then and calls:
                call = ToolCall(call.then, {"session_id": calls[0]["call_id"]})
                result = (await self.call_tool(user_id, call.tool, call.arguments))["result"]
            text = "\n".join(part["text"] for part in result["content"] if part["type"] == "text")
        except (ValueError, TypeError, KeyError):  # no answer, or none that a client takes
            return failed
        return replace(
            entry,
            text=text,
            blocks=self._shown(result),
            failed=result.get("isError") is True,
            pending=False,
            call=call,
        )

    def _shown(self, result: Json) -> list[Json] | None:
        """Return the answer's blocks, None where Slackbot would show none."""
        blocks = result.get("_meta", {}).get("slack", {}).get("blocks")
        if not blocks:
            return None
        try:
            _check(blocks)
        except RefusedError as refused:
            self.state.record.refuse("slackbot", refused)
            return None
        return with_ids(blocks)

    def _add(self, user_id: str, entry: Entry) -> None:
        conversation = self.conversation(person(user_id).id)
        conversation.append(entry)
        del conversation[:-KEPT]
        self.state.changes.announce()

    def _replace(self, user_id: str, entry: Entry) -> None:
        conversation = self.conversation(user_id)
        conversation[:] = [entry if each.ts == entry.ts else each for each in conversation]
        self.state.changes.announce()


def _check(blocks: list[Json]) -> None:
    """Raise RefusedError unless Slackbot would show these blocks."""
    check_message({"blocks": blocks})
    if unknown := {block["type"] for block in blocks} - _SHOWN:
        raise RefusedError("invalid_blocks", tuple(unknown))
