"""Messages that go out: values, and the store's Protocol. `answers/telling.py` sends them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from bot.subscriptions.subscription import Subscription
from bot.subscriptions.tellings import MessageKind, Telling, Why

Sending = Literal["message", "recording", "transcript"]
"""What is posted: the message, or a reply in its thread."""

TellingPlace = Literal["direct_message", "channel", "thread"]
"""Where something is told: a label of the metrics."""
TellingOutcome = Literal["posted", "updated", "held", "refused", "failed"]
"""What became of it: a label of the metrics.

`held`: until the quiet hours end. `refused`: by Slack, with a word that lasts. `failed`: it is tried again.
"""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A claimed message. Times are Unix seconds; `claimed_until` is the token of the claim.

    `detail` is why the subscription ended, or Slack's word for why it takes nothing. `subscription` is None where it has
    been ended since. `tellings` are the calls in it, the oldest first. `sending`: somebody began to post that, and it may
    be there. `channel` and `ts` are where it is, "" before it was posted, `shown` a digest of what it shows. `replied`
    names the replies in its thread. `refused_since`: 0 where Slack does not refuse it.
    """

    id: str
    claimed_until: float
    due_at: float
    kind: MessageKind
    detail: str
    subscription: Subscription | None
    tellings: tuple[Telling, ...]
    made_at: int
    sending: str = ""
    channel: str = ""
    ts: str = ""
    shown: str = ""
    replied: frozenset[str] = frozenset()
    held: bool = False
    tries: int = 0
    refused_since: int = 0


class MessageStore(Protocol):
    """Where messages are kept. Each method raises StoreUnavailableError; a change does nothing once the claim is lost."""

    async def claim(self, now: float, until: float, limit: int) -> tuple[Outgoing, ...]:
        """Claim messages for which something is due, each for one caller; return them."""
        ...

    async def begin(self, message: Outgoing, what: Sending) -> bool:
        """Note that it is being posted; return False where the claim is not the caller's any more."""
        ...

    async def posted(self, message: Outgoing, channel: str, ts: str, shown: str) -> None:
        """Note where it was posted, and what it shows; what else is due for it still is."""
        ...

    async def updated(self, message: Outgoing, shown: str) -> None:
        """Note what it shows by now. Nothing is due for it, unless something changed since it was claimed."""
        ...

    async def replied(self, message: Outgoing, what: Sending) -> None:
        """Note that its thread has that reply, or never will."""
        ...

    async def retry(self, message: Outgoing, at: float) -> None:
        """Do at that Unix time what failed now."""
        ...

    async def hold(self, message: Outgoing, until: float) -> None:
        """Keep it until then, as one with what is kept already for the subscription."""
        ...

    async def refused(self, message: Outgoing, word: str, now: float, again_at: float, *, tell: bool) -> None:
        """Note that Slack takes nothing there, by that word; if `tell`, let the owner know, once."""
        ...

    async def drop(self, message: Outgoing) -> None:
        """Delete it; its calls are never told."""
        ...

    async def end(self, subscription: Subscription, why: Why, now: float) -> bool:
        """End the subscription, with a word to its owner; return False where there is none any more."""
        ...

    async def prune(self, now: float) -> None:
        """Delete what can't be told or updated any more."""
        ...
