"""A request to be linked: what the admins read, the modal in which one of them enters the UID, and what comes of it."""

from __future__ import annotations

import json
from dataclasses import dataclass

from bot.cards.kit.blocks import text_input
from bot.cards.kit.escaping import isolated, tidy
from bot.cards.kit.lines import Line, Mention, Words, rich
from bot.cards.kit.message import Message
from bot.cards.kit.modal import View, modal
from bot.cards.link_buttons import decision_buttons, user_of, user_text
from bot.cards.linking import card
from bot.identity import SlackUser
from bot.links.results import Asked
from bot.slack.json_objects import json_object
from bot.slack.users import Profile

VIEW = "callinfo_approve_link"
BLOCK = ACTION = "uid"
_MOST_TYPED = 120


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
        """Read it back; raises ValueError for what we never wrote."""
        raw = json_object(text)
        return Approval(user_of(str(raw.get("subject"))), str(raw.get("response_url") or ""))


def request(user: SlackUser, profile: Profile | None) -> Message:
    """Return what an admin reads. What the profile says was written by the person, so it is shown as just that."""
    lines: list[Line] = [
        [
            Mention(user.user_id),
            Words(" asks to be linked to their CometChat user, to see the calls they took part in."),
        ],
        *_facts(profile),
        [
            Words(
                "Approve only if you know who this is in CometChat: people write their Slack profile themselves."
            )
        ],
    ]
    return card(lines, [decision_buttons(user)], direct=True)


def approve(approval: Approval) -> View:
    """Return the modal in which the admin enters the UID."""
    entry = text_input(
        BLOCK,
        ACTION,
        label="CometChat UID",
        hint="From CometChat’s dashboard, under Users. Don’t take it from the person who asks.",
        max_length=_MOST_TYPED,
    )
    lines: list[Line] = [[Words("Which CometChat user is "), Mention(approval.subject.user_id), Words("?")]]
    return modal(
        "Link to CometChat",
        [rich(lines), entry],
        callback_id=VIEW,
        close="Cancel",
        submit="Link",
        private_metadata=approval.to_text(),
    )


def asked(result: Asked) -> Message:
    """Return what the person reads after asking."""
    admins: list[Words | Mention] = []
    for admin in result.admins[:5]:
        admins += [Words(", " if admins else ""), Mention(admin)]
    return card(
        [
            [Words("callinfo has asked "), *admins[1:], Words(" to link you.")],
            [Words("You will get a direct message as soon as one of them has decided.")],
        ]
    )


def declined_by_you(subject: SlackUser) -> Message:
    """Return what takes the place of the request at the admin's."""
    return card([[Words("You declined the request of "), Mention(subject.user_id), Words(".")]], direct=True)


def told_declined() -> Message:
    """Return what the person reads. Who declined is not said: it is the admins' common decision."""
    return card(
        [
            [Words("An admin of callinfo has declined your request to be linked to a CometChat user.")],
            [Words("If you think that is a mistake, talk to one of them.")],
        ],
        direct=True,
    )


def _facts(profile: Profile | None) -> list[Line]:
    if profile is None:
        return [[Words("Slack couldn’t be asked for their profile.")]]
    facts = {"Name": profile.name, "Title": profile.title, "E-mail": profile.email}
    told = {name: isolated(tidy(fact, 120)) for name, fact in facts.items()}
    return [[Words(f"{name}: ", bold=True), Words(fact)] for name, fact in told.items() if fact]
