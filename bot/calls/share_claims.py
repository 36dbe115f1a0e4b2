"""One claim per message and call, so that pressing Share twice posts once.

A press may come from two devices, or be delivered twice, to this process or to another. The store knows of both; while
it can't be reached, this process's memory has to do.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from contextlib import suppress
from enum import Enum, auto
from typing import Protocol

from cachetools import TTLCache

from bot.identity.links import StoreUnavailableError

KEPT_SECONDS = 35 * 60
"""A little longer than a message's buttons can answer (30 minutes)."""

MAX_KEPT = 10_000

Share = tuple[str, ...]
"""What makes two shares the same: team, channel, message and session id."""


class ClaimResult(Enum):
    """What a share finds: it is the FIRST; one is in progress and may fail (TAKEN); or the call was POSTED."""

    FIRST = auto()
    TAKEN = auto()
    POSTED = auto()


class SharesStore(Protocol):
    """The store of claims, which all processes share. Every method raises StoreUnavailableError."""

    async def claim(self, what: str) -> ClaimResult:
        """Claim it; return FIRST if nobody had."""
        ...

    async def posted(self, what: str) -> None:
        """Keep the claim for good: the call was posted, or may have been."""
        ...

    async def release(self, what: str) -> None:
        """Give the claim back."""
        ...


class ShareClaims:
    """Claims shares, under their digests. `clock` is monotonic, in seconds."""

    def __init__(self, store: SharesStore, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._own: TTLCache[str, ClaimResult] = TTLCache(MAX_KEPT, KEPT_SECONDS, timer=clock)

    async def claim(self, share: Share) -> ClaimResult:
        """Claim the share; return FIRST if nobody had."""
        digest = _digest(share)
        if own := self._own.get(digest):
            return own
        self._own[digest] = ClaimResult.TAKEN
        with suppress(StoreUnavailableError):
            claim = await self._store.claim(digest)
            if claim is not ClaimResult.FIRST:  # another process's, which knows what becomes of it
                self._own.pop(digest, None)
            return claim
        return ClaimResult.FIRST

    async def posted(self, share: Share) -> None:
        """Keep the claim for good: the call was posted, or may have been."""
        digest = _digest(share)
        self._own[digest] = ClaimResult.POSTED
        with suppress(StoreUnavailableError):
            await self._store.posted(digest)

    async def release(self, share: Share) -> None:
        """Give the claim back: nothing was posted."""
        digest = _digest(share)
        self._own.pop(digest, None)
        with suppress(StoreUnavailableError):
            await self._store.release(digest)


def _digest(share: Share) -> str:
    return hashlib.sha256(json.dumps(share).encode()).hexdigest()
