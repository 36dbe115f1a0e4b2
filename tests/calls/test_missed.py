"""Which calls count as missed (pure)."""

from typing import Any

import pytest

from bot.calls.filters import MISSED, CallFilter
from bot.calls.missed import missed
from bot.cometchat import Uid
from bot.cometchat.parsing import parse_call

ME = Uid("superhero1")
NOW = 1_700_000_000


def call(**raw: Any) -> Any:
    return parse_call({"receiverType": "user", **raw})


def mine(**raw: Any) -> dict[str, Any]:
    return {"uid": "SuperHero1", **raw}


@pytest.mark.parametrize(
    ("raw", "is_missed"),
    [
        ({"status": "unanswered"}, True),
        ({"status": "missed"}, True),
        ({"status": "canceled"}, True),
        ({"status": "busy"}, True),
        ({"status": "initiated"}, True),
        ({"status": "initiated", "initiatedAt": NOW - 10}, False),
        ({"status": "initiated", "initiatedAt": NOW - 59}, False),
        ({"status": "initiated", "initiatedAt": NOW - 60}, True),
        ({"status": "initiated", "initiatedAt": 1}, True),
        ({"status": "initiated", "initiatedAt": NOW - 10, "endedAt": NOW - 5}, True),
        ({"status": "initiated", "initiatedAt": NOW + 30}, False),
        ({"status": "initiated", "initiatedAt": NOW + 86_400}, True),
        ({"status": "unanswered", "initiatedAt": NOW - 10}, True),
        ({"status": "unanswered", "initiator": None}, True),
        ({"status": "unanswered", "initiator": "superhero1"}, False),
        ({"status": "unanswered", "participants": [mine(isJoined=True)]}, False),
        ({"status": "unanswered", "initiator": None, "receiver": "g", "participants": [mine()]}, False),
        ({"status": "unanswered", "initiator": None, "receiverType": "group"}, False),
        ({"status": "rejected"}, False),
        ({"status": "rejected", "participants": [mine(isJoined=False, state="rejected")]}, False),
        ({"status": "rejected", "participants": [mine(isJoined=False, state="unanswered")]}, True),
        ({"status": "rejected", "participants": [mine(isJoined=False)]}, False),
        ({"status": "ended"}, False),
        ({"status": "ended", "participants": [mine(isJoined=True, state="ended")]}, False),
        ({"status": "ended", "participants": [mine(isJoined=False, state="unanswered")]}, True),
        ({"status": "ended", "participants": [mine(isJoined=False)]}, True),
        ({"status": "ended", "participants": [mine(isJoined=False, state="rejected")]}, False),
        ({"status": "ended", "participants": [mine(isJoined=False), mine(isJoined=True)]}, False),
        ({"status": "ongoing", "participants": [mine(isJoined=False)]}, False),
        ({"status": "on_hold"}, False),
        ({"status": None}, False),
    ],
)
def test_missed_is_what_one_was_called_for_and_neither_took_nor_declined(
    raw: dict[str, Any], *, is_missed: bool
) -> None:
    one = call(**{"initiator": "superhero2", "receiver": "superhero1", **raw})
    assert missed(one, ME, now=NOW) is is_missed
    assert CallFilter(ended=MISSED).matches(one, ME, now=NOW) is is_missed
