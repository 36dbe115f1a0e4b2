"""What managing subscriptions results in, where nothing went wrong. Values only."""

from __future__ import annotations

from dataclasses import dataclass

from bot.subscriptions.subscription import Subscription


@dataclass(frozen=True, slots=True)
class Subscribed:
    """A subscription holds from now on; not `new`: the person had the same one."""

    subscription: Subscription
    new: bool


@dataclass(frozen=True, slots=True)
class Ended:
    """These subscriptions have ended; there may be none."""

    subscriptions: tuple[Subscription, ...]


@dataclass(frozen=True, slots=True)
class Muted:
    """The subscription tells nothing until its `muted_until`."""

    subscription: Subscription


@dataclass(frozen=True, slots=True)
class Listing:
    """A person's own subscriptions, the oldest first.

    For admins also `others`: those of other people to this channel, and all that admins made for another UID.
    """

    own: tuple[Subscription, ...]
    others: tuple[Subscription, ...] = ()
