"""A problem, as a message: what happened, what to do, whom to ask, and the reference that is also in the log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.cards.foreign import tidy
from bot.cards.lines import Line, Mention, Words, rich, said
from bot.cards.message import ONLY_YOU, Message, code, context, message
from bot.problems import Problem, Whom


@dataclass(frozen=True, slots=True)
class Helpers:
    """Whom people can turn to: admins by Slack user id, and what `CALLINFO_SUPPORT` says."""

    admins: Sequence[str] = ()
    support: str | None = None


def problem_card(problem: Problem, reference: str, helpers: Helpers) -> Message:
    """Return what the person sees instead of a call."""
    lines: list[Line] = [[Words(problem.happened, bold=True)], [Words(problem.advice)]]
    if problem.ask is Whom.ADMIN:
        lines.append(_whom_to_ask(helpers))
    if problem.hint:
        lines.append([Words(problem.hint)])
    blocks = [rich(lines), context(f"Reference {code(reference)} · {ONLY_YOU}")]
    spoken = [*(said(line) for line in lines), f"Reference: {reference}", f"{ONLY_YOU}."]
    return message("\n".join(spoken), blocks)


def _whom_to_ask(helpers: Helpers) -> Line:
    """Name the admins (a mention in an ephemeral message notifies nobody), else the support, else the role."""
    admins: list[Words | Mention] = []
    for admin in helpers.admins[:5]:
        admins += [Words(", " if admins else "Ask "), Mention(admin)]
    if helpers.support:
        support = tidy(helpers.support, 300)
        return [*admins, Words(", or turn to " if admins else "Turn to "), Words(f"{support}.")]
    return [*admins, Words(".")] if admins else [Words("Ask whoever set up callinfo in this workspace.")]
