"""Hints as rows, until they were followed."""

from __future__ import annotations

import json

from sqlalchemy import func, select

from bot.storage.database import READ_SECONDS, Database
from bot.storage.tables import hints
from bot.subscriptions.hints import Hint

_WITHIN_SECONDS = 1.5
"""CometChat waits 2 s for its answer."""


class StoredHints:
    """Implements `HintStore`. Every method raises StoreUnavailableError."""

    def __init__(self, database: Database) -> None:
        self._database = database

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
        await self._database.execute(self._database.insert(hints).values(row), within=_WITHIN_SECONDS)

    async def latest(self) -> int | None:
        """Return when the newest hint came, in Unix seconds, None where none ever did."""
        rows = await self._database.fetch(select(func.max(hints.c.received_at)), within=READ_SECONDS)
        return None if rows[0][0] is None else int(rows[0][0])
