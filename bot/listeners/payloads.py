"""What Slack sends, parsed at the border: who did something, where, and how they can be answered.

https://docs.slack.dev/reference/interaction-payloads. The payload is signed, so who it names is who it was; nothing
of what a button carries is taken for that.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.cards import request
from bot.cards.ask_session import ACTION, BLOCK, Origin
from bot.cards.buttons import thread_of
from bot.cards.request import Approval
from bot.cometchat import InvalidSessionIdError, SessionId, parse_session_id
from bot.identity import SlackUser
from bot.interactions import Interaction, Kind

ARRIVED = "callinfo_arrived"
"""The key of Bolt's context under which server.py puts the time of arrival (`time.monotonic()`)."""

Payload = Mapping[str, Any]


def of_command(command: Payload, context: Payload) -> Interaction:
    """Return the interaction that a slash command is."""
    return Interaction(
        kind="command",
        arrived=_arrived(context),
        user=SlackUser(
            command.get("enterprise_id") or None, _text(command, "team_id"), _text(command, "user_id")
        ),
        channel_id=str(command.get("channel_id") or ""),
        response_url=str(command.get("response_url") or ""),
        trigger_id=str(command.get("trigger_id") or ""),
    )


def of_shortcut(shortcut: Payload, context: Payload) -> Interaction:
    """Return the interaction that a message shortcut is; a message in a thread names the thread."""
    message = _dict(shortcut, "message")
    return Interaction(
        kind="shortcut",
        arrived=_arrived(context),
        user=_user(shortcut),
        channel_id=_text(_dict(shortcut, "channel"), "id"),
        message_ts=_text(message, "ts"),
        thread_ts=_thread(message),
        response_url=_text(shortcut, "response_url"),
        trigger_id=_text(shortcut, "trigger_id"),
    )


def _thread(message: Payload) -> str | None:
    """Return the thread that a message is a reply in; a thread's first message stands in the channel."""
    thread_ts = _text(message, "thread_ts")
    return thread_ts if thread_ts and thread_ts != _text(message, "ts") else None


@dataclass(frozen=True, slots=True)
class Press:
    """A press of a button. The value is our own, but it has been outside: whoever reads it parses it."""

    interaction: Interaction
    value: str
    block_id: str

    @property
    def wanted(self) -> SessionId | None:
        """The call that the button is about, None for a value that is no session id."""
        try:
            return parse_session_id(self.value)
        except InvalidSessionIdError:
            return None


def of_press(kind: Kind, body: Payload, context: Payload) -> Press:
    """Return the press of a button, in a message or in a modal."""
    action = next(iter(_dicts(body.get("actions"))), {})
    container, block_id = _dict(body, "container"), _text(action, "block_id")
    interaction = Interaction(
        kind=kind,
        arrived=_arrived(context),
        user=_user(body),
        channel_id=_text(_dict(body, "channel"), "id") or _text(container, "channel_id"),
        message_ts=_text(container, "message_ts"),
        thread_ts=_text(container, "thread_ts") or thread_of(block_id),
        view_id=_text(_dict(body, "view"), "id"),
        response_url=_text(body, "response_url"),
        trigger_id=_text(body, "trigger_id"),
    )
    return Press(interaction, _text(action, "value"), block_id)


def of_asked_session(body: Payload, context: Payload) -> tuple[Interaction, str]:
    """Return the submitted modal that asks for a session id, and what was typed; the answer goes to its origin."""
    view = _dict(body, "view")
    origin = Origin.from_text(_text(view, "private_metadata"))
    typed = _text(_dict(view, "state", "values", BLOCK, ACTION), "value")
    interaction = Interaction(
        kind="asked_session",
        arrived=_arrived(context),
        user=_user(body),
        channel_id=origin.channel_id,
        thread_ts=origin.thread_ts,
        response_url=origin.response_url,
        trigger_id=_text(body, "trigger_id"),
    )
    return interaction, typed


def of_approval(body: Payload, context: Payload) -> tuple[Interaction, Approval, str]:
    """Return the submitted modal of an approval, whose it is, and what was typed; the answer goes to the request."""
    view = _dict(body, "view")
    approval = Approval.from_text(_text(view, "private_metadata"))
    typed = _text(_dict(view, "state", "values", request.BLOCK, request.ACTION), "value")
    interaction = Interaction(
        kind="approval",
        arrived=_arrived(context),
        user=_user(body),
        response_url=approval.response_url,
        trigger_id=_text(body, "trigger_id"),
    )
    return interaction, approval, typed


def of_removal(body: Payload) -> str:
    """Return the workspace that an event says callinfo was removed from, empty where it names none."""
    return _text(body, "team_id")


def happened_at(body: Payload, now: float) -> int:
    """Return when an event happened, Unix time; Slack may deliver it an hour later."""
    at = body.get("event_time")
    return at if isinstance(at, int) and 0 < at <= now else int(now)


def texts_of(message: Any) -> Iterator[str]:
    """Yield all texts and addresses of a message, in reading order.

    A bot's message may have no `text`, so blocks and attachments are read as well, whatever their types: every
    string that is not one of Slack's own words for structure counts.
    """
    if isinstance(message, str):
        yield message
    elif isinstance(message, list):
        for item in message:
            yield from texts_of(item)
    elif isinstance(message, dict):
        if isinstance(message.get("title"), str) and isinstance(message.get("value"), str):
            yield f"{message['title']}: {message['value']}"  # an attachment's field: a label and its value
        ordered = sorted(message, key=lambda key: _READING_ORDER.get(key, len(_READING_ORDER)))
        for key in ordered:
            if key not in _STRUCTURE:
                yield from texts_of(message[key])


_READING_ORDER = {
    key: place for place, key in enumerate(("pretext", "title", "title_link", "text", "fields", "blocks"))
}
_STRUCTURE = frozenset(
    {
        *(
            "type",
            "ts",
            "thread_ts",
            "user",
            "team",
            "bot_id",
            "app_id",
            "bot_profile",
            "client_msg_id",
            "subtype",
        ),
        *(
            "block_id",
            "action_id",
            "style",
            "color",
            "icons",
            "edited",
            "reactions",
            "metadata",
            "parent_user_id",
        ),
        *("reply_users", "latest_reply", "last_read", "permalink", "user_id", "channel_id", "confirm"),
    }
)


def _arrived(context: Payload) -> float:
    arrived = context.get(ARRIVED)
    return arrived if isinstance(arrived, float) else time.monotonic()


def _user(body: Payload) -> SlackUser:
    """Return who it was; in a shared channel the person's team may be another than the bot's."""
    user, team = _dict(body, "user"), _dict(body, "team")
    enterprise = _text(_dict(body, "enterprise"), "id") or _text(team, "enterprise_id")
    return SlackUser(enterprise or None, _text(user, "team_id") or _text(team, "id"), _text(user, "id"))


def _dict(payload: Payload, *path: str) -> Payload:
    for key in path:
        value = payload.get(key)
        payload = value if isinstance(value, dict) else {}
    return payload


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _text(payload: Payload, key: str) -> str:
    value = payload.get(key)
    return value if isinstance(value, str) else ""
