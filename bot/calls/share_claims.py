"""Which calls have been shared from which message, so that one press twice posts once.

A press may come from two devices, or be delivered twice by a proxy, to this process or to another: the store knows of
both. While it can't be asked, this process's own memory has to do. Kept for as long as a message's buttons can answer,
30 minutes.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol

from bot.identity.links import StoreUnavailableError

KEPT_SECONDS = 35 * 60
MOST_KEPT = 10_000

Key = tuple[str, ...]
"""What makes a share the same: team, channel, message and session id."""


class Claim(Enum):
    """What a share finds: it is the FIRST, one is under way that may yet fail, or the call was POSTED."""

    FIRST = auto()
    TAKEN = auto()
    POSTED = auto()


class SharesStore(Protocol):
    """Where claims are kept for all processes. Every method raises StoreUnavailableError."""

    async def claim(self, what: str) -> Claim:
        """Return whether nobody has claimed that; then it is taken."""
        ...

    async def posted(self, what: str) -> None:
        """Keep the claim: it was posted, or may have been."""
        ...

    async def release(self, what: str) -> None:
        """Give the claim back."""
        ...


@dataclass(slots=True)
class _Made:
    """A claim, and whether its call was posted, or may have been."""

    at: float
    posted: bool = False


class Shares:
    """Remembers shares for a while, by their digests: 10,000 are about 2 MB. `clock` is monotonic, in seconds."""

    def __init__(self, store: SharesStore, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._clock = clock
        self._made: OrderedDict[bytes, _Made] = OrderedDict()

    async def claim(self, key: Key) -> Claim:
        """Return whether this is the first share of that key; then it is taken."""
        digest = _digest(key)
        claim = self._claim(digest)
        if claim is not Claim.FIRST:
            return claim
        with suppress(StoreUnavailableError):
            claim = await self._store.claim(digest.hex())
        if claim is not Claim.FIRST:  # another process knows what becomes of it
            self._made.pop(digest, None)
        return claim

    async def posted(self, key: Key) -> None:
        """Keep the claim for good: the call was posted, or may have been."""
        digest = _digest(key)
        if made := self._made.get(digest):
            made.posted = True
        with suppress(StoreUnavailableError):
            await self._store.posted(digest.hex())

    async def release(self, key: Key) -> None:
        """Give a claim back, since nothing was posted."""
        digest = _digest(key)
        self._made.pop(digest, None)
        with suppress(StoreUnavailableError):
            await self._store.release(digest.hex())

    def _claim(self, digest: bytes) -> Claim:
        now = self._clock()
        while self._made and (
            len(self._made) > MOST_KEPT or next(iter(self._made.values())).at <= now - KEPT_SECONDS
        ):
            self._made.popitem(last=False)
        if made := self._made.get(digest):
            return Claim.POSTED if made.posted else Claim.TAKEN
        self._made[digest] = _Made(now)
        return Claim.FIRST


def _digest(key: Key) -> bytes:
    """Return what the key is remembered by: what was shared is nothing for a database to hold, and long."""
    return hashlib.sha256(json.dumps(key).encode()).digest()
