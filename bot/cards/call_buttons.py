"""The buttons below a call, and what their blocks' ids say.

A button's value is the session id and nothing else. The rest of what a press needs is in the block's id, which Slack
signs and sends back: the thread that the message is in, which an ephemeral message does not tell otherwise, and which
of the session's calls it shows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.calls.call_ref import WHICH
from bot.calls.lookup import LookupResult
from bot.calls.status import was_there
from bot.cards.kit.blocks import Block, Button, actions, button, confirmation
from bot.cards.kit.escaping import tidy
from bot.cometchat import SessionId

SHARE = "share_call"
DETAILS = "call_details"
REFRESH = "refresh_call"
PICK = "pick_call"
TRANSCRIPT = "call_transcript"
RECORDING = "watch_recording"

_BLOCK = "callinfo_call"
_TURN = "callinfo_turn"
_PAGE = "callinfo_page"
_ID = re.compile(
    rf"(?:{_BLOCK}|{_TURN})(?::(?P<thread_ts>[0-9]{{10}}\.[0-9]{{6}}))?(?::(?P<which>{WHICH}))?(?::[0-9]{{1,3}})?"
)
_PAGE_ID = re.compile(rf"{_PAGE}:(?P<page>[0-9]{{1,3}})(?P<ids>:ids)?(?::(?P<which>{WHICH}))?")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a call is shown: the thread, None for none, and the channel's name, "" if it is not known."""

    thread_ts: str | None = None
    channel_name: str = ""

    @property
    def name(self) -> str:
        """The channel in words: Slack gives the names of public ones only."""
        name = tidy(self.channel_name, 80)
        if name == "directmessage" or name.startswith("mpdm-"):
            return "this conversation"
        return "this channel" if name in {"", "privategroup"} else f"#{name}"


def call_buttons(found: LookupResult, *, place: Place, over: bool, details: bool = True) -> Block:
    """Return Share, Details, the recording and the transcript if there are any and, while the call is not over, Refresh."""
    in_thread = place.thread_ts is not None
    whoever = f"Anyone in {place.name} who opens this thread" if in_thread else f"Everyone in {place.name}"
    sure = confirmation(
        "Share this call?",
        f"{whoever} will see who took part, when, and how it ended. Recordings and transcripts stay private.",
        confirm="Share",
        deny="Cancel",
    )
    share = "Share in thread" if in_thread else "Share to channel"
    buttons = [button(share, SHARE, found.session_id, confirm=sure)]
    buttons += [details_button(found.session_id)] if details else []
    buttons += [*recording_buttons(found), *transcript_buttons(found)]
    buttons += [] if over else [button("Refresh", REFRESH, found.session_id)]
    return actions(buttons, block_id=block_id(place.thread_ts, found.which))


def details_button(session_id: SessionId) -> Button:
    """Return the button that opens the Details; the id of its block says of which call of the session."""
    return button("Details", DETAILS, session_id)


def recording_buttons(found: LookupResult) -> list[Button]:
    """Return the button that opens the links to the recordings, for a viewer who was in the call, if there are any."""
    return [button("Recording", RECORDING, found.session_id)] if may_watch(found) else []


def may_watch(found: LookupResult) -> bool:
    """Whether there are recordings, and the viewer was in the call."""
    return bool(found.call.recordings) and was_there(found.call, found.viewer)


def transcript_buttons(found: LookupResult) -> list[Button]:
    """Return the button that opens the transcript, for a viewer who was in the call, if CometChat says that there is one."""
    is_theirs = found.call.has_transcription and was_there(found.call, found.viewer)
    return [button("Transcript", TRANSCRIPT, found.session_id)] if is_theirs else []


def neighbour_buttons(found: LookupResult, place: Place) -> list[Block]:
    """Return the buttons to the session's call before this one and to the one after it, which take its place."""
    beside = ((found.earlier, "◀ Earlier call"), (found.later, "Later call ▶"))
    return [
        actions(
            [button(text, PICK, ref.session_id)], block_id=block_id(place.thread_ts, ref.which, turns=True)
        )
        for ref, text in beside
        if ref
    ]


def block_id(
    thread_ts: str | None = None, which: str = "", *, number: int | None = None, turns: bool = False
) -> str:
    """Return the id of a block whose buttons belong to that thread and that one of a session's calls.

    `number` tells several in a message apart. `turns`: what its button shows takes the place of the message. At most 61
    characters.
    """
    parts = (thread_ts, which, "" if number is None else str(number))
    return ":".join([_TURN if turns else _BLOCK, *(part for part in parts if part)])


def page_id(page: int, which: str, *, ids: bool = False) -> str:
    """Return the id of a block whose button leads to that page of the Details of that call, with its `ids` or without."""
    return ":".join([_PAGE, str(page), *(["ids"] if ids else []), *([which] if which else [])])


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


def shows_ids(block_id: str) -> bool:
    """Return whether a block's id names a page of the Details with the ids."""
    match = _PAGE_ID.fullmatch(block_id)
    return bool(match and match["ids"])


def turns(block_id: str) -> bool:
    """Return whether what a block's button shows takes the place of its message."""
    return block_id.startswith(_TURN)
