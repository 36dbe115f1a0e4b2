"""Gives the answers that a process owed when it died: a call is looked up again, or calls are listed again, for the same person.

What may not be done twice (a share, a change of a link), and an answer that may have arrived, is only told of.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from itertools import chain, repeat

import structlog

from bot.answers.interaction import Interaction, Outcome
from bot.answers.outbox import LEASE_SECONDS, TAKEN_AT_ONCE, OwedAnswers
from bot.answers.promises import Promise
from bot.calls import problems
from bot.calls.call_ref import OneCall
from bot.calls.filters import Query
from bot.calls.problems import Problem
from bot.identity.links import StoreUnavailableError
from bot.listeners import recent
from bot.listeners.services import Services

log = structlog.get_logger()

RESPONSE_URL_SECONDS = 29 * 60
"""For how long an answer is worth a try: Slack takes none after 30 minutes."""

_LOOK_UPS = frozenset({"command", "shortcut", "pick", "asked_session", "refresh"})
_SOON_SECONDS = 2.0
_LATER_SECONDS = 15.0


class Recovery:
    """Looks for what is owed, often after the start, and then now and then."""

    def __init__(self, owed: OwedAnswers, services: Services) -> None:
        self._owed = owed
        self._services = services

    async def run(self) -> None:
        """Go on until cancelled."""
        for pause in _pauses():
            await self.once()
            await asyncio.sleep(pause)

    async def once(self) -> None:
        """Take over what nobody stands for, and answer it."""
        more = True
        while more and not self._services.answering.draining:
            try:
                taken = await self._owed.take()
            except StoreUnavailableError:
                return
            except Exception:  # whatever it was: the next round is another chance
                log.exception("owed answers not looked for")
                return
            more = len(taken) == TAKEN_AT_ONCE
            if answering := [task for owed in taken if (task := await self._taken(owed))]:
                await asyncio.wait(answering)  # all at once would be a flood of our own

    async def _taken(self, owed: Promise) -> asyncio.Task[None] | None:
        """Begin to answer, unless it is too late for that."""
        age = int(self._services.now()) - owed.promised_at
        log.warning("owed answer taken over", reference=owed.reference, kind=owed.kind, age_s=age)
        if age < RESPONSE_URL_SECONDS:
            return self._answer(owed)
        await self._owed.settle(owed.reference)
        return None

    def _answer(self, owed: Promise) -> asyncio.Task[None]:
        interaction = Interaction(
            kind=owed.kind,
            arrived=time.monotonic(),
            user=owed.user,
            thread_ts=owed.thread_ts,
            response_url=owed.response_url,
            reference=owed.reference,
        )

        async def work() -> Outcome | Problem:
            if owed.sending:
                return problems.cut_short_while_answering()
            if query := Query.from_text(owed.filter):
                return await recent.answer(self._services, interaction, query, replace=owed.kind == "recent")
            if owed.session_id is None or owed.kind not in _LOOK_UPS:
                return problems.cut_short()
            which = OneCall.of(owed.session_id, owed.filter)
            found = await self._services.look_up(interaction, owed.session_id, which=which)
            return self._services.summarised(interaction, found, replace=owed.kind == "refresh")

        return self._services.answering.late(interaction, work, about=owed.session_id)


def _pauses() -> Iterator[float]:
    """Yield seconds: a predecessor's lease ends soon after our start, another process's at any time."""
    return chain(repeat(_SOON_SECONDS, int(2 * LEASE_SECONDS / _SOON_SECONDS)), repeat(_LATER_SECONDS))
