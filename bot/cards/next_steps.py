"""The buttons that lead on from a list, a problem or the Home tab, so that nothing ends without a way on (pure)."""

from __future__ import annotations

from bot.calls.call_ref import CallRef
from bot.cards.call_buttons import block_id
from bot.cards.kit.blocks import Block, Button, actions, button

RETRY = "retry_call"
FIND_CALL = "find_call"
RECENT_CALLS = "recent_calls"
HELP = "show_help"


def find_button() -> Button:
    """Return the button that opens the form of "Find a call"."""
    return button("Find a call", FIND_CALL, "find")


def recent_button(text: str = "Show my recent calls") -> Button:
    """Return the button that lists the person's latest calls."""
    return button(text, RECENT_CALLS, "recent")


def help_button() -> Button:
    """Return the button that shows the usage."""
    return button("Help", HELP, "help")


def retry_buttons(call: CallRef, thread_ts: str | None) -> Block:
    """Return the button that looks that call up again, in the thread that the problem is in."""
    named = block_id(thread_ts, call.which) if thread_ts or call.which else None
    return actions([button("Try again", RETRY, call.session_id)], block_id=named)
