"""What a person reads while the answer takes longer than Slack waits for."""

from __future__ import annotations

from bot.cards.kit.blocks import context
from bot.cards.kit.lines import Line, Words, rich, said
from bot.cards.kit.message import ONLY_YOU, Message, code, message
from bot.cometchat import SessionId

_LOOK_UP: Line = [Words("Looking up that call… CometChat is slow today; the answer follows right here.")]
_OTHER: Line = [Words("Just a moment… The answer follows right here.")]


def looking_up(about: SessionId | None = None) -> Message:
    """Return the message that holds the place of the answer about that session id, or about something else."""
    line = _LOOK_UP if about else _OTHER
    spoken = [said(line), *([f"Session id: {said([Words(about)])}"] if about else []), f"{ONLY_YOU}."]
    small_print = [*([code(about)] if about else []), ONLY_YOU]
    return message("\n".join(spoken), [rich([line]), context(" · ".join(small_print))])
