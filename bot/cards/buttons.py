"""The buttons below a call, and their ids (contract.md). A button's value is the session id and nothing else.

Where a press came from a thread, the block's id says which: Slack gives it back signed, and gives no other hint of
the thread that an ephemeral message stands in.
"""

from __future__ import annotations

import re

from bot.cards.blocks import Block, actions, button, confirmation
from bot.cometchat import SessionId

SHARE = "share_call"
DETAILS = "call_details"
REFRESH = "refresh_call"
PICK = "pick_call"

_BLOCK = "callinfo_call"
_IN_THREAD = re.compile(rf"{_BLOCK}:(?P<thread_ts>\d{{10}}\.\d{{6}})(?::\d+)?")


def call_buttons(session_id: SessionId, *, over: bool, thread_ts: str | None) -> Block:
    """Return Share, Details and, while the call is not over, Refresh."""
    where = "in this thread where Slack allows that, else in the channel" if thread_ts else "in this channel"
    sure = confirmation(
        "Share this call?",
        "Everyone in this channel will see what you see above: who took part, when, how long and "
        f"how it ended. It is posted {where}. Links to recordings are not shared.",
        confirm="Share",
        deny="Cancel",
    )
    buttons = [
        button("Share to channel", SHARE, session_id, confirm=sure),
        button("Details", DETAILS, session_id),
    ]
    if not over:
        buttons.append(button("Refresh", REFRESH, session_id))
    return actions(buttons, block_id=block_id(thread_ts))


def block_id(thread_ts: str | None, number: int | None = None) -> str | None:
    """Return the id of a block whose buttons belong to that thread; `number` tells several in a message apart."""
    if thread_ts is None:
        return None
    return f"{_BLOCK}:{thread_ts}" + (f":{number}" if number is not None else "")


def thread_of(block_id: str) -> str | None:
    """Return the thread that a block's id names."""
    match = _IN_THREAD.fullmatch(block_id)
    return match["thread_ts"] if match else None
