"""Who asks, and who is in every call of the benchmark. A summary is a message that names the first two of these."""

from __future__ import annotations

PEOPLE = {"superhero1": "Iron Man", "superhero2": "Captain America"}
"""Name by CometChat UID, of those whom everybody who asks is."""

ASKING = 3_000
"""As many Slack users as it takes for none of them to come near the bot's limit, 30 look-ups a minute."""

SLACK_USERS = {f"U0BENCH{number:04}": list(PEOPLE)[number % len(PEOPLE)] for number in range(ASKING)}
"""CometChat UID by Slack user."""

_NAMES = tuple(name.encode() for name in PEOPLE.values())


def is_summary(body: bytes) -> bool:
    """Whether a message is what was asked for, rather than an empty ack, a promise or a problem."""
    return all(name in body for name in _NAMES)
