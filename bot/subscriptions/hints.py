"""Hints: events of CometChat's, which say that it is time to look, and prove nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bot.cometchat import SessionId, Uid


@dataclass(frozen=True, slots=True)
class Hint:
    """A stored event. `trigger` is one of CometChat's that are known, "" for any other; `received_at` is Unix time.

    `names` are digests of what its people are called (`name_digest`): they only decide who is looked for.
    """

    trigger: str
    session_id: SessionId | None
    uids: tuple[Uid, ...]
    received_at: float
    names: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class StoredHint:
    """A claimed hint, by its row's id."""

    id: int
    hint: Hint


class HintStore(Protocol):
    """Where hints are kept until they were followed."""

    async def add(self, hint: Hint) -> None:
        """Store a hint; raises StoreUnavailableError."""
        ...

    async def claim(self, now: float, until: float, limit: int) -> tuple[StoredHint, ...]:
        """Claim hints that are due, the oldest first, each for one caller. Raises StoreUnavailableError."""
        ...

    async def followed(self, ids: Sequence[int]) -> None:
        """Delete hints that were followed, but the newest, for `latest`. Raises StoreUnavailableError."""
        ...

    async def put_off(self, ids: Sequence[int], until: float) -> None:
        """Follow hints at that Unix time. Raises StoreUnavailableError."""
        ...

    async def latest(self) -> int | None:
        """Return when the newest hint came, in Unix seconds, None where none ever did. Raises StoreUnavailableError."""
        ...
