"""What a tool is: a definition for the model that has to choose, and a listener that answers.

https://modelcontextprotocol.io/specification/2025-11-25/server/tools; what Slack reads of it:
https://docs.slack.dev/ai/slackbot-mcp-client/returning-rich-responses
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from mcp_types import Tool as ToolDefinition
from mcp_types import ToolAnnotations
from pydantic import BaseModel, ConfigDict, ValidationError

from bot.answers.interaction import Interaction, Outcome
from bot.calls import problems
from bot.calls.problems import Problem
from bot.listeners.services import Services


class Arguments(BaseModel):
    """Arguments of a tool. A model wrote them: types and values are checked strictly, what the tool doesn't have is left out."""

    model_config = ConfigDict(extra="ignore", strict=True, frozen=True, str_strip_whitespace=True)


_Read = TypeVar("_Read", bound=Arguments)


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool. `answer` gets the arguments as they came."""

    definition: ToolDefinition
    answer: Callable[[Services, Interaction, dict[str, Any]], Awaitable[Outcome | Problem]]


def definition(
    name: str, title: str, description: str, arguments: type[Arguments], output: dict[str, Any]
) -> ToolDefinition:
    """Return the definition of a tool that changes nothing, and whose answers have blocks."""
    return ToolDefinition(
        name=name,
        title=title,
        description=description,
        input_schema=_schema(arguments),
        output_schema=output,
        annotations=ToolAnnotations(
            read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
        ),
        _meta={"slack": {"supportsBlockKit": True}},
    )


def read(arguments: type[_Read], given: dict[str, Any]) -> _Read | Problem:
    """Return the arguments, or a problem that names the first that is wrong."""
    try:
        return arguments.model_validate(given)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        return problems.arguments_not_understood(str(first["loc"][0]), first["msg"])


def _schema(arguments: type[Arguments]) -> dict[str, Any]:
    """Return the arguments' JSON Schema, without what tells a model nothing: titles, and that a default is null."""
    schema = arguments.model_json_schema()
    properties = {
        name: {
            key: value for key, value in each.items() if key != "title" and (key, value) != ("default", None)
        }
        for name, each in schema["properties"].items()
    }
    required = {"required": schema["required"]} if "required" in schema else {}
    return {"type": "object", "properties": properties, **required, "additionalProperties": False}
