"""A message as Slack takes it: `text` that says everything, and blocks within Slack's limits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.cards.kit.blocks import Block
from bot.cards.kit.escaping import escaped
from bot.cards.kit.limits import violations
from bot.cards.kit.lines import Line, as_text, rich


class InvalidMessageError(Exception):
    """A bug: a card that Slack would refuse. The text lists the limits it breaks."""


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent: `text` for screen readers and notifications, `blocks` for the eye."""

    text: str
    blocks: tuple[Block, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the message's own fields of a response to Slack."""
        return {"text": self.text, "blocks": list(self.blocks)}


def message(text: str, blocks: Sequence[Block]) -> Message:
    """Make a message. There is no other way to make one, so none exceeds Slack's limits.

    Raises InvalidMessageError, a bug, where Slack would refuse it.
    """
    built = Message(text, tuple(blocks))
    if broken := violations(built.as_json()):
        raise InvalidMessageError("; ".join(broken))
    return built


def lines_message(lines: Iterable[Line], more: Sequence[Block] = ()) -> Message:
    """Return lines, and blocks below them, as a message."""
    lines = list(lines)
    return message("\n".join(as_text(line) for line in lines), [rich(lines), *more])


def code(text: str) -> str:
    """Return `text` as code in mrkdwn, ready to be copied."""
    return "`" + escaped(text).replace("`", "ˋ") + "`"
