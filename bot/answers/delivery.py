"""How a person gets an answer after the ack, and how the log gets its one line.

A message goes to the `response_url`, or to the top of the Home tab; where Slack doesn't take it, a modal is the last
resort.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field, replace

import structlog

from bot.answers.home import FIRST, HomeAnswers, Pages
from bot.answers.interaction import Interaction, Outcome
from bot.answers.outbox import OwedAnswers
from bot.answers.settling import Settling
from bot.calls import problems
from bot.calls.problems import Problem, ProblemKind
from bot.cards.kit.message import Message
from bot.cards.kit.modal import View
from bot.cards.waiting import looking_up
from bot.cometchat import SessionId
from bot.observability.metrics import Metrics
from bot.slack.response_url import Replies, ReplyFailedError, TooManyRepliesError
from bot.slack.views import ViewFailedError, Views

log = structlog.get_logger()

_TRIGGER_SECONDS = 2.5  # of the three that Slack gives a trigger_id, less the way there
_LEAST_PATIENCE = 1.0
_LOOKS = frozenset({"home", "listed"})
"""Of which there may be thousands, in a Home tab."""


@dataclass(frozen=True, slots=True)
class Told:
    """What came of an interaction, and what more the log says of how the person got to know."""

    outcome: Outcome
    more: dict[str, str] = field(default_factory=dict)


class Telling:
    """Tells people what came of what they did."""

    def __init__(
        self,
        settling: Settling,
        *,
        replies: Replies,
        modals: Views,
        homes: HomeAnswers,
        owed: OwedAnswers,
        metrics: Metrics,
    ) -> None:
        self._settling = settling
        self._replies = replies
        self._modals = modals
        self._homes = homes
        self._owed = owed
        self._metrics = metrics

    async def promise(self, interaction: Interaction, about: SessionId | None) -> None:
        """Say that the answer takes long; when Slack doesn't take that, the answer itself may still get through."""
        with suppress(ReplyFailedError):
            await self._replies.ephemeral(
                interaction.response_url,
                looking_up(about),
                user=interaction.user,
                thread_ts=interaction.thread_ts,
            )

    async def tell(
        self, interaction: Interaction, result: Outcome | Problem, about: SessionId | None = None
    ) -> Told:
        """Tell the person where they are, in the Home tab or by `response_url`. Raises nothing.

        A message is sent where there is an address for it, and it is ours to send.
        """
        outcome = self._settling.told(interaction, result, about)
        if interaction.in_home:
            return await self.at_home(interaction, outcome)
        if outcome.message is None:
            await self._owed.settle(interaction.reference)
            return Told(outcome)
        if not await self._owed.begin(interaction.reference):
            return Told(outcome, {"answered": "by another process"})
        try:
            reason = await self._send(interaction, outcome.message, replace=outcome.replace)
        except TooManyRepliesError as error:  # a modal for each would be the next flood
            await self._owed.settle(interaction.reference)
            return Told(outcome, {"unanswered": str(error)})
        await self._owed.settle(interaction.reference)
        if not reason:
            return Told(outcome)
        # A problem in its own words: "do the same again" would be wrong after a share that may have been posted. A call
        # does not fit into such a modal, which only says that Slack did not take the answer
        problem = result if isinstance(result, Problem) else problems.slack_refused()
        last_resort = await self._last_resort(interaction, self._settling.modal(interaction, problem))
        return Told(outcome, {"reply_failure": reason, "last_resort": last_resort})

    async def at_home(self, interaction: Interaction, outcome: Outcome) -> Told:
        """Draw the Home tab anew, with what there is to say. Raises nothing.

        What was done stays done though the tab can't be drawn: then a modal says it. A mere look has nothing to say.
        A look that another one has overtaken, or that was too many to ask CometChat for, has no line of its own.
        """
        if outcome.message is None and outcome.place is None and outcome.query is None:
            return Told(outcome)
        pages = Pages(outcome.place or FIRST.links, outcome.query or FIRST.calls)
        try:
            shown = await self._homes.show(interaction, outcome.message, pages)
        except ViewFailedError as error:
            return Told(
                outcome, {"reply_failure": str(error), **await self._instead_of_home(interaction, outcome)}
            )
        except Exception as error:  # noqa: BLE001 - a bug, logged there; the tab stays as it is
            self._settling.crashed(interaction, error)
            more = await self._instead_of_home(interaction, outcome)
            return Told(replace(outcome, outcome=ProblemKind.CRASHED), more)
        quiet = outcome.quiet or (outcome.outcome in _LOOKS and shown.quiet)
        # A page of calls that the tab could not list is no page
        came_of = (
            ProblemKind(shown.facts["calls"]) if outcome.query and "calls" in shown.facts else outcome.outcome
        )
        return Told(replace(outcome, outcome=came_of, quiet=quiet), shown.facts)

    def ended(self, interaction: Interaction, told: Told, *, ack_ms: float | None) -> None:
        """Count the interaction, and write its one line into the log."""
        ack, total = ack_ms / 1000 if ack_ms is not None else None, interaction.milliseconds() / 1000
        self._metrics.ended(interaction.kind, told.outcome.outcome, ack=ack, total=total)
        _log(interaction, told, ack_ms=ack_ms)

    async def _send(self, interaction: Interaction, message: Message, *, replace: bool) -> str:
        """Return why Slack did not take the message, empty where it did; raises TooManyRepliesError."""
        try:
            async with asyncio.timeout(_patience(interaction)):
                await self._replies.ephemeral(
                    interaction.response_url,
                    message,
                    user=interaction.user,
                    replace=replace,
                    thread_ts=interaction.thread_ts,
                )
        except TooManyRepliesError:
            raise
        except (ReplyFailedError, TimeoutError) as error:
            return str(error) or type(error).__name__
        except Exception as error:  # noqa: BLE001 - a bug, logged there; the last resort may still get through
            self._settling.crashed(interaction, error)
            return type(error).__name__
        return ""

    async def _instead_of_home(self, interaction: Interaction, outcome: Outcome) -> dict[str, str]:
        """Say in a modal what the Home tab was to say; return what the log says of that."""
        if (outcome.message is None and outcome.query is None) or not interaction.trigger_id:
            return {}
        if outcome.message:
            view = self._settling.modal_of(interaction, outcome.message)
        else:
            view = self._settling.modal(interaction, problems.slack_refused())
        return {"last_resort": await self._last_resort(interaction, view)}

    async def _last_resort(self, interaction: Interaction, view: View) -> str:
        """Tell the person in a modal, while Slack still lets one be opened, what Slack did not take elsewhere."""
        try:
            await self._modals.open(interaction.trigger_id, view)
        except ViewFailedError as error:
            return f"no modal either: {error}"
        except Exception as error:  # noqa: BLE001 - as above; nothing is left to try
            self._settling.crashed(interaction, error)
            return f"no modal either: {type(error).__name__}"
        return "told in a modal"


def _patience(interaction: Interaction) -> float | None:
    """Return how many seconds a reply may take while a modal could still say that it failed.

    None, as long as it takes, once that can't be said any more, or too little time is left for Slack to answer in.
    """
    left = _TRIGGER_SECONDS - interaction.milliseconds() / 1000
    return left if interaction.trigger_id and left > _LEAST_PATIENCE else None


def _log(interaction: Interaction, told: Told, *, ack_ms: float | None) -> None:
    outcome = told.outcome
    facts = {
        "kind": interaction.kind,
        "outcome": outcome.outcome,
        "reference": interaction.reference,
        "ack_ms": ack_ms,
        "total_ms": interaction.milliseconds(),
        "upstream_status": outcome.upstream_status,
        "upstream_code": outcome.upstream_code,
        "team": interaction.user.team_id,
        "user": interaction.user.user_id,
        **told.more,
    }
    facts = {name: fact for name, fact in facts.items() if fact is not None}
    if "reply_failure" in told.more:
        log.error("reply failed", **facts)
    elif not outcome.quiet:
        log.info("interaction", **facts)
