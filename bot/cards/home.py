"""The Home tab: who the person is in CometChat, their latest calls, how to ask for others, and an admin's desk (pure)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.calls.cursor import PageRequest
from bot.calls.history import HistoryPage
from bot.calls.problems import Problem
from bot.cards.find import FOUND_CALL
from bot.cards.kit.blocks import Block, context, divider, header
from bot.cards.kit.limits import violations
from bot.cards.kit.lines import Line, Mention, Moment, Words, rich
from bot.cards.kit.message import ONLY_YOU, InvalidMessageError, Message
from bot.cards.kit.modal import View
from bot.cards.link_buttons import decision_buttons
from bot.cards.linking import links, whoami
from bot.cards.list_notes import heading, notes
from bot.cards.problem import Helpers, problem_card, whom_to_ask
from bot.cards.recent import recent, rows
from bot.cards.usage import usage
from bot.identity.requests import OpenRequests
from bot.links.home_tab import Desk, HomeTab, Unread

VIEW = "callinfo_home"

_LOOKING: Line = [Words("callinfo is looking…")]
_OLDER: Line = [
    Words("Older ones, or others: "),
    Words("/callinfo recent", bold=True),
    Words(", or "),
    Words("Find a call", bold=True),
    Words(" among the shortcuts of the message box."),
]


def home(
    tab: HomeTab,
    *,
    reader: str,
    helpers: Helpers,
    reference: str,
    now: int,
    notices: Sequence[Message] = (),
) -> View:
    """Return the view. Raises InvalidMessageError, a bug.

    `reader` is the Slack user id of the one whose tab it is. `notices` say what came of the last presses, the newest
    first; where there is no room, that one alone, or shortened. `reference` is the interaction's, for problems; `now` is
    Unix time, for calls that are not over.
    """
    blocks = [*_acting(tab, helpers, reference), *_calls(tab, helpers, reference, now=now)]
    blocks += _desk(tab, helpers, reference)
    admin = reader if isinstance(tab.desk, Desk) else ""
    blocks += [divider(), header("How to ask"), *_body(usage())]
    blocks += [header("Help"), rich([whom_to_ask(helpers, admin)]), context(ONLY_YOU)]
    told = [_body(notice) for notice in notices]
    for shown in (told, told[:1], [body[:1] for body in told[:1]]):
        view = _view([*(block for body in shown for block in (*body, divider())), *blocks])
        if not violations(view, "home"):
            return view
    view = _view(blocks)  # better the tab without the notice than neither
    if broken := violations(view, "home"):
        raise InvalidMessageError("; ".join(broken))
    return view


def _view(blocks: list[Block]) -> View:
    return {"type": "home", "callback_id": VIEW, "blocks": blocks}


def _acting(tab: HomeTab, helpers: Helpers, reference: str) -> Iterator[Block]:
    yield header("You in CometChat")
    match tab.acting:
        case Unread():
            yield rich([_LOOKING])
        case Problem() as problem:
            yield from _body(problem_card(problem, reference, helpers))
        case acting:
            yield from _body(whoami(acting, helpers))


def _calls(tab: HomeTab, helpers: Helpers, reference: str, *, now: int) -> Iterator[Block]:
    """Yield the latest calls; who is nobody in CometChat has none."""
    if tab.calls is Unread.NOT_THEIRS:
        return
    yield header(heading(tab.calls) if isinstance(tab.calls, HistoryPage) else "Your latest calls")
    match tab.calls:
        case HistoryPage() as listed if (
            not listed.calls or listed.request != PageRequest()
        ):  # with its buttons
            yield from _body(recent(listed, now=now))
        case HistoryPage() as listed:
            yield from rows(listed, now=now, action_id=FOUND_CALL)
            yield rich([*notes(listed, button=False), _OLDER])
        case Problem() as problem:
            yield from _body(problem_card(problem, reference, helpers))
        case _:
            yield rich([_LOOKING])


def _desk(tab: HomeTab, helpers: Helpers, reference: str) -> Iterator[Block]:
    match tab.desk:
        case Desk(waiting=waiting, links=listed):
            yield from (divider(), header("For admins: who asks to be linked"))
            if isinstance(waiting, Problem):
                yield from _body(problem_card(waiting, reference, helpers))
            else:
                yield from _waiting(waiting)
            yield header("For admins: who is whom in CometChat")
            if isinstance(listed, Problem):
                yield from _body(problem_card(listed, reference, helpers))
            else:
                yield from _body(links(listed))
        case Problem() as problem:
            yield from (divider(), *_body(problem_card(problem, reference, helpers)))
        case _:  # most people have none, and who has gets it in a moment
            return


def _waiting(waiting: OpenRequests) -> Iterator[Block]:
    if not waiting.requests:
        yield rich([[Words("Nobody asks to be linked.")]])
    for request in waiting.requests:
        yield rich([[Mention(request.user.user_id), Words(" asks to be linked, since "), Moment(request.at)]])
        yield decision_buttons(request.user)
    if more := waiting.total - len(waiting.requests):
        yield rich([[Words(f"{more:,} more show when these are decided.")]])


def _body(message: Message) -> list[Block]:
    """Return a message's blocks without the one that says who sees it: of all the Home tab, that is said once."""
    only_you = context(ONLY_YOU)
    return [Block(block) for block in message.blocks if block != only_you]
