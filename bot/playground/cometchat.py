"""The stand-in CometChat: the Calls API over real HTTP, for the playground and for the tests.

Serves sample calls by the rules in `calls_api.py`, can be made to fail (`scripted.py`), and remembers what it was
asked, so that a test may look at what reached CometChat. Which calls there are is left to `samples`.
"""

import asyncio
import json
import socket
import struct
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace

from aiohttp import web

from bot.playground.calls_api import CallsApi, is_list, session_in, transcriptions_in
from bot.playground.samples import Data, JsonObject, Sample
from bot.playground.scripted import Answer, Drop, Hang, Raw, Slow, Step
from bot.playground.spoken import Spoken
from bot.playground.webhooks import Webhook

FILE = "/file/"
"""Before a transcript's `tid`, the key for its file among the scripts of sessions."""
TRANSCRIPTIONS = "/transcriptions"
"""Behind a session id, the key for the list of its transcripts."""
LIST = "/"
"""The key for List Calls among the scripts of sessions; no session id has a slash in it."""
_VERSION = "/v3.0"
_JSON = {"Content-Type": "application/json; charset=utf-8"}
_SHUTDOWN = 0.1
"""Seconds that requests in flight get when the stand-in closes; hanging ones would take forever."""


@dataclass(frozen=True)
class Request:
    """A request as it came in: the path undecoded and with its query, header names lower-cased.

    `at` is in seconds of `time.monotonic()`.
    """

    method: str
    raw_path: str
    headers: Mapping[str, str]
    at: float


class StandInCometChat:
    """One CometChat app on a port of its own.

    `api_key` is the one key it takes; `app_id` is named in its errors. It knows the calls of `samples`, and as
    users the people in them and superhero1 to superhero5. A user who was not in a call is refused, unless
    `lenient`, which answers the call all the same: the worst case, as the real API's behaviour is unknown.
    """

    requests: list[Request]
    """Everything that the API was asked, in order."""
    downloads: list[Request]
    """Every request for a transcript's file, in order."""
    without_on_behalf_of: int
    """How many requests came without `onBehalfOf`, or with an empty one: such a request reads any call."""
    delay: float
    """Seconds to wait before each answer."""
    held: asyncio.Event | None
    """Where a test puts one, each request waits for it before its answer."""
    in_flight: int
    """How many requests are in flight now."""
    peak_in_flight: int
    """The most requests that were ever in flight at once."""
    webhook: Webhook | None
    """Where events go, None where nobody has set a webhook up."""
    announced: list[tuple[str, int]]
    """The events that were sent, in order: trigger, and the bot's status, 0 where there was none in time."""

    def __init__(
        self, *, api_key: str, app_id: str, samples: Iterable[Sample] = (), lenient: bool = False
    ) -> None:
        self.requests = []
        self.downloads = []
        self.without_on_behalf_of = 0
        self.delay = 0.0
        self.held = None
        self.in_flight = 0
        self.peak_in_flight = 0
        self.webhook = None
        self.announced = []
        self._api = CallsApi(api_key, app_id, lenient)
        self._scripts: dict[str, deque[Step]] = {}
        self._runner: web.ServerRunner | None = None
        for sample in samples:
            if sample.data is not None:
                self._api.add(sample.session_id, sample.data)
            self.transcribe(sample.session_id, *sample.transcripts)
            for step in sample.script:
                self.script(sample.session_id, step)
            for tid, steps in sample.file_scripts.items():
                for step in steps:
                    self.script(FILE + tid, step)

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen; port 0 takes a free one. Raises OSError when the port is taken."""
        # A client that gives up ends its request here as well, so that `in_flight` is true.
        server = web.Server(self._handle, handler_cancellation=True, access_log=None)
        self._runner = web.ServerRunner(server, shutdown_timeout=_SHUTDOWN)
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()
        self._api.host = self.base_url.removesuffix(_VERSION)

    async def close(self) -> None:
        """Stop listening and end all requests, the hanging ones too."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    @property
    def base_url(self) -> str:
        """The address to give to a client, without a slash at the end. Raises RuntimeError before `start`."""
        if self._runner is None:
            raise RuntimeError("The stand-in CometChat has not been started")
        host, port = self._runner.addresses[0][:2]
        return f"http://{host}:{port}{_VERSION}"

    @property
    def uids(self) -> set[str]:
        """The users of the app; add to it, or remove those who are deactivated."""
        return self._api.uids

    def serve(self, session_id: str, calls: Data) -> None:
        """Make `calls` the `data` of that session: a list of calls, or one call as an object.

        What is no such thing (a string, null, junk in the list) can be sent with `answer`.
        """
        self._api.add(session_id, calls)

    def transcribe(self, session_id: str, *transcripts: Spoken) -> None:
        """Make these the transcripts of that session; their calls embed them where they say `hasTranscription`."""
        self._api.transcribe(session_id, *transcripts)

    def script(self, session_id: str, step: Step) -> None:
        """Add a step to what is done for that session before anything is served.

        Steps take turns as their `times` run out; afterwards the calls are served. After a step without `times`
        nothing could ever come, so a step added later takes its place.
        """
        steps = self._scripts.setdefault(session_id, deque())
        if steps and steps[-1].times is None:
            steps.pop()
        steps.append(step)

    def answer(
        self,
        session_id: str,
        *,
        status: int = 200,
        body: object,
        headers: Mapping[str, str] | None = None,
        delay: float = 0.0,
        times: int | None = None,
    ) -> None:
        """Answer everybody with just this: bytes as they are, anything else as JSON; `delay` in seconds."""
        self.script(session_id, Answer(status, body, headers or {}, delay, times))

    def hang(self, session_id: str, times: int | None = None) -> None:
        """Never answer: hold the connection until the client gives up."""
        self.script(session_id, Hang(times))

    def drop(self, session_id: str, times: int | None = None) -> None:
        """Close the connection without an answer."""
        self.script(session_id, Drop(times))

    async def announce(self, event: JsonObject) -> None:
        """Send an event to the webhook, if there is one."""
        if self.webhook:
            self.announced.append((str(event.get("trigger")), await self.webhook.send(event)))

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        headers = {name.lower(): value for name, value in request.headers.items()}
        asked = Request(request.method, request.raw_path, headers, time.monotonic())
        file = self._api.file(request.raw_path)
        (self.downloads if file else self.requests).append(asked)
        if not file and not headers.get("onbehalfof"):
            self.without_on_behalf_of += 1
        with self._under_way():
            await asyncio.sleep(self.delay)
            if self.held:
                await self.held.wait()
            step = self._take_step(FILE + file.tid) if file else self._next_step(request)
            if done := await self._carry_out(step, request):
                return done
            if file:
                content = file.content()
                return _response(200, content if isinstance(content, bytes) else _json(content), {})
            status, body = self._api.reply(request.method, request.raw_path, headers)
            return _response(status, _json(body), {})

    @contextmanager
    def _under_way(self) -> Iterator[None]:
        self.in_flight += 1
        self.peak_in_flight = max(self.peak_in_flight, self.in_flight)
        try:
            yield
        finally:
            self.in_flight -= 1

    def _next_step(self, request: web.BaseRequest) -> Step | None:
        """Take the next scripted step of that session, if there is one."""
        try:
            key = LIST if is_list(request.raw_path) else session_in(request.raw_path)
            if transcribed := transcriptions_in(request.raw_path):
                key = transcribed + TRANSCRIPTIONS
        except UnicodeDecodeError:
            return None
        return self._take_step(key or "")

    def _take_step(self, key: str) -> Step | None:
        steps = self._scripts.get(key)
        if not steps:
            return None
        step = steps.popleft()
        if step.times is None:
            steps.appendleft(step)
        elif step.times > 1:
            steps.appendleft(replace(step, times=step.times - 1))
        return step

    async def _carry_out(self, step: Step | None, request: web.BaseRequest) -> web.StreamResponse | None:
        """Do what is scripted; return None where the ordinary answer comes after it."""
        match step:
            case Answer():
                await asyncio.sleep(step.delay)
                return _response(step.status, step.payload, step.headers)
            case Hang():
                await asyncio.Event().wait()
            case Drop() if request.transport is not None:
                request.transport.close()
            case Raw() if request.transport is not None:
                await _send_raw(step, request.transport)
            case Slow():
                await asyncio.sleep(step.seconds)
        return None


async def _send_raw(step: Raw, transport: asyncio.Transport) -> None:
    transport.write(step.sent)
    if step.then == "hold":
        await asyncio.Event().wait()
    if step.then == "reset":  # a close that waits for nothing sends RST (socket(7), SO_LINGER)
        transport.get_extra_info("socket").setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
        )
        transport.abort()
    transport.close()


def _json(body: object) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()


def _response(status: int, body: bytes, headers: Mapping[str, str]) -> web.Response:
    return web.Response(status=status, body=body, headers={**_JSON, **headers})
