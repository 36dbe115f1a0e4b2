import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from bot.cometchat import (
    CallPage,
    CallProblemError,
    CallQuery,
    RateLimitedError,
    SessionCalls,
    SessionId,
    Uid,
    UnavailableError,
)
from bot.cometchat.parsing import parse_call
from bot.identity import SlackUser
from bot.throttling.client import ThrottledClient
from bot.throttling.concurrency import TooBusyError
from tests.scraping import told, value
from tests.throttling.people import STEVE, TONY, NoCometChat, metrics, noted, throttled

STANDUP, RETRO = SessionId("standup"), SessionId("retro")
HERO1, HERO2 = Uid("superhero1"), Uid("superhero2")
ENDED: dict[str, Any] = {
    "status": "ended",
    "endedAt": 1_715_850_000,
    "initiator": "superhero1",
    "participants": [{"uid": "superhero2"}],
}


class CometChat(NoCometChat):
    """CometChat, which answers once its gate is open."""

    def __init__(
        self, raw: dict[str, Any], error: CallProblemError | None = None, *, is_open: bool = True
    ) -> None:
        self.response = SessionCalls((parse_call(raw),), 200)
        self.error = error
        self.gate = asyncio.Event()
        if is_open:
            self.gate.set()
        self.asked: list[tuple[str, str]] = []

    async def get_call(self, session_id: SessionId, on_behalf_of: Uid) -> SessionCalls:
        self.asked.append((session_id, on_behalf_of))
        await self.gate.wait()
        if self.error:
            raise self.error
        return self.response

    async def list_calls(self, query: CallQuery, on_behalf_of: Uid) -> CallPage:
        response = await self.get_call(SessionId(f"page {query.page}"), on_behalf_of)
        return CallPage(response.calls, response.status, last=True)

    async def check_user(self, uid: Uid) -> None:
        await self.get_call(SessionId("check"), uid)


async def begun(*requests: Coroutine[Any, Any, Any]) -> list[asyncio.Task[Any]]:
    tasks = [asyncio.create_task(each) for each in requests]
    for _ in range(5):
        await asyncio.sleep(0)
    return tasks


async def test_identical_look_ups_of_a_person_are_one_request_and_take_one_slot() -> None:
    cometchat = CometChat({"status": "ongoing"}, is_open=False)
    client = throttled(cometchat, total=1, per_person=1)
    tasks = await begun(*(client.get_call(TONY, STANDUP, HERO1) for _ in range(20)))
    cometchat.gate.set()
    assert set(await asyncio.gather(*tasks)) == {cometchat.response}
    assert cometchat.asked == [("standup", "superhero1")]


async def test_another_person_another_uid_and_another_session_are_requests_of_their_own() -> None:
    cometchat = CometChat({"status": "ongoing"}, is_open=False)
    client = throttled(cometchat)
    wanted = [(TONY, STANDUP, HERO1), (STEVE, STANDUP, HERO1), (TONY, STANDUP, HERO2), (TONY, RETRO, HERO1)]
    tasks = await begun(*(client.get_call(*each) for each in wanted))
    cometchat.gate.set()
    await asyncio.gather(*tasks)
    assert cometchat.asked == [(session_id, uid) for _, session_id, uid in wanted]


async def test_past_one_person_s_slots_they_are_refused_and_another_is_served() -> None:
    cometchat = CometChat({"status": "ongoing"}, is_open=False)
    client = throttled(cometchat, total=2, per_person=1)
    wanted = [(TONY, STANDUP, HERO1), (TONY, RETRO, HERO1), (STEVE, STANDUP, HERO2)]
    tasks = await begun(*(client.get_call(*each) for each in wanted))
    with pytest.raises(TooBusyError):
        await tasks[1]
    cometchat.gate.set()
    assert await tasks[0] is await tasks[2]


async def test_an_ended_call_is_fetched_once_a_uid_and_again_for_what_others_will_see() -> None:
    cometchat = CometChat(ENDED)
    client = throttled(cometchat)
    for user in (TONY, TONY, STEVE):
        await client.get_call(user, STANDUP, HERO1)
    assert cometchat.asked == [("standup", "superhero1")]
    await client.get_call(STEVE, STANDUP, HERO2)
    await client.get_call(TONY, STANDUP, HERO1, fresh=True)
    assert cometchat.asked[1:] == [("standup", "superhero2"), ("standup", "superhero1")]


async def test_a_call_of_others_is_fetched_each_time_as_one_that_is_not_there_is() -> None:
    """Else the second answer would be quicker, and tell that the call is there."""
    cometchat = CometChat(ENDED)
    client = throttled(cometchat)
    for _ in range(2):
        await client.get_call(TONY, STANDUP, Uid("superhero3"))
    assert cometchat.asked == [("standup", "superhero3")] * 2


async def test_an_error_is_not_cached() -> None:
    cometchat = CometChat(ENDED, UnavailableError())
    client = throttled(cometchat)
    with pytest.raises(UnavailableError):
        await client.get_call(TONY, STANDUP, HERO1)
    cometchat.error = None
    assert await client.get_call(TONY, STANDUP, HERO1) is cometchat.response


async def test_the_same_page_of_a_person_s_list_is_one_request_and_is_not_cached() -> None:
    cometchat = CometChat(ENDED)
    client = throttled(cometchat, total=1, per_person=1)
    await asyncio.gather(*(client.list_calls(TONY, CallQuery(), HERO1) for _ in range(20)))
    assert cometchat.asked == [("page 1", HERO1)]
    await client.list_calls(TONY, CallQuery(), HERO1)
    assert len(cometchat.asked) == 2


async def test_another_page_another_person_and_another_uid_take_slots_of_their_own() -> None:
    cometchat = CometChat(ENDED, is_open=False)
    client = throttled(cometchat, total=3, per_person=3)
    wanted: list[tuple[SlackUser, CallQuery, Uid]] = [
        (TONY, CallQuery(), HERO1),
        (TONY, CallQuery(page=2), HERO1),
        (STEVE, CallQuery(), HERO2),
        (STEVE, CallQuery(), HERO1),
    ]
    tasks = await begun(*(client.list_calls(*each) for each in wanted))
    with pytest.raises(TooBusyError):
        await tasks[3]
    cometchat.gate.set()
    assert all(await asyncio.gather(*tasks[:3]))


@pytest.mark.parametrize("first", ["get_call", "list_calls", "check_user"])
async def test_a_429_to_any_request_holds_all_of_them_and_only_those_sent_are_counted_as_requests(
    first: str,
) -> None:
    cometchat, counted = CometChat(ENDED, RateLimitedError(30, status=429)), metrics()
    client = ThrottledClient(cometchat, counted, noted())
    requests: dict[str, Callable[[], Coroutine[Any, Any, object]]] = {
        "get_call": lambda: client.get_call(TONY, STANDUP, HERO1),
        "list_calls": lambda: client.list_calls(TONY, CallQuery(), HERO1),
        "check_user": lambda: client.check_user(HERO1),
    }
    for name in (first, *requests):
        with pytest.raises(RateLimitedError):
            await requests[name]()
    text, counter = told(counted), "callinfo_upstream_requests_total"
    assert len(cometchat.asked) == value(text, counter) == 1
    assert value(text, counter, request=first, outcome="rate_limited") == 1
    assert value(text, "callinfo_rate_limited_total", scope="cometchat") == 3
