"""Calls of which forty are more than is read at once."""

import json
import time

from bot.playground.run import Playground
from bot.playground.samples import call_json, participant_json


def many_devices(ground: Playground) -> None:
    """Give Tony sixty missed calls of today, each with 70 devices on its list: forty of them are more than 1 MiB."""
    crowd = [
        participant_json(
            f"cometchat-uid-{number % 35}", name="A rather long name", avatar="https://a.b/" + "x" * 60
        )
        for number in range(69)
    ]
    now = int(time.time())
    for number in range(60):
        me = participant_json("superhero1", isJoined=False, state="unanswered")
        call = call_json(
            initiator="superhero2",
            participants=[*crowd, me],
            status="ended",
            initiatedAt=now,
            startedAt=now,
            endedAt=now,
        )
        ground.cometchat._api.add(
            f"big{number}", {**call, "sessionId": f"big{number}", "mid": f"big{number}"}
        )
    assert len(json.dumps(ground.cometchat._api._sessions["big0"])) * 40 > 1024 * 1024
