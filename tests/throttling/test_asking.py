import asyncio
from typing import Any

import pytest

from bot.cometchat import Answer, CallProblemError, Listing, Page, SessionId, Uid, UnavailableError
from bot.cometchat.parsing import parse_call
from bot.identity import SlackUser
from bot.throttling.asking import Asking
from bot.throttling.over import OverCalls
from bot.throttling.places import Places, TooBusyError
from bot.throttling.refusals import Refusals
from tests.throttling.people import STEVE, TONY

STANDUP, RETRO = SessionId("standup"), SessionId("retro")
HERO1, HERO2 = Uid("superhero1"), Uid("superhero2")
OVER: dict[str, Any] = {
    "status": "ended",
    "endedAt": 1_715_850_000,
    "initiator": "superhero1",
    "participants": [{"uid": "superhero2"}],
}


class Calls:
    """CometChat, which answers once it is let."""

    def __init__(self, raw: dict[str, Any], error: CallProblemError | None = None) -> None:
        self.answer = Answer((parse_call(raw),), 200)
        self.error = error
        self.let = asyncio.Event()
        self.asked: list[tuple[str, str]] = []

    async def get_call(self, session_id: SessionId, on_behalf_of: Uid) -> Answer:
        self.asked.append((session_id, on_behalf_of))
        await self.let.wait()
        if self.error:
            raise self.error
        return self.answer

    async def list_calls(self, listing: Listing, on_behalf_of: Uid) -> Page:
        answer = await self.get_call(SessionId(f"page {listing.page}"), on_behalf_of)
        return Page(answer.calls, answer.status, last=True)


def asking(calls: Calls, **bounds: int) -> Asking:
    return Asking(calls, Places(Refusals(), **bounds), OverCalls())


async def under_way(
    asked: Asking, *wanted: tuple[SlackUser, SessionId, Uid], anew: bool = False
) -> list[asyncio.Task[Answer]]:
    tasks = [
        asyncio.create_task(asked.get_call(asker, session_id, uid, anew=anew))
        for asker, session_id, uid in wanted
    ]
    for _ in range(3):
        await asyncio.sleep(0)
    return tasks


async def test_identical_look_ups_of_a_person_are_one_request_and_take_one_place() -> None:
    calls = Calls({"status": "ongoing"})
    tasks = await under_way(asking(calls, in_all=1, of_one=1), *[(TONY, STANDUP, HERO1)] * 20)
    calls.let.set()
    assert set(await asyncio.gather(*tasks)) == {calls.answer}
    assert calls.asked == [("standup", "superhero1")]


async def test_another_person_another_uid_and_another_session_are_requests_of_their_own() -> None:
    calls = Calls({"status": "ongoing"})
    wanted = [(TONY, STANDUP, HERO1), (STEVE, STANDUP, HERO1), (TONY, STANDUP, HERO2), (TONY, RETRO, HERO1)]
    tasks = await under_way(asking(calls), *wanted)
    calls.let.set()
    await asyncio.gather(*tasks)
    assert calls.asked == [(session_id, uid) for _, session_id, uid in wanted]


async def test_past_the_places_of_one_person_they_are_told_and_another_is_served() -> None:
    calls = Calls({"status": "ongoing"})
    asked = asking(calls, in_all=2, of_one=1)
    tasks = await under_way(asked, (TONY, STANDUP, HERO1), (TONY, RETRO, HERO1), (STEVE, STANDUP, HERO2))
    with pytest.raises(TooBusyError):
        await tasks[1]
    calls.let.set()
    assert await tasks[0] is await tasks[2]


async def test_what_is_over_is_asked_for_once_a_uid_and_anew_for_what_others_will_see() -> None:
    calls = Calls(OVER)
    calls.let.set()
    asked = asking(calls)
    for _ in range(3):
        await asked.get_call(TONY, STANDUP, HERO1, anew=False)
    await asked.get_call(STEVE, STANDUP, HERO1, anew=False)
    assert calls.asked == [("standup", "superhero1")]
    await asked.get_call(STEVE, STANDUP, HERO2, anew=False)
    await asked.get_call(TONY, STANDUP, HERO1, anew=True)
    assert calls.asked[1:] == [("standup", "superhero2"), ("standup", "superhero1")]


async def test_a_call_of_others_is_asked_for_each_time_as_one_that_is_not_there_is() -> None:
    """Else whoever asks twice could tell the two apart by the time that the answer takes."""
    calls = Calls(OVER)
    calls.let.set()
    asked = asking(calls)
    for _ in range(2):
        await asked.get_call(TONY, STANDUP, Uid("superhero3"), anew=False)
    assert calls.asked == [("standup", "superhero3")] * 2


async def test_an_error_is_not_remembered() -> None:
    calls = Calls(OVER, UnavailableError())
    calls.let.set()
    asked = asking(calls)
    with pytest.raises(UnavailableError):
        await asked.get_call(TONY, STANDUP, HERO1, anew=False)
    calls.error = None
    assert await asked.get_call(TONY, STANDUP, HERO1, anew=False) is calls.answer


async def test_the_same_page_of_a_person_s_list_is_one_request_and_is_not_remembered() -> None:
    calls = Calls(OVER)
    calls.let.set()
    asked = asking(calls, in_all=1, of_one=1)
    await asyncio.gather(*(asked.list_calls(TONY, Listing(), HERO1) for _ in range(20)))
    assert calls.asked == [("page 1", HERO1)]
    await asked.list_calls(TONY, Listing(), HERO1)
    assert len(calls.asked) == 2


async def test_another_page_another_person_and_another_uid_are_requests_of_their_own_and_take_places() -> (
    None
):
    calls = Calls(OVER)
    asked = asking(calls, in_all=3, of_one=3)
    wanted = [
        (TONY, Listing(), HERO1),
        (TONY, Listing(page=2), HERO1),
        (STEVE, Listing(), HERO2),
        (STEVE, Listing(), HERO1),
    ]
    tasks = [asyncio.create_task(asked.list_calls(*each)) for each in wanted]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    with pytest.raises(TooBusyError):
        await tasks[3]
    calls.let.set()
    assert all(await asyncio.gather(*tasks[:3]))
