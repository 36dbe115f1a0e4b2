"""One answer for every request that Slack is told "yes" to, in time, in words, and with one line in the log.

Slack waits 3 s (https://docs.slack.dev/interactivity/implementing-slash-commands#responding_to_commands). A
command's HTTP response can itself be the message, which leaves nothing to lose and saves a round trip: so the ack
waits for the answer, up to a limit, and only then promises one by `response_url`. The acks of buttons and shortcuts
carry no message; they are given at once.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import replace
from typing import Any

import structlog
from slack_bolt.context.ack.async_ack import AsyncAck

from bot import link_problems, problems
from bot.cards.link_buttons import NotOursError, Place
from bot.cards.message import Message
from bot.cards.modal import View
from bot.cards.problem import Helpers, problem_card, problem_modal, problem_sentence
from bot.cards.waiting import looking_up
from bot.cometchat import SessionId
from bot.home_answers import HomeAnswers
from bot.home_views import HomeFailedError
from bot.interactions import Interaction, Outcome, Work
from bot.metrics import Metrics
from bot.modals import ModalFailedError, ModalGoneError, Modals
from bot.owed import OwedAnswers
from bot.problems import Problem, ProblemKind
from bot.reply import Replies, ReplyFailedError
from bot.tasks import Tasks

log = structlog.get_logger()

_TRIGGER_SECONDS = 2.5  # of the three that Slack gives a trigger_id, less the way there
_LEAST_PATIENCE = 1.0
_LOADING_SECONDS = (
    0.3  # from the ack to what takes the place of its view: else Slack might show them the wrong way round
)


class Answering:
    """Answers interactions. `answer_within` is how many seconds after its arrival a command is acked at the latest."""

    def __init__(
        self,
        *,
        replies: Replies,
        modals: Modals,
        tasks: Tasks,
        owed: OwedAnswers,
        metrics: Metrics,
        helpers: Helpers,
        homes: HomeAnswers,
        answer_within: float,
    ) -> None:
        self._replies = replies
        self._modals = modals
        self._tasks = tasks
        self._owed = owed
        self._metrics = metrics
        self._helpers = helpers
        self._answer_within = answer_within
        self._homes = homes
        self.draining = False

    async def in_the_ack(
        self, interaction: Interaction, ack: AsyncAck, work: Work, *, about: SessionId | None = None
    ) -> None:
        """Ack with the answer where it is there in time, else with a promise, kept by `response_url`.

        Slack shows no command that was typed, so what comes late says which session id it is `about`.
        """
        with self._metrics.interactions_in_flight.track_inprogress():
            answer = self._tasks.start(self._settle(interaction, work))
            await self._in_time(interaction, answer)
            if answer.done():
                outcome = self._told(interaction, answer.result())
                await ack(**_as_ack(outcome.message))
                self._ended(interaction, outcome, ack_ms=interaction.milliseconds())
            else:
                await self._owed.keep(interaction, about)
                await ack(**_as_ack(looking_up(about)))
                self._later(self._finish(interaction, answer, interaction.milliseconds(), about))

    async def after_the_ack(
        self, interaction: Interaction, ack: AsyncAck, work: Work, *, about: SessionId | None = None
    ) -> None:
        """Ack at once; the answer follows by `response_url`, and a promise before it where it takes long."""
        answer = self._tasks.start(self._settle(interaction, work))
        await self._owed.keep(interaction, about)
        await ack()
        self._later(self._follow_up(interaction, answer, interaction.milliseconds(), about))

    async def in_a_modal(
        self, interaction: Interaction, ack: AsyncAck, work: Work, *, loading: View | None = None
    ) -> None:
        """Ack at once, show `loading` in a new modal (None: in the one that the button is in), then fill it."""
        await self._owed.keep(interaction, None)
        await ack()
        self._later(self._fill(interaction, work, loading, interaction.milliseconds()))

    async def in_the_submitted_modal(
        self, interaction: Interaction, ack: AsyncAck, work: Work, *, loading: View
    ) -> None:
        """Ack a submitted modal with what takes its place: the answer where it is there in time, else `loading`.

        https://docs.slack.dev/surfaces/modals#updating_views: what fills `loading` must come after Slack shows it.
        """
        with self._metrics.interactions_in_flight.track_inprogress():
            answer = self._tasks.start(self._settle(interaction, work))
            await self._in_time(interaction, answer)
            if answer.done():
                outcome, view = self._as_view(interaction, answer.result())
                await ack(response_action="update", view=view)
                self._ended(interaction, outcome, ack_ms=interaction.milliseconds())
            else:
                await ack(response_action="update", view=loading)
                self._later(self._fill_later(interaction, answer, interaction.milliseconds()))

    def in_the_home(self, interaction: Interaction) -> None:
        """Draw the Home tab for whoever opens it; Slack is told yes when the listener returns, and waits for nothing."""
        self._later(self._visit(interaction, interaction.milliseconds()))

    async def beside_the_input(
        self,
        interaction: Interaction,
        ack: AsyncAck,
        work: Work,
        *,
        block_id: str,
        about: SessionId | None = None,
    ) -> None:
        """Ack a submitted modal: a problem that shows in time is told beside its input, else the modal closes.

        What is found, or takes longer, is answered by `response_url`.
        """
        with self._metrics.interactions_in_flight.track_inprogress():
            answer = self._tasks.start(self._settle(interaction, work))
            await self._in_time(interaction, answer)
            result = answer.result() if answer.done() else None
            if isinstance(result, Problem):
                words = problem_sentence(result, interaction.reference, self._helpers)
                await ack(response_action="errors", errors={block_id: words})
                self._ended(interaction, self._told(interaction, result), ack_ms=interaction.milliseconds())
            else:
                await self._owed.keep(interaction, about)
                await ack()  # which Slack gets when this returns: whatever takes time comes later
                self._later(self._follow_up(interaction, answer, interaction.milliseconds(), about))

    def late(self, interaction: Interaction, work: Work, *, about: SessionId | None) -> asyncio.Task[None]:
        """Give an answer that a process owed when it died; Slack got its ack long ago."""
        answer = self._tasks.start(self._settle(interaction, work))
        return self._later(self._finish(interaction, answer, None, about))

    def _later(self, rest: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Go on after the ack; until then the interaction is in flight."""
        in_flight = self._metrics.interactions_in_flight
        in_flight.inc()
        task = self._tasks.start(rest)
        task.add_done_callback(lambda _: in_flight.dec())
        return task

    def crashed(self, interaction: Interaction, error: Exception) -> Message:
        """Log a crash that left no work to answer for, and return the words for it."""
        self._crashed(interaction, error)
        return problem_card(problems.crashed(), interaction.reference, self._helpers)

    def crashed_in_a_modal(self, interaction: Interaction, error: Exception) -> View:
        """Do the same where the person looks at a modal."""
        self._crashed(interaction, error)
        return problem_modal(problems.crashed(), interaction.reference, self._helpers)

    def _crashed(self, interaction: Interaction, error: Exception) -> None:
        log.error("crashed", reference=interaction.reference, kind=interaction.kind, exc_info=error)
        seconds = interaction.milliseconds() / 1000
        self._metrics.ended(interaction.kind, ProblemKind.CRASHED, ack=seconds, total=seconds)

    async def _visit(self, interaction: Interaction, ack_ms: float) -> None:
        outcome, facts = await self._at_home(interaction, Outcome("home", place=Place(0, "")))
        self._ended(interaction, outcome, ack_ms=ack_ms, **facts)

    async def _follow_up(
        self,
        interaction: Interaction,
        answer: asyncio.Task[Outcome | Problem],
        ack_ms: float,
        about: SessionId | None,
    ) -> None:
        await self._in_time(interaction, answer)
        if not answer.done() and not interaction.in_home:
            await self._promise(interaction, about)
        await self._finish(interaction, answer, ack_ms, about)

    async def _promise(self, interaction: Interaction, about: SessionId | None) -> None:
        """Say that the answer takes long; when Slack doesn't take that, the answer itself may still get through."""
        with suppress(ReplyFailedError):
            await self._replies.ephemeral(
                interaction.response_url, looking_up(about), thread_ts=interaction.thread_ts
            )

    async def _in_time(self, interaction: Interaction, answer: asyncio.Task[Outcome | Problem]) -> None:
        """Wait for the answer as long as the ack may wait."""
        left = interaction.arrived + self._answer_within - time.monotonic()
        await asyncio.wait({answer}, timeout=max(0.0, left))

    async def _settle(self, interaction: Interaction, work: Work) -> Outcome | Problem:
        """Do the work; whatever goes wrong in it becomes a problem here, and nowhere else."""
        if self.draining:
            return problems.restarting()
        try:
            return await work()
        except ReplyFailedError as error:
            return problems.slack_refused(str(error))
        except ModalFailedError as error:
            return problems.modal_refused(str(error))
        except NotOursError:
            return link_problems.button_not_understood()
        except Exception:
            log.exception("crashed", reference=interaction.reference, kind=interaction.kind)
            return problems.crashed()

    def _told(
        self, interaction: Interaction, result: Outcome | Problem, about: SessionId | None = None
    ) -> Outcome:
        """Turn a problem into its words."""
        if isinstance(result, Outcome):
            return result
        card = problem_card(result, interaction.reference, self._helpers, about=about)
        return Outcome(result.kind, card, result.upstream_status, result.upstream_code, quiet=result.quiet)

    async def _finish(
        self,
        interaction: Interaction,
        answer: asyncio.Task[Outcome | Problem],
        ack_ms: float | None,
        about: SessionId | None = None,
    ) -> None:
        result = await answer
        outcome = self._told(interaction, result, about)
        outcome, facts = await self._tell(
            interaction, outcome, result if isinstance(result, Problem) else None
        )
        self._ended(interaction, outcome, ack_ms=ack_ms, **facts)

    async def _tell(
        self, interaction: Interaction, outcome: Outcome, problem: Problem | None = None
    ) -> tuple[Outcome, dict[str, str]]:
        """Tell the person where they are, in the Home tab or by `response_url`; return what the log says of it."""
        if interaction.in_home:
            return await self._at_home(interaction, outcome)
        return outcome, await self._reply(interaction, outcome, problem)

    async def _at_home(self, interaction: Interaction, outcome: Outcome) -> tuple[Outcome, dict[str, str]]:
        """Draw the Home tab anew, with what there is to say; return what the log says of it.

        A look that another one has overtaken, or that was too many to ask CometChat for, has no line of its own.
        """
        if outcome.message is None and outcome.place is None:
            return outcome, {}
        try:
            shown = await self._homes.show(interaction, outcome.message, outcome.place)
        except HomeFailedError as error:
            return outcome, {"reply_failure": str(error)}
        except Exception:
            log.exception("crashed", reference=interaction.reference, kind=interaction.kind)
            return replace(outcome, outcome=ProblemKind.CRASHED), {}
        quiet = outcome.quiet or (outcome.outcome == "home" and shown.quiet)
        return replace(outcome, quiet=quiet), shown.facts

    async def _reply(
        self, interaction: Interaction, outcome: Outcome, problem: Problem | None = None
    ) -> dict[str, str]:
        """Send the message by `response_url`; return what the log says of a failure, nothing when it went well.

        `problem` is what the message tells, where it tells one.
        """
        if outcome.message is None:
            await self._owed.settle(interaction.reference)
            return {}
        if not await self._owed.begin(interaction.reference):
            return {"answered": "by another process"}
        reason = await self._send(interaction, outcome.message, replace=outcome.replace)
        await self._owed.settle(interaction.reference)
        if not reason:
            return {}
        return {"reply_failure": reason, "last_resort": await self._last_resort(interaction, problem)}

    async def _send(self, interaction: Interaction, message: Message, *, replace: bool) -> str:
        """Return why Slack did not take the message, empty where it did."""
        try:
            async with asyncio.timeout(_patience(interaction)):
                await self._replies.ephemeral(
                    interaction.response_url,
                    message,
                    replace=replace,
                    thread_ts=interaction.thread_ts,
                )
        except (ReplyFailedError, TimeoutError) as error:
            return str(error) or type(error).__name__
        return ""

    async def _last_resort(self, interaction: Interaction, problem: Problem | None) -> str:
        """Tell the person in a modal, while Slack still lets one be opened, what Slack did not take in a message.

        A problem comes in its own words: "do the same again" would be wrong after a share that may have been posted.
        A call does not fit into such a modal, which only says that Slack did not take the answer.
        """
        card = problem_modal(problem or problems.slack_refused(), interaction.reference, self._helpers)
        try:
            await self._modals.open(interaction.trigger_id, card)
        except ModalFailedError as error:
            return f"no modal either: {error}"
        return "told in a modal"

    async def _fill(self, interaction: Interaction, work: Work, loading: View | None, ack_ms: float) -> None:
        try:
            view_id = (
                await self._modals.open(interaction.trigger_id, loading) if loading else interaction.view_id
            )
        except ModalFailedError as error:
            outcome, facts = await self._tell(
                interaction, self._told(interaction, problems.modal_refused(str(error)))
            )
            self._ended(interaction, outcome, ack_ms=ack_ms, **facts)
            return
        outcome, view = self._as_view(interaction, await self._settle(interaction, work))
        failure = await self._show(interaction, view_id, view)
        await self._owed.settle(interaction.reference)
        self._ended(interaction, outcome, ack_ms=ack_ms, **failure)

    async def _fill_later(
        self, interaction: Interaction, answer: asyncio.Task[Outcome | Problem], ack_ms: float
    ) -> None:
        await asyncio.sleep(_LOADING_SECONDS)
        outcome, view = self._as_view(interaction, await answer)
        failure = await self._show(interaction, interaction.view_id, view)
        self._ended(interaction, outcome, ack_ms=ack_ms, **failure)

    def _as_view(self, interaction: Interaction, result: Outcome | Problem) -> tuple[Outcome, View]:
        """Return what came of it, and what a modal shows of that."""
        if isinstance(result, Problem):
            view = problem_modal(result, interaction.reference, self._helpers)
        else:
            view = result.view or {}
        return self._told(interaction, result), view

    async def _show(self, interaction: Interaction, view_id: str, view: View) -> dict[str, str]:
        """Fill the modal; where Slack refuses that, say so by `response_url`, for inside a modal there is none."""
        try:
            await self._modals.fill(view_id, view)
        except ModalGoneError:
            return {"modal": "closed by the person"}
        except ModalFailedError as error:
            told = self._told(interaction, problems.modal_refused(str(error)))
            more = await self._reply(interaction, told) if interaction.response_url else {}
            return {"reply_failure": str(error), "last_resort": more.get("last_resort", "told in a message")}
        return {}

    def _ended(
        self, interaction: Interaction, outcome: Outcome, *, ack_ms: float | None, **more: str
    ) -> None:
        """Count the interaction, and write its one line into the log."""
        ack, total = ack_ms / 1000 if ack_ms is not None else None, interaction.milliseconds() / 1000
        self._metrics.ended(interaction.kind, outcome.outcome, ack=ack, total=total)
        _log(interaction, outcome, ack_ms=ack_ms, **more)


def _patience(interaction: Interaction) -> float | None:
    """Return how many seconds a reply may take while a modal could still say that it failed.

    None, as long as it takes, once that can't be said any more, or too little time is left for Slack to answer in.
    """
    left = _TRIGGER_SECONDS - interaction.milliseconds() / 1000
    return left if interaction.trigger_id and left > _LEAST_PATIENCE else None


def _as_ack(message: Message | None) -> dict[str, Any]:
    return {"response_type": "ephemeral", **message.as_json()} if message else {}


def _log(interaction: Interaction, outcome: Outcome, *, ack_ms: float | None, **more: str) -> None:
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
        **more,
    }
    facts = {name: fact for name, fact in facts.items() if fact is not None}
    if "reply_failure" in more:
        log.error("reply failed", **facts)
    elif not outcome.quiet:
        log.info("interaction", **facts)
