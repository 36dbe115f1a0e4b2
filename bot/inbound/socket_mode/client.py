"""Stays connected to Slack by Socket Mode, and answers what comes.

Mostly there is one WebSocket. Slack announces the end of each: then a new one is opened first, and the old one is read
and answered until it is gone, so that nothing is lost in between. What Slack delivers again, by whichever WebSocket, is
acted on once (deduplication.py).
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress

import structlog

from bot.inbound.dispatch import Dispatch
from bot.inbound.slack_requests import RefusedRequestError
from bot.inbound.socket_mode.connection import (
    AppTokenRefusedError,
    Connection,
    Connector,
    NotConnectedError,
)
from bot.inbound.socket_mode.wire import Backoff, Disconnect, Envelope, Hello, ack, parse

log = structlog.get_logger()

HELLO_SECONDS = 5.0
ACK_SECONDS = 3.0
"""How long Slack waits for an ack."""
RETIRED_SECONDS = 30.0
"""Slack ends a WebSocket some 10 s after the warning; one that it forgets is closed after this."""
GRACE_SECONDS = 5.0
"""How long the bot counts as connected between one WebSocket and the next."""


class SocketMode:
    """A connection to Slack, kept up from `start` to `close`."""

    def __init__(self, connector: Connector, dispatch: Dispatch) -> None:
        self._connector = connector
        self._dispatch = dispatch
        self._backoff = Backoff()
        self._connections: dict[Connection, asyncio.Task[None]] = {}
        self._staying: asyncio.Task[None] | None = None
        self._is_draining = False
        self._lost_at = -GRACE_SECONDS
        self.connected = asyncio.Event()
        """Set once there was a first connection."""

    @property
    def is_connected(self) -> bool:
        """Whether Slack reaches the bot, or did GRACE_SECONDS ago."""
        return self._is_greeted or time.monotonic() < self._lost_at + GRACE_SECONDS

    async def start(self) -> None:
        """Connect; where Slack can't be reached, go on trying. Raises AppTokenRefusedError."""
        connection, pause = None, 0.0
        try:
            connection = await self._connect()
        except NotConnectedError as error:
            pause = self._failed(error)
        self._staying = asyncio.create_task(self._stay_connected(connection, pause))

    async def close(self) -> None:
        """Take no more events, ack what is under way, then disconnect. May be called twice.

        What people do meanwhile is still answered, for nobody repeats it; events Slack delivers again.
        """
        self._is_draining = True
        if self._staying:
            self._staying.cancel()
            await asyncio.wait({self._staying})
        readers = list(self._connections.values())
        await asyncio.gather(*(connection.close(ACK_SECONDS) for connection in list(self._connections)))
        await asyncio.gather(*readers)

    @property
    def _is_greeted(self) -> bool:
        return any(connection.is_greeted for connection in self._connections)

    async def _stay_connected(self, connection: Connection | None, pause: float) -> None:
        """Replace each connection that ends; `pause` is how long to wait where there is none yet."""
        while True:
            if connection:
                await connection.ending.wait()
                pause = self._ended(connection)
            await asyncio.sleep(pause)
            try:
                connection = await self._connect()
            except (NotConnectedError, AppTokenRefusedError) as error:
                connection, pause = None, self._failed(error)
            except Exception:  # a bug, but no reason to stay disconnected
                connection, pause = None, self._backoff.after_failure()
                log.exception("crashed", kind="connecting")

    async def _connect(self) -> Connection:
        """Return a new connection on which Slack has said hello; raises NotConnectedError and AppTokenRefusedError."""
        connection = await self._connector.open()
        self._connections[connection] = asyncio.create_task(self._read(connection))
        with suppress(TimeoutError):
            async with asyncio.timeout(HELLO_SECONDS):
                await connection.settled.wait()
        if connection.is_greeted:
            return connection
        await connection.close(0.0)
        reason = connection.disconnect.reason if connection.disconnect else ""
        raise NotConnectedError(f"no hello, but {reason}" if reason else "no hello")

    def _ended(self, connection: Connection) -> float:
        """Log that a connection ends; return the pause before the next."""
        disconnect = connection.disconnect
        is_unwanted = disconnect is not None and disconnect.is_unwanted
        write = log.info if disconnect and not is_unwanted else log.warning
        reason = disconnect.reason if disconnect else "lost"
        write("connection ends", reason=reason, lasted_s=round(connection.lasted))
        return self._backoff.after_connection(connection.lasted, is_unwanted=is_unwanted)

    def _failed(self, error: NotConnectedError | AppTokenRefusedError) -> float:
        """Log that there is no new connection; return the pause before the next try."""
        pause = self._backoff.after_failure(error.retry_after)
        facts = {"reason": str(error), "again_in": round(pause, 1)}
        if isinstance(error, AppTokenRefusedError):
            log.error("app token refused", **facts, consequence="Slack can't get through")
        else:
            log.warning("not connected", **facts)
        return pause

    async def _read(self, connection: Connection) -> None:
        """Take what comes by the connection until it ends, or should have."""
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(None) as limit:
                    while (text := await connection.receive()) is not None:
                        disconnect = self._take(text, connection)
                        if disconnect and disconnect.is_unwanted:
                            break
                        if disconnect:
                            limit.reschedule(asyncio.get_running_loop().time() + RETIRED_SECONDS)
        finally:
            connection.ends()
            await connection.close(ACK_SECONDS)
            del self._connections[connection]
            if not self._is_greeted:
                self._lost_at = time.monotonic()

    def _take(self, text: str, connection: Connection) -> Disconnect | None:
        """Handle one message of Slack's; return it where it announces the connection's end."""
        arrived = time.monotonic()
        try:
            message = parse(text)
        except RefusedRequestError as refusal:
            self._dispatch.refuse(refusal)
            return None
        if isinstance(message, Hello):
            connection.greeted()
            log.info("connected", connections=message.connections)
            self.connected.set()
        elif isinstance(message, Disconnect):
            connection.ends(message)
            return message
        elif isinstance(message, Envelope) and not (self._is_draining and message.event_id):
            connection.start(self._answer(message, connection, arrived))
        return None

    async def _answer(self, envelope: Envelope, connection: Connection, arrived: float) -> None:
        """Get the response to an envelope, and ack it; a refusal gets no ack, so that Slack tells the person."""
        try:
            self._dispatch.check_capacity()
        except RefusedRequestError as refusal:
            self._dispatch.refuse(refusal)
            return
        response = await self._dispatch.respond(envelope.identity, envelope.payload, arrived)
        text = ack(envelope, response)
        if text and not await self._send(text, connection):
            log.warning("ack not sent", consequence="Slack may deliver it again")

    async def _send(self, text: str, connection: Connection) -> bool:
        """Send an ack by the connection that the envelope came by, or by a later one when that is gone."""
        for each in (connection, *reversed(self._connections)):
            if await each.send(text):
                return True
        return False
