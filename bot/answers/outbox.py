"""Answers that people were promised, kept in the store so that a process that dies takes none with it.

Slack was told yes, and the answer is to follow by `response_url`: until it is given, a row says so. It is claimed for as
long as a look-up may take; once the claim has ended, the next start or another process takes it (`recovery.py`). An answer
is begun in the store before it is sent: of two who would give it, one does.

The address lets anybody post as callinfo for 30 minutes: it is kept no longer than the answer is owed, and never logged.
While the store can't be asked, answers are given all the same, and are owed by this process alone.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

from bot.answers.interaction import Interaction
from bot.answers.promises import OutboxStore, Promise
from bot.cometchat import SessionId
from bot.identity.links import StoreUnavailableError

LEASE_SECONDS = 10.0
"""How long an answer may take before somebody else gives it."""

BEAT_SECONDS = 2.0
"""Between two tries to forget what was given while the store was away."""
WAIT_SECONDS = 1.0
"""How long an ack that must be quick waits for the store at most."""

BEGIN_SECONDS = 4.0
"""How long an answer that follows waits for it: it is less urgent than an ack, and given unnoted it might come twice."""

ACK_BY_SECONDS = 2.85
"""After its arrival: Slack waits 3 s for an ack, the way there and back included."""
FAREWELL_SECONDS = 2.0
GIVEN_SECONDS = 30 * 60
TAKEN_AT_ONCE = 50


class OwedAnswers:
    """What this process owes. `now` is the wall clock, in Unix seconds: processes share it by and large."""

    def __init__(self, store: OutboxStore, now: Callable[[], float] = time.time) -> None:
        self._store = store
        self._now = now
        self._mine: dict[str, bool] = {}  # whether the store has confirmed that it is kept
        self._claims: dict[str, float] = {}  # until when it is claimed
        self._given: dict[str, float] = {}  # since when (Unix time), but not forgotten in the store yet
        self._beating: asyncio.Task[None] | None = None
        self._under_way: set[asyncio.Task[None]] = set()

    def owe(self, interaction: Interaction, about: SessionId | None) -> asyncio.Task[None]:
        """Owe the person an answer from now on; what is returned ends when the store has it, or can't be asked."""
        if not interaction.response_url:  # nobody else could give it
            return self._held(_nothing())
        owed = Promise(
            reference=interaction.reference,
            kind=interaction.kind,
            user=interaction.user,
            response_url=interaction.response_url,
            session_id=about,
            thread_ts=interaction.thread_ts,
            promised_at=int(self._now()),
            filter=interaction.sought,
        )
        self._mine[owed.reference] = False
        self._claims[owed.reference] = self._now() + LEASE_SECONDS
        return self._held(self._keep(owed))

    async def keep(self, interaction: Interaction, about: SessionId | None) -> None:
        """Owe the person an answer before the ack; whatever happens, in a moment, and with time left for the ack."""
        await asyncio.wait({self.owe(interaction, about)}, timeout=_moment(interaction))

    async def withdraw(self, interaction: Interaction) -> None:
        """Note that the ack will have the answer in it: later, a process that dies would leave it to be given twice.

        In a moment, as `keep`: where the store is slow it is noted soon after.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(_moment(interaction)):
                await self.settle(interaction.reference)

    async def begin(self, reference: str) -> bool:
        """Return whether the answer is ours to give, now; False where another process has taken it meanwhile."""
        if reference not in self._mine:  # it was never owed beyond this process
            return True
        with suppress(StoreUnavailableError, TimeoutError):
            async with asyncio.timeout(BEGIN_SECONDS):
                ours = await self._store.begin_sending(reference, self._claims[reference])
            if not ours and self._mine.get(reference):  # else it may never have been kept
                self._mine.pop(reference, None)
                self._claims.pop(reference, None)
                return False
        return True

    async def settle(self, reference: str) -> None:
        """Note that the answer was given, or need not be; in the store too, if it takes but a moment."""
        certain = self._mine.pop(reference, None)
        if certain is None:
            return
        self._given[reference] = self._now()
        self._beat_from_now_on()
        with suppress(StoreUnavailableError, TimeoutError):
            async with asyncio.timeout(WAIT_SECONDS):
                await self._store.delete(reference, self._claims[reference])
            if certain:  # else once more by the beat, when the store has done whatever it was slow to do
                self._given.pop(reference, None)
                self._claims.pop(reference, None)

    async def take(self) -> tuple[Promise, ...]:
        """Take over what nobody stands for any more, some of it; raises StoreUnavailableError."""
        now = self._now()
        taken = await self._store.claim(now, now + LEASE_SECONDS, TAKEN_AT_ONCE)
        for owed in taken:
            self._mine[owed.reference] = True
            self._claims[owed.reference] = now + LEASE_SECONDS
        return taken

    async def close(self) -> None:
        """Stand for nothing any more: whoever comes next may take it once the lease is over."""
        going_on = {*self._under_way, *([self._beating] if self._beating else [])}
        for task in going_on:
            task.cancel()
        await asyncio.gather(*going_on, return_exceptions=True)
        with suppress(TimeoutError):
            async with asyncio.timeout(FAREWELL_SECONDS):
                await self._forget_given()

    async def _keep(self, owed: Promise) -> None:
        if owed.reference not in self._mine:  # given before there was a moment to keep it
            return
        with suppress(StoreUnavailableError):
            await self._store.add(owed, self._claims[owed.reference])
            if owed.reference in self._mine:  # not given meanwhile
                self._mine[owed.reference] = True

    def _held(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Let the work go on, however long whoever asked for it waits."""
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return task

    def _beat_from_now_on(self) -> None:
        if self._beating is None or self._beating.done():
            self._beating = asyncio.create_task(self._beat())

    async def _beat(self) -> None:
        """Forget what was given while the store was away."""
        while self._given:
            await asyncio.sleep(BEAT_SECONDS)
            await self._forget_given()

    async def _forget_given(self) -> None:
        """Forget what was given; what is too old to be answered by anybody needs no word of ours."""
        oldest = self._now() - GIVEN_SECONDS
        for reference, since in list(self._given.items()):
            with suppress(StoreUnavailableError):
                if since > oldest:
                    await self._store.delete(reference, self._claims[reference])
                self._given.pop(reference, None)
                self._claims.pop(reference, None)


def _moment(interaction: Interaction) -> float:
    """Return how many seconds an ack waits for the store, so that Slack still gets it in time."""
    return max(0.0, min(WAIT_SECONDS, ACK_BY_SECONDS - interaction.milliseconds() / 1000))


async def _nothing() -> None:
    """Have nothing to keep."""
