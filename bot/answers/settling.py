"""What comes of an interaction: the work is done, and whatever goes wrong in it, or in telling it, is words here.

How the words get to the person is told elsewhere: in a message by telling.py, in a modal by filling.py.
"""

from __future__ import annotations

from collections.abc import Callable

import structlog

from bot.answers.interaction import Interaction, Outcome, Work
from bot.calls import problems
from bot.calls.problems import Problem, ProblemKind
from bot.cards.find_problem import finding_problem
from bot.cards.kit.message import Message
from bot.cards.kit.modal import View, message_modal
from bot.cards.link_buttons import NotOursError
from bot.cards.problem import Helpers, bare_card, bare_modal, problem_card, problem_modal, problem_sentence
from bot.cometchat import SessionId
from bot.links import problems as link_problems
from bot.slack.response_url import ReplyFailedError
from bot.slack.views import ViewFailedError

log = structlog.get_logger()


class Settling:
    """Does the work of interactions, until `draining` says that no more is begun. Raises nothing."""

    def __init__(self, helpers: Helpers, draining: Callable[[], bool]) -> None:
        self._helpers = helpers
        self._draining = draining

    async def result(self, interaction: Interaction, work: Work) -> Outcome | Problem:
        """Do the work; whatever goes wrong in it becomes a problem here, and nowhere else."""
        if self._draining():
            return problems.restarting()
        try:
            return await work()
        except ReplyFailedError as error:
            return problems.slack_refused(str(error))
        except ViewFailedError as error:
            return problems.modal_refused(str(error))
        except NotOursError:
            return link_problems.button_not_understood()
        except Exception as error:  # noqa: BLE001 - a bug, logged there
            return self.crashed(interaction, error)

    def crashed(self, interaction: Interaction, error: Exception) -> Problem:
        """Log a bug, and return the words for it."""
        log.error("crashed", reference=interaction.reference, kind=interaction.kind, exc_info=error)
        return problems.crashed()

    def told(
        self, interaction: Interaction, result: Outcome | Problem, about: SessionId | None = None
    ) -> Outcome:
        """Turn a problem into a message with its words; `about` is for a message that comes later."""
        if isinstance(result, Outcome):
            return result
        try:
            card = problem_card(result, interaction.reference, self._helpers, about=about)
        except Exception as error:  # noqa: BLE001 - as above; the person waits all the same
            self.crashed(interaction, error)
            return Outcome(ProblemKind.CRASHED, bare_card(interaction.reference))
        return Outcome(result.kind, card, result.upstream_status, result.upstream_code, quiet=result.quiet)

    def card(self, interaction: Interaction, problem: Problem) -> Message:
        """Return the words of a problem as a message."""
        return self.told(interaction, problem).message or bare_card(interaction.reference)

    def modal(self, interaction: Interaction, result: Outcome | Problem) -> View:
        """Return what a modal is filled with, the words of a problem too."""
        if isinstance(result, Outcome):
            return result.view or {}
        reference, about = interaction.reference, interaction.finding
        try:
            if (
                about is not None and not interaction.in_home
            ):  # where closing the modal leads back to the list
                return finding_problem(result, reference, self._helpers, about)
            return problem_modal(result, reference, self._helpers)
        except Exception as error:  # noqa: BLE001 - as above
            self.crashed(interaction, error)
            return bare_modal(interaction.reference)

    def modal_of(self, interaction: Interaction, message: Message) -> View:
        """Return a modal that says what the message does."""
        try:
            return message_modal(message)
        except Exception as error:  # noqa: BLE001 - as above
            self.crashed(interaction, error)
            return bare_modal(interaction.reference)

    def sentence(self, interaction: Interaction, problem: Problem) -> str:
        """Return the words of a problem as they stand beside an input."""
        return problem_sentence(problem, interaction.reference, self._helpers)
