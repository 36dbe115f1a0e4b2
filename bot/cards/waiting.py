"""What a person reads while the answer takes longer than Slack waits for."""

from __future__ import annotations

from bot.cards.lines import Line, Words, rich, said
from bot.cards.message import Message, message

_LINE: Line = [Words("Looking up that call… CometChat is slow today; the answer follows right here.")]


def looking_up() -> Message:
    """Return the message that holds the place of the answer."""
    return message(said(_LINE), [rich([_LINE])])
