"""Everything that can go wrong when links are managed, and the words for it. Copy is reviewed here, as copy.

What an admin typed is not repeated unless it was parsed; a non-admin learns nothing of who is linked to whom.
"""

from __future__ import annotations

from bot.calls.problems import Problem, ProblemKind, Whom
from bot.cometchat import Uid


def not_an_admin() -> Problem:
    """Return the plain refusal."""
    return Problem(
        ProblemKind.NOT_AN_ADMIN,
        "Only admins of callinfo and of this workspace can manage links.",
        "To see whom you are linked to yourself, use /callinfo whoami.",
    )


def admin_unknown() -> Problem:
    """Return that Slack could not be asked whether the person is an admin."""
    return Problem(
        ProblemKind.ADMIN_UNKNOWN,
        "callinfo can’t find out right now whether you are an admin of this workspace.",
        "Try again in a minute.",
    )


def links_unavailable() -> Problem:
    """Return that the store can't be asked or changed. A change that took too long may have been made all the same."""
    return Problem(
        ProblemKind.LINKS_UNAVAILABLE,
        "callinfo can’t reach its list of links right now, or it takes too long.",
        "Try again in a minute; /callinfo links then shows what holds.",
    )


def button_not_understood() -> Problem:
    """Return that a button carries what callinfo never wrote."""
    return Problem(
        ProblemKind.NOT_UNDERSTOOD,
        "callinfo doesn’t know what this button stands for.",
        "Begin anew with /callinfo whoami or, as an admin, with /callinfo links.",
    )


def window_not_understood() -> Problem:
    """Return that a modal carries what callinfo never wrote."""
    return Problem(
        ProblemKind.NOT_UNDERSTOOD,
        "callinfo doesn’t know whose request this window is about.",
        "Close it, and write for example: /callinfo link @tony superhero1",
    )


def link_not_understood() -> Problem:
    """Return how `link` is written."""
    return Problem(
        ProblemKind.NOT_UNDERSTOOD,
        "callinfo needs one person and one CometChat UID to make a link.",
        "Write it like this: /callinfo link @tony superhero1",
    )


def unlink_not_understood() -> Problem:
    """Return how `unlink` is written."""
    return Problem(
        ProblemKind.NOT_UNDERSTOOD,
        "callinfo needs to know whose link to remove.",
        "Write it like this: /callinfo unlink @tony",
    )


def links_not_understood() -> Problem:
    """Return how `links` is written."""
    return Problem(
        ProblemKind.NOT_UNDERSTOOD,
        "callinfo searches for one word: the first letters of a UID or of a Slack user id.",
        "Write it like this: /callinfo links super",
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


def not_a_uid() -> Problem:
    """Return what a UID looks like."""
    return Problem(
        ProblemKind.NOT_A_UID,
        "That can’t be a CometChat UID.",
        "A UID has 1 to 100 characters: letters, digits, - and _.",
    )


def no_such_uid(uid: Uid) -> Problem:
    """Return that CometChat knows no such user."""
    return Problem(
        ProblemKind.NO_SUCH_UID,
        f"CometChat has no active user {uid}. Nothing was changed.",
        "Copy the UID from CometChat’s dashboard, under Users.",
    )


def nobody_of_that_id() -> Problem:
    """Return that Slack knows no such person."""
    return Problem(
        ProblemKind.NOT_LINKABLE,
        "Slack doesn’t know that person in this workspace. Nothing was changed.",
        "Pick the person from the list that Slack shows after @.",
    )


def of_another_workspace() -> Problem:
    """Return that links are made in Slack for members of the bot's own workspace only."""
    return Problem(
        ProblemKind.NOT_LINKABLE,
        "Only members of this workspace can be linked from Slack.",
        "Whoever runs callinfo can link people of other workspaces on its command line.",
    )


def a_bot() -> Problem:
    """Return that a bot looks nothing up."""
    return Problem(
        ProblemKind.NOT_LINKABLE,
        "That is a bot, and bots look no calls up. Nothing was changed.",
        "Pick a person.",
    )


def deactivated(*, had_a_link: bool) -> Problem:
    """Return that the person has left the workspace."""
    return Problem(
        ProblemKind.DEACTIVATED,
        "That person’s Slack account is deactivated"
        + (", so their link was removed." if had_a_link else "."),
        "If they come back, link them again.",
    )


def nothing_to_unlink() -> Problem:
    """Return that there was no link."""
    return Problem(
        ProblemKind.NOTHING_TO_UNLINK,
        "That person has no link that an admin made, so there is none to remove.",
        "Links that come from callinfo’s configuration can only be changed there.",
    )


def already_asked() -> Problem:
    """Return that the person's request is still open."""
    return Problem(
        ProblemKind.ALREADY_ASKED,
        "You have asked already, and nobody has answered yet.",
        "callinfo will write to you as soon as an admin has decided.",
        ask=Whom.ADMIN,
    )


def just_declined() -> Problem:
    """Return that an admin has decided a short while ago."""
    return Problem(
        ProblemKind.JUST_DECLINED,
        "An admin has declined your request a short while ago.",
        "callinfo takes a new one an hour after that. Ask them yourself if it can’t wait.",
        ask=Whom.ADMIN,
    )


def nobody_to_ask() -> Problem:
    """Return that callinfo has nobody whom it could ask, or reached none of them."""
    return Problem(
        ProblemKind.NOBODY_TO_ASK,
        "callinfo couldn’t reach an admin for you.",
        "Ask one yourself to link you.",
        ask=Whom.ADMIN,
    )


def already_settled() -> Problem:
    """Return that a request was dealt with meanwhile."""
    return Problem(
        ProblemKind.ALREADY_SETTLED,
        "That request isn’t open any more: another admin has dealt with it, or the person was linked since.",
        "Nothing was changed. To see a person’s link, use /callinfo links.",
    )
