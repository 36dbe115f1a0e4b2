"""A problem within "Find a call", with the way on from it: no modal there is a dead end (pure)."""

from __future__ import annotations

from bot.calls.problems import Problem, ProblemKind
from bot.calls.search_form import SearchState
from bot.cards.find import FOUND_VIEW, TITLE, back_button, change_button
from bot.cards.kit.blocks import actions
from bot.cards.kit.modal import View, modal
from bot.cards.problem import Helpers, problem_blocks


def finding_problem(problem: Problem, reference: str, helpers: Helpers, about: SearchState) -> View:
    """Return the words of the problem, and the buttons that lead back to what the modal was about."""
    blocks = problem_blocks(problem, reference, helpers)
    # What may have been shared is shared anew from another window only: this one's share was made, for all we know
    if problem.kind is not ProblemKind.SHARE_UNCONFIRMED:
        again = back_button() if about.call or about.page else back_button("Search again")
        blocks.append(actions([again, change_button()]))
    return modal(TITLE, blocks, callback_id=FOUND_VIEW, private_metadata=about.to_text())
