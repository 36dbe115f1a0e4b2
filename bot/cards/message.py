"""A message as Slack takes it: `text` that says everything, and blocks within Slack's limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from slack_sdk.models.blocks import Block, ContextBlock, MarkdownTextObject

from bot.cards.foreign import escaped
from bot.cards.limits import violations

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
    """Put a message together.

    slack_sdk's models check themselves in `to_dict`; what they leave out is checked here, in one place for all
    cards. Raises InvalidMessageError.
    """
    built = Message(text, tuple(block.to_dict() for block in blocks))
    if broken := violations(built.as_json()):
        raise InvalidMessageError("; ".join(broken))
    return built


def context(markup: str) -> ContextBlock:
    """Return a line in small print. `markup` is mrkdwn: foreign words in it are escaped by the caller."""
    return ContextBlock(elements=[MarkdownTextObject(text=markup, verbatim=True)])


def code(text: str) -> str:
    """Return `text` as code in mrkdwn, as it is to be copied."""
    return "`" + escaped(text).replace("`", "ˋ") + "`"
