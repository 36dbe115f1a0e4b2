"""The Home tab: the person's latest calls, who they are in CometChat, for admins the requests and links, help (pure)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.calls.cursor import PageRequest
from bot.calls.filters import MISSED
from bot.calls.history import HistoryPage
from bot.calls.problems import Problem, not_linked_for_good
from bot.cards.find import FOUND_CALL
from bot.cards.kit.blocks import Block, actions, checkboxes, context, divider, header
from bot.cards.kit.escaping import escaped, tidy
from bot.cards.kit.limits import violations
from bot.cards.kit.lines import Line, Mention, Moment, Words, rich, styled
from bot.cards.kit.message import InvalidMessageError, Message
from bot.cards.kit.modal import View
from bot.cards.link_request import decision_buttons
from bot.cards.links import links
from bot.cards.list_notes import heading, notes
from bot.cards.next_steps import find_button, recent_button
from bot.cards.problem_card import Contacts, problem_card
from bot.cards.recent import recent, rows
from bot.cards.subscriptions import open_button
from bot.cards.usage import IN_SHORT
from bot.cards.whoami import in_one_line
from bot.identity.requests import OpenRequests
from bot.links.home_tab import Absent, AdminSection, HomeTab, Switches
from bot.links.results import ActingAs
from bot.subscriptions.typed import ENDED

VIEW = "callinfo_home"
SWITCHES = "home_switches"

_LOADING: Line = [Words("Loading…")]
_ALL_COMMANDS = "`/callinfo help` – everything else"


def home(
    tab: HomeTab,
    *,
    reader: str,
    contacts: Contacts,
    reference: str,
    now: int,
    notices: Sequence[Message] = (),
) -> View:
    """Return the view. Raises InvalidMessageError, a bug.

    `reader` is the Slack user id of the person. `notices` say what came of their last presses, the newest first; if
    there is no room, only the newest is shown, its first block, or none. `reference` is the interaction's, for
    problems; `now` is Unix time, for calls that are not over.
    """
    contacts = _asked(tab, contacts.besides(reader))
    blocks = [
        *_calls(tab, contacts, reference, now=now),
        *_switches(tab),
        *_who(tab, contacts, reference),
        *_admin(tab, contacts, reference),
        *_manual(contacts),
    ]
    bodies = [notice.blocks for notice in notices]
    broken: list[str] = []
    for shown in (bodies, bodies[:1], [each[:1] for each in bodies[:1]], []):
        above = [block for each in shown for block in (*each, divider())]
        view: View = {"type": "home", "callback_id": VIEW, "blocks": [*above, *blocks]}
        broken = violations(view, "home")
        if not broken:
            return view
    raise InvalidMessageError("; ".join(broken))


def _asked(tab: HomeTab, contacts: Contacts) -> Contacts:
    """Return whom the person may ask: admins can do nothing for a person whom they can't link."""
    return Contacts(support=contacts.support) if tab.acting == not_linked_for_good() else contacts


def _calls(tab: HomeTab, contacts: Contacts, reference: str, *, now: int) -> Iterator[Block]:
    """Yield the latest calls and the ways to others, nothing for a person who has no link."""
    if tab.calls is Absent.NOT_THEIRS:
        return
    yield header(heading(tab.calls) if isinstance(tab.calls, HistoryPage) else "Your latest calls")
    match tab.calls:
        case HistoryPage() as listed if not listed.calls or listed.request != PageRequest():
            # With its buttons to other pages
            yield from recent(listed, now=now, next_steps=False).blocks
        case HistoryPage() as listed:
            yield from rows(listed, now=now, action_id=FOUND_CALL)
            after = list(notes(listed, button=False))
            yield from [rich(after)] if after else []
        case Problem() as problem:
            yield from problem_card(problem, reference, contacts).blocks
        case _:
            yield rich([_LOADING])
    yield actions([find_button(), recent_button("All my calls")])


def _who(tab: HomeTab, contacts: Contacts, reference: str) -> Iterator[Block]:
    """Yield who the person is, or why that is not known."""
    match tab.acting:
        case ActingAs() as acting:
            calls = tab.calls.calls if isinstance(tab.calls, HistoryPage) else ()
            is_admin = acting.admin or isinstance(tab.admin, AdminSection)
            yield divider()
            yield rich([in_one_line(acting, contacts, calls, is_admin=is_admin)])
        case Problem() as problem:
            yield from problem_card(problem, reference, contacts).blocks
        case _:  # the calls say that it is being loaded
            return


def _switches(tab: HomeTab) -> Iterator[Block]:
    """Yield the two switches, and the way to all other choices."""
    if isinstance(tab.switches, Switches):
        on = [name for name, is_on in ((MISSED, tab.switches.missed), (ENDED, tab.switches.ended)) if is_on]
        texts = {MISSED: "Tell me when I miss a call", ENDED: "Tell me when one of my calls ends"}
        yield actions([checkboxes(SWITCHES, texts, ticked=on), open_button("More choices")])


def _admin(tab: HomeTab, contacts: Contacts, reference: str) -> Iterator[Block]:
    match tab.admin:
        case AdminSection(requests=requests, links=listed):
            yield from (divider(), header("Access requests"))
            if isinstance(requests, Problem):
                yield from problem_card(requests, reference, contacts).blocks
            else:
                yield from _requests(requests)
            yield header("Linked people")
            if isinstance(listed, Problem):
                yield from problem_card(listed, reference, contacts).blocks
            else:
                yield from links(listed, headed=True).blocks
        case Problem() as problem:
            yield from (divider(), *problem_card(problem, reference, contacts).blocks)
        case _:  # most people have none; admins get theirs in the second view
            return


def _manual(contacts: Contacts) -> Iterator[Block]:
    """Yield what works in every conversation, and who helps."""
    yield from (divider(), header("In any conversation"))
    yield rich([styled(line) for line in (*IN_SHORT, _ALL_COMMANDS)])
    if contacts.support:
        yield context(escaped(f"Need help? Contact {tidy(contacts.support, 300)}"))


def _requests(listed: OpenRequests) -> Iterator[Block]:
    if not listed.requests:
        yield rich([[Words("No open requests.")]])
    for request in listed.requests:
        yield rich([[Mention(request.user.user_id), Words(" requested access "), Moment(request.at)]])
        yield decision_buttons(request.user)
    if more := listed.total - len(listed.requests):
        yield rich([[Words(f"{more:,} more will appear once you decide these.")]])
