"""A problem, as a message: what happened, what to do, whom to ask, and the reference that is also in the log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.calls.problems import Problem, ProblemKind, Whom, crashed
from bot.cards.kit.blocks import Block, context, section
from bot.cards.kit.escaping import tidy
from bot.cards.kit.lines import Line, Mention, Moment, Words, quoting, rich, said
from bot.cards.kit.message import ONLY_YOU, Message, code, message
from bot.cards.kit.modal import DETAILS_VIEW, View, modal
from bot.cards.link_buttons import ask_button
from bot.identity.requests import Requested


@dataclass(frozen=True, slots=True)
class Helpers:
    """Whom people can turn to: admins by Slack user id, and what `CALLINFO_SUPPORT` says."""

    admins: Sequence[str] = ()
    support: str | None = None


def problem_card(problem: Problem, reference: str, helpers: Helpers, *, about: str | None = None) -> Message:
    """Return what the person sees instead of a call. `about` is the session id, for an answer that comes later.

    A quiet problem is not in the log, and so has no reference that somebody could look for there.
    """
    lines = _lines(problem, helpers)
    named = [] if problem.quiet else [f"Reference {code(reference)}"]
    small_print = [*([code(about)] if about else []), *named, ONLY_YOU]
    blocks = [rich(lines), *_offer(problem), context(" · ".join(small_print))]
    spoken = [*(said(line) for line in lines), *([f"Session id: {said([Words(about)])}"] if about else [])]
    spoken += [*([] if problem.quiet else [f"Reference: {reference}"]), f"{ONLY_YOU}."]
    return message("\n".join(spoken), blocks)


def problem_modal(problem: Problem, reference: str, helpers: Helpers) -> View:
    """Return the same for where the person looks at a modal."""
    return modal("callinfo", problem_blocks(problem, reference, helpers), callback_id=DETAILS_VIEW)


def problem_blocks(problem: Problem, reference: str, helpers: Helpers) -> list[Block]:
    """Return what such a modal says."""
    blocks: list[Block] = [rich(_lines(problem, helpers)), *_offer(problem)]
    if not problem.quiet:
        blocks.append(context(f"Reference {code(reference)}"))
    return blocks


def _offer(problem: Problem) -> list[Block]:
    """Return the button of who is not linked, who can ask for it right here, unless they have and it is too soon."""
    can_ask = problem.ask is Whom.ADMIN and (not problem.asked or problem.asked.anew is Requested.NOTED)
    return [ask_button()] if problem.kind is ProblemKind.NOT_LINKED and can_ask else []


def problem_sentence(problem: Problem, reference: str, helpers: Helpers) -> str:
    """Return the same as plain text, for beside an input, where no mention would show."""
    ask = f"Turn to {tidy(helpers.support, 200)}." if helpers.support else "Ask an admin of callinfo."
    advice = problem.advice.replace("`", "")
    parts = [problem.happened, advice, ask if problem.ask is Whom.ADMIN else "", problem.hint or ""]
    named = "" if problem.quiet else f"Reference: {reference}"
    return " ".join(part for part in [*parts, named] if part)


def bare_card(reference: str) -> Message:
    """Return the words for a bug that makes cards fail, with nothing in them that may have been its cause."""
    words = _bare_words(reference)
    return message(words, [section(words)])


def bare_modal(reference: str) -> View:
    """Return the same for where the person looks at a modal."""
    return modal("callinfo", [section(_bare_words(reference))], callback_id=DETAILS_VIEW)


def _bare_words(reference: str) -> str:
    problem = crashed()
    return f"{problem.happened} {problem.advice} Reference: {reference}"


def _lines(problem: Problem, helpers: Helpers) -> list[Line]:
    lines: list[Line] = [[Words(problem.happened, bold=True)]]
    if problem.asked:
        did = (
            "An admin declined your request"
            if problem.asked.anew is Requested.DECLINED
            else "You asked to be linked"
        )
        lines.append([Words(f"{did} "), Moment(problem.asked.at), Words(".")])
    lines.append(quoting(problem.advice))
    if problem.ask is Whom.ADMIN:
        lines.append(whom_to_ask(helpers))
    if problem.hint:
        lines.append([Words(problem.hint)])
    return lines


def whom_to_ask(helpers: Helpers, admin: str = "") -> Line:
    """Name the admins (a mention in an ephemeral message notifies nobody), else the support, else the role.

    Who reads it is not sent to themself: their Slack user id is that of the `admin`, where they are one.
    """
    others = [each for each in helpers.admins if each != admin]
    if admin and not others and not helpers.support:
        return [Words("You are an admin of callinfo: others ask you.")]
    admins: list[Words | Mention] = []
    for other in others[:5]:
        admins += [Words(", " if admins else "Ask "), Mention(other)]
    if helpers.support:
        support = tidy(helpers.support, 300)
        return [*admins, Words(", or turn to " if admins else "Turn to "), Words(f"{support}.")]
    return [*admins, Words(".")] if admins else [Words("Ask whoever set up callinfo in this workspace.")]
