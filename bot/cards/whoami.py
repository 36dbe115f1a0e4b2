"""Who a person is in CometChat, by what rule, and whom to ask if that is wrong."""

from __future__ import annotations

from collections.abc import Iterable

from bot.cards.kit.escaping import isolated, tidy
from bot.cards.kit.lines import Line, Mention, Moment, Words, styled
from bot.cards.kit.message import Message, lines_message
from bot.cards.problem_card import Contacts, whom_to_ask
from bot.cometchat import Call, Participant, Party, Uid, lower_uid
from bot.identity.links import Link
from bot.links.results import ActingAs

_RULES = {"map": "CALLINFO_USER_MAP", "slack-id": "CALLINFO_UID_RULE"}
_LINK_YOURSELF = "Not you? Link yourself: `/callinfo link @you <uid>`"


def whoami(acting: ActingAs, contacts: Contacts) -> Message:
    """Return what the person reads. The contacts are others than them."""
    who = acting.identified
    lines: list[Line] = [[Words("You are "), Words(who.uid, code=True), Words(" in CometChat.")]]
    if who.link:
        lines.append([*made_by(who.link, "Linked by "), Words(".")])
    else:
        lines.append([Words(f"By {rule_words(who.rule)}.")])
    return lines_message([*lines, _not_you(contacts, is_admin=acting.admin)])


def in_one_line(acting: ActingAs, contacts: Contacts, calls: Iterable[Call], *, is_admin: bool) -> Line:
    """Return who the person is, by their name in those calls of theirs, and what to do if they aren't."""
    who = acting.identified
    name = _name_in(calls, who.uid)
    by = rule_words(who.rule) if is_admin and not who.link else ""
    return [
        Words("You are "),
        *([Words(name, bold=True), Words(" (")] if name else []),
        Words(who.uid, code=True),
        *([Words(")")] if name else []),
        Words(f", by {by}. " if by else ". "),
        *_not_you(contacts, is_admin=is_admin),
    ]


def rule_words(rule: str) -> str:
    """Return the words for a rule of the configuration."""
    setting = _RULES.get(rule)
    return f"{setting} in callinfo’s configuration" if setting else "callinfo’s configuration"


def made_by(link: Link, by: str) -> Line:
    """Return who made a link, and when, after those words."""
    if link.made_by == "cli":
        return [Words(f"{by}the command line"), Words(", "), Moment(link.made_at)]
    return [Words(by), Mention(link.made_by), Words(", "), Moment(link.made_at)]


def _not_you(contacts: Contacts, *, is_admin: bool) -> Line:
    return styled(_LINK_YOURSELF) if is_admin else [Words("Not you? "), *whom_to_ask(contacts)]


def _name_in(calls: Iterable[Call], uid: Uid) -> str:
    """Return the name of that user in the first call that has one, "" where none has."""
    for call in calls:
        sides = [side for side in (call.initiator, call.receiver) if side and not side.group]
        people: list[Participant | Party] = [*call.participants, *sides]
        for each in people:
            if lower_uid(each.uid) == uid and each.name:
                return isolated(tidy(each.name))
    return ""
