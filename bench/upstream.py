"""A stand-in for CometChat that answers fast: a program that serves one constant call, after a fixed delay.

`python -m bench.upstream [--delay MILLISECONDS]` prints its port once it listens.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from typing import Any

from aiohttp import web

from bench.people import PEOPLE

_BEGAN, _SECONDS = 1_763_811_000, 1_200


def call() -> dict[str, Any]:
    """Return Get Call's answer: an ended video call between two people."""
    minutes = _SECONDS / 60
    whole = {"initiatedAt": _BEGAN - 8, "startedAt": _BEGAN, "endedAt": _BEGAN + _SECONDS}
    initiator, receiver = PEOPLE
    one = {
        "sessionId": "v1.us.2748663902141719.17638109923f9c0a6b51d24e78c0b4dd1e2a7f6c5b8d9e0f1a",
        "mid": "855e1519-1244-4213-8e40-53044c1e9e43",
        "type": "video",
        "mode": "call",
        "status": "ended",
        "initiator": initiator,
        "receiver": receiver,
        "receiverType": "user",
        "totalParticipants": len(PEOPLE),
        "totalAudioMinutes": minutes,
        "totalVideoMinutes": minutes,
        "totalDuration": "00:20:00",
        "totalDurationInMinutes": minutes,
        "hasRecording": False,
        "hasTranscription": False,
        **whole,
        "participants": [_participant(uid, name, minutes) for uid, name in PEOPLE.items()],
    }
    return {"data": [one]}


def _participant(uid: str, name: str, minutes: float) -> dict[str, Any]:
    return {
        "uid": uid,
        "name": name,
        "avatar": f"https://assets.example.com/{uid}.png",
        "deviceId": f"{uid}-70ecae89-b71c-4bb3-8220-b7c99ec1658f@rtc.example.com/hsYWb5ul",
        "isJoined": True,
        "state": "ended",
        "joinedAt": _BEGAN,
        "leftAt": _BEGAN + _SECONDS,
        "mid": "855e1519-1244-4213-8e40-53044c1e9e43",
        "totalAudioMinutes": minutes,
        "totalVideoMinutes": minutes,
        "totalDuration": minutes,
        "totalDurationInMinutes": minutes,
    }


async def serve(delay: float) -> None:
    """Serve on any free port until killed; every answer takes `delay` seconds more than it must."""
    body = json.dumps(call()).encode()

    async def answer(_: web.BaseRequest) -> web.Response:
        if delay:
            await asyncio.sleep(delay)
        return web.Response(body=body, content_type="application/json")

    runner = web.ServerRunner(web.Server(answer))  # no router: it is to be fast
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="A fast stand-in for CometChat")
    parser.add_argument("--delay", type=float, default=0.0, help="milliseconds before each answer")
    asyncio.run(serve(parser.parse_args().delay / 1000))
