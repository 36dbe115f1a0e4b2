from typing import Any

import pytest

from bot.cometchat import Answer, SessionId, Uid
from bot.cometchat.parsing import parse_call
from bot.playground.samples import call_json, participant_json
from bot.throttling.over import KEPT_SECONDS, MOST_CHARACTERS, MOST_KEPT, OverCalls
from tests.throttling.people import Clock

STANDUP, TONY, STEVE = SessionId("standup"), Uid("superhero1"), Uid("superhero2")
OVER: dict[str, Any] = {"status": "ended", "endedAt": 1_715_850_000, "participants": [{"uid": "superhero1"}]}


def answer(*raw: dict[str, Any]) -> Answer:
    return Answer(tuple(parse_call(each) for each in raw), 200)


def test_a_call_that_is_over_is_remembered_for_a_minute() -> None:
    clock = Clock()
    over, ended = OverCalls(clock), answer(OVER)
    over.keep(TONY, STANDUP, ended)
    clock.now += KEPT_SECONDS - 1
    assert over.recall(TONY, STANDUP) is ended
    clock.now += 1
    assert over.recall(TONY, STANDUP) is None


def test_nobody_gets_what_was_answered_on_behalf_of_another_uid() -> None:
    over = OverCalls(Clock())
    over.keep(TONY, STANDUP, answer(OVER))
    assert over.recall(STEVE, STANDUP) is None
    assert over.recall(TONY, SessionId("Standup")) is None


@pytest.mark.parametrize(
    "call",
    [
        OVER | {"status": "ongoing"},
        OVER | {"status": "initiated"},
        OVER | {"status": None},
        OVER | {"endedAt": None},
        OVER | {"participants": [{"uid": "superhero1", "state": "ongoing"}]},
    ],
)
def test_what_may_still_change_is_not_remembered_nor_is_a_session_that_has_such_a_call(
    call: dict[str, Any],
) -> None:
    over = OverCalls(Clock())
    over.keep(TONY, STANDUP, answer(call))
    over.keep(TONY, STANDUP, answer(OVER, call))
    assert over.recall(TONY, STANDUP) is None


def test_memory_is_bounded_in_number_and_size() -> None:
    over = OverCalls(Clock())
    long = "x" * MOST_CHARACTERS
    for large in (
        OVER | {"participants": [{"uid": f"u{number}"} for number in range(MOST_CHARACTERS // 100)]},
        OVER | {"initiator": {"uid": "superhero1", "name": long}},
        OVER | {"recordings": [{"recording_url": f"https://recordings.example/{long}"}]},
    ):
        over.keep(TONY, STANDUP, answer(large))
        assert over.recall(TONY, STANDUP) is None
    fifty = [participant_json(f"superhero{number}", name=f"Person {number}") for number in range(50)]
    over.keep(TONY, STANDUP, answer(call_json(participants=fifty)))
    assert over.recall(TONY, STANDUP)
    for number in range(MOST_KEPT + 1):
        over.keep(TONY, SessionId(f"s{number}"), answer(OVER))
    assert over.recall(TONY, SessionId("s0")) is None
    assert over.recall(TONY, SessionId("s1"))
