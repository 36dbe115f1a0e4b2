"""A problem as the answer of a tool: the words that the person would read, without a card (pure)."""

from __future__ import annotations

from bot.calls.problems import Problem, ProblemKind, Whom, crashed
from bot.cards.kit.lines import Words, as_text, styled
from bot.cards.problem import Contacts, whom_to_ask
from bot.cards.slackbot.answer import ToolAnswer


def tool_problem(problem: Problem, reference: str, contacts: Contacts) -> ToolAnswer:
    """Return the answer. Only what an admin has to look into has a reference: other problems read the same each time."""
    parts = [problem.happened, as_text(styled(problem.advice))]
    if problem.ask is Whom.ADMIN:
        parts.append(as_text(whom_to_ask(contacts)))
        linked = problem.kind is not ProblemKind.NOT_LINKED
        parts.append(f"Reference: {reference}" if linked else "To ask for access, type /callinfo in Slack.")
    if problem.hint:
        parts.append(as_text([Words(problem.hint)]))
    return ToolAnswer(" ".join(parts), failed=True)


def bare_problem(reference: str) -> ToolAnswer:
    """Return the words for a bug that makes answers fail."""
    problem = crashed()
    return ToolAnswer(f"{problem.happened} {problem.advice} Reference: {reference}", failed=True)
