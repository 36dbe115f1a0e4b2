"""What Slack refuses, as an exception with Slack's own word for it; and the check of a message or a view.

The limits themselves are in bot/cards/kit/limits, which the bot uses as well.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from bot.cards.kit.limits import violations

_LARGEST_VIEW: Final = 250_000  # bytes; https://docs.slack.dev/reference/methods/views.publish#errors


@dataclass
class RefusedError(Exception):
    """Slack refuses: its error code, what is wrong in detail, and the HTTP status."""

    error: str
    problems: tuple[str, ...] = ()
    status: int = 400

    def __str__(self) -> str:
        return "; ".join((self.error, *self.problems))


@dataclass(frozen=True)
class Refusal:
    """A refusal on record: where it was (`command`, `response_url`, a Web API method), and why."""

    where: str
    error: str
    problems: tuple[str, ...]


def check_message(message: Mapping[str, Any]) -> None:
    """Raise RefusedError unless Slack would show this message."""
    if not any(message.get(part) for part in ("text", "blocks", "attachments")):
        raise RefusedError("no_text")
    problems = tuple(violations(message))
    if not problems:
        return
    # No page names the limit for all text together; Slack was seen to answer msg_blocks_too_long
    if any(problem.startswith("text: ") and "at most" in problem for problem in problems):
        raise RefusedError("msg_too_long", problems)
    if all(" of text in all" in problem for problem in problems):
        raise RefusedError("msg_blocks_too_long", problems)
    raise RefusedError("invalid_blocks", problems)


def check_view(view: object, surface: Literal["modal", "home"] = "modal") -> None:
    """Raise RefusedError unless Slack would open this modal, or show this home tab."""
    if not isinstance(view, Mapping):
        raise RefusedError("invalid_arguments", ("view: missing or not an object",))
    if problems := tuple(violations(view, surface)):
        raise RefusedError("invalid_arguments", problems)
    if len(json.dumps(view)) > _LARGEST_VIEW:
        raise RefusedError("view_too_large")
