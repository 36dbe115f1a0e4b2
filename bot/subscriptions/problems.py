"""The words for what goes wrong with subscriptions."""

from __future__ import annotations

from bot.calls.problems import Problem, ProblemKind
from bot.subscriptions.subscription import MOST_SUBSCRIPTIONS

UNAVAILABLE = Problem(
    ProblemKind.SUBSCRIPTIONS_UNAVAILABLE,
    "callinfo can’t reach its list of subscriptions right now, or it takes too long.",
    "Try again in a minute; /callinfo subscriptions then shows what holds.",
)
NO_SUCH_SUBSCRIPTION = Problem(
    ProblemKind.NO_SUCH_SUBSCRIPTION,
    "There is no such subscription any more, or it is not yours.",
    "To see yours, use /callinfo subscriptions.",
)
TOO_MANY = Problem(
    ProblemKind.TOO_MANY_SUBSCRIPTIONS,
    f"You have {MOST_SUBSCRIPTIONS} subscriptions, which is the most that one person may have.",
    "Stop one that you don’t need any more: /callinfo subscriptions lists them.",
)
NOTHING_WANTED = Problem(
    ProblemKind.NOT_UNDERSTOOD,
    "callinfo needs to know what to tell you: missed calls, ended calls, or both.",
    "Write it like this: /callinfo subscribe missed",
)
