"""How an answer gets to a person after the ack: by `response_url`, or in the Home tab; the last resort is a modal.

Each interaction ends with one line in the log.

Answers in modals are modals.py's, the direct messages about links notices.py's.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field, replace

import structlog

from bot.answers.deadlines import LEAST_PATIENCE_SECONDS, TRIGGER_SECONDS
from bot.answers.home import FIRST, Home, Pages
from bot.answers.interaction import Interaction, Outcome
from bot.answers.outbox import Outbox
from bot.answers.wording import Wording
from bot.calls import problems
from bot.calls.problems import Problem, ProblemKind
from bot.cards.kit.message import Message
from bot.cards.kit.modal import message_modal
from bot.cards.waiting import looking_up
from bot.cometchat import SessionId
from bot.observability.metrics import Metrics
from bot.slack.response_url import Replies, ReplyFailedError, TooManyRepliesError
from bot.slack.views import ViewFailedError, Views

log = structlog.get_logger()

_LOOKS = frozenset({"home", "listed"})
"""Outcomes in a Home tab of which there may be thousands."""


@dataclass(frozen=True, slots=True)
class DeliveryResult:
    """The outcome of an interaction, and what else the log says of its delivery."""

    outcome: Outcome
    facts: dict[str, str] = field(default_factory=dict)


class Delivery:
    """Delivers answers."""

    def __init__(
        self,
        wording: Wording,
        *,
        replies: Replies,
        views: Views,
        home: Home,
        outbox: Outbox,
        metrics: Metrics,
    ) -> None:
        self._wording = wording
        self._replies = replies
        self._views = views
        self._home = home
        self._outbox = outbox
        self._metrics = metrics

    async def say_it_takes_longer(self, interaction: Interaction, about: SessionId | None) -> None:
        """Say that the answer follows; where Slack does not take that, the answer itself may still get through."""
        with suppress(ReplyFailedError):
            await self._reply(interaction, looking_up(about))

    async def deliver(
        self, interaction: Interaction, result: Outcome | Problem, about: SessionId | None = None
    ) -> DeliveryResult:
        """Answer in the Home tab, if that is where the person is, else by `response_url`. Raises nothing.

        Nothing is sent where there is nothing to say, or where another process has claimed the answer.
        """
        outcome = self._wording.outcome(interaction, result, about)
        if interaction.in_home:
            return await self.in_the_home(interaction, outcome)
        if outcome.message is None:
            await self._outbox.delete(interaction.reference)
            return DeliveryResult(outcome)
        if not await self._outbox.begin_sending(interaction.reference):
            return DeliveryResult(outcome, {"answered": "by another process"})
        facts = await self._send(interaction, outcome.message, replace=outcome.replace)
        await self._outbox.delete(interaction.reference)
        if "reply_failure" in facts:
            # A problem keeps its own words: "do the same again" would be wrong after a share that may have been
            # posted. A call does not fit into such a modal, which only says that Slack did not take the answer
            problem = result if isinstance(result, Problem) else problems.slack_refused()
            facts["last_resort"] = await self._last_resort(interaction, problem)
        return DeliveryResult(outcome, facts)

    async def in_the_home(self, interaction: Interaction, outcome: Outcome) -> DeliveryResult:
        """Draw the Home tab, with what there is to say. Raises nothing.

        Where Slack does not take the tab, a modal says it, unless there is nothing to say.
        A look that a later one has overtaken, or that was one too many to ask CometChat for, is not logged.
        """
        if outcome.message is None and outcome.links_query is None and outcome.page_request is None:
            return DeliveryResult(outcome)
        pages = Pages(outcome.links_query or FIRST.links, outcome.page_request or FIRST.calls)
        try:
            shown = await self._home.show(interaction, outcome.message, pages)
        except ViewFailedError as error:
            facts = {"reply_failure": str(error), **await self._instead_of_home(interaction, outcome)}
            return DeliveryResult(outcome, facts)
        except Exception as error:  # noqa: BLE001 - logged as a bug; the tab stays as it is
            self._wording.bug(interaction, error)
            facts = await self._instead_of_home(interaction, outcome)
            return DeliveryResult(replace(outcome, outcome=ProblemKind.CRASHED), facts)
        quiet = outcome.quiet or (outcome.outcome in _LOOKS and shown.quiet)
        if outcome.page_request and "calls" in shown.facts:  # the page that was asked for could not be listed
            outcome = replace(outcome, outcome=ProblemKind(shown.facts["calls"]))
        return DeliveryResult(replace(outcome, quiet=quiet), shown.facts)

    def ended(self, interaction: Interaction, result: DeliveryResult, ack_ms: float | None) -> None:
        """Count an interaction that is over, and log it in one line."""
        outcome, total_ms = result.outcome, interaction.milliseconds()
        ack = ack_ms / 1000 if ack_ms is not None else None
        self._metrics.ended(interaction.kind, outcome.outcome, ack=ack, total=total_ms / 1000)
        facts = {
            "kind": interaction.kind,
            "outcome": outcome.outcome,
            "reference": interaction.reference,
            "ack_ms": ack_ms,
            "total_ms": total_ms,
            "upstream_status": outcome.upstream_status,
            "upstream_code": outcome.upstream_code,
            "team": interaction.user.team_id,
            "user": interaction.user.user_id,
            **result.facts,
        }
        facts = {name: fact for name, fact in facts.items() if fact is not None}
        if "reply_failure" in result.facts:
            log.error("reply failed", **facts)
        elif not outcome.quiet:
            log.info("interaction", **facts)

    async def _send(self, interaction: Interaction, message: Message, *, replace: bool) -> dict[str, str]:
        """Send the message; return what the log says where Slack did not take it."""
        try:
            async with asyncio.timeout(_patience(interaction)):
                await self._reply(interaction, message, replace=replace)
        except TooManyRepliesError as error:  # no failure: a modal for each would be the next flood
            return {"unanswered": str(error)}
        except (ReplyFailedError, TimeoutError) as error:
            return {"reply_failure": str(error) or type(error).__name__}
        except Exception as error:  # noqa: BLE001 - logged as a bug; the last resort may still get through
            self._wording.bug(interaction, error)
            return {"reply_failure": type(error).__name__}
        return {}

    async def _reply(self, interaction: Interaction, message: Message, *, replace: bool = False) -> None:
        await self._replies.ephemeral(
            interaction.response_url,
            message,
            user=interaction.user,
            replace=replace,
            thread_ts=interaction.thread_ts,
        )

    async def _instead_of_home(self, interaction: Interaction, outcome: Outcome) -> dict[str, str]:
        """Say in a modal what the Home tab was to say; return what the log says of that."""
        if (outcome.message is None and outcome.page_request is None) or not interaction.trigger_id:
            return {}
        return {
            "last_resort": await self._last_resort(interaction, outcome.message or problems.slack_refused())
        }

    async def _last_resort(self, interaction: Interaction, content: Message | Problem) -> str:
        """Tell it in a modal, while Slack still lets one be opened; return what the log says of that."""
        try:
            view = (
                self._wording.modal(interaction, content)
                if isinstance(content, Problem)
                else message_modal(content)
            )
            await self._views.open(interaction.trigger_id, view)
        except ViewFailedError as error:
            return f"no modal either: {error}"
        except Exception as error:  # noqa: BLE001 - logged as a bug; nothing is left to try
            self._wording.bug(interaction, error)
            return f"no modal either: {type(error).__name__}"
        return "told in a modal"


def _patience(interaction: Interaction) -> float | None:
    """Return how many seconds a reply may take, so that a modal can still say that it failed.

    None, without a limit, once a modal can't be opened any more, or too little time is left for Slack to take the reply.
    """
    left = TRIGGER_SECONDS - interaction.milliseconds() / 1000
    return left if interaction.trigger_id and left > LEAST_PATIENCE_SECONDS else None
