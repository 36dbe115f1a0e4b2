from typing import Any

import pytest

from bot.cometchat import SessionCalls, SessionId, Uid
from bot.cometchat.parsing import parse_call
from bot.throttling.call_cache import MAX_ENTRIES, TTL_SECONDS, EndedCallsCache
from tests.throttling.people import Clock

STANDUP, TONY, STEVE = SessionId("standup"), Uid("superhero1"), Uid("superhero2")
OVER: dict[str, Any] = {"status": "ended", "endedAt": 1_715_850_000, "participants": [{"uid": "superhero1"}]}


def answer(*raw: dict[str, Any]) -> SessionCalls:
    return SessionCalls(tuple(parse_call(each) for each in raw), 200)


def test_an_ended_call_is_cached_for_a_minute() -> None:
    clock = Clock()
    cache, ended = EndedCallsCache(clock), answer(OVER)
    cache.put(TONY, STANDUP, ended)
    clock.now += TTL_SECONDS - 1
    assert cache.get(TONY, STANDUP) is ended
    clock.now += 1
    assert cache.get(TONY, STANDUP) is None


def test_nobody_gets_what_was_answered_on_behalf_of_another_uid() -> None:
    cache = EndedCallsCache(Clock())
    cache.put(TONY, STANDUP, answer(OVER))
    assert cache.get(STEVE, STANDUP) is None
    assert cache.get(TONY, SessionId("Standup")) is None


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
def test_what_may_still_change_is_not_cached_nor_is_a_session_that_has_such_a_call(
    call: dict[str, Any],
) -> None:
    cache = EndedCallsCache(Clock())
    cache.put(TONY, STANDUP, answer(call))
    cache.put(TONY, STANDUP, answer(OVER, call))
    assert cache.get(TONY, STANDUP) is None


def test_the_cache_is_bounded_by_calls_people_and_recordings() -> None:
    cache = EndedCallsCache(Clock())
    people, recordings = [{"uid": f"u{number}"} for number in range(300)], [{"rid": "r"}] * 200
    third = [OVER | {"participants": people, "recordings": recordings}] * (MAX_ENTRIES // 3 // 500)
    for name in ("a", "b", "c"):
        cache.put(TONY, SessionId(name), answer(*third))
    assert cache.get(TONY, SessionId("a")) is None
    assert cache.get(TONY, SessionId("c"))
    cache.put(TONY, STANDUP, answer(*third * 4))
    assert cache.get(TONY, STANDUP) is None
