"""Answers that people were promised, and what a store of them can do."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from bot.answers.interaction import Kind
from bot.cometchat import SessionId
from bot.identity.users import SlackUser


@dataclass(frozen=True, slots=True)
class Promise:
    """An answer that was promised at `promised_at`, Unix time. `sending`: somebody began to send it; it may have arrived.

    `session_id` is what a look-up was about, None for whatever else the person did. `filter` is which calls a list was to
    have, or which of the session's calls was meant.
    """

    reference: str
    kind: Kind
    user: SlackUser
    response_url: str = field(repr=False)
    session_id: SessionId | None
    thread_ts: str | None
    promised_at: int
    filter: str = ""
    sending: bool = False


class OutboxStore(Protocol):
    """Where promises are stored. Every method raises StoreUnavailableError. Times are Unix seconds.

    `claimed_until` is when a claim ends, and tells it from any other.
    """

    async def add(self, promise: Promise, claimed_until: float) -> None:
        """Store a promise, claimed until then; one whose reference is stored already stays as it is."""
        ...

    async def begin_sending(self, reference: str, claimed_until: float) -> bool:
        """Note that the answer is being sent; return False where that claim has been lost."""
        ...

    async def delete(self, reference: str, claimed_until: float) -> None:
        """Delete a promise that was kept, unless that claim has been lost."""
        ...

    async def claim(self, now: float, until: float, limit: int) -> tuple[Promise, ...]:
        """Claim promises whose claims have ended before `now`, the oldest first; return them."""
        ...
