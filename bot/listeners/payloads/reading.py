"""Reads a payload's keys, whatever is there: a value of the wrong type counts as missing."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from typing import Any

from bot.identity import SlackUser

ARRIVED = "callinfo_arrived"
"""The key of Bolt's context that holds the time of arrival (`time.monotonic()`)."""

ACTING_USER = "callinfo_acting_user"
"""The key of Bolt's context for the person, resolved (identity/membership.py)."""

Payload = Mapping[str, Any]

MAX_ID = 255
MAX_URL = 2_000

_PLAIN = re.compile(r"[!#-\[\]-~]*")  # printable, and neither a space nor what JSON escapes


def arrived(context: Payload) -> float:
    """Return when the request came in, by `time.monotonic()`."""
    at = context.get(ARRIVED)
    return at if isinstance(at, float) else time.monotonic()


def acting_user(body: Payload, context: Payload) -> SlackUser:
    """Return who did it, as membership.py has resolved them."""
    user = context.get(ACTING_USER)
    return user if isinstance(user, SlackUser) else named_user(body)


def named_user(body: Payload) -> SlackUser:
    """Return the person that a payload names, with the workspace that it names for them.

    In a command that is the workspace in which it was typed; in an event, the one that it is about. In all else it is
    the person's own: `team` is the app's workspace, and says nothing of them.
    """
    if isinstance(body.get("user"), dict):
        user = nested(body, "user")
        enterprise = identifier(nested(body, "enterprise"), "id") or identifier(
            nested(body, "team"), "enterprise_id"
        )
        return slack_user(enterprise, identifier(user, "team_id"), identifier(user, "id"))
    user_id = identifier(nested(body, "event"), "user") or identifier(body, "user_id")
    return slack_user(identifier(body, "enterprise_id"), identifier(body, "team_id"), user_id)


def slack_user(enterprise_id: str, team_id: str, user_id: str) -> SlackUser:
    """Return the person. Without a user id they are nobody, and so a member of no workspace."""
    return SlackUser(enterprise_id or None, team_id if user_id else "", user_id)


def nested(payload: Payload, *path: str) -> Payload:
    """Return the object at the end of that path of keys, an empty one where there is none."""
    for key in path:
        value = payload.get(key)
        payload = value if isinstance(value, dict) else {}
    return payload


def objects(value: Any) -> list[dict[str, Any]]:
    """Return the objects in a list."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def ticked(payload: Payload) -> list[str]:
    """Return the values of the boxes that are ticked."""
    return [text(option, "value") for option in objects(payload.get("selected_options"))]


def identifier(payload: Payload, key: str) -> str:
    """Return an id or a time stamp, which Slack makes of plain characters."""
    return plain(text(payload, key), MAX_ID)


def response_url(payload: Payload) -> str:
    """Return the response_url. It has to fit into a modal's private metadata, with three ids."""
    return plain(text(payload, "response_url"), MAX_URL)


def plain(value: str, longest: int) -> str:
    """Return the value if it is of plain characters and not too long, else nothing."""
    return value if _PLAIN.fullmatch(value) and len(value) <= longest else ""


def text(payload: Payload, key: str) -> str:
    """Return the text under that key, nothing where there is none."""
    value = payload.get(key)
    return value if isinstance(value, str) else ""
