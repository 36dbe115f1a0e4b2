"""A problem as the answer of a tool: the words that the person would read beside an input (pure)."""

from __future__ import annotations

from bot.calls.problems import Problem, ProblemKind, Whom, crashed
from bot.cards.kit.lines import Mention, Words, as_text
from bot.cards.problem_card import Contacts, problem_sentence
from bot.cards.slackbot.answer import ToolAnswer


def tool_problem(problem: Problem, reference: str, contacts: Contacts) -> ToolAnswer:
    """Return the answer. Only what a person is asked to report has a reference: other problems read the same each time."""
    text = as_text([Words(problem_sentence(problem, reference, contacts))])
    if problem.whom:
        text += as_text([Words(" That is about "), Mention(problem.whom), Words(".")])
    if problem.kind is ProblemKind.NOT_LINKED and problem.ask is Whom.ADMIN:
        text += " To request access, type /callinfo in Slack."
    return ToolAnswer(text, failed=True)


def bare_problem(reference: str) -> ToolAnswer:
    """Return the words for a bug that makes answers fail."""
    return tool_problem(crashed(), reference, Contacts())
