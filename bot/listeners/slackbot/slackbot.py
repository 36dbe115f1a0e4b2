"""All tools, and a call of one of them for the person whom Slack's signed request names."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from mcp_types import Tool as ToolDefinition

from bot.answers.interaction import Interaction
from bot.cards.slackbot.answer import IGNORED_NOTE, ToolAnswer
from bot.listeners.payloads.reading import Payload, identifier, slack_user
from bot.listeners.services import Services
from bot.listeners.slackbot import get_call, get_transcript, recent_calls

_TOOLS = {tool.definition.name: tool for tool in (recent_calls.TOOL, get_call.TOOL, get_transcript.TOOL)}


class UnknownToolError(LookupError):
    """There is no tool of that name."""


class UnknownPersonError(LookupError):
    """The request names nobody."""


class Slackbot:
    """Answers Slackbot."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @property
    def tools(self) -> list[ToolDefinition]:
        """The definitions of all tools."""
        return [tool.definition for tool in _TOOLS.values()]

    async def call(self, name: str, arguments: dict[str, Any], slack: Payload, arrived: float) -> ToolAnswer:
        """Return a tool's answer.

        `slack` is `params._meta.slack` of the signed request: it alone says who asks. `arrived` is `time.monotonic()`.
        Raises UnknownToolError and UnknownPersonError.
        """
        tool = _TOOLS.get(name)
        if tool is None:
            raise UnknownToolError(name)
        user = slack_user(*(identifier(slack, key) for key in ("enterprise_id", "team_id", "user_id")))
        if not user.user_id:
            raise UnknownPersonError("no user")
        interaction = Interaction("slackbot", arrived, await self._services.membership.resolve(user))
        work = partial(tool.answer, self._services, interaction, arguments)
        told = await self._services.responder.in_the_response(interaction, work)
        if arguments.keys() <= tool.definition.input_schema["properties"].keys():
            return told
        return replace(told, text=f"{told.text}\n{IGNORED_NOTE}")
