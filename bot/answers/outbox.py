"""Answers that people were promised, kept in the store so that a process that dies takes none with it.

Slack was told yes, and the answer is to follow by `response_url`: until it is given, a row says so. Who owes it stands
for it by a lease that is renewed every few seconds; once the lease is over, the next start or another process takes it
(`recovery.py`). An answer is begun in the store before it is sent: of two who would give it, one does.

The address lets anybody post as callinfo for 30 minutes: it is kept no longer than the answer is owed, and never logged.
While the store can't be asked, answers are given all the same, and are owed by this process alone.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.answers.interaction import Interaction, Kind
from bot.cometchat import SessionId
from bot.identity import SlackUser
from bot.identity.links import StoreUnavailableError

LEASE_SECONDS = 6.0
BEAT_SECONDS = 2.0
WAIT_SECONDS = 1.0
"""How long an ack that must be quick waits for the store at most."""

BEGIN_SECONDS = 4.0
"""How long an answer that follows waits for it: it is less urgent than an ack, and given unnoted it might come twice."""

ACK_BY_SECONDS = 2.85
"""After its arrival: Slack waits 3 s for an ack, the way there and back included."""
FAREWELL_SECONDS = 2.0
GIVEN_SECONDS = 30 * 60
TAKEN_AT_ONCE = 50
_FORGOTTEN_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Owed:
    """An answer owed. `since` is Unix time; `begun`: somebody had begun to send it, and it may have arrived.

    `session_id` is what a look-up was about, None for whatever else the person did; `sought` what a list of calls was,
    or which of the session's calls was meant.
    """

    reference: str
    kind: Kind
    user: SlackUser
    response_url: str = field(repr=False)
    session_id: SessionId | None
    thread_ts: str | None
    since: int
    begun: bool = False
    sought: str = ""


class OwedStore(Protocol):
    """Where it is kept; `storage.owed.StoredOwed` is it. Every method raises StoreUnavailableError."""

    async def keep(self, owed: Owed, owner: str, until: float) -> None:
        """Keep an answer that `owner` owes; nobody else gives it before `until`, Unix time."""
        ...

    async def begin(self, reference: str, owner: str) -> bool:
        """Note that `owner` gives the answer now; return whether it is theirs to give."""
        ...

    async def settle(self, references: tuple[str, ...], owner: str) -> None:
        """Forget answers of `owner` that were given."""
        ...

    async def extend(self, owner: str, until: float) -> None:
        """Keep others from all that `owner` owes until then."""
        ...

    async def take(self, owner: str, now: float, until: float, most: int) -> tuple[Owed, ...]:
        """Hand over to `owner` what nobody stands for any more, the oldest first; return it."""
        ...


class OwedAnswers:
    """What this process owes. `now` is the wall clock, in Unix seconds: processes share it by and large."""

    def __init__(self, store: OwedStore, now: Callable[[], float] = time.time) -> None:
        self._store = store
        self._now = now
        self._owner = secrets.token_hex(8)
        self._mine: dict[str, bool] = {}  # whether the store has confirmed that it is kept
        self._given: dict[str, float] = {}  # since when (Unix time), but not forgotten in the store yet
        self._beating: asyncio.Task[None] | None = None
        self._under_way: set[asyncio.Task[None]] = set()

    def owe(self, interaction: Interaction, about: SessionId | None) -> asyncio.Task[None]:
        """Owe the person an answer from now on; what is returned ends when the store has it, or can't be asked."""
        if not interaction.response_url:  # nobody else could give it
            return self._held(_nothing())
        owed = Owed(
            reference=interaction.reference,
            kind=interaction.kind,
            user=interaction.user,
            response_url=interaction.response_url,
            session_id=about,
            thread_ts=interaction.thread_ts,
            since=int(self._now()),
            sought=interaction.sought,
        )
        self._mine[owed.reference] = False
        self._beat_from_now_on()
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
                ours = await self._store.begin(reference, self._owner)
            if not ours and self._mine.get(reference):  # else it may never have been kept
                self._mine.pop(reference, None)
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
                await self._store.settle((reference,), self._owner)
            if certain:  # else once more by the beat, when the store has done whatever it was slow to do
                self._given.pop(reference, None)

    async def take(self) -> tuple[Owed, ...]:
        """Take over what nobody stands for any more, some of it; raises StoreUnavailableError."""
        now = self._now()
        taken = await self._store.take(self._owner, now, now + LEASE_SECONDS, TAKEN_AT_ONCE)
        for owed in taken:
            self._mine[owed.reference] = True
            self._beat_from_now_on()
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

    async def _keep(self, owed: Owed) -> None:
        if owed.reference not in self._mine:  # given before there was a moment to keep it
            return
        with suppress(StoreUnavailableError):
            await self._store.keep(owed, self._owner, self._now() + LEASE_SECONDS)
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
        """Renew the lease for as long as something is owed; forget what was given while the store was away."""
        while self._mine or self._given:
            await asyncio.sleep(BEAT_SECONDS)
            with suppress(StoreUnavailableError):
                await self._store.extend(self._owner, self._now() + LEASE_SECONDS)
            await self._forget_given()

    async def _forget_given(self) -> None:
        """Forget what was given, some at a time; what is too old to be answered by anybody needs no word of ours."""
        oldest = self._now() - GIVEN_SECONDS
        self._given = {reference: since for reference, since in self._given.items() if since > oldest}
        given = list(self._given)
        for start in range(0, len(given), _FORGOTTEN_AT_ONCE):
            await self._forget(tuple(given[start : start + _FORGOTTEN_AT_ONCE]))

    async def _forget(self, references: tuple[str, ...]) -> None:
        with suppress(StoreUnavailableError):
            await self._store.settle(references, self._owner)
            for reference in references:
                self._given.pop(reference, None)


def _moment(interaction: Interaction) -> float:
    """Return how many seconds an ack waits for the store, so that Slack still gets it in time."""
    return max(0.0, min(WAIT_SECONDS, ACK_BY_SECONDS - interaction.milliseconds() / 1000))


async def _nothing() -> None:
    """Have nothing to keep."""
