"""What a person reads while the answer takes longer than Slack waits for."""

from __future__ import annotations

from bot.cards.lines import Line, Words, rich, said
from bot.cards.message import ONLY_YOU, Message, code, context, message
from bot.cometchat import SessionId

_LINE: Line = [Words("Looking up that call… CometChat is slow today; the answer follows right here.")]


def looking_up(about: SessionId | None = None) -> Message:
    """Return the message that holds the place of the answer about that session id."""
    spoken = [said(_LINE), *([f"Session id: {said([Words(about)])}"] if about else []), f"{ONLY_YOU}."]
    small_print = [*([code(about)] if about else []), ONLY_YOU]
    return message("\n".join(spoken), [rich([_LINE]), context(" · ".join(small_print))])
