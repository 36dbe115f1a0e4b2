"""One answer for every request that Slack is told "yes" to, in time, in words, and with one line in the log.

Slack waits 3 s (https://docs.slack.dev/interactivity/implementing-slash-commands#responding_to_commands). A
command's HTTP response can itself be the message, which leaves nothing to lose and saves a round trip: so the ack
waits for the answer, up to a limit, and only then promises one by `response_url`.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import structlog
from slack_bolt.context.ack.async_ack import AsyncAck

from bot import problems
from bot.cards.message import Message
from bot.cards.problem import Helpers, problem_card
from bot.cards.waiting import looking_up
from bot.problems import Problem
from bot.reply import Replies, ReplyFailedError
from bot.tasks import Tasks

log = structlog.get_logger()

_REFERENCE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # nothing that is mistaken for another when read out


def new_reference() -> str:
    """Return a short id that stands in a message and in the log."""
    return "".join(secrets.choice(_REFERENCE_ALPHABET) for _ in range(8))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a listener's work came to: a message, and what the log says about it."""

    message: Message
    outcome: str
    upstream_status: int | None = None
    upstream_code: str | None = None


Work = Callable[[], Awaitable[Outcome | Problem]]


@dataclass(slots=True)
class Interaction:
    """One thing that a person did in Slack. `arrived` is `time.monotonic()` when the request came in."""

    kind: str
    arrived: float
    team_id: str
    user_id: str
    response_url: str = field(repr=False)
    reference: str = field(default_factory=new_reference)
    acked_ms: float | None = None

    def milliseconds(self) -> float:
        """Return how long ago the request arrived."""
        return round((time.monotonic() - self.arrived) * 1000, 1)


class Answering:
    """Answers interactions. `answer_within` is how many seconds after its arrival a command is acked at the latest."""

    def __init__(self, *, replies: Replies, tasks: Tasks, helpers: Helpers, answer_within: float) -> None:
        self._replies = replies
        self._tasks = tasks
        self._helpers = helpers
        self._answer_within = answer_within
        self.draining = False

    async def command(self, interaction: Interaction, ack: AsyncAck, work: Work) -> None:
        """Ack with the answer where it is there in time, else with a promise, kept by `response_url`."""
        answer = self._tasks.start(self._settle(interaction, work))
        left = interaction.arrived + self._answer_within - time.monotonic()
        await asyncio.wait({answer}, timeout=max(0.0, left))
        if answer.done():
            outcome = answer.result()
            await self._acked(interaction, ack, outcome.message)
            _log(interaction, outcome, replied=True)
        else:
            await self._acked(interaction, ack, looking_up())
            self._tasks.start(self._answer_later(interaction, answer))

    async def _acked(self, interaction: Interaction, ack: AsyncAck, message: Message) -> None:
        await ack(**message.as_json(), response_type="ephemeral")
        interaction.acked_ms = interaction.milliseconds()

    async def _answer_later(self, interaction: Interaction, answer: asyncio.Task[Outcome]) -> None:
        outcome = await answer
        try:
            await self._replies.send(interaction.response_url, outcome.message)
        except ReplyFailedError as error:
            _log(interaction, outcome, replied=False, reply_failure=str(error))
        else:
            _log(interaction, outcome, replied=True)

    async def _settle(self, interaction: Interaction, work: Work) -> Outcome:
        """Do the work; whatever goes wrong in it becomes words here, and nowhere else."""
        try:
            result = problems.restarting() if self.draining else await work()
        except Exception:
            log.exception("crashed", reference=interaction.reference, kind=interaction.kind)
            result = problems.crashed()
        if isinstance(result, Outcome):
            return result
        card = problem_card(result, interaction.reference, self._helpers)
        return Outcome(card, result.kind, result.upstream_status, result.upstream_code)


def _log(
    interaction: Interaction, outcome: Outcome, *, replied: bool, reply_failure: str | None = None
) -> None:
    facts = {
        "kind": interaction.kind,
        "outcome": outcome.outcome,
        "reference": interaction.reference,
        "ack_ms": interaction.acked_ms,
        "total_ms": interaction.milliseconds(),
        "upstream_status": outcome.upstream_status,
        "upstream_code": outcome.upstream_code,
        "team": interaction.team_id,
        "user": interaction.user_id,
    }
    facts = {name: fact for name, fact in facts.items() if fact is not None}
    if replied:
        log.info("interaction", **facts)
    else:
        log.error("reply failed", **facts, reply_failure=reply_failure)
