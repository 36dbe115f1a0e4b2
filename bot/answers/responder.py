"""One answer for every request that Slack is told "yes" to, in time, in words, and with one line in the log.

Slack waits 3 s (https://docs.slack.dev/interactivity/implementing-slash-commands#responding_to_commands). A
command's HTTP response can itself be the message, which leaves nothing to lose and saves a round trip: so the ack
waits for the answer, up to a limit, and only then promises one by `response_url`. The acks of buttons and shortcuts
carry no message; they are given at once.

What comes of the work is settling.py's, how a person gets it after the ack telling.py's, in a modal filling.py's.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine
from functools import partial
from http import HTTPStatus
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.response import BoltResponse

from bot.answers.delivery import Telling, Told
from bot.answers.home import HomeAnswers
from bot.answers.interaction import Interaction, Outcome, Work
from bot.answers.modals import Filling
from bot.answers.outbox import ACK_BY_SECONDS, OwedAnswers
from bot.answers.settling import Settling
from bot.answers.tasks import Tasks
from bot.calls.problems import Problem, ProblemKind
from bot.cards.kit.message import Message
from bot.cards.kit.modal import View
from bot.cards.link_buttons import Place
from bot.cards.problem import Helpers
from bot.cards.waiting import looking_up
from bot.cometchat import SessionId
from bot.observability.metrics import Metrics
from bot.slack.json_objects import json_text
from bot.slack.response_url import Replies
from bot.slack.views import Views

OWED_FROM_SECONDS = 1.0
"""After its arrival a command counts as slow, and its answer as owed, whether or not it still comes in time.

When CometChat hangs, many promises fall due at once: to be kept in the store before they are given, they need more
time than what the acks leave. A usual look-up takes a tenth of this, and writes nothing.
"""

_OUT_OF_DATE = frozenset({ProblemKind.NOT_LINKED, ProblemKind.NO_SUCH_CALL, ProblemKind.CALL_GONE})
"""What comes of a press in a Home tab that shows what the person has no more."""


class Answering:
    """Answers interactions. `answer_within` is how many seconds after its arrival a command is acked at the latest."""

    def __init__(
        self,
        *,
        replies: Replies,
        modals: Views,
        tasks: Tasks,
        owed: OwedAnswers,
        metrics: Metrics,
        helpers: Helpers,
        homes: HomeAnswers,
        answer_within: float,
    ) -> None:
        self._settling = Settling(helpers, lambda: self.draining)
        self._telling = Telling(
            self._settling, replies=replies, modals=modals, homes=homes, owed=owed, metrics=metrics
        )
        self._homes = homes
        self._filling = Filling(self._settling, self._telling, modals, owed)
        self._tasks = tasks
        self._owed = owed
        self._metrics = metrics
        self._answer_within = answer_within
        self.draining = False

    async def in_the_ack(
        self, interaction: Interaction, ack: AsyncAck, work: Work, *, about: SessionId | None = None
    ) -> None:
        """Ack with the answer where it is there in time, else with a promise, kept by `response_url`.

        Slack shows no command that was typed, so what comes late says which session id it is `about`.
        """
        with self._metrics.interactions_in_flight.track_inprogress():
            answer = self._tasks.start(self._settling.result(interaction, work))
            owed = await self._in_time_or_owed(interaction, answer, about)
            if answer.done():
                told = Told(self._settling.told(interaction, answer.result()))
                if owed:
                    await self._owed.withdraw(interaction)
                await _ack(ack, told.outcome.message)
                self._acked(interaction, told)
            else:
                await _ack(ack, looking_up(about))
                self._later(interaction, self._finish(interaction, answer, about))

    async def after_the_ack(
        self, interaction: Interaction, ack: AsyncAck, work: Work, *, about: SessionId | None = None
    ) -> None:
        """Ack at once; the answer follows by `response_url`, and a promise before it where it takes long."""
        answer = self._tasks.start(self._settling.result(interaction, work))
        await self._owed.keep(interaction, about)
        await ack()
        self._later(interaction, self._follow_up(interaction, answer, about))

    async def in_a_modal(
        self, interaction: Interaction, ack: AsyncAck, work: Work, *, loading: View | None = None
    ) -> None:
        """Ack at once, show `loading` in a new modal (None: in the one that the button is in), then fill it."""
        self._filling.begun(interaction)
        await self._owed.keep(interaction, None)
        await ack()
        work = self._renewing(interaction, work) if interaction.in_home else work
        self._later(interaction, self._filling.fill(interaction, work, loading))

    async def in_the_submitted_modal(
        self, interaction: Interaction, ack: AsyncAck, work: Work, *, loading: View
    ) -> None:
        """Ack a submitted modal with what takes its place: the answer where it is there in time, else `loading`.

        https://docs.slack.dev/surfaces/modals#updating_views
        """
        self._filling.begun(interaction)
        with self._metrics.interactions_in_flight.track_inprogress():
            answer = self._tasks.start(self._settling.result(interaction, work))
            in_time = await self._until(interaction, answer, self._answer_within)
            if in_time and not self._filling.is_filling(
                interaction.view_id
            ):  # what is on its way would go over it
                result = answer.result()
                told = Told(self._settling.told(interaction, result))
                await ack(response_action="update", view=self._settling.modal(interaction, result))
                self._acked(interaction, told)
            else:
                await self._owed.keep(interaction, None)
                await ack(response_action="update", view=loading)
                self._later(interaction, self._filling.fill_after_loading(interaction, answer))

    def in_the_home(self, interaction: Interaction) -> None:
        """Draw the Home tab for whoever opens it; Slack is told yes when the listener returns, and waits for nothing."""
        self._later(interaction, self._telling.at_home(interaction, Outcome("home", place=Place(0, ""))))

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
        self._filling.begun(interaction)
        with self._metrics.interactions_in_flight.track_inprogress():
            answer = self._tasks.start(self._settling.result(interaction, work))
            await self._until(interaction, answer, self._answer_within)
            result = answer.result() if answer.done() else None
            if isinstance(result, Problem):
                words = self._settling.sentence(interaction, result)
                await ack(response_action="errors", errors={block_id: words})
                told = Told(self._settling.told(interaction, result))
                self._acked(interaction, told)
            else:
                await self._owed.keep(interaction, about)
                await ack()  # which Slack gets when this returns: whatever takes time comes later
                self._later(interaction, self._follow_up(interaction, answer, about))

    def late(self, interaction: Interaction, work: Work, *, about: SessionId | None) -> asyncio.Task[None]:
        """Give an answer that a process owed when it died; Slack got its ack long ago."""
        answer = self._tasks.start(self._settling.result(interaction, work))
        return self._later(interaction, self._finish(interaction, answer, about), acked=False)

    def crashed(self, interaction: Interaction, error: Exception) -> Message:
        """Log a crash that left no work to answer for, and return the words for it."""
        return self._settling.card(interaction, self._crashed(interaction, error))

    def crashed_in_a_modal(self, interaction: Interaction, error: Exception) -> View:
        """Do the same where the person looks at a modal."""
        return self._settling.modal(interaction, self._crashed(interaction, error))

    def _renewing(self, interaction: Interaction, work: Work) -> Work:
        """Return the work of a press in the Home tab that is answered in a modal; the tab is drawn anew where that is due."""

        async def work_and_renew() -> Outcome | Problem:
            result = await work()
            if isinstance(result, Problem) and result.kind in _OUT_OF_DATE:
                self._tasks.start(self._homes.renew(interaction.user, interaction.reference))
            return result

        return work_and_renew

    def _crashed(self, interaction: Interaction, error: Exception) -> Problem:
        seconds = interaction.milliseconds() / 1000
        self._metrics.ended(interaction.kind, ProblemKind.CRASHED, ack=seconds, total=seconds)
        return self._settling.crashed(interaction, error)

    def _acked(self, interaction: Interaction, told: Told) -> None:
        """Count the interaction that the ack ends, and log it, once the ack is on its way: nobody waits for that."""
        ended = partial(self._telling.ended, interaction, told, ack_ms=interaction.milliseconds())
        asyncio.get_running_loop().call_soon(ended)

    def _later(
        self, interaction: Interaction, rest: Coroutine[Any, Any, Told], *, acked: bool = True
    ) -> asyncio.Task[None]:
        """Go on after the ack, which was now; until the end the interaction is in flight."""
        in_flight = self._metrics.interactions_in_flight
        in_flight.inc()
        task = self._tasks.start(
            self._to_the_end(interaction, rest, interaction.milliseconds() if acked else None)
        )
        task.add_done_callback(lambda _: in_flight.dec())
        return task

    async def _to_the_end(
        self, interaction: Interaction, rest: Coroutine[Any, Any, Told], ack_ms: float | None
    ) -> None:
        """See to it that whoever was told "yes" gets words, and the log its line, whatever goes wrong."""
        try:
            told = await rest
        except Exception as error:  # noqa: BLE001 - a bug, logged there, and before an answer was sent: to tell raises nothing
            told = await self._telling.tell(interaction, self._settling.crashed(interaction, error))
        self._telling.ended(interaction, told, ack_ms=ack_ms)

    async def _follow_up(
        self, interaction: Interaction, answer: asyncio.Task[Outcome | Problem], about: SessionId | None
    ) -> Told:
        if not await self._until(interaction, answer, self._answer_within) and not interaction.in_home:
            await self._telling.promise(interaction, about)
        return await self._finish(interaction, answer, about)

    async def _finish(
        self, interaction: Interaction, answer: asyncio.Task[Outcome | Problem], about: SessionId | None
    ) -> Told:
        return await self._telling.tell(interaction, await answer, about)

    async def _in_time_or_owed(
        self, interaction: Interaction, answer: asyncio.Task[Outcome | Problem], about: SessionId | None
    ) -> bool:
        """Wait for the answer as long as the ack may wait; return whether it is owed by now, for it takes long."""
        if await self._until(interaction, answer, min(OWED_FROM_SECONDS, self._answer_within / 2)):
            return False
        kept = self._owed.owe(interaction, about)
        if not await self._until(interaction, answer, self._answer_within):
            await self._until(interaction, answer, ACK_BY_SECONDS, or_else=kept)
        return True

    async def _until(
        self,
        interaction: Interaction,
        answer: asyncio.Task[Outcome | Problem],
        seconds: float,
        *,
        or_else: asyncio.Task[None] | None = None,
    ) -> bool:
        """Wait for the answer until so long after the arrival; return whether it is there. Its end, or that of the other."""
        left = interaction.arrived + seconds - time.monotonic()
        waited_for: set[asyncio.Task[Any]] = {answer, *([or_else] if or_else else [])}
        await asyncio.wait(waited_for, timeout=max(0.0, left), return_when=asyncio.FIRST_COMPLETED)
        return answer.done()


async def _ack(ack: AsyncAck, message: Message | None) -> None:
    """Ack with the message; `ack` itself copies its blocks, and takes three times as long to write them."""
    if message:
        body = json_text({"response_type": "ephemeral", **message.as_json()})
        ack.response = BoltResponse(status=HTTPStatus.OK, body=body)
    else:
        await ack()
