"""A stand-in for CometChat that answers fast: the same ongoing call, or the same page of them, whatever is asked for.

`GET /be/{delay in ms}` says after how long from then on, so that one process serves every scenario. People with
subscriptions have calls of their own: `POST /hold` adds some, `GET /listed` says how often each list was asked for since.

`python -m bench.upstream` prints its port once it listens.
"""

from __future__ import annotations

import asyncio
import json
import selectors
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from aiohttp import web

from bench.connection import Connection, got
from bench.held_calls import PREFIX, HeldCall, HeldCalls
from bench.people import PEOPLE
from bench.programs import StartError, environment, stop

_MINUTES_AGO = 20
_A_PAGE = 11  # as many as are asked for


@cache
def answer() -> bytes:
    """Return Get Call's answer for a call that began a while ago and is not over: one that is over may be cached."""
    return json.dumps({"data": [_call()]}).encode()


@cache
def page(calls: int) -> bytes:
    """Return List Calls' answer: so many, of a group whose name has both people's, so that all see a summary."""
    group = {"guid": "both", "name": " and ".join(PEOPLE.values())}
    listed = [
        _call()
        | {
            "mid": f"855e1519-{number}",
            "sessionId": f"standup-{number}",
            "receiver": group,
            "receiverType": "group",
        }
        for number in range(calls)
    ]
    return json.dumps({"data": listed, "meta": {"pagination": {"total": 200, "total_pages": 10}}}).encode()


def _call() -> dict[str, Any]:
    began = int(time.time()) - _MINUTES_AGO * 60
    initiator, receiver = PEOPLE
    return {
        "sessionId": "v1.us.2748663902141719.17638109923f9c0a6b51d24e78c0b4dd1e2a7f6c5b8d9e0f1a",
        "mid": "855e1519-1244-4213-8e40-53044c1e9e43",
        "type": "video",
        "mode": "call",
        "status": "ongoing",
        "initiator": initiator,
        "receiver": receiver,
        "receiverType": "user",
        "totalParticipants": len(PEOPLE),
        "totalAudioMinutes": _MINUTES_AGO * 1.0,
        "totalVideoMinutes": _MINUTES_AGO * 1.0,
        "totalDuration": "00:20:00",
        "totalDurationInMinutes": _MINUTES_AGO * 1.0,
        "hasRecording": False,
        "hasTranscription": False,
        "initiatedAt": began - 8,
        "startedAt": began,
        "participants": [_participant(uid, name, began) for uid, name in PEOPLE.items()],
    }


def _participant(uid: str, name: str, began: int) -> dict[str, Any]:
    return {
        "uid": uid,
        "name": name,
        "avatar": f"https://assets.example.com/{uid}.png",
        "deviceId": f"{uid}-70ecae89-b71c-4bb3-8220-b7c99ec1658f@rtc.example.com/hsYWb5ul",
        "isJoined": True,
        "state": "ongoing",
        "joinedAt": began,
        "mid": "855e1519-1244-4213-8e40-53044c1e9e43",
        "totalAudioMinutes": _MINUTES_AGO * 1.0,
        "totalVideoMinutes": _MINUTES_AGO * 1.0,
        "totalDuration": _MINUTES_AGO * 1.0,
        "totalDurationInMinutes": _MINUTES_AGO * 1.0,
    }


@dataclass(frozen=True, slots=True)
class Upstream:
    """The stand-in in a process of its own, which answers as it was last told to."""

    port: int

    @property
    def url(self) -> str:
        """The value for COMETCHAT_BASE_URL."""
        return f"http://127.0.0.1:{self.port}/v3.0"

    async def be(self, *, delay_ms: float = 0.0) -> None:
        """Answer after that delay from now on."""
        await got(self.port, f"/be/{delay_ms}")

    async def hold(self, calls: Sequence[HeldCall]) -> None:
        """Let these calls have happened, each as it is now."""
        body = json.dumps([asdict(each) for each in calls]).encode()
        head = f"POST /hold HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n\r\n"
        await self._asked(head.encode() + body)

    async def listed(self) -> dict[str, int]:
        """Return how often each subscriber's calls were listed since this was asked last."""
        found: dict[str, int] = json.loads(
            await self._asked(b"GET /listed HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        )
        return found

    async def _asked(self, request: bytes) -> bytes:
        connection = Connection(self.port)
        _, body = await connection.send(request)
        connection.close()
        return body


@asynccontextmanager
async def upstream() -> AsyncIterator[Upstream]:
    """Run it until the block is left. Raises StartError."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.upstream", env=environment(), stdout=asyncio.subprocess.PIPE
    )
    try:
        port = (await process.stdout.readline()).strip().decode() if process.stdout else ""
        if not port:
            raise StartError("the upstream does not serve")
        yield Upstream(int(port))
    finally:
        await stop(process)


async def serve() -> None:
    """Serve on any free port until killed."""
    now = {"delay": 0.0}

    held = HeldCalls()

    async def told(request: web.BaseRequest) -> web.Response:
        if request.path.startswith("/be/"):
            now["delay"] = float(request.path.removeprefix("/be/")) / 1000
            return web.Response(text="ok")
        if request.path == "/hold":
            for each in await request.json():
                held.hold(HeldCall(**{**each, "uids": tuple(each["uids"])}))
            return web.Response(text="ok")
        if request.path == "/listed":
            listed = json.dumps(held.listed)
            held.listed.clear()
            return web.Response(text=listed)
        if now["delay"]:
            await asyncio.sleep(now["delay"])
        if request.headers.get("onBehalfOf", "").startswith(PREFIX):
            return _of_subscriber(held, request)
        body = page(_A_PAGE) if request.path == "/v3.0/calls" else answer()
        return web.Response(body=body, content_type="application/json")

    runner = web.ServerRunner(web.Server(told))  # no router: it is to be fast
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


def _of_subscriber(held: HeldCalls, request: web.BaseRequest) -> web.Response:
    uid, query = request.headers["onBehalfOf"], request.query
    if request.path == "/v3.0/calls":
        body = held.page(uid, int(query.get("page", "1")), int(query.get("perPage", "0")))
    else:
        found = held.session(request.path.rpartition("/")[2], uid)
        if found is None:
            error = {"error": {"code": "ERR_CALL_SESSION_NOT_FOUND", "message": "none"}}
            return web.Response(status=404, body=json.dumps(error).encode(), content_type="application/json")
        body = found
    return web.Response(body=json.dumps(body).encode(), content_type="application/json")


def _precise_loop() -> asyncio.AbstractEventLoop:
    """Return a loop whose delays end when they should: epoll's, which others use, only at whole milliseconds."""
    return asyncio.SelectorEventLoop(selectors.SelectSelector())


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=_precise_loop) as runner:
        runner.run(serve())
