"""A stand-in for CometChat that answers fast: the same ongoing call, or the same page of them, whatever is asked for.

`GET /be/{delay in ms}/{people}` says how from then on, so that one process serves every scenario.

`python -m bench.upstream` prints its port once it listens.
"""

from __future__ import annotations

import asyncio
import json
import selectors
import time
from functools import cache
from typing import Any

from aiohttp import web

from bench.people import PEOPLE

_MINUTES_AGO = 20
_A_PAGE = 11  # as many as are asked for


@cache
def answer(people: int) -> bytes:
    """Return Get Call's answer for a call of so many that began a while ago and is not over.

    What is over may be remembered for a minute; what is not has to be asked for each time.
    """
    return json.dumps({"data": [_call(people)]}).encode()


@cache
def page(calls: int) -> bytes:
    """Return List Calls' answer: so many, of a group that is called like both people, so that all see a summary."""
    group = {"guid": "both", "name": " and ".join(PEOPLE.values())}
    listed = [
        _call(len(PEOPLE))
        | {
            "mid": f"855e1519-{number}",
            "sessionId": f"standup-{number}",
            "receiver": group,
            "receiverType": "group",
        }
        for number in range(calls)
    ]
    return json.dumps({"data": listed, "meta": {"pagination": {"total": 200, "total_pages": 10}}}).encode()


def _call(people: int) -> dict[str, Any]:
    began = int(time.time()) - _MINUTES_AGO * 60
    names = PEOPLE | {f"guest{number}": f"Guest {number}" for number in range(len(PEOPLE), people)}
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
        "totalParticipants": people,
        "totalAudioMinutes": _MINUTES_AGO * 1.0,
        "totalVideoMinutes": _MINUTES_AGO * 1.0,
        "totalDuration": "00:20:00",
        "totalDurationInMinutes": _MINUTES_AGO * 1.0,
        "hasRecording": False,
        "hasTranscription": False,
        "initiatedAt": began - 8,
        "startedAt": began,
        "participants": [_participant(uid, name, began) for uid, name in names.items()],
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


async def serve() -> None:
    """Serve on any free port until killed."""
    now = {"delay": 0.0, "people": 2.0}

    async def told(request: web.BaseRequest) -> web.Response:
        if request.path.startswith("/be/"):
            _, _, delay, people = request.path.split("/")
            now.update(delay=float(delay) / 1000, people=float(people))
            return web.Response(text="ok")
        if now["delay"]:
            await asyncio.sleep(now["delay"])
        body = page(_A_PAGE) if request.path == "/v3.0/calls" else answer(int(now["people"]))
        return web.Response(body=body, content_type="application/json")

    runner = web.ServerRunner(web.Server(told))  # no router: it is to be fast
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


def _precise_loop() -> asyncio.AbstractEventLoop:
    """Return a loop whose delays end when they should: epoll's, which others use, only at whole milliseconds."""
    return asyncio.SelectorEventLoop(selectors.SelectSelector())


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=_precise_loop) as runner:
        runner.run(serve())
