"""The example of CometChat's `get-call.openapi.yaml`, to the letter.

`.ci/run` holds it against the document itself where that is at hand.
"""

from bot.playground.samples.build import JsonObject, Sample


def documented_call() -> JsonObject:
    """Return a new copy of the one call in the document's example."""
    return {
        "sessionId": "v1.eu.2574867aa2e6e417.17158459999d7fa95b1b4faea599f11eb5ecf07611b0b335c3",
        "totalAudioMinutes": 0,
        "totalVideoMinutes": 0,
        "totalDuration": "00:00:00",
        "hasRecording": False,
        "initiatedAt": 1715845999,
        "initiator": "superhero1",
        "mode": "call",
        "receiver": "superhero2",
        "receiverType": "user",
        "status": "initiated",
        "totalDurationInMinutes": 0,
        "totalParticipants": 0,
        "type": "audio",
        "participants": [
            {
                "uid": "superhero1",
                "totalAudioMinutes": 0,
                "totalVideoMinutes": 0,
                "isJoined": False,
                "totalDurationInMinutes": 0,
                "name": "Iron Man",
                "avatar": "https://data-eu.cometchat.io/assets/images/avatars/ironman.png",
            },
            {
                "uid": "superhero2",
                "totalAudioMinutes": 0,
                "totalVideoMinutes": 0,
                "isJoined": False,
                "state": "unanswered",
                "totalDurationInMinutes": 0,
                "name": "Captain America",
                "avatar": "https://data-eu.cometchat.io/assets/images/avatars/captainamerica.png",
            },
        ],
        "data": {
            "entities": {
                "initiator": {
                    "entity": {
                        "uid": "superhero1",
                        "name": "Iron Man",
                        "avatar": "https://data-eu.cometchat.io/assets/images/avatars/ironman.png",
                    }
                },
                "receiver": {
                    "entity": {
                        "uid": "superhero2",
                        "name": "Captain America",
                        "avatar": "https://data-eu.cometchat.io/assets/images/avatars/captainamerica.png",
                    }
                },
            }
        },
    }


DOCUMENTED = Sample(
    str(documented_call()["sessionId"]),
    "The documented example",
    "Word for word from CometChat’s API document: a call begun in 2024 that never got any further",
    [documented_call()],
)
