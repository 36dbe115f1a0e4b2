"""Who is in every call of the benchmark. A summary is a message that names them all."""

from __future__ import annotations

PEOPLE = {"superhero1": "Iron Man", "superhero2": "Captain America"}
"""Name by CometChat UID."""

SLACK_USERS = {"U0TONY001": "superhero1", "U0STEVE01": "superhero2"}
"""CometChat UID by Slack user."""

_NAMES = tuple(name.encode() for name in PEOPLE.values())


def is_summary(body: bytes) -> bool:
    """Whether a message is what was asked for, rather than an empty ack or a promise."""
    return all(name in body for name in _NAMES)
