"""The words for why a subscription ends by itself, and why Slack takes nothing in a channel (pure)."""

from __future__ import annotations

from bot.subscriptions.tellings import Why

_ENDED = {
    Why.LINK_LOST: "You’re no longer connected to a CometChat user.",
    Why.LINK_CHANGED: "You’re now connected to another CometChat user. For their calls, subscribe again.",
    Why.NO_LONGER_ADMIN: "Only admins can subscribe to another CometChat user’s calls, and you’re no longer an admin.",
    Why.CHANNEL_REFUSES: "Slack hasn’t let me post there for a day. Subscribe again where I can post.",
}
_REFUSED = {
    "not_in_channel": "I’m not in that channel. Type `/invite @callinfo` there, and I’ll post what’s waiting.",
    "channel_not_found": "I’m not in that private channel, or it was deleted. If it still exists, type `/invite @callinfo` there.",
    "is_archived": "It’s archived. Unarchive it, or subscribe again in another channel.",
}
_REFUSED |= dict.fromkeys(
    ("restricted_action", "restricted_action_read_only_channel"),
    "Only some people can post there. Ask a channel manager to let me post too.",
)


def ended_because(why: Why) -> str:
    """Return why the subscription has ended, as a sentence."""
    return _ENDED[why]


def is_out_of_channel(word: str) -> bool:
    """Whether Slack's word says that the bot can't post in that channel, which somebody can put right."""
    return word in _REFUSED


def refused_because(word: str) -> str:
    """Return why Slack takes nothing there, and what to do, by Slack's word for it."""
    return _REFUSED.get(word, "Slack doesn’t accept messages there right now. I’ll try again every hour.")
