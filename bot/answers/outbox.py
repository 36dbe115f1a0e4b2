"""The outbox: answers that people were promised, stored so that no restart loses one.

Slack has its ack, and the answer is to follow by `response_url`. Until it is given, a row says so. The process that
promised it has a claim to it for as long as a look-up may take; when that has passed, any process may claim the row, and
gives the answer instead. Before an answer is sent, that is noted in its row under the claim: so of two processes only
one sends it, and an answer that may have arrived is not sent again.

A response_url lets anybody post for 30 minutes: its row is deleted once the answer is given, and it is never logged.
While the store is away, answers are given all the same.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Protocol

import structlog
from cachetools import TTLCache

from bot.answers.deadlines import ACK_SECONDS, RESPONSE_URL_SECONDS
from bot.answers.interaction import Interaction, InteractionKind
from bot.answers.tasks import Tasks
from bot.cometchat import SessionId
from bot.identity import SlackUser
from bot.identity.links import StoreUnavailableError

log = structlog.get_logger()

CLAIM_SECONDS = 10.0
"""How long a claim holds: as long as a look-up may take, and Slack to take its answer."""

POLL_SECONDS = 2.0
"""How often promises are looked for whose claim has passed."""

STORE_SECONDS = 1.0
"""How long anybody waits for a promise to be stored or deleted, at most."""

SENDING_SECONDS = 4.0
"""How long an answer waits until the store knows that it is being sent: otherwise it might come twice."""

_AT_ONCE = 50
_MOST_GIVEN = 10_000


@dataclass(frozen=True, slots=True)
class Promise:
    """An answer that somebody waits for. `promised_at` is Unix time.

    `session_id` is what a look-up is about, None for everything else. `filter` is that of a list of calls, or says which
    of the session's calls is meant. `sending`: somebody has begun to send the answer, so it may have arrived.
    """

    reference: str
    kind: InteractionKind
    user: SlackUser
    response_url: str = field(repr=False)
    session_id: SessionId | None
    thread_ts: str | None
    promised_at: int
    filter: str = ""
    sending: bool = False


class OutboxStore(Protocol):
    """Where promises are kept. Each method raises StoreUnavailableError.

    `claimed_until` (Unix time) is the token of the claim under which a change is made: once another process has claimed
    the row, the change does nothing.
    """

    async def add(self, promise: Promise, claimed_until: float) -> None:
        """Store a promise, claimed by the caller."""
        ...

    async def begin_sending(self, reference: str, claimed_until: float) -> bool:
        """Note that the answer is being sent; return False where the claim is not the caller's any more."""
        ...

    async def delete(self, reference: str, claimed_until: float) -> None:
        """Delete a promise."""
        ...

    async def claim(self, now: float, until: float, limit: int) -> tuple[Promise, ...]:
        """Claim the oldest promises whose claim has passed, each for one caller; return them."""
        ...


Resume = Callable[[Promise], asyncio.Task[None]]
"""Begins to give an answer that somebody else has promised; the task ends when it is given."""


@dataclass(slots=True)
class _Claim:
    """A claim of this process. `stored` ends with whether the store has the promise."""

    until: float
    stored: asyncio.Future[bool]


class Outbox:
    """What this process has promised. `now` is the wall clock, in Unix seconds, on which processes roughly agree."""

    def __init__(self, store: OutboxStore, tasks: Tasks, now: Callable[[], float] = time.time) -> None:
        self._store = store
        self._tasks = tasks
        self._now = now
        self._claims: dict[str, _Claim] = {}
        # For rows that turn up although the answer was given: they could not be deleted, or were stored late
        self._given: TTLCache[str, bool] = TTLCache(_MOST_GIVEN, RESPONSE_URL_SECONDS, now)

    def add(self, interaction: Interaction, about: SessionId | None) -> asyncio.Task[bool]:
        """Promise the person an answer; the task ends when it is stored, or can't be."""
        promise = Promise(
            reference=interaction.reference,
            kind=interaction.kind,
            user=interaction.user,
            response_url=interaction.response_url,
            session_id=about,
            thread_ts=interaction.thread_ts,
            promised_at=int(self._now()),
            filter=interaction.filter,
        )
        until = self._now() + CLAIM_SECONDS
        storing = self._tasks.start(self._add(promise, until))
        self._claims[promise.reference] = _Claim(until, storing)
        return storing

    async def add_before_ack(self, interaction: Interaction, about: SessionId | None) -> None:
        """Do the same, and wait until it is stored while there is time left for the ack."""
        await asyncio.wait({self.add(interaction, about)}, timeout=_time_before_ack(interaction))

    async def begin_sending(self, reference: str) -> bool:
        """Return whether the answer is ours to send, now; False where another process has claimed it."""
        claim = self._claims.get(reference)
        if claim is None:  # never promised beyond this process
            return True
        with suppress(StoreUnavailableError, TimeoutError):
            async with asyncio.timeout(SENDING_SECONDS):
                if await asyncio.shield(claim.stored):
                    ours = await self._store.begin_sending(reference, claim.until)
                    if not ours:
                        self._claims.pop(reference, None)
                    return ours
        return True

    async def delete(self, reference: str) -> None:
        """Delete the promise: the answer was given, or need not be. The caller waits for a moment at most."""
        await self._delete(reference, within=STORE_SECONDS)

    async def delete_before_ack(self, interaction: Interaction) -> None:
        """Do the same while there is time left for the ack, which has the answer in it."""
        await self._delete(interaction.reference, within=_time_before_ack(interaction))

    async def run(self, resume: Resume) -> None:
        """Give the answers that others have promised and not given; go on until cancelled."""
        while True:
            try:
                while await self.take_over(resume) == _AT_ONCE:
                    pass
            except StoreUnavailableError:
                pass
            except Exception:  # a bug; the next round is another chance
                log.exception("outbox not read")
            await asyncio.sleep(POLL_SECONDS)

    async def take_over(self, resume: Resume) -> int:
        """Claim some promises and give their answers; return how many these were. Raises StoreUnavailableError."""
        until = self._now() + CLAIM_SECONDS
        claimed = await self._store.claim(self._now(), until, _AT_ONCE)
        giving = [task for promise in claimed if (task := await self._take_over(promise, until, resume))]
        if giving:  # all at once would be a flood of our own
            await asyncio.wait(giving)
        return len(claimed)

    async def _take_over(self, promise: Promise, until: float, resume: Resume) -> asyncio.Task[None] | None:
        if mine := self._claims.get(promise.reference):  # this process still works on it
            mine.until = until
            return None
        age = int(self._now()) - promise.promised_at
        if promise.reference in self._given or age >= RESPONSE_URL_SECONDS:
            await self._store.delete(promise.reference, until)
            return None
        stored: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        stored.set_result(True)
        self._claims[promise.reference] = _Claim(until, stored)
        log.warning("promise taken over", reference=promise.reference, kind=promise.kind, age_s=age)
        return resume(promise)

    async def _add(self, promise: Promise, until: float) -> bool:
        if not promise.response_url:  # nobody else could give the answer
            return False
        try:
            await self._store.add(promise, until)
        except StoreUnavailableError:
            return False
        return True

    async def _delete(self, reference: str, *, within: float) -> None:
        if claim := self._claims.pop(reference, None):
            self._given[reference] = True
            await asyncio.wait({self._tasks.start(self._deleted(reference, claim))}, timeout=within)

    async def _deleted(self, reference: str, claim: _Claim) -> None:
        with suppress(StoreUnavailableError):
            if await claim.stored:
                await self._store.delete(reference, claim.until)


def _time_before_ack(interaction: Interaction) -> float:
    """Return how many seconds an ack may wait for the store."""
    return max(0.0, min(STORE_SECONDS, ACK_SECONDS - interaction.milliseconds() / 1000))
