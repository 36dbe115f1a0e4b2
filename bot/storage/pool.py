"""The connections to one database: a few, opened when they are needed, some of them kept for those who come next.

Who waits for one waits as long as it takes: how long that may be is the caller's to say, by cancelling.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

from bot.storage.connection import Connection


class Pool:
    """Lends connections: `most` at once, in the order in which they are asked for, and `kept` when all are back.

    What `connect` raises is raised to who asked for a connection.
    """

    def __init__(self, connect: Callable[[], Awaitable[Connection]], *, most: int, kept: int) -> None:
        self._connect = connect
        self._room = asyncio.Semaphore(most)
        self._most_kept = kept
        self._kept: list[Connection] = []
        self._ending: set[asyncio.Task[None]] = set()
        self._closed = False

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """Lend a connection. Of who is cancelled it is not used again: it may be amid a statement.

        Its place is free once it has ended, so that there are never more than `most`, however many are cancelled.
        """
        async with self._room:
            connection = await self._usable()
            try:
                yield connection
            except Exception:
                await self._take_back(connection)
                raise
            except BaseException:
                if connection.is_all:
                    await self._undo(connection)
                else:
                    await self._let_go(connection)
                raise
            await self._take_back(connection)

    async def close(self) -> None:
        """Close those that are here, and from now on each that comes back; wait for those that are ending."""
        self._closed = True
        while self._kept:
            await self._kept.pop().close()
        if self._ending:
            await asyncio.wait(self._ending)

    async def _usable(self) -> Connection:
        """Return the one that came back last, so that those which are not needed are the ones that go stale."""
        while self._kept:
            connection = self._kept.pop()
            try:
                if await connection.answers():
                    return connection
            except BaseException:
                await self._let_go(connection)
                raise
            await connection.close()
        return await self._opened()

    async def _opened(self) -> Connection:
        connection = await self._connect()
        try:
            await connection.set_up()
        except BaseException:
            await self._let_go(connection)
            raise
        return connection

    async def _undo(self, connection: Connection) -> None:
        """Take back the one that all is in, whose statements come to an end by themselves."""
        try:
            with suppress(Exception):  # most often there is nothing to undo, which is an error
                await connection.do("ROLLBACK")
        except BaseException:
            await self._let_go(connection)
            raise
        await self._take_back(connection)

    async def _let_go(self, connection: Connection) -> None:
        """End the connection; it does end, also where whoever waits for that is cancelled once more."""
        ending = asyncio.create_task(connection.abort())
        self._ending.add(ending)
        ending.add_done_callback(self._ending.discard)
        await asyncio.wait({ending})

    async def _take_back(self, connection: Connection) -> None:
        if connection.is_idle and len(self._kept) < self._most_kept and not self._closed:
            self._kept.append(connection)
        else:
            await connection.close()
