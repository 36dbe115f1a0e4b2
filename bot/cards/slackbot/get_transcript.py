"""The answer of get_transcript: that callinfo has none of the call (pure)."""

from __future__ import annotations

from typing import Any

from bot.calls.lookup import LookupResult
from bot.cards.slackbot.answer import ToolAnswer, data, quoted

OUTPUT: dict[str, Any] = {
    "type": "object",
    "properties": {
        "session_id": {"type": "string"},
        "transcript": {"type": ["string", "null"], "description": "Null where there is none."},
    },
    "required": ["session_id", "transcript"],
}


def get_transcript(found: LookupResult) -> ToolAnswer:
    """Return the answer."""
    return ToolAnswer(
        f"callinfo has no transcript of the call in session {quoted(found.session_id)}. Nothing of what was said can be told.",
        {"session_id": data(found.session_id), "transcript": None},
    )
