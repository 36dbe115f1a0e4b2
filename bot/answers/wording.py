"""Whatever goes wrong becomes a problem here, and a problem words: a message, a modal, or a sentence beside an input.

The words themselves are in the rooms' `problems.py`.
"""

from __future__ import annotations

import structlog

from bot.answers.interaction import Interaction, Outcome, Work
from bot.calls import problems
from bot.calls.problems import Problem, ProblemKind
from bot.cards.find import find_problem
from bot.cards.kit.message import Message
from bot.cards.kit.modal import View
from bot.cards.link_request import InvalidValueError
from bot.cards.problem_card import (
    Contacts,
    bare_card,
    bare_modal,
    problem_card,
    problem_modal,
    problem_sentence,
)
from bot.cards.slackbot.answer import ToolAnswer
from bot.cards.slackbot.problem import bare_problem, tool_problem
from bot.cometchat import SessionId
from bot.links import problems as link_problems
from bot.slack.response_url import ReplyFailedError
from bot.slack.views import ViewFailedError

log = structlog.get_logger()


class Wording:
    """Writes answers for people. Raises nothing: a bug in a card is logged, and bare words take its place."""

    def __init__(self, contacts: Contacts) -> None:
        self._contacts = contacts

    async def result(self, interaction: Interaction, work: Work) -> Outcome | Problem:
        """Do the work, return what came of it."""
        try:
            return await work()
        except ReplyFailedError as error:
            return problems.slack_refused(str(error))
        except ViewFailedError as error:
            return problems.modal_refused(str(error))
        except InvalidValueError:
            return link_problems.BUTTON_NOT_UNDERSTOOD
        except Exception as error:  # noqa: BLE001 - logged as a bug
            return self.bug(interaction, error)

    def bug(self, interaction: Interaction, error: Exception) -> Problem:
        """Log a bug, and return the problem that it is for the person."""
        log.error("crashed", reference=interaction.reference, kind=interaction.kind, exc_info=error)
        return problems.crashed()

    def outcome(
        self, interaction: Interaction, result: Outcome | Problem, about: SessionId | None = None
    ) -> Outcome:
        """Return the result with a message, if it is a problem; a late one says what it is `about`."""
        if isinstance(result, Outcome):
            return result
        try:
            card = problem_card(
                result,
                interaction.reference,
                self._contacts_of(interaction),
                about=about,
                thread_ts=interaction.thread_ts,
            )
        except Exception as error:  # noqa: BLE001 - as above
            self.bug(interaction, error)
            return Outcome(ProblemKind.CRASHED, bare_card(interaction.reference))
        return Outcome(
            result.kind,
            card,
            result.upstream_status,
            result.upstream_code,
            replace=interaction.kind == "retry",  # of the same problem, the latest is enough
            quiet=result.quiet,
        )

    def told(self, interaction: Interaction, result: Outcome | Problem) -> ToolAnswer:
        """Return what Slackbot gets: the answer of a tool, or a problem as one."""
        if isinstance(result, Outcome):
            return result.told or bare_problem(interaction.reference)
        try:
            return tool_problem(result, interaction.reference, self._contacts)
        except Exception as error:  # noqa: BLE001 - as above
            self.bug(interaction, error)
            return bare_problem(interaction.reference)

    def message(self, interaction: Interaction, problem: Problem) -> Message:
        """Return a message that tells of the problem."""
        return self.outcome(interaction, problem).message or bare_card(interaction.reference)

    def modal(self, interaction: Interaction, result: Outcome | Problem) -> View:
        """Return the view of the result, or one that tells of the problem."""
        if isinstance(result, Outcome):
            return result.view or {}
        reference, about = interaction.reference, interaction.finding
        contacts = self._contacts_of(interaction)
        try:
            if about is not None and not interaction.in_home:  # closing it leads back to the list
                return find_problem(result, reference, contacts, about)
            return problem_modal(result, reference, contacts)
        except Exception as error:  # noqa: BLE001 - as above
            self.bug(interaction, error)
            return bare_modal(reference)

    def sentence(self, interaction: Interaction, problem: Problem) -> str:
        """Return the problem as a sentence beside an input."""
        return problem_sentence(problem, interaction.reference, self._contacts)

    def _contacts_of(self, interaction: Interaction) -> Contacts:
        return self._contacts.besides(interaction.user.user_id)
