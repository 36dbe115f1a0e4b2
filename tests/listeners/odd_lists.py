"""The worst lists: very large, the wrong way round, and full of others' calls."""

import time

from bot.playground.cometchat import LIST
from bot.playground.run import Playground
from bot.playground.samples import call_json, participant_json


def many_devices(ground: Playground) -> None:
    """Give Tony sixty missed calls of today, each with 70 devices on its list."""
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


def the_oldest_first(ground: Playground, last: int = 3) -> None:
    """Let the API list 200 old calls of Tony's and then, on its last page, a few of today's."""
    now = int(time.time())
    times = [1_700_000_000 + at for at in range(200)] + [now + at for at in range(last)]
    calls = [call_json(sessionId=f"s{at}", mid=f"m{at}", startedAt=began) for at, began in enumerate(times)]
    for page in range(6):
        meta = {"pagination": {"total_pages": 6}}
        ground.cometchat.answer(LIST, body={"data": calls[page * 40 : page * 40 + 40], "meta": meta}, times=1)


def strangers(ground: Playground, own: int) -> None:
    """Let the API show all the app's calls to anybody: 200 of others, the newest of all, among which Tony has his own."""
    ground.cometchat._api.lenient = True
    now = int(time.time())
    for number in range(200):
        caller = "superhero1" if number < own else "superhero2"
        call = call_json(sessionId=f"x{number}", mid=f"x{number}", type="video", startedAt=now - number)
        theirs = {"initiator": caller, "receiver": "superhero3", "participants": None, "data": None}
        ground.cometchat._api.add(f"x{number}", {**call, **theirs})
