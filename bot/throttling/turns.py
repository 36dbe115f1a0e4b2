"""Turns of one person: what they alone make slow keeps them waiting, and nobody else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.identity import SlackUser

OF_ONE = 16
"""Under way for one person at once: as many as their look-ups (places.py)."""

IN_LINE = 64
"""Under way and waiting for one person: more than anybody reads, and a few in a hundred of what tasks.py takes."""


class LineIsFullError(Exception):
    """So much is waiting for this person already that nothing more is taken."""


@dataclass(slots=True)
class _Line:
    turns: asyncio.Semaphore
    length: int = 0


class Turns:
    """Lets at most OF_ONE things go on for one person; the others wait, IN_LINE at most in all."""

    def __init__(self) -> None:
        self._lines: dict[SlackUser, _Line] = {}

    @asynccontextmanager
    async def one(self, user: SlackUser) -> AsyncIterator[None]:
        """Hold a turn of that person's, once it has come; raises LineIsFullError at once where the line is full."""
        line = self._lines.setdefault(user, _Line(asyncio.Semaphore(OF_ONE)))
        if line.length >= IN_LINE:
            raise LineIsFullError
        line.length += 1
        try:
            async with line.turns:
                yield
        finally:
            line.length -= 1
            if not line.length:
                del self._lines[user]
