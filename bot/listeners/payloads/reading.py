"""What a payload holds under its keys, whatever is there: nothing of a wrong kind gets any further."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from typing import Any

from bot.identity import SlackUser

ARRIVED = "callinfo_arrived"
"""The key of Bolt's context under which the time of arrival (`time.monotonic()`) stands."""

Payload = Mapping[str, Any]

LONGEST_ID = 255
LONGEST_ADDRESS = 2_000

_PLAIN = re.compile(r"[!#-\[\]-~]*")  # printable, and neither a space nor what JSON escapes


def arrived(context: Payload) -> float:
    """Return when the request came in, by `time.monotonic()`."""
    at = context.get(ARRIVED)
    return at if isinstance(at, float) else time.monotonic()


def who(body: Payload) -> SlackUser:
    """Return who it was; in a shared channel the person's team may be another than the bot's."""
    user, team = within(body, "user"), within(body, "team")
    enterprise = an_id(within(body, "enterprise"), "id") or an_id(team, "enterprise_id")
    return person(enterprise, an_id(user, "team_id") or an_id(team, "id"), an_id(user, "id"))


def person(enterprise_id: str, team_id: str, user_id: str) -> SlackUser:
    """Return the person; who has no id is nobody, and so a member of no workspace."""
    return SlackUser(enterprise_id or None, team_id if user_id else "", user_id)


def within(payload: Payload, *path: str) -> Payload:
    """Return the object at the end of that path of keys, an empty one where there is none."""
    for key in path:
        value = payload.get(key)
        payload = value if isinstance(value, dict) else {}
    return payload


def objects(value: Any) -> list[dict[str, Any]]:
    """Return the objects of a list."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def an_id(payload: Payload, key: str) -> str:
    """Return an id or a time stamp, which Slack makes of plain characters; nothing else gets any further."""
    return plain(text(payload, key), LONGEST_ID)


def address(payload: Payload) -> str:
    """Return the response_url; it has to fit into a modal's private metadata, with two ids."""
    return plain(text(payload, "response_url"), LONGEST_ADDRESS)


def plain(value: str, longest: int) -> str:
    """Return a text of plain characters that is no longer than that, nothing for any other."""
    return value if _PLAIN.fullmatch(value) and len(value) <= longest else ""


def text(payload: Payload, key: str) -> str:
    """Return the text under that key, nothing where it is none."""
    value = payload.get(key)
    return value if isinstance(value, str) else ""
