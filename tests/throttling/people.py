"""Whom flood control is about, and a clock that a test turns."""

from __future__ import annotations

from bot.identity import SlackUser
from bot.throttling.rates import Refused

TONY = SlackUser(None, "T01", "U0TONY")
STEVE = SlackUser(None, "T01", "U0STEVE")


class Unlimited:
    """A limit that nobody reaches."""

    async def refusal(self, _: SlackUser) -> Refused | None:
        return None


class Clock:
    """A clock, in seconds."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now
