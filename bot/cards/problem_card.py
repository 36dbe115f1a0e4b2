"""How a problem looks, as a message or a modal (pure).

Its words are in calls/problems.py; of links and subscriptions, in links/problems.py and subscriptions/problems.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.calls.call_ref import CallRef, TranscriptRef
from bot.calls.cursor import PageRequest
from bot.calls.problems import Problem, ProblemKind, Whom, crashed
from bot.cards.kit.blocks import Block, actions, button, context, section
from bot.cards.kit.escaping import tidy
from bot.cards.kit.lines import Line, Mention, Moment, Part, Words, as_text, mentions, rich, styled
from bot.cards.kit.message import Message, code, message
from bot.cards.kit.modal import DETAILS_VIEW, View, modal
from bot.cards.link_request import ask_button
from bot.cards.next_steps import recent_button, retry_buttons
from bot.cards.recent import NEWER
from bot.cards.transcript import retry_transcript
from bot.identity.requests import RequestResult

_NOT_THERE = frozenset({ProblemKind.NO_SUCH_CALL, ProblemKind.CALL_GONE})
_NAMED = 5
"""How many admins are named."""


@dataclass(frozen=True, slots=True)
class Contacts:
    """Whom people can ask: admins by Slack user id, and what `CALLINFO_SUPPORT` says."""

    admins: Sequence[str] = ()
    support: str | None = None

    def besides(self, reader: str) -> Contacts:
        """Return the contacts of that Slack user: nobody is sent to themself."""
        return replace(self, admins=[each for each in self.admins if each != reader])


def problem_card(
    problem: Problem,
    reference: str,
    contacts: Contacts,
    *,
    about: str | None = None,
    thread_ts: str | None = None,
) -> Message:
    """Return what the person sees instead of a call. `about` is the session id, for an answer that comes later.

    The reference, which is in the log, is only there for a person who is told to pass it on.
    """
    lines = _lines(problem, reference, contacts)
    blocks = [rich(lines), *_offer(problem, thread_ts), *([context(code(about))] if about else [])]
    text = [*map(as_text, lines), *([f"Session id: {as_text([Words(about)])}"] if about else [])]
    return message("\n".join(text), blocks)


def problem_modal(problem: Problem, reference: str, contacts: Contacts) -> View:
    """Return the same for a person who looks at a modal."""
    return modal("callinfo", problem_blocks(problem, reference, contacts), callback_id=DETAILS_VIEW)


def problem_blocks(
    problem: Problem, reference: str, contacts: Contacts, *, leads_back: bool = False
) -> list[Block]:
    """Return what such a modal says; a list is tried again by the buttons of its own modal.

    `leads_back`: so has the modal buttons to the person's calls.
    """
    if isinstance(problem.again, PageRequest):
        problem = replace(problem, again=None)
    offer = [] if leads_back and problem.kind in _NOT_THERE else _offer(problem)
    return [rich(_lines(problem, reference, contacts)), *offer]


def problem_sentence(problem: Problem, reference: str, contacts: Contacts) -> str:
    """Return the same as plain text, for beside an input, where no mention would show."""
    support = tidy(contacts.support, 200) if contacts.support else ""
    match problem.ask:
        case Whom.ADMIN:
            ask = f"Contact {support}." if support else "Ask an admin."
        case Whom.REPORT:
            ask = f"If it keeps happening, send this reference to {support or 'an admin'}: {reference}"
        case _:
            ask = ""
    parts = (problem.happened, _advice(problem, sentence=True), ask, problem.hint or "")
    return " ".join(part.replace("`", "") for part in parts if part)


def bare_card(reference: str) -> Message:
    """Return the words for a bug that makes cards fail, without anything that may have caused it."""
    words = _bare_words(reference)
    return message(words, [section(words)])


def bare_modal(reference: str) -> View:
    """Return the same for a person who looks at a modal."""
    return modal("callinfo", [section(_bare_words(reference))], callback_id=DETAILS_VIEW)


def whom_to_ask(contacts: Contacts) -> Line:
    """Name the admins (a mention in an ephemeral message notifies nobody), else the support, else the role."""
    named = [Words("Ask "), *mentions(contacts.admins[:_NAMED])] if contacts.admins else []
    if contacts.support:
        support = tidy(contacts.support, 300)
        return [*named, Words(", or contact " if named else "Contact "), Words(f"{support}.")]
    return [*named, Words(".")] if named else [Words("Ask the person who set up callinfo.")]


def _lines(problem: Problem, reference: str, contacts: Contacts) -> list[Line]:
    lines: list[Line] = [[Words(problem.happened, bold=True)]]
    if problem.whom:
        lines = [[Words(f"{problem.happened} ", bold=True), Mention(problem.whom), Words(".", bold=True)]]
    if problem.asked:
        declined = problem.asked.if_repeated is RequestResult.DECLINED
        did = "An admin declined your request" if declined else "You requested access"
        lines.append([Words(f"{did} "), Moment(problem.asked.at), Words(".")])
    what_to_do: list[Part] = [*styled(_advice(problem))]
    if problem.ask is Whom.ADMIN and not _can_request(problem):
        what_to_do += [*([Words(" ")] if what_to_do else []), *whom_to_ask(contacts)]
    lines += [what_to_do] if what_to_do else []
    if problem.ask is Whom.REPORT:
        lines.append(_report(contacts, reference))
    if problem.hint:
        lines.append(styled(problem.hint))
    return lines


def _advice(problem: Problem, *, sentence: bool = False) -> str:
    """Return what to do; where a button says it, nothing. A `sentence` has no button."""
    says_it = problem.again is not None and not sentence
    return problem.advice or ("Try again in a minute." if problem.may_pass and not says_it else "")


def _report(contacts: Contacts, reference: str) -> Line:
    """Return to whom to send the reference."""
    named: list[Words | Mention] = mentions(contacts.admins[:_NAMED])
    if contacts.support:
        named += [Words(f"{' or ' if named else ''}{tidy(contacts.support, 300)}")]
    to = named or [Words("the person who set up callinfo")]
    return [
        Words("If it keeps happening, send this reference to "),
        *to,
        Words(": "),
        Words(reference, code=True),
    ]


def _can_request(problem: Problem) -> bool:
    """Whether the person may request access now: they have none, and have not just asked."""
    return (
        problem.kind is ProblemKind.NOT_LINKED
        and problem.ask is Whom.ADMIN
        and (not problem.asked or problem.asked.if_repeated is RequestResult.RECORDED)
    )


def _offer(problem: Problem, thread_ts: str | None = None) -> list[Block]:
    """Return the button that leads on, where there is one."""
    if _can_request(problem):
        return [ask_button()]
    match problem.again:
        case CallRef() as call:
            return [retry_buttons(call, thread_ts)]
        case TranscriptRef(call):
            return [retry_transcript(call)]
        case PageRequest() as page:
            return [actions([button("Try again", NEWER, page.to_text())])]
    return [actions([recent_button()])] if problem.kind in _NOT_THERE else []


def _bare_words(reference: str) -> str:
    problem = crashed()
    return f"{problem.happened} {problem.advice} Reference: {reference}"
