"""Who a person is in CometChat, by what rule, and whom to ask if that is wrong."""

from __future__ import annotations

from bot.cards.kit.lines import Line, Mention, Moment, Words
from bot.cards.kit.message import Message, lines_message
from bot.cards.problem import Contacts, whom_to_ask
from bot.identity.links import Link
from bot.links.results import ActingAs

_NOT_YOU = "If that isn’t you in CometChat"
_RULES = {
    "map": "CALLINFO_USER_MAP in callinfo’s configuration",
    "slack-id": "CALLINFO_UID_RULE in callinfo’s configuration, which takes the Slack user id for the UID",
}


def whoami(acting: ActingAs, contacts: Contacts) -> Message:
    """Return what the person reads."""
    who = acting.identified
    lines: list[Line] = [[Words("You are "), Words(who.uid, code=True), Words(" in CometChat.")]]
    if who.link:
        lines.append([*made_by(who.link, "Linked by "), Words(".")])
        wrong = "an admin of callinfo can link you anew."
    else:
        lines.append([Words(f"By {rule_words(who.rule)}, for as long as it says so.")])
        wrong = "an admin of callinfo can link you, which goes before it."
    if acting.admin:
        return lines_message([*lines, [Words(f"{_NOT_YOU}, link yourself: /callinfo link @you <uid>")]])
    return lines_message([*lines, [Words(f"{_NOT_YOU}, {wrong}")], whom_to_ask(contacts)])


def rule_words(rule: str) -> str:
    """Return the words for a rule of the configuration."""
    return _RULES.get(rule, "callinfo’s configuration")


def made_by(link: Link, by: str) -> Line:
    """Return who made the link, and when; `by` are the words before the name."""
    if link.made_by == "cli":
        return [Words(f"{by}the command line"), Words(", "), Moment(link.made_at)]
    return [Words(by), Mention(link.made_by), Words(", "), Moment(link.made_at)]
