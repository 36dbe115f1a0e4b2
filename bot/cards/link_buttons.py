"""The buttons about links, their ids, and what their values say.

A value names whom a button is about, never who may press it: that is asked anew at each press.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.calls.typed_text import without_controls
from bot.cards.kit.blocks import Block, actions, button, confirmation
from bot.cometchat import Uid, parse_uid
from bot.identity import SlackUser

ASK_ADMIN = "ask_admin"
APPROVE = "approve_link"
DECLINE = "decline_link"
LINK_ANYWAY = "link_anyway"
LINKS_PREVIOUS = "links_previous"
LINKS_NEXT = "links_next"

_USER = re.compile(r"(?P<enterprise>E[A-Z0-9]{1,30})?:(?P<team>T[A-Z0-9]{1,30}):(?P<user>[UW][A-Z0-9]{1,30})")
_SEAL = re.compile(r"[0-9a-f]{16}")
_OFFSET = re.compile(r"[0-9]{1,7}")


class NotOursError(ValueError):
    """A button carries what callinfo never wrote."""


@dataclass(frozen=True, slots=True)
class Anyway:
    """What "Link anyway" stands for; `seal` is of what the admin was shown beside it."""

    subject: SlackUser
    uid: Uid
    requested: bool
    seal: str

    def to_text(self) -> str:
        """Return it as a button's value."""
        requested = "requested" if self.requested else ""
        return f"{user_text(self.subject)}:{self.uid}:{requested}:{self.seal}"

    @staticmethod
    def from_text(text: str) -> Anyway:
        """Read it back; raises NotOursError."""
        try:
            subject, uid, requested, seal = text.rsplit(":", 3)
            if _SEAL.fullmatch(seal):
                return Anyway(user_of(subject), parse_uid(uid), requested == "requested", seal)
        except ValueError:
            pass
        raise NotOursError("no link to be made anyway")


@dataclass(frozen=True, slots=True)
class Place:
    """A page of the list: from which link on, of those that begin with `prefix`."""

    offset: int
    prefix: str

    def to_text(self) -> str:
        """Return it as a button's value."""
        return f"{self.offset}:{self.prefix}"

    @staticmethod
    def from_text(text: str) -> Place:
        """Read it back; raises NotOursError."""
        offset, _, prefix = text.partition(":")
        if not _OFFSET.fullmatch(offset) or without_controls(prefix) != prefix:
            raise NotOursError("no place in the list")
        return Place(int(offset), prefix)


def user_text(user: SlackUser) -> str:
    """Return a Slack user as a button's value."""
    return f"{user.enterprise_id or ''}:{user.team_id}:{user.user_id}"


def user_of(text: str) -> SlackUser:
    """Read it back; raises NotOursError."""
    match = _USER.fullmatch(text)
    if not match:
        raise NotOursError("no Slack user")
    return SlackUser(match["enterprise"], match["team"], match["user"])


def ask_button() -> Block:
    """Return the button for a person who is not linked."""
    return actions([button("Ask an admin", ASK_ADMIN, "ask")])


def decision_buttons(subject: SlackUser) -> Block:
    """Return Approve and Decline, for an admin."""
    sure = confirmation(
        "Decline this request?",
        "They will be told that an admin has declined it.",
        confirm="Decline",
        deny="Cancel",
    )
    return actions(
        [
            button("Approve…", APPROVE, user_text(subject), style="primary"),
            button("Decline", DECLINE, user_text(subject), confirm=sure),
        ]
    )


def anyway_button(anyway: Anyway) -> Block:
    """Return the button with which an admin confirms that several people may have one UID."""
    sure = confirmation(
        "Link several people?",
        "Each of them will see every call of this CometChat user. That is right only where they share its account.",
        confirm="Link anyway",
        deny="Cancel",
    )
    return actions([button("Link anyway", LINK_ANYWAY, anyway.to_text(), style="danger", confirm=sure)])


def page_buttons(previous: Place | None, following: Place | None) -> list[Block]:
    """Return the buttons to the pages that there are, none where there is one page."""
    buttons = []
    if previous:
        buttons.append(button("Previous", LINKS_PREVIOUS, previous.to_text()))
    if following:
        buttons.append(button("Next", LINKS_NEXT, following.to_text()))
    return [actions(buttons)] if buttons else []
