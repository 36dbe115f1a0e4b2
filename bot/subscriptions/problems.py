"""Everything that can go wrong with subscriptions, and the words for it. Copy is reviewed here, as copy."""

from __future__ import annotations

from bot.calls.problems import Problem, ProblemKind
from bot.subscriptions.subscription import MOST_SUBSCRIPTIONS

_EXAMPLES = (
    "For example `/callinfo subscribe missed`, or "
    "`/callinfo subscribe ended video longer 10m with natasha here`. "
    "`/callinfo subscribe` alone opens a form."
)
_LONGEST_WORD = 40

MISSED_HAS_NO_LENGTH = Problem(
    ProblemKind.NOT_UNDERSTOOD,
    "A missed call has no length.",
    "Leave out `longer`, or write `ended` in place of `missed`.",
)
LENGTH_NOT_UNDERSTOOD = Problem(
    ProblemKind.NOT_UNDERSTOOD,
    "How much longer? A number is missing after “longer”, or it is more than a day.",
    f"Write `longer 10m`, `longer 90s` or `longer 1h`. {_EXAMPLES}",
)
NOBODY_AFTER_WITH = Problem(
    ProblemKind.NOT_UNDERSTOOD,
    "With whom? A name is missing after “with”, or it is longer than 80 characters.",
    f"Write a name, the beginning of one, a CometChat UID, or mention one person. {_EXAMPLES}",
)
MENTIONED_NOT_LINKED = Problem(
    ProblemKind.MENTIONED_NOT_LINKED,
    "The person you mention isn’t linked to a CometChat user, so I can’t tell which calls are with them.",
    "Give their name or their CometChat UID instead: `/callinfo subscribe missed with natasha`.",
)
NO_UID_AFTER_AS = Problem(
    ProblemKind.NOT_A_UID,
    "As whom? A CometChat UID is missing after “as”.",
    "A UID has 1 to 100 characters: letters, digits, - and _. "
    "Write for example `/callinfo subscribe missed as support-desk here`.",
)
LIST_NOT_UNDERSTOOD = Problem(
    ProblemKind.NOT_UNDERSTOOD,
    "“subscriptions” takes no other words: it lists all of them.",
    "To add one, write for example `/callinfo subscribe missed`.",
)
NOTHING_WANTED = Problem(
    ProblemKind.NOT_UNDERSTOOD,
    "Choose missed calls, ended calls, or both.",
    "Tick a box, or write for example `/callinfo subscribe missed`.",
)
NOT_AN_ADMIN = Problem(
    ProblemKind.NOT_AN_ADMIN,
    "Only admins can subscribe to the calls of another CometChat user.",
    "Leave out `as` to be told of your own calls.",
)
TOO_MANY = Problem(
    ProblemKind.TOO_MANY_SUBSCRIPTIONS,
    f"You have {MOST_SUBSCRIPTIONS} subscriptions, and that is the most.",
    "Stop one that you don’t need: `/callinfo subscriptions` lists them.",
)
NO_SUCH_SUBSCRIPTION = Problem(
    ProblemKind.NO_SUCH_SUBSCRIPTION,
    "This subscription has ended already, or it isn’t yours to change.",
    "The person who made it can stop it, or an admin. `/callinfo subscriptions` lists yours.",
)
UNAVAILABLE = Problem(
    ProblemKind.SUBSCRIPTIONS_UNAVAILABLE,
    "callinfo can’t reach its list of subscriptions right now.",
    "Try again in a minute. `/callinfo subscriptions` then shows what you have.",
)
NOT_IN_CHANNEL = Problem(
    ProblemKind.NOT_IN_CHANNEL,
    "I’m not in that channel, so I can’t post there.",
    "Type `/invite @callinfo` in the channel, then subscribe again.",
)
CHANNEL_ARCHIVED = Problem(
    ProblemKind.NOT_IN_CHANNEL,
    "That channel is archived, so nobody can post there.",
    "Choose another channel.",
)
CHANNEL_REFUSES = Problem(
    ProblemKind.NOT_IN_CHANNEL,
    "Slack doesn’t let me post in that channel.",
    "Ask whoever manages the channel to let callinfo post there, or choose another channel.",
)
YOU_NOT_IN_CHANNEL = Problem(
    ProblemKind.NOT_IN_CHANNEL,
    "You aren’t in that channel.",
    "Join it first, or choose another channel.",
)


def not_understood(word: str) -> Problem:
    """Say which word after `subscribe` makes no sense."""
    return Problem(
        ProblemKind.NOT_UNDERSTOOD, f"I don’t understand “{_shortened(word)}” after “subscribe”.", _EXAMPLES
    )


def unsubscribe_not_understood(word: str) -> Problem:
    """Say which word after `unsubscribe` makes no sense."""
    return Problem(
        ProblemKind.NOT_UNDERSTOOD,
        f"I don’t understand “{_shortened(word)}” after “unsubscribe”.",
        "`/callinfo unsubscribe` stops all of yours, `/callinfo unsubscribe here` those to this channel. "
        "`/callinfo subscriptions` lists them one by one.",
    )


def _shortened(word: str) -> str:
    return word if len(word) <= _LONGEST_WORD else f"{word[:_LONGEST_WORD]}…"
