"""What admins and linked people read when links are made, changed, removed or listed, and the buttons about links.

A button's value names whom it is about, never who may press it: that is checked at each press.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.calls.typed_text import without_controls
from bot.cards.kit.blocks import Block, actions, button, confirmation, context
from bot.cards.kit.escaping import escaped, tidy
from bot.cards.kit.lines import Line, Mention, Words, as_text, mentions, rich, styled
from bot.cards.kit.message import Message, lines_message, message
from bot.cards.link_request import InvalidValueError, user_from_text, user_text
from bot.cards.whoami import made_by, rule_words
from bot.cometchat import Uid, parse_uid
from bot.identity import SlackUser
from bot.identity.links import Link
from bot.links.results import Linked, LinkList, UidTaken, Unlinked
from bot.links.service import PAGE

LINK_ANYWAY = "link_anyway"
LINKS_PREVIOUS = "links_previous"
LINKS_NEXT = "links_next"

_SEARCH = "To search, add the first letters of a UID or Slack user id: /callinfo links super"
_FINGERPRINT = re.compile(r"[0-9a-f]{16}")
_OFFSET = re.compile(r"[0-9]{1,7}")


@dataclass(frozen=True, slots=True)
class LinkAnyway:
    """The value of "Link anyway"; `fingerprint` is of the conflict that the admin is shown beside it."""

    subject: SlackUser
    uid: Uid
    requested: bool
    fingerprint: str

    def to_text(self) -> str:
        """Return it as a button's value."""
        requested = "requested" if self.requested else ""
        return f"{user_text(self.subject)}:{self.uid}:{requested}:{self.fingerprint}"

    @staticmethod
    def from_text(text: str) -> LinkAnyway:
        """Parse a button's value. Raises InvalidValueError."""
        try:
            subject, uid, requested, fingerprint = text.rsplit(":", 3)
            if _FINGERPRINT.fullmatch(fingerprint):
                user = user_from_text(subject)
                return LinkAnyway(user, parse_uid(uid), requested == "requested", fingerprint)
        except ValueError:
            pass
        raise InvalidValueError("no link to be made anyway")


@dataclass(frozen=True, slots=True)
class LinksQuery:
    """The value of the paging buttons: from which link on, of those that begin with `prefix`."""

    offset: int = 0
    prefix: str = ""

    def to_text(self) -> str:
        """Return it as a button's value."""
        return f"{self.offset}:{self.prefix}"

    @staticmethod
    def from_text(text: str) -> LinksQuery:
        """Parse a button's value. Raises InvalidValueError."""
        offset, _, prefix = text.partition(":")
        if not _OFFSET.fullmatch(offset) or without_controls(prefix) != prefix:
            raise InvalidValueError("no page of the list")
        return LinksQuery(int(offset), prefix)


def linked(result: Linked) -> Message:
    """Return what the admin reads."""
    link = result.link
    person = Mention(link.user.user_id)
    lines: list[Line] = [[person, Words(" is now linked to "), _uid(link.uid), Words(" in CometChat.")]]
    if result.replaced and result.replaced.uid != link.uid:
        lines.append([Words("Before: "), _uid(result.replaced.uid), Words(".")])
    if not result.checked:
        unchecked = "CometChat didn’t confirm that this user exists. If the UID is wrong, link again."
        lines.append([Words("Careful: ", bold=True), Words(unchecked)])
    if result.notified:
        lines.append([Words("I’ve told them.")])
    elif not link.made_by_themself:
        lines.append([Words("I couldn’t message them. Please tell them yourself.")])
    return lines_message(lines)


def uid_taken(result: UidTaken) -> Message:
    """Return what the admin reads where others have the UID, with the button to link all the same."""
    conflict = result.conflict
    more = len(conflict.others) - len(conflict.others[:5])
    others = [
        *mentions(other.user_id for other in conflict.others[:5]),
        *([Words(f" and {more} more")] if more else []),
    ]
    now: Line = (
        [Words(" is still linked to "), _uid(conflict.current), Words(": ")]
        if conflict.current
        else [Words(" isn’t linked yet: ")]
    )
    lines: list[Line] = [
        [
            Mention(result.subject.user_id),
            *now,
            _uid(result.uid),
            Words(" already belongs to "),
            *others,
            Words("."),
        ],
        [Words("All of them would see every call of this CometChat user.")],
    ]
    anyway = LinkAnyway(result.subject, result.uid, result.requested, conflict.fingerprint())
    return lines_message(lines, [_anyway_button(anyway)])


def unlinked(result: Unlinked) -> Message:
    """Return what the admin reads."""
    person = Mention(result.removed.user.user_id)
    lines: list[Line] = [[person, Words(" is no longer linked to "), _uid(result.removed.uid), Words(".")]]
    if result.still:
        source = f", by {rule_words(result.still.rule)}. You can only change that there."
        still = Words("they are still ")
        lines.append([Words("Careful: ", bold=True), still, _uid(result.still.uid), Words(source)])
    return lines_message(lines)


def linked_notice(link: Link) -> Message:
    """Return what the linked person reads."""
    by, uid = Mention(link.made_by), _uid(link.uid)
    return lines_message(
        [
            [by, Words(" connected you to CometChat as "), uid, Words(".")],
            styled("Type `/callinfo` in any conversation to see your calls. They’re also in my Home tab."),
            [Words("Not you? Tell "), by, Words(".")],
        ],
    )


def links(listed: LinkList, *, headed: bool = False) -> Message:
    """Return a page of the list, and the buttons to the others. `headed`: below a heading that says what it is."""
    title = _title(listed, headed=headed)
    lines: list[Line] = [[Words(title, bold=True)]] if title else []
    lines += [_row(link) for link in listed.page.links]
    gone = Words(" has left Slack, so I removed their link.")
    lines += [[Mention(user.user_id), gone] for user in listed.deactivated]
    text = [*(as_text(line) for line in lines), f"{_SEARCH}."]
    small_print = context(escaped(_SEARCH))
    return message("\n".join(text), [rich(lines), *_page_buttons(listed), small_print])


def _title(listed: LinkList, *, headed: bool) -> str:
    """Return what the list is of, and which part of it, as far as its heading does not say so."""
    prefix, shown, total = tidy(listed.prefix, 40), len(listed.page.links), listed.page.total
    which = f" starting with “{prefix}”" if prefix else ""
    if not shown:
        return f"No links{which}." if which else "No links yet."
    part = f"{listed.offset + 1:,}–{listed.offset + shown:,} of {total:,}" if shown < total else ""
    what = "" if headed and not which else f"Linked people{which}"
    return ": ".join(each for each in (what, part) if each)


def _row(link: Link) -> Line:
    return [Mention(link.user.user_id), Words(" → "), _uid(link.uid), *made_by(link, " · by ")]


def _uid(uid: str) -> Words:
    return Words(uid, code=True)


def _anyway_button(anyway: LinkAnyway) -> Block:
    """Return the button with which an admin confirms that several people may have one UID."""
    sure = confirmation(
        "Link several people?",
        "Each of them will see every call of this CometChat user. Do this only if they share the account.",
        confirm="Link anyway",
        deny="Cancel",
    )
    return actions([button("Link anyway", LINK_ANYWAY, anyway.to_text(), style="danger", confirm=sure)])


def _page_buttons(listed: LinkList) -> list[Block]:
    """Return the buttons to the pages before and after, as far as there are any."""
    buttons, count = [], len(listed.page.links)
    if listed.offset:
        before = LinksQuery(max(0, listed.offset - PAGE), listed.prefix)
        buttons.append(button("Previous", LINKS_PREVIOUS, before.to_text()))
    if count and listed.offset + count < listed.page.total:
        after = LinksQuery(listed.offset + PAGE, listed.prefix)
        buttons.append(button("Next", LINKS_NEXT, after.to_text()))
    return [actions(buttons)] if buttons else []
