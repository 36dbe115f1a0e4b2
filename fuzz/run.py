"""A run of the fuzzer: many cases in flight, a good command in between, and the search for who was to blame."""

from __future__ import annotations

import asyncio
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from random import Random

from bot.cards.waiting import looking_up
from fuzz import marks, signed
from fuzz.answers import Reply, answer
from fuzz.cases import Case, case, play
from fuzz.connection import Connection
from fuzz.oracle import Complaint
from fuzz.stand_ins import StandIns
from fuzz.target import Sample, Target

IN_FLIGHT = 24
_SUSPECTS = 400
_MOST_SORTS = 12
_GLANCE = 0.06
_HEARING = 0.4
_PROBE_SECONDS = 0.5
_PROBE_USER = 398
_SETTLING = 15.0
_LONGEST_PAUSE = 60.0


@dataclass(frozen=True, slots=True)
class Finding:
    """A bug: the complaint, and the smallest case that shows it, None where none did so alone."""

    complaint: Complaint
    culprit: Case | None
    reply: Reply | None = None
    among: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A case once more, without some of the mutations of its request and of CometChat's answer."""

    number: int
    request: frozenset[int] = frozenset()
    reply: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Ground:
    """The bot, and the sides that it stands between."""

    target: Target
    stand_ins: StandIns


@dataclass
class Counts:
    """What was sent, and what came back."""

    requests: int = 0
    signed: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    good: int = 0
    late: int = 0


class Fuzz:
    """Sends the cases of a seed. `more` says whether there shall be another one after so many."""

    def __init__(self, seed: int, more: Callable[[int], bool]) -> None:
        self.seed = seed
        self.counts = Counts()
        self.findings: list[Finding] = []
        self._more = more
        self._next = 0
        self._busy = 0
        self._idle = asyncio.Condition()
        self._investigating = asyncio.Lock()
        self._tries = 0
        self._running = asyncio.Event()
        self._suspicions: deque[tuple[Complaint, tuple[int, ...]]] = deque()
        self._recent: deque[int] = deque(maxlen=_SUSPECTS)
        self._known: set[str] = set()
        self._heard: set[str] = set()
        self._without: frozenset[int] = frozenset()

    def complain(self, complaint: Complaint, suspect: int | None = None) -> None:
        """Take note of a complaint; each sort is looked into once."""
        self._heard.add(complaint.sort)
        if complaint.sort in self._known or len(self._known) >= _MOST_SORTS:
            return
        self._known.add(complaint.sort)
        suspects = (suspect,) if suspect is not None else tuple(self._recent)
        self._suspicions.append((complaint, suspects))

    def reply(self, session_id: str) -> Reply | None:
        """Return CometChat's answer for a session; every 97th case gets none."""
        number = session_id.removeprefix("fuzz-")
        if not number.isascii() or not number.isdigit() or len(number) > 9:  # noqa: PLR2004 - no case's number
            return Reply(404, b'{"error":{"code":"ERR_CALL_SESSION_NOT_FOUND"}}')
        return None if int(number) % 97 == 0 else answer(self.seed, int(number), self._without)

    async def run(self, ground: Ground) -> None:
        """Send cases until there are enough, or the process is gone."""
        self._running.set()
        work = [asyncio.create_task(self._work(ground)) for _ in range(IN_FLIGHT)]
        beside = [asyncio.create_task(each) for each in (self._probe(ground), self._look(ground))]
        try:
            await asyncio.gather(*work)
        finally:
            async with self._investigating:
                for task in beside:
                    task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)
        await self._investigate(ground)

    async def alone(self, number: int, ground: Ground) -> list[str]:
        """Send one case and look into what is complained of; return it, and its answers, to be read."""
        of = case(self.seed, number, ground.stand_ins.reply_base)
        connection = Connection(ground.target.port)
        answers, complaint = await play(of, connection)
        connection.close()
        self._recent.append(number)
        await asyncio.sleep(1)
        if complaint:
            self.complain(complaint, number)
        await self._investigate(ground)
        return [f"{of.kind}: {of.data!r}", *(f"{each.status} {each.body!r}" for each in answers)]

    async def settled(self, target: Target, tasks: int = 0) -> Sample:
        """Pause, and return how large the process is once its work is done: at most `tasks`, else as few as it gets."""
        self._running.clear()
        deadline = time.monotonic() + _SETTLING
        sample = await target.sample()
        while time.monotonic() < deadline:
            await asyncio.sleep(1)
            before, sample = sample, await target.sample()
            if not self._busy and sample.tasks <= (tasks or before.tasks):
                break
        self._running.set()
        return sample

    async def _work(self, ground: Ground) -> None:
        kept, rough = Connection(ground.target.port), Connection(ground.target.port)
        while ground.target.alive and self._more(self.counts.requests):
            await self._running.wait()
            self._next, number = self._next + 1, self._next
            self._recent.append(number)
            self._busy += 1
            of = case(self.seed, number, ground.stand_ins.reply_base)
            answers, complaint = await play(of, kept if of.answers else rough)
            self._busy -= 1
            if not self._running.is_set():
                async with self._idle:
                    self._idle.notify_all()
            self._count(of, [str(each.status) for each in answers])
            if complaint:
                self.complain(complaint, number)
        kept.close()

    def _count(self, of: Case, statuses: list[str]) -> None:
        self.counts.requests += 1
        self.counts.signed += of.is_signed
        self.counts.kinds[of.kind] += 1
        side = "signed" if of.is_signed else "raw"
        self.counts.statuses.update(f"{side} {status}" for status in statuses or ["none"])

    async def _probe(self, ground: Ground) -> None:
        """Send a good command in between, for as long as the run takes."""
        connection = Connection(ground.target.port)
        try:
            for number in range(10**9):
                await asyncio.sleep(_PROBE_SECONDS)
                try:
                    await self._good(number, connection, ground)
                except (OSError, EOFError, ValueError) as error:
                    connection.reset()
                    self.complain(
                        Complaint("a good command got no answer", f"{type(error).__name__}: {error}")
                    )
        finally:
            connection.close()

    async def _good(self, number: int, connection: Connection, ground: Ground) -> None:
        """Ask for a call, which has to come; metrics and process titles have to be without marks."""
        of = signed.scene(_PROBE_USER, ground.stand_ins.reply_base, Random(0), tries=number)
        request = signed.signed_request(signed.command_body(of, f"good-{number}"))
        told = (await connection.ask(request))[0]
        metrics = (await connection.ask(b"GET /metrics HTTP/1.1\r\nHost: bot\r\n\r\n"))[0]
        self.counts.good += 1
        is_late = looking_up().text.encode() in told.body
        self.counts.late += is_late
        if told.status != HTTPStatus.OK or not (b"planted-name" in told.body or is_late):
            self.complain(Complaint("a good command got a wrong answer", repr(told.body[:500])))
        if kinds := marks.leaked(metrics.body) | marks.leaked(ground.target.titles()):
            self.complain(Complaint("metrics or titles have a mark", str(kinds)))

    async def _look(self, ground: Ground) -> None:
        """Look into what was complained of, while all else waits."""
        while True:
            await asyncio.sleep(0.2)
            if self._suspicions:
                await self._investigate(ground)

    async def _investigate(self, ground: Ground) -> None:
        async with self._investigating:
            self._running.clear()
            async with asyncio.timeout(_LONGEST_PAUSE), self._idle:
                await self._idle.wait_for(lambda: not self._busy)
            while self._suspicions:
                await asyncio.sleep(1)  # what is still under way may complain of the same
                self.findings.append(await self._blame(*self._suspicions.popleft(), ground))
            self._running.set()

    async def _blame(self, complaint: Complaint, suspects: tuple[int, ...], ground: Ground) -> Finding:
        """Return the smallest case that is complained of in the same way when it is alone."""
        for number in reversed(suspects):
            if not ground.target.alive:
                break
            if await self._shows(complaint, Attempt(number), ground, hearing=_GLANCE) and await self._shows(
                complaint, Attempt(number), ground
            ):
                smallest = await self._smallest(complaint, number, ground)
                return Finding(
                    complaint,
                    case(self.seed, number, ground.stand_ins.reply_base, without=smallest.request),
                    answer(self.seed, number, smallest.reply),
                )
        return Finding(complaint, None, among=(suspects[0], suspects[-1]) if suspects else (0, 0))

    async def _smallest(self, complaint: Complaint, number: int, ground: Ground) -> Attempt:
        """Leave out each mutation, of the request and then of CometChat's answer, that is not needed."""
        best = Attempt(number)
        for place in range(case(self.seed, number, ground.stand_ins.reply_base).steps):
            attempt = replace(best, request=best.request | {place})
            best = attempt if await self._shows(complaint, attempt, ground) else best
        for place in range(len(answer(self.seed, number).steps)):
            attempt = replace(best, reply=best.reply | {place})
            best = attempt if await self._shows(complaint, attempt, ground) else best
        return best

    async def _shows(
        self, complaint: Complaint, attempt: Attempt, ground: Ground, *, hearing: float = _HEARING
    ) -> bool:
        """Send a case once more, and listen for that many seconds whether the same is complained of."""
        if hearing == _HEARING:
            await asyncio.sleep(hearing)  # till nobody else's complaint can be taken for this one's
        self._tries += 1
        self._heard.clear()
        self._without = attempt.reply
        of = case(
            self.seed, attempt.number, ground.stand_ins.reply_base, without=attempt.request, tries=self._tries
        )
        connection = Connection(ground.target.port)
        _, found = await play(of, connection)
        await asyncio.sleep(hearing)
        connection.close()
        self._without = frozenset()
        return complaint.sort in self._heard or (found is not None and found.sort == complaint.sort)
