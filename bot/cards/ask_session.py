"""The modal that asks for a session id, when the message that the shortcut was used on does not clearly say one."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace

from bot.cards.kit.inputs import text_input
from bot.cards.kit.lines import Words, rich
from bot.cards.kit.modal import View, modal
from bot.cometchat.ids import MAX_SESSION_ID
from bot.slack.json_objects import json_object

VIEW = "callinfo_ask_session"
BLOCK = ACTION = "session_id"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the shortcut was used: the answer goes there. Kept in the modal's private metadata."""

    response_url: str
    channel_id: str
    thread_ts: str | None
    offered: str | None = None
    """What stood in the input from the start."""

    def to_text(self) -> str:
        """Return it as the metadata that Slack gives back."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @staticmethod
    def from_text(text: str) -> Origin:
        """Parse the metadata; what callinfo never wrote is an origin without an address."""
        try:
            known = json_object(text)
        except ValueError:
            known = {}
        return Origin(
            response_url=str(known.get("response_url") or ""),
            channel_id=str(known.get("channel_id") or ""),
            thread_ts=str(known["thread_ts"]) if known.get("thread_ts") else None,
            offered=str(known["offered"]) if known.get("offered") else None,
        )


def ask_session(origin: Origin, *, unsure: str | None = None) -> View:
    """Return the modal. What may be an id (`unsure`) is in the input already, for the person to check."""
    found = (
        "I’m not sure where the session id in this message begins and ends. Is this it?"
        if unsure
        else "There’s no session id in this message."
    )
    entry = text_input(
        BLOCK,
        "Session id",
        hint="It looks like v1.eu.2574867aa2e6e417.1715845999…",
        max_length=3 * MAX_SESSION_ID,
        initial=unsure or "",
        required=True,
    )
    return modal(
        "Get call info",
        [rich([[Words(found)]]), entry],
        callback_id=VIEW,
        close="Cancel",
        submit="Show",
        private_metadata=replace(origin, offered=unsure).to_text(),
    )
