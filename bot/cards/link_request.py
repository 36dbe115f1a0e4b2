"""A request to be linked: the button that makes it, what admins read, the modal for the UID, and what comes of it.

A button's value names whom it is about, never who may press it: that is checked at each press.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from bot.cards.kit.blocks import Block, actions, button, confirmation
from bot.cards.kit.escaping import isolated, tidy
from bot.cards.kit.inputs import text_input
from bot.cards.kit.lines import Line, Mention, Words, mentions, rich
from bot.cards.kit.message import Message, lines_message
from bot.cards.kit.modal import View, modal
from bot.identity import SlackUser
from bot.links.results import RequestSent
from bot.slack.json_objects import json_object
from bot.slack.users import Profile

ASK_ADMIN = "ask_admin"
APPROVE = "approve_link"
DECLINE = "decline_link"
VIEW = "callinfo_approve_link"
BLOCK = ACTION = "uid"

_MAX_TYPED = 120
_USER = re.compile(r"(?P<enterprise>E[A-Z0-9]{1,30})?:(?P<team>T[A-Z0-9]{1,30}):(?P<user>[UW][A-Z0-9]{1,30})")


class InvalidValueError(ValueError):
    """A button's value is none that callinfo wrote."""


@dataclass(frozen=True, slots=True)
class Approval:
    """Whose request is approved, and where the answer goes. Kept in the modal's private metadata."""

    subject: SlackUser
    response_url: str

    def to_text(self) -> str:
        """Return it as the metadata that Slack gives back."""
        return json.dumps({"subject": user_text(self.subject), "response_url": self.response_url})

    @staticmethod
    def from_text(text: str) -> Approval:
        """Parse the metadata. Raises ValueError for what callinfo never wrote."""
        raw = json_object(text)
        return Approval(user_from_text(str(raw.get("subject"))), str(raw.get("response_url") or ""))


def user_text(user: SlackUser) -> str:
    """Return a Slack user as a button's value."""
    return f"{user.enterprise_id or ''}:{user.team_id}:{user.user_id}"


def user_from_text(text: str) -> SlackUser:
    """Parse a button's value. Raises InvalidValueError."""
    match = _USER.fullmatch(text)
    if not match:
        raise InvalidValueError("no Slack user")
    return SlackUser(match["enterprise"], match["team"], match["user"])


def ask_button() -> Block:
    """Return the button for a person who is not linked."""
    return actions([button("Request access", ASK_ADMIN, "ask")])


def decision_buttons(subject: SlackUser) -> Block:
    """Return Approve and Decline, for an admin."""
    sure = confirmation(
        "Decline this request?",
        "I’ll tell them that an admin declined it.",
        confirm="Decline",
        deny="Cancel",
    )
    return actions(
        [
            button("Approve…", APPROVE, user_text(subject), style="primary"),
            button("Decline", DECLINE, user_text(subject), confirm=sure),
        ]
    )


def request_notice(user: SlackUser, profile: Profile | None) -> Message:
    """Return what an admin reads. The person wrote the profile themself, and the text says so."""
    lines: list[Line] = [
        [
            Mention(user.user_id),
            Words(" requested access to their CometChat calls."),
        ],
        *_facts(profile),
        [Words("Approve only if you know who this is in CometChat: people write their own Slack profile.")],
    ]
    return lines_message(lines, [decision_buttons(user)])


def approve(approval: Approval) -> View:
    """Return the modal in which the admin enters the UID."""
    entry = text_input(
        BLOCK,
        "CometChat UID",
        hint="Copy it from CometChat’s dashboard, under Users. Don’t take it from the person who asks.",
        max_length=_MAX_TYPED,
        required=True,
    )
    question: Line = [
        Words("Which CometChat user is "),
        Mention(approval.subject.user_id),
        Words("?"),
    ]
    return modal(
        "Link to CometChat",
        [rich([question]), entry],
        callback_id=VIEW,
        close="Cancel",
        submit="Link",
        private_metadata=approval.to_text(),
    )


def request_sent(result: RequestSent) -> Message:
    """Return what the person reads after asking."""
    return lines_message(
        [
            [Words("Request sent to "), *mentions(result.admins[:5]), Words(".")],
            [Words("I’ll message you when it’s decided.")],
        ]
    )


def declined_by_you(subject: SlackUser) -> Message:
    """Return what replaces the request in the admin's conversation."""
    line: Line = [Words("You declined the request from "), Mention(subject.user_id), Words(".")]
    return lines_message([line])


def declined_notice() -> Message:
    """Return what the person reads. Who declined is not said: the decision is the admins' together."""
    return lines_message(
        [
            [Words("An admin declined your request for access to your CometChat calls.")],
            [Words("If that’s a mistake, talk to one of them.")],
        ],
    )


def _facts(profile: Profile | None) -> list[Line]:
    if profile is None:
        return [[Words("Slack didn’t return their profile.")]]
    facts = {"Name": profile.name, "Title": profile.title, "E-mail": profile.email}
    shown = {name: isolated(tidy(fact, 120)) for name, fact in facts.items()}
    return [[Words(f"{name}: ", bold=True), Words(fact)] for name, fact in shown.items() if fact]
