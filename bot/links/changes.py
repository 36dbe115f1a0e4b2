"""Announces that a person's link has changed, to the parts that show or use it: their Home tab is drawn again."""

from __future__ import annotations

from collections.abc import Callable

from bot.identity import SlackUser

Subscriber = Callable[[SlackUser, str], object]
"""Is called with the person, and the reference of the interaction that changed the link."""


class LinkChanges:
    """Passes each change on to its subscribers.

    A change is a link that was made, replaced or removed, or that may have been, when the store took too long to say.
    Links of deactivated accounts do not count: those people see nothing any more.
    """

    def __init__(self) -> None:
        self._subscribers: list[Subscriber] = []

    def subscribe(self, subscriber: Subscriber) -> None:
        """Call the subscriber at each change from now on."""
        self._subscribers.append(subscriber)

    def announce(self, user: SlackUser, reference: str) -> None:
        """Tell the subscribers that the link of that person has changed."""
        for subscriber in self._subscribers:
            subscriber(user, reference)
