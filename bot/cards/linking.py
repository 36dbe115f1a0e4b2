"""What admins and linked people read when a link is made, changed or looked at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.cards.kit.blocks import Block, context
from bot.cards.kit.escaping import escaped, tidy
from bot.cards.kit.lines import Line, Mention, Moment, Words, rich, said
from bot.cards.kit.message import ONLY_YOU, Message, message
from bot.cards.link_buttons import Anyway, Place, anyway_button, page_buttons
from bot.cards.problem import Helpers, whom_to_ask
from bot.identity.links import Link
from bot.links.results import Acting, Linked, Listed, Taken, Unlinked
from bot.links.service import PAGE

_NOT_YOU = "If that isn’t you in CometChat"
_SEARCH = "To search: /callinfo links and the first letters of a UID or of a Slack user id"


def card(lines: Iterable[Line], more: Sequence[Block] = (), *, direct: bool = False) -> Message:
    """Return lines and further blocks as a message; a `direct` one needs no word of who sees it."""
    lines = list(lines)
    blocks = [rich(lines), *more, *([] if direct else [context(ONLY_YOU)])]
    spoken = [said(line) for line in lines]
    return message("\n".join(spoken if direct else [*spoken, f"{ONLY_YOU}."]), blocks)


def linked(result: Linked, *, direct: bool = False) -> Message:
    """Return what the admin reads."""
    person, link = Mention(result.link.user.user_id), result.link
    lines: list[Line] = [[person, Words(" is linked to the CometChat user "), _uid(link.uid), Words(".")]]
    if result.replaced and result.replaced.uid != link.uid:
        lines.append([Words("Before, it was "), _uid(result.replaced.uid), Words(".")])
    if not result.checked:
        lines.append(
            [
                Words("Careful: ", bold=True),
                Words(
                    "CometChat couldn’t be asked whether it has such a user. If the UID is wrong, link again."
                ),
            ]
        )
    if result.told:
        lines.append([Words("callinfo has told them.")])
    else:
        lines.append([Words("callinfo couldn’t write to them: tell them yourself.")])
    return card(lines, direct=direct)


def taken(result: Taken) -> Message:
    """Return what the admin reads where others have the UID."""
    others: list[Words | Mention] = []
    sharing = result.sharing
    for other in sharing.others[:5]:
        others += [Words(", " if others else ""), Mention(other.user_id)]
    more = len(sharing.others) - len(sharing.others[:5])
    who = [*others[1:], *([Words(f" and {more} more")] if more else [])]
    subject = Mention(result.subject.user_id)
    now: Line = (
        [subject, Words(" is linked to "), _uid(sharing.present), Words(" still: ")]
        if sharing.present
        else [subject, Words(" is not linked yet: ")]
    )
    lines: list[Line] = [
        [*now, _uid(result.uid), Words(" belongs to "), *who, Words(".")],
        [Words("Both would see every call of this CometChat user. Is that right?")],
    ]
    return card(lines, [anyway_button(Anyway(result.subject, result.uid, result.requested, sharing.seal()))])


def unlinked(result: Unlinked) -> Message:
    """Return what the admin reads."""
    person = Mention(result.removed.user.user_id)
    lines: list[Line] = [[person, Words(" is no longer linked to "), _uid(result.removed.uid), Words(".")]]
    if result.still:
        source = _CONFIGURED.get(result.still.rule, "callinfo’s configuration")
        lines.append(
            [
                Words("Careful: ", bold=True),
                Words("they are "),
                _uid(result.still.uid),
                Words(f" all the same, by {source}. That can only be changed there."),
            ]
        )
    return card(lines)


def told_linked(link: Link) -> Message:
    """Return what the linked person reads."""
    return card(
        [
            [
                Mention(link.made_by),
                Words(" has linked you to the CometChat user "),
                _uid(link.uid),
                Words("."),
            ],
            [
                Words("/callinfo recent", bold=True),
                Words(" and callinfo’s Home tab now list the calls that this user took part in; "),
                Words("/callinfo <session id>", bold=True),
                Words(" shows one of them."),
            ],
            [Words("If that isn’t you in CometChat, tell them.")],
        ],
        direct=True,
    )


def whoami(acting: Acting, helpers: Helpers) -> Message:
    """Return who the person is in CometChat, by what rule, since when and by whom, and whom to ask if it is wrong."""
    who = acting.identified
    lines: list[Line] = [[Words("You are "), _uid(who.uid), Words(" in CometChat.")]]
    if who.link:
        lines.append([*_made(who.link, "Linked by "), Words(".")])
        wrong = "an admin of callinfo can link you anew."
    else:
        source = _CONFIGURED.get(who.rule, "callinfo’s configuration")
        lines.append([Words(f"By {source}, for as long as it says so.")])
        wrong = "an admin of callinfo can link you, which goes before it."
    if acting.admin:
        return card([*lines, [Words(f"{_NOT_YOU}, link yourself: /callinfo link @you <uid>")]])
    return card([*lines, [Words(f"{_NOT_YOU}, {wrong}")], whom_to_ask(helpers)])


def links(listed: Listed) -> Message:
    """Return a page of the list, and the way to the others."""
    shown, total = listed.page.links, listed.page.total
    prefix = tidy(listed.prefix, 40)
    that = f" that begin with “{prefix}”" if prefix else ""
    if shown:
        count = f"{listed.offset + 1:,} to {listed.offset + len(shown):,} of {total:,}"
        title = f"Links{that}: {count}"
    else:
        title = f"There are no links{that}."
    lines: list[Line] = [[Words(title, bold=True)], *(_row(link) for link in shown)]
    gone = Words(" has left Slack: the link was removed.")
    lines += [[Mention(user.user_id), gone] for user in listed.left]
    lines_and_hint = [*lines, [Words(f"{_SEARCH}.")]]
    before = Place(max(0, listed.offset - PAGE), listed.prefix) if listed.offset else None
    after = Place(listed.offset + PAGE, listed.prefix) if listed.offset + len(shown) < total else None
    blocks = [rich(lines), *page_buttons(before, after if shown else None)]
    small_print = context(escaped(f"{_SEARCH} · {ONLY_YOU}"))
    spoken = [*(said(line) for line in lines_and_hint), f"{ONLY_YOU}."]
    return message("\n".join(spoken), [*blocks, small_print])


_CONFIGURED = {
    "map": "CALLINFO_USER_MAP in callinfo’s configuration",
    "slack-id": "CALLINFO_UID_RULE in callinfo’s configuration, which takes the Slack user id for the UID",
}


def _row(link: Link) -> Line:
    return [Mention(link.user.user_id), Words(" → "), _uid(link.uid), *_made(link, " · by ")]


def _made(link: Link, by: str) -> Line:
    if link.made_by == "cli":
        maker: list[Words | Mention] = [Words(f"{by}the command line")]
    else:
        maker = [Words(by), Mention(link.made_by)]
    return [*maker, Words(", "), Moment(link.made_at)]


def _uid(uid: str) -> Words:
    return Words(uid, code=True)
