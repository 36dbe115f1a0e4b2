"""One answer to every request, in time and in words: in the ack, or after it; and one line in the log.

A command's HTTP response can itself be the message, which saves a round trip and can't get lost. So the ack of a command
waits for the answer, up to `CALLINFO_ANSWER_WITHIN`, and then says that the answer takes longer; it follows by
`response_url`. The acks of buttons and shortcuts carry no message, and are given at once.

How long all that may take is in deadlines.py, how an answer gets to the person after the ack in delivery.py and modals.py.
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

from bot.answers.deadlines import ACK_SECONDS, PROMISE_SECONDS
from bot.answers.delivery import Delivery, DeliveryResult
from bot.answers.home import FIRST, Home
from bot.answers.interaction import Interaction, Outcome, Work
from bot.answers.modals import ModalUpdates
from bot.answers.outbox import Outbox
from bot.answers.tasks import Tasks
from bot.answers.wording import Wording
from bot.calls import problems
from bot.calls.problems import Problem, ProblemKind
from bot.cards.kit.message import Message
from bot.cards.kit.modal import View
from bot.cards.problem_card import Contacts
from bot.cards.slackbot.answer import ToolAnswer
from bot.cards.waiting import looking_up
from bot.cometchat import SessionId
from bot.observability.metrics import Metrics
from bot.slack.json_objects import json_text
from bot.slack.response_url import Replies
from bot.slack.views import Views

Answer = asyncio.Task[Outcome | Problem]

_OUT_OF_DATE = frozenset({ProblemKind.NOT_LINKED, ProblemKind.NO_SUCH_CALL, ProblemKind.CALL_GONE})
"""What comes of a press in a Home tab that shows what the person does not have any more."""


class Responder:
    """Answers interactions. `answer_within` is when a command is acked at the latest, in seconds after its arrival."""

    def __init__(
        self,
        *,
        replies: Replies,
        views: Views,
        home: Home,
        outbox: Outbox,
        tasks: Tasks,
        metrics: Metrics,
        contacts: Contacts,
        answer_within: float,
    ) -> None:
        self._wording = Wording(contacts)
        self._delivery = Delivery(
            self._wording, replies=replies, views=views, home=home, outbox=outbox, metrics=metrics
        )
        self._modals = ModalUpdates(self._wording, self._delivery, views, outbox)
        self._home = home
        self._outbox = outbox
        self._tasks = tasks
        self._metrics = metrics
        self._answer_within = answer_within
        self.draining = False

    async def in_the_ack(
        self, interaction: Interaction, ack: AsyncAck, work: Work, *, about: SessionId | None = None
    ) -> None:
        """Ack with the answer if it is there in time, else by saying that it takes longer.

        Slack does not show the command that was typed, so a late answer says which session it is `about`.
        """
        with self._metrics.interactions_in_flight.track_inprogress():
            answer = self._begin(interaction, work)
            await self._in_time_or_promised(interaction, answer, about)
            if answer.done():
                outcome = self._wording.outcome(interaction, answer.result())
                await self._outbox.delete_before_ack(interaction)
                _ack(ack, outcome.message)
                self._acked(interaction, outcome)
            else:
                _ack(ack, looking_up(about))
                self._go_on(interaction, self._deliver(interaction, answer, about))

    async def after_the_ack(
        self, interaction: Interaction, ack: AsyncAck, work: Work, *, about: SessionId | None = None
    ) -> None:
        """Ack at once; the answer follows by `response_url`, and before it, if it is slow, word that it takes longer."""
        answer = self._begin(interaction, work)
        await self._outbox.add_before_ack(interaction, about)
        await ack()
        self._go_on(interaction, self._follow_up(interaction, answer, about))

    async def in_the_response(self, interaction: Interaction, work: Work) -> ToolAnswer:
        """Return the answer to a question of Slackbot's, which waits for it: 60 s, more than any look-up takes."""
        with self._metrics.interactions_in_flight.track_inprogress():
            result = await self._begin(interaction, work)
            self._acked(interaction, self._wording.outcome(interaction, result))
            return self._wording.told(interaction, result)

    async def in_a_modal(
        self, interaction: Interaction, ack: AsyncAck, work: Work, *, loading: View | None = None
    ) -> None:
        """Ack at once, open a modal that shows `loading` (None: use the one that the button is in), then update it."""
        self._modals.begin(interaction)
        await self._outbox.add_before_ack(interaction, None)
        await ack()
        work = self._redrawing(interaction, work) if interaction.in_home else work
        self._go_on(
            interaction,
            self._modals.answer(interaction, partial(self._result, interaction, work), loading),
        )

    async def in_the_submitted_modal(
        self, interaction: Interaction, ack: AsyncAck, work: Work, *, loading: View
    ) -> None:
        """Ack a submitted modal with its new content: the answer if it is there in time, else `loading`.

        https://docs.slack.dev/surfaces/modals#updating_views
        """
        self._modals.begin(interaction)
        with self._metrics.interactions_in_flight.track_inprogress():
            answer = self._begin(interaction, work)
            await _wait(interaction, self._answer_within, answer)
            # What is on its way into the modal would replace the answer
            if answer.done() and not self._modals.is_updating(interaction.view_id):
                result = answer.result()
                outcome = self._wording.outcome(interaction, result)
                await ack(response_action="update", view=self._wording.modal(interaction, result))
                self._acked(interaction, outcome)
            else:
                await self._outbox.add_before_ack(interaction, None)
                await ack(response_action="update", view=loading)
                self._go_on(interaction, self._modals.answer_after_loading(interaction, answer))

    async def beside_the_input(
        self,
        interaction: Interaction,
        ack: AsyncAck,
        work: Work,
        *,
        block_id: str,
        about: SessionId | None = None,
    ) -> None:
        """Ack a submitted modal: with a problem beside its input if there is one in time, else it closes.

        Then the answer follows by `response_url`.
        """
        self._modals.begin(interaction)
        with self._metrics.interactions_in_flight.track_inprogress():
            answer = self._begin(interaction, work)
            await _wait(interaction, self._answer_within, answer)
            result = answer.result() if answer.done() else None
            if isinstance(result, Problem):
                words = self._wording.sentence(interaction, result)
                await ack(response_action="errors", errors={block_id: words})
                self._acked(interaction, self._wording.outcome(interaction, result))
            else:
                await self._outbox.add_before_ack(interaction, about)
                await ack()  # Slack gets it when this returns, so nothing that takes time comes before that
                self._go_on(interaction, self._follow_up(interaction, answer, about))

    def in_the_home(self, interaction: Interaction) -> None:
        """Draw the Home tab for the person who opened it; the event is acked when the listener returns."""
        opened = Outcome("home", links_query=FIRST.links)
        self._go_on(interaction, self._delivery.in_the_home(interaction, opened))

    def resume(self, interaction: Interaction, work: Work, *, about: SessionId | None) -> asyncio.Task[None]:
        """Give an answer that another process promised, after the ack that it gave."""
        answer = self._begin(interaction, work)
        return self._go_on(interaction, self._deliver(interaction, answer, about), acked=False)

    def crashed(self, interaction: Interaction, error: Exception) -> Message:
        """Log and count a crash before there was any work; return the words for it."""
        return self._wording.message(interaction, self._crashed(interaction, error))

    def crashed_in_a_modal(self, interaction: Interaction, error: Exception) -> View:
        """Do the same where the person looks at a modal."""
        return self._wording.modal(interaction, self._crashed(interaction, error))

    def _crashed(self, interaction: Interaction, error: Exception) -> Problem:
        seconds = interaction.milliseconds() / 1000
        self._metrics.ended(interaction.kind, ProblemKind.CRASHED, ack=seconds, total=seconds)
        return self._wording.bug(interaction, error)

    def _begin(self, interaction: Interaction, work: Work) -> Answer:
        return self._tasks.start(self._result(interaction, work))

    async def _result(self, interaction: Interaction, work: Work) -> Outcome | Problem:
        if self.draining:
            return problems.restarting()
        return await self._wording.result(interaction, work)

    def _redrawing(self, interaction: Interaction, work: Work) -> Work:
        """Return work that redraws the Home tab where its result shows that the tab is out of date."""

        async def work_and_redraw() -> Outcome | Problem:
            result = await work()
            if isinstance(result, Problem) and result.kind in _OUT_OF_DATE:
                self._tasks.start(self._home.redraw(interaction.user, interaction.reference))
            return result

        return work_and_redraw

    async def _in_time_or_promised(
        self, interaction: Interaction, answer: Answer, about: SessionId | None
    ) -> None:
        """Wait for the answer as long as the ack may wait; store a promise of it once it is slow."""
        await _wait(interaction, min(PROMISE_SECONDS, self._answer_within / 2), answer)
        if answer.done():
            return
        storing = self._outbox.add(interaction, about)
        await _wait(interaction, self._answer_within, answer)
        await _wait(interaction, ACK_SECONDS, answer, storing)

    async def _follow_up(
        self, interaction: Interaction, answer: Answer, about: SessionId | None
    ) -> DeliveryResult:
        await _wait(interaction, self._answer_within, answer)
        if not answer.done() and not interaction.in_home:
            await self._delivery.say_it_takes_longer(interaction, about)
        return await self._deliver(interaction, answer, about)

    async def _deliver(
        self, interaction: Interaction, answer: Answer, about: SessionId | None
    ) -> DeliveryResult:
        return await self._delivery.deliver(interaction, await answer, about)

    def _go_on(
        self, interaction: Interaction, rest: Coroutine[Any, Any, DeliveryResult], *, acked: bool = True
    ) -> asyncio.Task[None]:
        """Go on after the ack, which is given now; the interaction counts as in flight until its end."""
        in_flight = self._metrics.interactions_in_flight
        in_flight.inc()
        ack_ms = interaction.milliseconds() if acked else None
        task = self._tasks.start(self._to_the_end(interaction, rest, ack_ms))
        task.add_done_callback(lambda _: in_flight.dec())
        return task

    async def _to_the_end(
        self, interaction: Interaction, rest: Coroutine[Any, Any, DeliveryResult], ack_ms: float | None
    ) -> None:
        """Deliver words and log a line, whatever goes wrong."""
        try:
            result = await rest
        except Exception as error:  # noqa: BLE001 - logged as a bug, from before the delivery, which raises nothing
            result = await self._delivery.deliver(interaction, self._wording.bug(interaction, error))
        self._delivery.ended(interaction, result, ack_ms)

    def _acked(self, interaction: Interaction, outcome: Outcome) -> None:
        """Count and log an interaction that ends with its ack, once that is on its way."""
        result, ack_ms = DeliveryResult(outcome), interaction.milliseconds()
        asyncio.get_running_loop().call_soon(self._delivery.ended, interaction, result, ack_ms)


async def _wait(interaction: Interaction, seconds: float, *tasks: asyncio.Task[Any]) -> None:
    """Wait for the first of the tasks, until so many seconds after the interaction arrived."""
    left = interaction.arrived + seconds - time.monotonic()
    await asyncio.wait(tasks, timeout=max(0.0, left), return_when=asyncio.FIRST_COMPLETED)


def _ack(ack: AsyncAck, message: Message | None) -> None:
    """Ack with the message; `ack` itself copies its blocks, and takes three times as long to write them."""
    body = json_text({"response_type": "ephemeral", **message.as_json()}) if message else ""
    ack.response = BoltResponse(status=HTTPStatus.OK, body=body)
