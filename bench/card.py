"""What a card costs: CPU from the API's bytes for a call of 50 to the message as JSON, without any network.

`python -m bench.card` prints the milliseconds, the median of many.
"""

from __future__ import annotations

import json
import statistics
import time

from bench.upstream import answer
from bot.calls.lookup import LookupResult
from bot.cards.summary import summary
from bot.cometchat import SessionId, Uid
from bot.cometchat.wire import parse_calls

_TIMES = 150


def milliseconds() -> float:
    """Return the CPU time that a card takes."""
    body, took = answer(50), []
    for _ in range(_TIMES):
        began = time.process_time()
        (call,) = parse_calls(200, {"content-type": "application/json"}, body)
        found = LookupResult(SessionId("standup"), Uid("superhero1"), call, 1, None, 200)
        json.dumps(summary(found, now=int(time.time())).as_json())
        took.append(time.process_time() - began)
    return statistics.median(took) * 1000


if __name__ == "__main__":
    print(milliseconds())
