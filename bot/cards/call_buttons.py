"""The buttons below a call, and what their blocks' ids say.

A button's value is the session id and nothing else. The rest of what a press needs is in the block's id, which Slack
signs and sends back: the thread that the message is in, which an ephemeral message does not tell otherwise, and which
of the session's calls it shows.
"""

from __future__ import annotations

import re

from bot.calls.call_ref import WHICH
from bot.cards.kit.blocks import Block, actions, button, confirmation
from bot.cometchat import SessionId

SHARE = "share_call"
DETAILS = "call_details"
REFRESH = "refresh_call"
PICK = "pick_call"
TRANSCRIPT = "call_transcript"

_BLOCK = "callinfo_call"
_PAGE = "callinfo_page"
_ID = re.compile(
    rf"{_BLOCK}(?::(?P<thread_ts>[0-9]{{10}}\.[0-9]{{6}}))?(?::(?P<which>{WHICH}))?(?::[0-9]{{1,3}})?"
)
_PAGE_ID = re.compile(rf"{_PAGE}:(?P<page>[0-9]{{1,3}})(?::(?P<which>{WHICH}))?")


def call_buttons(session_id: SessionId, *, over: bool, thread_ts: str | None, which: str = "") -> Block:
    """Return Share, Details and, while the call is not over, Refresh; `which` call of the session, "" for the newest."""
    sure = confirmation(
        "Share this call?",
        "Everyone in this channel will see who took part, when, and how it ended. Recording links stay private.",
        confirm="Share",
        deny="Cancel",
    )
    buttons = [
        button("Share in thread" if thread_ts else "Share to channel", SHARE, session_id, confirm=sure),
        button("Details", DETAILS, session_id),
    ]
    if not over:
        buttons.append(button("Refresh", REFRESH, session_id))
    return actions(buttons, block_id=block_id(thread_ts, which) if thread_ts or which else None)


def block_id(thread_ts: str | None = None, which: str = "", *, number: int | None = None) -> str:
    """Return the id of a block whose buttons belong to that thread and that one of a session's calls.

    `number` tells several in a message apart. At most 61 characters.
    """
    parts = (thread_ts, which, "" if number is None else str(number))
    return ":".join([_BLOCK, *(part for part in parts if part)])


def page_id(page: int, which: str) -> str:
    """Return the id of a block whose button leads to that page of the Details of that one of a session's calls."""
    return ":".join([_PAGE, str(page), *([which] if which else [])])


def thread_of(block_id: str) -> str | None:
    """Return the thread that a block's id names."""
    match = _ID.fullmatch(block_id)
    return match["thread_ts"] if match else None


def which_of(block_id: str) -> str:
    """Return which of a session's calls a block's id names, empty where it names none."""
    match = _ID.fullmatch(block_id) or _PAGE_ID.fullmatch(block_id)
    return (match["which"] or "") if match else ""


def page_of(block_id: str) -> int:
    """Return the page of the Details that a block's id names, 0 for any other block."""
    match = _PAGE_ID.fullmatch(block_id)
    return int(match["page"]) if match else 0
