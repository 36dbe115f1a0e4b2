"""What a person reads while an answer takes long: in a message, and in the modals that open before it is there."""

from __future__ import annotations

from bot.cards.details import TITLE as DETAILS_TITLE
from bot.cards.find import FOUND_VIEW
from bot.cards.find import TITLE as FIND_TITLE
from bot.cards.kit.blocks import context
from bot.cards.kit.lines import Words, as_text, rich
from bot.cards.kit.message import Message, code, message
from bot.cards.kit.modal import DETAILS_VIEW, View, modal
from bot.cards.recordings import TITLE as RECORDING_TITLE
from bot.cards.transcript import TITLE as TRANSCRIPT_TITLE
from bot.cards.transcript import TRANSCRIPT_VIEW
from bot.cometchat import SessionId

_LONGER = "This is taking longer than usual. The answer will appear here."


def looking_up(about: SessionId | None = None) -> Message:
    """Return the message that the answer will replace; `about` is the session id that it is for, if it is for one."""
    line = [Words(_LONGER)]
    session_id = [f"Session id: {as_text([Words(about)])}"] if about else []
    blocks = [rich([line]), *([context(code(about))] if about else [])]
    return message("\n".join([as_text(line), *session_id]), blocks)


def loading_details() -> View:
    """Return the Details modal as it opens."""
    return _loading(DETAILS_TITLE, DETAILS_VIEW)


def loading_recording() -> View:
    """Return the modal of a call's recordings as it opens."""
    return _loading(RECORDING_TITLE, DETAILS_VIEW)


def loading_transcript() -> View:
    """Return the modal of a transcript as it opens."""
    return _loading(TRANSCRIPT_TITLE, TRANSCRIPT_VIEW)


def loading_find() -> View:
    """Return the modal of "Find a call" while it waits."""
    return _loading(FIND_TITLE, FOUND_VIEW)


def _loading(title: str, callback_id: str) -> View:
    return modal(title, [rich([[Words("Loading…")]])], callback_id=callback_id)
