"""The words for why a subscription ends by itself, and why Slack takes nothing in a channel (pure)."""

from __future__ import annotations

from bot.subscriptions.tellings import Why

_ENDED = {
    Why.LINK_LOST: "You aren’t linked to a CometChat user any more.",
    Why.LINK_CHANGED: "You are linked to another CometChat user now. To be told of their calls, subscribe again.",
    Why.NO_LONGER_ADMIN: "Only admins can subscribe to the calls of another CometChat user, and you aren’t one any more.",
    Why.CHANNEL_REFUSES: "Slack has let nothing be posted there for a day. To go on, subscribe again where callinfo may post.",
}
_REFUSED = {
    "not_in_channel": "callinfo isn’t in it. Type `/invite @callinfo` there, and what is waiting will be posted.",
    "channel_not_found": "It is private and callinfo isn’t in it, or it is gone. If it is there, type `/invite @callinfo` in it.",
    "is_archived": "It is archived. Unarchive it, or subscribe again in another channel.",
}
_REFUSED["restricted_action"] = (
    "Only some people may post in it. Ask whoever manages the channel to let callinfo post."
)


def ended_because(why: Why) -> str:
    """Return why the subscription has ended, as a sentence."""
    return _ENDED[why]


def refused_because(word: str) -> str:
    """Return why Slack takes nothing there, and what to do, by Slack's word for it."""
    return _REFUSED.get(word, "Slack doesn’t take messages there right now. callinfo tries again every hour.")
