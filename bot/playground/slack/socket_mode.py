"""Socket Mode as Slack offers it: addresses with tickets, WebSockets, envelopes, acks, refreshes and their warnings.

https://docs.slack.dev/apis/events-api/using-socket-mode. What that page leaves open is played to the app's cost: each
envelope goes to another of its connections, also to those that end soon; who has none fails at once. An envelope whose
connection ends without an ack goes to another connection, if that comes in time.
"""

import asyncio
import json
import secrets
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from bot.playground.slack.faults import Record
from bot.playground.slack.refusals import RefusedError
from bot.playground.slack.workspace import APP_ID, Json

MOST_CONNECTIONS = 10
CONNECTION_SECONDS = 3600.0
DEBUG_SECONDS = 360.0
"""How long a connection lasts that was made with `debug_reconnects=true`."""
WARNING_SECONDS = 10.0
TICKET_SECONDS = 30.0
_CLOSING_SECONDS = 1.0  # how long the app has to close after `refresh_requested`


class NoConnectionError(Exception):
    """The app is not connected."""


@dataclass(frozen=True)
class Envelope:
    """What is sent to the app; `takes_payload` says whether the ack may hold an answer."""

    envelope_id: str
    text: str
    takes_payload: bool


def envelope(kind: str, payload: Mapping[str, Any], *, takes_payload: bool) -> Envelope:
    """Return a new envelope around a payload; `kind` is slash_commands, interactive or events_api."""
    envelope_id = str(uuid.uuid4())
    document: Json = {
        "envelope_id": envelope_id,
        "type": kind,
        "payload": payload,
        "accepts_response_payload": takes_payload,
    }
    if kind == "events_api":
        document |= {"retry_attempt": 0, "retry_reason": ""}
    return Envelope(envelope_id, json.dumps(document), takes_payload)


@dataclass(eq=False)
class _Connection:
    """One WebSocket of the app's."""

    socket: web.WebSocketResponse
    transport: asyncio.BaseTransport | None
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    refresh: asyncio.Event = field(default_factory=asyncio.Event)
    reason: str = "refresh_requested"
    warning: float = 0.0

    async def disconnect(self, reason: str) -> None:
        """Say that the connection ends."""
        said = {"type": "disconnect", "reason": reason, "debug_info": {"host": "playground"}}
        await self._send(json.dumps(said))

    async def deliver(self, text: str) -> None:
        """Send an envelope; only its ack says that it arrived."""
        await self._send(text)

    async def _send(self, text: str) -> None:
        try:
            await self.socket.send_str(text)
        except OSError:
            self.gone.set()


class SocketMode:
    """The connections of the app, and what it has not acked yet. `token` is the app's, `url` the stand-in's own."""

    def __init__(self, record: Record, *, token: str | None) -> None:
        self.url = ""
        self.enabled = token is not None
        self.greets = True
        self._record = record
        self._token = token
        self._tickets: dict[str, float] = {}
        self._connections: list[_Connection] = []
        self._another = asyncio.Event()
        self._turn = 0
        self._waiting: list[tuple[Envelope, asyncio.Future[Json | None]]] = []

    @property
    def connections(self) -> int:
        """How many WebSockets the app has."""
        return len(self._connections)

    # apps.connections.open

    def authorise(self, token: str) -> None:
        """Refuse other tokens than the app's; in the header alone, as Slack wants it."""
        if not token:
            raise RefusedError("not_authed")
        if token.startswith("xoxb-"):
            raise RefusedError("not_allowed_token_type")
        if self._token is None or token != self._token:
            raise RefusedError("invalid_auth")

    def open(self, _arguments: Json) -> Json:
        """Return an address for one connection."""
        if not self.enabled:
            raise RefusedError("access_denied", ("Socket Mode is off in the app's settings",))
        ticket = secrets.token_hex(16)
        self._tickets[ticket] = time.monotonic() + TICKET_SECONDS
        return {"url": f"{self.url.replace('http', 'ws', 1)}link/?ticket={ticket}&app_id={APP_ID}"}

    # The WebSocket

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve one connection until either side ends it."""
        if self._tickets.pop(request.query.get("ticket", ""), 0.0) < time.monotonic():
            return web.Response(status=403, text="That ticket is unknown, used or too old.")
        socket = web.WebSocketResponse(timeout=_CLOSING_SECONDS)
        await socket.prepare(request)
        connection = _Connection(socket, request.transport)
        if len(self._connections) >= MOST_CONNECTIONS:
            await connection.disconnect("too_many_websockets")
            await socket.close()
            return socket
        lasts = DEBUG_SECONDS if request.query.get("debug_reconnects") == "true" else CONNECTION_SECONDS
        self._connections.append(connection)
        ending = asyncio.create_task(self._end(connection, lasts))
        try:
            if self.greets:
                await self._greet(connection, lasts)
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._take(message.data)
        finally:
            ending.cancel()
            self._forget(connection)
        return socket

    async def _greet(self, connection: _Connection, lasts: float) -> None:
        said = {
            "type": "hello",
            "num_connections": len(self._connections),
            "debug_info": {
                "host": "playground",
                "build_number": 1,
                "approximate_connection_time": int(lasts),
            },
            "connection_info": {"app_id": APP_ID},
        }
        await connection.deliver(json.dumps(said))
        self._another.set()

    async def _end(self, connection: _Connection, lasts: float) -> None:
        """Refresh the connection when its time has come, or on request; a warning comes before that."""
        try:
            async with asyncio.timeout(lasts - WARNING_SECONDS):
                await connection.refresh.wait()
        except TimeoutError:
            connection.warning = WARNING_SECONDS
        if connection.warning:
            await connection.disconnect("warning")
            await asyncio.sleep(connection.warning)
        await connection.disconnect(connection.reason)
        await asyncio.sleep(_CLOSING_SECONDS)
        await connection.socket.close()

    def _forget(self, connection: _Connection) -> None:
        if connection in self._connections:
            self._connections.remove(connection)
        connection.gone.set()
        if not self._connections:
            self._another.clear()

    def _take(self, text: str) -> None:
        """Take an ack; one for an envelope that has failed meanwhile, or was acked before, changes nothing."""
        try:
            said = json.loads(text)
            envelope_id = said["envelope_id"]
        except (ValueError, TypeError, KeyError):
            self._record.refuse("ack", RefusedError("invalid_ack"))
            return
        for sent, answer in self._waiting:
            if sent.envelope_id == envelope_id and not answer.done():
                answer.set_result(self._accepted(sent, said.get("payload")))
                return

    def _accepted(self, sent: Envelope, payload: Json | None) -> Json | None:
        """Return what an ack holds, where it may hold anything."""
        if payload is not None and not sent.takes_payload:
            self._record.refuse("ack", RefusedError("payload_not_accepted"))
            return None
        return payload

    # What goes to the app

    async def deliver(self, sent: Envelope) -> Json | None:
        """Send an envelope until it is acked, and return the ack's payload; the caller says until when.

        NoConnectionError when the app has none at first.
        """
        if not self._connections:
            raise NoConnectionError
        answer: asyncio.Future[Json | None] = asyncio.get_running_loop().create_future()
        waiting = (sent, answer)
        self._waiting.append(waiting)
        try:
            while not answer.done():
                await self._another.wait()
                await self._try(sent, answer)
            return answer.result()
        finally:
            self._waiting.remove(waiting)

    async def _try(self, sent: Envelope, answer: asyncio.Future[Json | None]) -> None:
        """Send it by the connection whose turn it is, and wait for the ack or the connection's end."""
        self._turn += 1
        connection = self._connections[self._turn % len(self._connections)]
        await connection.deliver(sent.text)
        gone = asyncio.create_task(connection.gone.wait())
        either: set[asyncio.Future[Any]] = {answer, gone}
        try:
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        finally:
            gone.cancel()

    async def send_raw(self, text: str) -> None:
        """Send any text by all connections: for what Slack itself would never send."""
        for connection in self._connections:
            await connection.deliver(text)

    # What can go wrong

    def refresh(self, *, warning: float, reason: str = "refresh_requested") -> None:
        """End all connections as Slack does every few hours: `warning` seconds after a warning; 0, without one."""
        for connection in self._connections:
            connection.warning, connection.reason = warning, reason
            connection.refresh.set()

    def disable(self) -> None:
        """Switch Socket Mode off in the app's settings."""
        self.enabled = False
        self.refresh(warning=0.0, reason="link_disabled")

    def drop(self) -> None:
        """Break all connections, without a close frame."""
        for connection in list(self._connections):
            self._forget(connection)
            if isinstance(connection.transport, asyncio.WriteTransport):
                connection.transport.abort()

    def fall_silent(self) -> None:
        """Let all connections stay open, but read and answer nothing more."""
        for connection in list(self._connections):
            self._forget(connection)
            if isinstance(connection.transport, asyncio.ReadTransport):
                connection.transport.pause_reading()

    async def close(self) -> None:
        """End all connections; the stand-in is closing."""
        for connection in list(self._connections):
            await connection.socket.close()
