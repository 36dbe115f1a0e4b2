"""Stays connected to Slack by Socket Mode, and answers what comes.

At most times there is one WebSocket. Before Slack ends it, it mostly says so: then there is a new one first, and the
old one is read and answered until it is gone, so that nothing is lost in between. What Slack delivers again, by
whichever WebSocket, is acted on once (dispatch.py).
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress

import structlog

from bot.inbound.dispatch import Dispatch
from bot.inbound.slack_requests import NotSlackError
from bot.inbound.socket_mode.link import Link
from bot.inbound.socket_mode.opening import AppTokenRefusedError, NotConnectedError, Opening
from bot.inbound.socket_mode.pauses import Pauses
from bot.inbound.socket_mode.wire import Disconnect, Envelope, Hello, ack, parse

log = structlog.get_logger()

HELLO_SECONDS = 5.0
ACK_SECONDS = 3.0
"""How long Slack waits for an ack."""
RETIRED_SECONDS = 30.0
"""Slack ends a WebSocket some 10 s after the warning; one that it forgets is closed after this."""
MOMENT_SECONDS = 5.0
"""How long the bot counts as connected while it has lost one WebSocket and does not have the next yet."""


class SocketMode:
    """A connection to Slack, kept up from `start` to `close`."""

    def __init__(self, opening: Opening, dispatch: Dispatch, pauses: Pauses | None = None) -> None:
        self._opening = opening
        self._dispatch = dispatch
        self._pauses = pauses or Pauses()
        self._links: dict[Link, asyncio.Task[None]] = {}
        self._staying: asyncio.Task[None] | None = None
        self._draining = False
        self._lost_at = -MOMENT_SECONDS

    @property
    def connected(self) -> bool:
        """Whether Slack gets through, or did a moment ago."""
        return self._is_linked or time.monotonic() < self._lost_at + MOMENT_SECONDS

    async def start(self) -> None:
        """Connect; where Slack can't be reached, go on trying. Raises AppTokenRefusedError."""
        link, pause = None, 0.0
        try:
            link = await self._connect()
        except NotConnectedError as error:
            pause = self._failed(error)
        self._staying = asyncio.create_task(self._stay_connected(link, pause))

    async def close(self) -> None:
        """Take nothing new, ack what is under way, then disconnect. Doing it twice changes nothing more.

        What people do meanwhile is still answered, for nobody repeats it; events Slack delivers again.
        """
        self._draining = True
        if self._staying:
            self._staying.cancel()
            await asyncio.wait({self._staying})
        readers = list(self._links.values())
        await asyncio.gather(*(link.close(ACK_SECONDS) for link in list(self._links)))
        await asyncio.gather(*readers)

    @property
    def _is_linked(self) -> bool:
        return any(link.greeted for link in self._links)

    async def _stay_connected(self, link: Link | None, pause: float) -> None:
        """Replace each link that leaves; `pause` is how long to wait where there is none yet."""
        while True:
            if link:
                await link.leaving.wait()
                pause = self._pauses.after_connection(link.lasted, unwanted=_is_unwanted(link))
                _tell_end(link)
            await asyncio.sleep(pause)
            try:
                link = await self._connect()
            except (NotConnectedError, AppTokenRefusedError) as error:
                link, pause = None, self._failed(error)
            except Exception:  # a bug, but no reason to stay disconnected
                link, pause = None, self._pauses.after_failure()
                log.exception("crashed", kind="connecting")

    async def _connect(self) -> Link:
        """Return a new link that Slack has greeted; raises NotConnectedError and AppTokenRefusedError."""
        link = Link(await self._opening.open())
        self._links[link] = asyncio.create_task(self._read(link))
        with suppress(TimeoutError):
            async with asyncio.timeout(HELLO_SECONDS):
                await link.settled.wait()
        if link.greeted:
            return link
        await link.close(0.0)
        raise NotConnectedError(f"no hello, but {link.disconnect.reason}" if link.disconnect else "no hello")

    def _failed(self, error: NotConnectedError | AppTokenRefusedError) -> float:
        """Log that there is no new connection, and return the pause before the next try."""
        pause = self._pauses.after_failure(error.retry_after)
        why = {"reason": str(error), "again_in": round(pause, 1)}
        if isinstance(error, AppTokenRefusedError):
            log.error("app token refused", **why, consequence="Slack can't get through")
        else:
            log.warning("not connected", **why)
        return pause

    async def _read(self, link: Link) -> None:
        """Take what comes by the link until it ends, or should have."""
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(None) as limit:
                    while (text := await link.received()) is not None:
                        disconnect = self._take(text, link)
                        if disconnect and disconnect.unwanted:
                            break
                        if disconnect:
                            limit.reschedule(asyncio.get_running_loop().time() + RETIRED_SECONDS)
        finally:
            link.leave()
            await link.close(ACK_SECONDS)
            del self._links[link]
            if not self._is_linked:
                self._lost_at = time.monotonic()

    def _take(self, text: str, link: Link) -> Disconnect | None:
        """Do what Slack says; return it where it says that the link ends."""
        arrived = time.monotonic()
        try:
            said = parse(text)
        except NotSlackError as refusal:
            self._dispatch.refused(refusal)
            return None
        if isinstance(said, Hello):
            link.greet()
            log.info("connected", connections=said.connections)
        elif isinstance(said, Disconnect):
            link.leave(said)
            return said
        elif isinstance(said, Envelope) and not (self._draining and said.event_id):
            link.start(self._answer(said, link, arrived))
        return None

    async def _answer(self, envelope: Envelope, link: Link, arrived: float) -> None:
        """Have the envelope answered, and ack it; what is refused gets no ack, so that Slack tells the person."""
        try:
            self._dispatch.check_room()
        except NotSlackError as refusal:
            self._dispatch.refused(refusal)
            return
        answer = await self._dispatch.answer(envelope.identity, envelope.payload, arrived)
        text = ack(envelope, answer)
        if text and not await self._send(text, link):
            log.warning("ack not sent", consequence="Slack may deliver it again")

    async def _send(self, text: str, link: Link) -> bool:
        """Send an ack by the link that the envelope came by, or by a later one when that is gone."""
        for way in (link, *reversed(self._links)):
            if await way.send(text):
                return True
        return False


def _is_unwanted(link: Link) -> bool:
    return link.disconnect is not None and link.disconnect.unwanted


def _tell_end(link: Link) -> None:
    reason = link.disconnect.reason if link.disconnect else "lost"
    tell = log.warning if _is_unwanted(link) or not link.disconnect else log.info
    tell("connection ends", reason=reason, lasted_s=round(link.lasted))
