"""The audit: who looked what up, shared it or changed a link, on whose behalf, and what came of it.

Ids only, no names and no content. Each entry is one log line (`event=audit`) at once, and a row in the store soon
after, so that a look-up never waits for it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal, Protocol

import structlog

from bot.tasks import Tasks

log = structlog.get_logger()

Deed = Literal["look_up", "share", "link", "unlink", "import", "request", "decline", "uninstall"]


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


class AuditStore(Protocol):
    """Where entries are kept; raises StoreUnavailableError."""

    async def insert(self, entries: tuple[Entry, ...]) -> None:
        """Add the entries."""
        ...


_MOST_AT_ONCE = 200


class Audit:
    """Records entries. The log line is certain; a row that can't be stored is told in the log and let go.

    Entries that come while others are being stored go together, as one change of the store: one each would make
    SQLite, which does one change at a time, late for a burst.
    """

    def __init__(self, store: AuditStore, tasks: Tasks) -> None:
        self._store = store
        self._tasks = tasks
        self._waiting: list[Entry] = []
        self._storing = False

    def log(self, entry: Entry) -> None:
        """Log an entry that was stored with what it is about."""
        log.info("audit", **{name: value for name, value in asdict(entry).items() if value != ""})

    def record(self, entry: Entry) -> None:
        """Log the entry now, and store it soon."""
        self.log(entry)
        self._waiting.append(entry)
        if not self._storing:
            self._storing = True
            self._tasks.start(self._store_waiting())

    async def _store_waiting(self) -> None:
        try:
            while self._waiting:
                entries = tuple(self._waiting[:_MOST_AT_ONCE])
                del self._waiting[:_MOST_AT_ONCE]
                await self._insert(entries)
        finally:
            self._storing = False

    async def _insert(self, entries: tuple[Entry, ...]) -> None:
        try:
            await self._store.insert(entries)
        except Exception as error:  # noqa: BLE001 - whatever ails the store, the log lines above are there
            references = [entry.reference for entry in entries]
            log.warning("audit not stored", references=references, reason=type(error).__name__)
