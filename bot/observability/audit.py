"""The audit: who looked a call up, listed calls, shared one, read a transcript, changed a link or subscribed.

Each entry says on whose behalf, and the outcome: ids only, no names and no content. It is a log line
(`event=audit`) at once, and a row in the store soon after, so that no look-up waits for it. `Entry` is the one place that names the columns.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Coroutine
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal, Protocol

import structlog

log = structlog.get_logger()

MOST_WAITING = 2_000
"""Entries that wait to be stored, about 1 MB; those on top of them are only logged."""
BATCH = 1_000
"""Entries in one INSERT: what waits is stored in two at most, so that a store that hangs doesn't outlast a shutdown."""
GATHERING_SECONDS = 0.5
"""From an entry to its INSERT: entries that come meanwhile go with it, and the answer goes out first."""
PAUSE_SECONDS = 1.0
"""From an INSERT that failed to the next, so that a store that is down is not hammered."""

Deed = Literal[
    "look_up",
    "list",
    "asked",
    "share",
    "transcript",
    "link",
    "unlink",
    "import",
    "request",
    "decline",
    "uninstall",
    "subscribe",
    "unsubscribe",
    "mute",
    "tell",
]


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the audit.

    `at` is Unix time in seconds. `team_id` and `user_id` are who did it, `uid` is on whose behalf. `subject` is the
    Slack user whose link was changed, `replaced` the UID that they had before.
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
        """Return the columns that say something, by name: what a log line says."""
        return {name: value for name in self.__slots__ if (value := getattr(self, name)) != ""}


class AuditStore(Protocol):
    """Where entries are kept."""

    async def insert(self, entries: tuple[Entry, ...]) -> None:
        """Add the entries; raises StoreUnavailableError."""
        ...


class BackgroundTasks(Protocol):
    """What runs work that a shutdown waits for."""

    def start(self, work: Coroutine[Any, Any, None]) -> object:
        """Run it."""
        ...

    async def pause(self, seconds: float) -> bool:
        """Sleep, at most until the shutdown begins; return whether it has not."""
        ...


class Audit:
    """Records entries. Their log lines are certain; rows that can't be stored are counted in the log, and dropped.

    One task at a time stores what has gathered.
    """

    def __init__(self, store: AuditStore, tasks: BackgroundTasks) -> None:
        self._store = store
        self._tasks = tasks
        self._waiting: deque[Entry] = deque()
        self._overflow = 0
        self._writing = False

    def log(self, entry: Entry) -> None:
        """Log an entry that was stored together with its change."""
        log.info("audit", **entry.facts())

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
        """Store what waits, a batch at a time; log how many are left where a shutdown cuts that short."""
        try:
            while self._waiting:
                await self._tasks.pause(GATHERING_SECONDS)
                batch = tuple(islice(self._waiting, BATCH))
                failure = await self._insert(batch)
                for _ in batch:
                    self._waiting.popleft()
                if failure:
                    self._log_dropped(len(batch), failure)
                    await asyncio.sleep(PAUSE_SECONDS)
        finally:
            self._writing = False
            if self._waiting or self._overflow:
                self._log_dropped(len(self._waiting), "shutdown" if self._waiting else "too many at once")
                self._waiting.clear()

    async def _insert(self, batch: tuple[Entry, ...]) -> str:
        """Store the entries; return the name of the error, "" for none."""
        try:
            await self._store.insert(batch)
        except Exception as error:  # noqa: BLE001 - whatever it is, the log has the entries
            return type(error).__name__
        return ""

    def _log_dropped(self, entries: int, reason: str) -> None:
        log.warning("audit not stored", entries=entries + self._overflow, reason=reason)
        self._overflow = 0
