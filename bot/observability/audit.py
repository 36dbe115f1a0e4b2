"""The audit: who looked what up, listed their calls, shared one or changed a link, on whose behalf, and what came of it.

Ids only, no names and no content. Each entry is one log line (`event=audit`) at once, and a row in the store soon
after, so that a look-up never waits for it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass
from itertools import islice
from typing import Literal, Protocol

import structlog

from bot.answers.tasks import Tasks

log = structlog.get_logger()

MOST_WAITING = 2_000
"""Entries that wait to be stored; what comes on top of them is in the log alone. About 1 MB."""
BATCH = 1_000
"""Entries in one INSERT: what waits is stored in two at most, so that a store that hangs does not outlast a shutdown."""
GATHERING_SECONDS = 0.1
"""From an entry to the INSERT: those that come meanwhile go with it, and the answer that it is about goes first."""
PAUSE_SECONDS = 1.0
"""Between an INSERT that failed and the next: a store that is away is not hammered, and the log not filled with it."""

Deed = Literal["look_up", "list", "share", "link", "unlink", "import", "request", "decline", "uninstall"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One deed. `at` is Unix time; `uid` is on whose behalf; `subject` the Slack user whose link was changed.

    `replaced` is the UID that `subject` had before.
    """

    at: int
    deed: Deed
    team_id: str
    user_id: str
    outcome: str
    reference: str = ""
    uid: str = ""
    session_id: str = ""
    subject: str = ""
    replaced: str = ""

    def facts(self) -> dict[str, str | int]:
        """Return all that it says, by name; `dataclasses.asdict` looks for values within values, at ten times the cost."""
        return {name: getattr(self, name) for name in self.__slots__}


class AuditStore(Protocol):
    """Where entries are kept; raises StoreUnavailableError."""

    async def insert(self, entries: tuple[Entry, ...]) -> None:
        """Add the entries."""
        ...


class Audit:
    """Records entries. The log line is certain; rows that can't be stored are told in the log by number, and let go.

    One writer at a time stores what has gathered within a moment, or during its last INSERT. It is a task as other
    work is, so that a shutdown waits for it.
    """

    def __init__(self, store: AuditStore, tasks: Tasks) -> None:
        self._store = store
        self._tasks = tasks
        self._waiting: deque[Entry] = deque()
        self._overflow = 0
        self._writing = False

    def log(self, entry: Entry) -> None:
        """Log an entry that was stored with what it is about."""
        log.info("audit", **{name: value for name, value in entry.facts().items() if value != ""})

    def record(self, entry: Entry) -> None:
        """Log the entry now, and store it soon."""
        self.log(entry)
        if len(self._waiting) < MOST_WAITING:
            self._waiting.append(entry)
        else:
            self._overflow += 1
        if not self._writing:
            self._writing = True
            self._tasks.start(self._write())

    async def _write(self) -> None:
        """Store what waits, a batch at a time; when a shutdown cuts that short, tell how many are left."""
        try:
            while self._waiting:
                await self._tasks.pause(GATHERING_SECONDS)  # a shutdown ends it
                batch = tuple(islice(self._waiting, BATCH))
                failure = await self._insert(batch)
                for _ in batch:
                    self._waiting.popleft()
                if failure:
                    self._let_go(len(batch), failure)
                    await asyncio.sleep(PAUSE_SECONDS)
        finally:
            self._writing = False
            if self._waiting or self._overflow:
                self._let_go(len(self._waiting), "shutdown" if self._waiting else "too many at once")
                self._waiting.clear()

    async def _insert(self, batch: tuple[Entry, ...]) -> str:
        """Store the entries; return what went wrong, "" for nothing."""
        try:
            await self._store.insert(batch)
        except Exception as error:  # noqa: BLE001 - whatever ails the store, the log lines are there
            return type(error).__name__
        return ""

    def _let_go(self, entries: int, reason: str) -> None:
        log.warning("audit not stored", entries=entries + self._overflow, reason=reason)
        self._overflow = 0
