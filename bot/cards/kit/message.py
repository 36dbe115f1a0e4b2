"""A message as Slack takes it: `text` that says everything, and blocks within Slack's limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.cards.kit.blocks import Block
from bot.cards.kit.escaping import escaped
from bot.cards.kit.limits import violations

ONLY_YOU = "Only visible to you"


class InvalidMessageError(Exception):
    """A bug: a card that Slack would refuse. The message lists what it breaks."""


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent: `text` for screen readers and notifications, `blocks` for the eye."""

    text: str
    blocks: tuple[dict[str, Any], ...]

    def as_json(self) -> dict[str, Any]:
        """Return the message's own fields of a response to Slack."""
        return {"text": self.text, "blocks": list(self.blocks)}


def message(text: str, blocks: Sequence[Block]) -> Message:
    """Put a message together: the one way to make one, so that none escapes Slack's limits.

    Raises InvalidMessageError, a bug, where Slack would refuse it.
    """
    built = Message(text, tuple(blocks))
    if broken := violations(built.as_json()):
        raise InvalidMessageError("; ".join(broken))
    return built


def code(text: str) -> str:
    """Return `text` as code in mrkdwn, as it is to be copied."""
    return "`" + escaped(text).replace("`", "ˋ") + "`"
