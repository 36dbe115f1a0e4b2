"""Everything that can go wrong when links are managed, and the words for it. Copy is reviewed here, as copy.

What an admin typed is not repeated unless it was parsed; a non-admin learns nothing of who is linked to whom.
"""

from __future__ import annotations

from bot.calls.problems import Problem, ProblemKind, Whom
from bot.cometchat import Uid

NOT_AN_ADMIN = Problem(
    ProblemKind.NOT_AN_ADMIN,
    "Only admins can manage links.",
    "To see who you are in CometChat: `/callinfo whoami`",
)
ADMIN_UNKNOWN = Problem(
    ProblemKind.ADMIN_UNKNOWN,
    "I can’t check whether you’re an admin right now.",
    "Try again in a minute.",
)
LINKS_UNAVAILABLE = Problem(
    ProblemKind.LINKS_UNAVAILABLE,
    "The list of links isn’t available right now.",
    "Try again in a minute. `/callinfo links` then shows whether anything changed.",
)
BUTTON_NOT_UNDERSTOOD = Problem(
    ProblemKind.NOT_UNDERSTOOD,
    "This button no longer works.",
    "Start again with `/callinfo whoami`, or as an admin with `/callinfo links`.",
)
WINDOW_NOT_UNDERSTOOD = Problem(
    ProblemKind.NOT_UNDERSTOOD,
    "This window no longer works.",
    "Close it and link them like this: `/callinfo link @tony superhero1`",
)
LINK_NOT_UNDERSTOOD = Problem(
    ProblemKind.NOT_UNDERSTOOD,
    "A link needs one person and one CometChat UID.",
    "Like this: `/callinfo link @tony superhero1`",
)
UNLINK_NOT_UNDERSTOOD = Problem(
    ProblemKind.NOT_UNDERSTOOD,
    "Whose link should I remove?",
    "Like this: `/callinfo unlink @tony`",
)
LINKS_NOT_UNDERSTOOD = Problem(
    ProblemKind.NOT_UNDERSTOOD,
    "You can search links by one word: the first letters of a UID or Slack user id.",
    "Like this: `/callinfo links super`",
)
NOT_A_UID = Problem(
    ProblemKind.NOT_A_UID,
    "That’s not a CometChat UID.",
    "A UID has 1 to 100 characters: letters, digits, - and _.",
)
NOBODY_OF_THAT_ID = Problem(
    ProblemKind.NOT_LINKABLE,
    "Slack doesn’t know that person in this workspace. Nothing changed.",
    "Pick the person from the list that Slack shows after @.",
)
OF_ANOTHER_WORKSPACE = Problem(
    ProblemKind.NOT_LINKABLE,
    "Only members of this workspace can be linked from Slack.",
    "The person who runs callinfo can link others on its command line.",
)
A_BOT = Problem(
    ProblemKind.NOT_LINKABLE,
    "That’s a bot, and bots don’t look up calls. Nothing changed.",
    "Pick a person.",
)
ALREADY_ASKED = Problem(
    ProblemKind.ALREADY_ASKED,
    "You’ve already requested access.",
    "I’ll message you when it’s decided.",
)
JUST_DECLINED = Problem(
    ProblemKind.JUST_DECLINED,
    "An admin just declined your request.",
    "You can request access again an hour after that. Can’t wait?",
    ask=Whom.ADMIN,
)
NOBODY_TO_ASK = Problem(
    ProblemKind.NOBODY_TO_ASK,
    "I couldn’t reach an admin.",
    ask=Whom.ADMIN,
)
ALREADY_SETTLED = Problem(
    ProblemKind.ALREADY_SETTLED,
    "This request is no longer open: another admin decided it, or the person has been linked since.",
    "Nothing changed. To see their link: `/callinfo links`",
)


def nothing_to_unlink(user_id: str) -> Problem:
    """Return that no admin has linked that Slack user, whom the admin mentioned."""
    return Problem(
        ProblemKind.NOTHING_TO_UNLINK,
        "No admin link to remove for",
        "Links from callinfo’s configuration can only be changed there.",
        whom=user_id,
    )


def not_a_mention(*, or_a_name: bool = False) -> Problem:
    """Return that a plain @name says nothing certain: names are not unique and can be changed.

    `or_a_name`: a name without the @ would do as well.
    """
    return Problem(
        ProblemKind.NOT_A_MENTION,
        "Slack doesn’t recognize that name as a mention, so I can’t be sure who you mean.",
        "Type @ and the first letters, pick the person from the list, and send it again."
        + (" Or use their name without the @." if or_a_name else ""),
    )


def no_such_uid(uid: Uid) -> Problem:
    """Return that CometChat knows no such user."""
    return Problem(
        ProblemKind.NO_SUCH_UID,
        f"CometChat has no active user {uid}. Nothing changed.",
        "Copy the UID from CometChat’s dashboard, under Users.",
    )


def deactivated(*, had_a_link: bool) -> Problem:
    """Return that the person has left the workspace."""
    removed = ", so I removed their link." if had_a_link else "."
    return Problem(
        ProblemKind.DEACTIVATED,
        f"That person’s Slack account is deactivated{removed}",
        "If they come back, link them again.",
    )
