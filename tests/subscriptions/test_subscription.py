"""Which calls a subscription is about."""

import re
from typing import Any

import pytest

from bot.calls.status import settled
from bot.cometchat import Uid
from bot.cometchat.parsing import parse_call
from bot.subscriptions.subscription import Occasion, Wanted, new_id
from tests.subscriptions.calls import subscription

NOW = 1_763_812_800
TONY, STEVE = Uid("superhero1"), Uid("superhero2")
MISSED, ENDED, BOTH = Wanted(missed=True, ended=False), Wanted(missed=False, ended=True), Wanted(True, True)  # noqa: FBT003 - a row of a table


def call(status: str, **facts: Any) -> dict[str, Any]:
    """Return a call of Steve's to Tony, as the API tells of it."""
    sides = {"initiator": "superhero2", "receiver": "superhero1", "receiverType": "user", "type": "video"}
    names = {"participants": [{"uid": "superhero2", "name": "Steve Rogers", "hasJoined": True}]}
    return {
        "sessionId": "standup",
        "status": status,
        "initiatedAt": NOW - 900,
        **sides,
        **names,
        **facts,
    }


TAKEN = {
    "startedAt": NOW - 800,
    "endedAt": NOW - 100,
    "participants": [
        {"uid": each, "hasJoined": True, "state": "ended", "joinedAt": NOW - 800, "leftAt": NOW - 100}
        for each in (TONY, STEVE)
    ],
}
TAKEN_BY_OTHERS = {
    "startedAt": NOW - 800,
    "endedAt": NOW - 100,
    "participants": [
        {"uid": TONY, "state": "unanswered"},
        {"uid": STEVE, "hasJoined": True, "state": "ended"},
    ],
}


@pytest.mark.parametrize(
    ("wanted", "told", "occasion"),
    [
        (MISSED, call("unanswered"), Occasion.MISSED),
        (ENDED, call("unanswered"), None),
        (BOTH, call("unanswered"), Occasion.MISSED),
        (MISSED, call("ended", **TAKEN), None),
        (ENDED, call("ended", **TAKEN), Occasion.ENDED),
        (ENDED, call("ongoing", startedAt=NOW - 800), None),
        (MISSED, call("initiated", initiatedAt=NOW - 5), None),
        (MISSED, call("initiated", initiatedAt=NOW - 65), Occasion.MISSED),
        (MISSED, call("ended", **TAKEN_BY_OTHERS), Occasion.MISSED),
        (BOTH, call("ended", **TAKEN_BY_OTHERS), Occasion.MISSED),
        (ENDED, call("ended", **TAKEN_BY_OTHERS), Occasion.ENDED),
        (BOTH, call("rejected"), None),
        (Wanted(True, True, kind="audio"), call("unanswered"), None),  # noqa: FBT003 - a row of a table
        (Wanted(True, True, kind="video"), call("unanswered"), Occasion.MISSED),  # noqa: FBT003 - as above
        (Wanted(False, True, longer_seconds=700), call("ended", **TAKEN), Occasion.ENDED),  # noqa: FBT003 - as above
        (Wanted(False, True, longer_seconds=701), call("ended", **TAKEN), None),  # noqa: FBT003 - as above
        (Wanted(False, True, longer_seconds=60), call("ended"), None),  # noqa: FBT003 - as above
        (
            Wanted(False, True, longer_seconds=60),  # noqa: FBT003 - as above
            call("ended", totalDurationInMinutes=2.5),
            Occasion.ENDED,
        ),
        (Wanted(True, True, longer_seconds=60), call("unanswered"), Occasion.MISSED),  # noqa: FBT003 - as above
        (Wanted(True, True, with_whom="rog"), call("unanswered"), Occasion.MISSED),  # noqa: FBT003 - as above
        (Wanted(True, True, with_whom="tony"), call("unanswered"), None),  # noqa: FBT003 - as above
        (Wanted(True, True, with_whom="superhero2"), call("unanswered"), Occasion.MISSED),  # noqa: FBT003 - as above
    ],
)
def test_a_call_is_told_on_its_occasion(
    wanted: Wanted, told: dict[str, Any], occasion: Occasion | None
) -> None:
    found = settled(parse_call(told), now=NOW)
    assert wanted.occasion(found, TONY, None, now=NOW) is occasion


@pytest.mark.parametrize(("whom", "occasion"), [(STEVE, Occasion.MISSED), (Uid("superhero22"), None)])
def test_a_mentioned_person_is_known_by_their_uid(whom: Uid, occasion: Occasion | None) -> None:
    wanted = Wanted(missed=True, ended=False, with_whom="<@U0STEVE>")
    assert wanted.mentioned == "U0STEVE"
    assert wanted.occasion(parse_call(call("unanswered")), TONY, whom, now=NOW) is occasion


def test_ids_are_long_enough_that_nobody_guesses_one() -> None:
    ids = {new_id() for _ in range(100)}
    assert len(ids) == 100
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{16}", each) for each in ids)


def test_a_subscription_is_muted_until_its_time() -> None:
    made = subscription(muted_until=NOW + 10)
    assert (made.is_muted(NOW + 9), made.is_muted(NOW + 10)) == (True, False)
