"""Hints: events of CometChat's, which say that it is time to look, and prove nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from bot.cometchat import SessionId, Uid


@dataclass(frozen=True, slots=True)
class Hint:
    """A stored event. `trigger` is one of CometChat's that are known, "" for any other; `received_at` is Unix time.

    `names` are what its people are called: they only decide who is asked first.
    """

    trigger: str
    session_id: SessionId | None
    uids: tuple[Uid, ...]
    received_at: float
    names: tuple[str, ...] = field(default=(), repr=False)


class HintStore(Protocol):
    """Where hints are kept until they were followed."""

    async def add(self, hint: Hint) -> None:
        """Store a hint; raises StoreUnavailableError."""
        ...

    async def latest(self) -> int | None:
        """Return when the newest hint came, in Unix seconds, None where none ever did. Raises StoreUnavailableError."""
        ...
