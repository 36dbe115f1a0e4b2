"""Everything that can go wrong when links are managed, and the words for it. Copy is reviewed here, as copy.

What an admin typed is not repeated unless it was parsed; a non-admin learns nothing of who is linked to whom.
"""

from __future__ import annotations

from bot.calls.problems import Problem, ProblemKind, Whom
from bot.cometchat import Uid

NOT_AN_ADMIN = Problem(
    ProblemKind.NOT_AN_ADMIN,
    "Only admins of callinfo and of this workspace can manage links.",
    "To see whom you are linked to yourself, use /callinfo whoami.",
)
ADMIN_UNKNOWN = Problem(
    ProblemKind.ADMIN_UNKNOWN,
    "callinfo can’t find out right now whether you are an admin of this workspace.",
    "Try again in a minute.",
)
LINKS_UNAVAILABLE = Problem(
    ProblemKind.LINKS_UNAVAILABLE,
    "callinfo can’t reach its list of links right now, or it takes too long.",
    "Try again in a minute; /callinfo links then shows what holds.",
)
BUTTON_NOT_UNDERSTOOD = Problem(
    ProblemKind.NOT_UNDERSTOOD,
    "callinfo doesn’t know what this button stands for.",
    "Begin anew with /callinfo whoami or, as an admin, with /callinfo links.",
)
WINDOW_NOT_UNDERSTOOD = Problem(
    ProblemKind.NOT_UNDERSTOOD,
    "callinfo doesn’t know whose request this window is about.",
    "Close it, and write for example: /callinfo link @tony superhero1",
)
LINK_NOT_UNDERSTOOD = Problem(
    ProblemKind.NOT_UNDERSTOOD,
    "callinfo needs one person and one CometChat UID to make a link.",
    "Write it like this: /callinfo link @tony superhero1",
)
UNLINK_NOT_UNDERSTOOD = Problem(
    ProblemKind.NOT_UNDERSTOOD,
    "callinfo needs to know whose link to remove.",
    "Write it like this: /callinfo unlink @tony",
)
LINKS_NOT_UNDERSTOOD = Problem(
    ProblemKind.NOT_UNDERSTOOD,
    "callinfo searches for one word: the first letters of a UID or of a Slack user id.",
    "Write it like this: /callinfo links super",
)
NOT_A_UID = Problem(
    ProblemKind.NOT_A_UID,
    "That can’t be a CometChat UID.",
    "A UID has 1 to 100 characters: letters, digits, - and _.",
)
NOBODY_OF_THAT_ID = Problem(
    ProblemKind.NOT_LINKABLE,
    "Slack doesn’t know that person in this workspace. Nothing was changed.",
    "Pick the person from the list that Slack shows after @.",
)
OF_ANOTHER_WORKSPACE = Problem(
    ProblemKind.NOT_LINKABLE,
    "Only members of this workspace can be linked from Slack.",
    "Whoever runs callinfo can link people of other workspaces on its command line.",
)
A_BOT = Problem(
    ProblemKind.NOT_LINKABLE,
    "That is a bot, and bots look no calls up. Nothing was changed.",
    "Pick a person.",
)
NOTHING_TO_UNLINK = Problem(
    ProblemKind.NOTHING_TO_UNLINK,
    "That person has no link that an admin made, so there is none to remove.",
    "Links that come from callinfo’s configuration can only be changed there.",
)
ALREADY_ASKED = Problem(
    ProblemKind.ALREADY_ASKED,
    "You have asked already, and nobody has answered yet.",
    "callinfo will write to you as soon as an admin has decided.",
    ask=Whom.ADMIN,
)
JUST_DECLINED = Problem(
    ProblemKind.JUST_DECLINED,
    "An admin has declined your request a short while ago.",
    "callinfo takes a new one an hour after that. Ask them yourself if it can’t wait.",
    ask=Whom.ADMIN,
)
NOBODY_TO_ASK = Problem(
    ProblemKind.NOBODY_TO_ASK,
    "callinfo couldn’t reach an admin for you.",
    "Ask one yourself to link you.",
    ask=Whom.ADMIN,
)
ALREADY_SETTLED = Problem(
    ProblemKind.ALREADY_SETTLED,
    "That request isn’t open any more: another admin has dealt with it, or the person was linked since.",
    "Nothing was changed. To see a person’s link, use /callinfo links.",
)


def not_a_mention(*, or_a_name: bool = False) -> Problem:
    """Return that a plain @name says nothing certain: names are not unique and can be changed.

    `or_a_name`: a name without the @ would do as well.
    """
    return Problem(
        ProblemKind.NOT_A_MENTION,
        "That name isn’t a mention that Slack recognises, so callinfo can’t be sure who is meant.",
        "Type @ and the first letters, pick the person from the list that Slack shows, and send it again."
        + (" Or give their name without the @." if or_a_name else ""),
    )


def no_such_uid(uid: Uid) -> Problem:
    """Return that CometChat knows no such user."""
    return Problem(
        ProblemKind.NO_SUCH_UID,
        f"CometChat has no active user {uid}. Nothing was changed.",
        "Copy the UID from CometChat’s dashboard, under Users.",
    )


def deactivated(*, had_a_link: bool) -> Problem:
    """Return that the person has left the workspace."""
    return Problem(
        ProblemKind.DEACTIVATED,
        "That person’s Slack account is deactivated"
        + (", so their link was removed." if had_a_link else "."),
        "If they come back, link them again.",
    )
