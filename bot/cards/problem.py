"""A problem, as a message or a modal: what happened, what to do, whom to ask, and the reference that is in the log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.calls.problems import Problem, ProblemKind, Whom, crashed
from bot.cards.kit.blocks import Block, context, section
from bot.cards.kit.escaping import tidy
from bot.cards.kit.lines import Line, Moment, Words, as_text, mentions, rich, styled
from bot.cards.kit.message import Message, code, message
from bot.cards.kit.modal import DETAILS_VIEW, View, modal
from bot.cards.link_request import ask_button
from bot.identity.requests import RequestResult


@dataclass(frozen=True, slots=True)
class Contacts:
    """Whom people can ask: admins by Slack user id, and what `CALLINFO_SUPPORT` says."""

    admins: Sequence[str] = ()
    support: str | None = None


def problem_card(
    problem: Problem, reference: str, contacts: Contacts, *, about: str | None = None
) -> Message:
    """Return what the person sees instead of a call. `about` is the session id, for an answer that comes later.

    A quiet problem is not in the log, so it has no reference to look up there.
    """
    lines = _lines(problem, contacts)
    named = [] if problem.quiet else [f"Reference {code(reference)}"]
    small_print = [*([code(about)] if about else []), *named]
    blocks = [rich(lines), *_offer(problem), *([context(" · ".join(small_print))] if small_print else [])]
    text = [*map(as_text, lines), *([f"Session id: {as_text([Words(about)])}"] if about else [])]
    text += [] if problem.quiet else [f"Reference: {reference}"]
    return message("\n".join(text), blocks)


def problem_modal(problem: Problem, reference: str, contacts: Contacts) -> View:
    """Return the same for a person who looks at a modal."""
    return modal("callinfo", problem_blocks(problem, reference, contacts), callback_id=DETAILS_VIEW)


def problem_blocks(problem: Problem, reference: str, contacts: Contacts) -> list[Block]:
    """Return what such a modal says."""
    blocks: list[Block] = [rich(_lines(problem, contacts)), *_offer(problem)]
    if not problem.quiet:
        blocks.append(context(f"Reference {code(reference)}"))
    return blocks


def problem_sentence(problem: Problem, reference: str, contacts: Contacts) -> str:
    """Return the same as plain text, for beside an input, where no mention would show."""
    ask = f"Turn to {tidy(contacts.support, 200)}." if contacts.support else "Ask an admin of callinfo."
    advice = problem.advice.replace("`", "")
    parts = [problem.happened, advice, ask if problem.ask is Whom.ADMIN else "", problem.hint or ""]
    named = "" if problem.quiet else f"Reference: {reference}"
    return " ".join(part for part in [*parts, named] if part)


def bare_card(reference: str) -> Message:
    """Return the words for a bug that makes cards fail, without anything that may have caused it."""
    words = _bare_words(reference)
    return message(words, [section(words)])


def bare_modal(reference: str) -> View:
    """Return the same for a person who looks at a modal."""
    return modal("callinfo", [section(_bare_words(reference))], callback_id=DETAILS_VIEW)


def whom_to_ask(contacts: Contacts, admin: str = "") -> Line:
    """Name the admins (a mention in an ephemeral message notifies nobody), else the support, else the role.

    `admin` is the Slack user id of a reader who is an admin: they are not sent to themself.
    """
    others = [each for each in contacts.admins if each != admin]
    if admin and not others and not contacts.support:
        return [Words("You are an admin of callinfo: others ask you.")]
    named = [Words("Ask "), *mentions(others[:5])] if others else []
    if contacts.support:
        support = tidy(contacts.support, 300)
        return [*named, Words(", or turn to " if named else "Turn to "), Words(f"{support}.")]
    return [*named, Words(".")] if named else [Words("Ask whoever set up callinfo in this workspace.")]


def _lines(problem: Problem, contacts: Contacts) -> list[Line]:
    lines: list[Line] = [[Words(problem.happened, bold=True)]]
    if problem.asked:
        declined = problem.asked.if_repeated is RequestResult.DECLINED
        did = "An admin declined your request" if declined else "You asked to be linked"
        lines.append([Words(f"{did} "), Moment(problem.asked.at), Words(".")])
    lines.append(styled(problem.advice))
    if problem.ask is Whom.ADMIN:
        lines.append(whom_to_ask(contacts))
    if problem.hint:
        lines.append([Words(problem.hint)])
    return lines


def _offer(problem: Problem) -> list[Block]:
    """Return the button to ask for a link, for a person without one, unless it is too soon to ask again."""
    can_ask = problem.ask is Whom.ADMIN and (
        not problem.asked or problem.asked.if_repeated is RequestResult.RECORDED
    )
    return [ask_button()] if problem.kind is ProblemKind.NOT_LINKED and can_ask else []


def _bare_words(reference: str) -> str:
    problem = crashed()
    return f"{problem.happened} {problem.advice} Reference: {reference}"
