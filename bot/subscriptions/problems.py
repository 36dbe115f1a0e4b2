"""Everything that can go wrong with subscriptions, and the words for it. Copy is reviewed here, as copy."""

from __future__ import annotations

from bot.calls.problems import Problem, ProblemKind
from bot.subscriptions.subscription import MOST_SUBSCRIPTIONS

_EXAMPLES = (
    "Try `/callinfo subscribe missed`, or "
    "`/callinfo subscribe ended video longer 10m with natasha here`. "
    "For a form: `/callinfo subscribe`"
)
_LONGEST_WORD = 40

MISSED_HAS_NO_LENGTH = Problem(
    ProblemKind.NOT_UNDERSTOOD,
    "Missed calls have no length.",
    "Leave out `longer`, or use `ended` instead of `missed`.",
)
LENGTH_NOT_UNDERSTOOD = Problem(
    ProblemKind.NOT_UNDERSTOOD,
    "After “longer” I need a length of at most a day.",
    "For example: `longer 10m`, `longer 90s` or `longer 1h`",
)
NOBODY_AFTER_WITH = Problem(
    ProblemKind.NOT_UNDERSTOOD,
    "After “with” I need a name of at most 80 characters.",
    "Use the start of a name, a CometChat UID, or mention one person: `/callinfo subscribe missed with natasha`",
)
MENTIONED_NOT_LINKED = Problem(
    ProblemKind.MENTIONED_NOT_LINKED,
    "That person isn’t connected to CometChat.",
    "Use their name or CometChat UID instead: `/callinfo subscribe missed with natasha`",
)
NO_UID_AFTER_AS = Problem(
    ProblemKind.NOT_A_UID,
    "After “as” I need a CometChat UID.",
    "A UID has 1 to 100 characters: letters, digits, - and _. "
    "For example: `/callinfo subscribe missed as support-desk here`",
)
LIST_NOT_UNDERSTOOD = Problem(
    ProblemKind.NOT_UNDERSTOOD,
    "I don’t understand what comes after “subscriptions”.",
    "To see yours: `/callinfo subscriptions`. To add one: `/callinfo subscribe missed`",
)
NOTHING_WANTED = Problem(
    ProblemKind.NOT_UNDERSTOOD,
    "Choose missed calls, ended calls, or both.",
    "Check a box, or type `/callinfo subscribe missed`",
)
NOT_AN_ADMIN = Problem(
    ProblemKind.NOT_AN_ADMIN,
    "Only admins can subscribe to another CometChat user’s calls.",
    "For your own calls, leave out `as`.",
)
TOO_MANY = Problem(
    ProblemKind.TOO_MANY_SUBSCRIPTIONS,
    f"You’ve reached the limit of {MOST_SUBSCRIPTIONS} subscriptions.",
    "Stop one that you don’t need: `/callinfo subscriptions`",
)
NO_SUCH_SUBSCRIPTION = Problem(
    ProblemKind.NO_SUCH_SUBSCRIPTION,
    "This subscription has already ended, or isn’t yours to change.",
    "Only its owner or an admin can stop it. To see yours: `/callinfo subscriptions`",
)
UNAVAILABLE = Problem(
    ProblemKind.SUBSCRIPTIONS_UNAVAILABLE,
    "The list of subscriptions isn’t available right now.",
    "Try again in a minute. `/callinfo subscriptions` then shows whether anything changed.",
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
        "To stop all of yours: `/callinfo unsubscribe`. Only those to this channel: `/callinfo unsubscribe here`. "
        "One by one: `/callinfo subscriptions`",
    )


def _shortened(word: str) -> str:
    return word if len(word) <= _LONGEST_WORD else f"{word[:_LONGEST_WORD]}…"
