"""Hints as rows, until they were followed."""

from __future__ import annotations

import json

from sqlalchemy import func, select

from bot.storage.batch import Batch
from bot.storage.database import CHANGE_SECONDS, READ_SECONDS, Database
from bot.storage.tables import hints
from bot.subscriptions.hints import Hint

_WITHIN_SECONDS = CHANGE_SECONDS
"""Longer than CometChat waits: what is stored too late for its answer is followed all the same."""


class StoredHints:
    """Implements `HintStore`. Every method raises StoreUnavailableError."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._batch = Batch(database, hints, within=_WITHIN_SECONDS)

    async def add(self, hint: Hint) -> None:
        """Store a hint, to be followed at once."""
        row = {
            "due_at": hint.received_at,
            "received_at": hint.received_at,
            "trigger": hint.trigger,
            "session_id": hint.session_id or "",
            "uids": " ".join(hint.uids),
            "names": json.dumps(hint.names),
        }
        await self._batch.add(row)

    async def latest(self) -> int | None:
        """Return when the newest hint came, in Unix seconds, None where none ever did."""
        rows = await self._database.fetch(select(func.max(hints.c.received_at)), within=READ_SECONDS)
        return None if rows[0][0] is None else int(rows[0][0])
