"""Home tabs in order: whatever comes late, twice or all at once, older data never replaces newer."""

import asyncio
import time
from collections.abc import AsyncGenerator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.web.async_client import AsyncWebClient

from bot.answers import home
from bot.answers.home import NOTICE_SECONDS, LastDrawingWins, Notices
from bot.cards.kit.blocks import section
from bot.cards.kit.message import message
from bot.cards.kit.modal import View
from bot.identity import SlackUser
from bot.slack.views import ViewConflictError, ViewFailedError, Views

ROBIN = SlackUser(None, "T01", "U0ROBIN")
STEVE = SlackUser(None, "T01", "U0STEVE")


class Slack(Views):
    """Shows views, one a person; takes as long as a test says, and can lose answers."""

    def __init__(self) -> None:
        super().__init__(AsyncWebClient())
        self.shown: dict[str, View] = {}
        self.views: list[View] = []
        self.hashes: dict[str, str] = {}
        self.number = 0
        self.published = 0
        self.free = asyncio.Event()
        self.free.set()
        self.failing = False

    async def publish(self, user_id: str, view: View, replaces: str) -> str:
        self.published += 1
        await self.free.wait()
        if self.failing:
            raise ViewFailedError("internal_error")
        if replaces and replaces != self.hashes.get(user_id, ""):
            raise ViewConflictError("hash_conflict")
        return self.put(user_id, view)

    def put(self, user_id: str, view: View) -> str:
        """Show a view, as any process may."""
        self.number += 1
        self.views.append(view)
        self.shown[user_id] = view
        self.hashes[user_id] = f"hash{self.number}"
        return self.hashes[user_id]


class World:
    """What there is to read; `version` counts its changes."""

    def __init__(self) -> None:
        self.version = 0
        self.reads = 0

    async def once(self) -> AsyncGenerator[View, None]:
        self.reads += 1
        version = self.version
        await asyncio.sleep(0)
        yield {"version": version}

    async def twice(self) -> AsyncGenerator[View, None]:
        self.reads += 1
        version = self.version
        yield {"version": version, "looking": True}
        await asyncio.sleep(0.01)
        yield {"version": version}


async def test_what_is_drawn_is_shown_and_each_person_has_their_own() -> None:
    slack, world = Slack(), World()
    tabs = LastDrawingWins(slack)
    assert await tabs.show(ROBIN, world.once, arrived=0.0)
    world.version = 1
    assert await tabs.show(STEVE, world.twice, arrived=0.0)
    assert slack.shown == {"U0ROBIN": {"version": 0}, "U0STEVE": {"version": 1}}
    assert slack.published == 3


async def test_who_looks_again_and_again_waits_for_the_last_look_alone() -> None:
    slack, world = Slack(), World()
    tabs = LastDrawingWins(slack)
    slack.free.clear()
    looks = [asyncio.create_task(tabs.show(ROBIN, world.once, arrived=0.0)) for _ in range(50)]
    await asyncio.sleep(0.01)
    world.version = 1
    slack.free.set()
    assert [await look for look in looks] == [True, *[False] * 48, True]
    assert (world.reads, slack.published) == (2, 2)
    assert slack.shown["U0ROBIN"] == {"version": 1}


async def test_what_takes_long_gives_way_to_a_later_look() -> None:
    slack, world = Slack(), World()
    tabs = LastDrawingWins(slack)
    first = asyncio.create_task(tabs.show(ROBIN, world.twice, arrived=0.0))
    for _ in range(5):  # it shows what it has at first, and goes on to look
        await asyncio.sleep(0)
    assert slack.shown["U0ROBIN"] == {"version": 0, "looking": True}
    world.version = 1
    assert await tabs.show(ROBIN, world.once, arrived=0.0)
    assert not await first
    assert slack.shown["U0ROBIN"] == {"version": 1}


async def test_what_another_process_has_shown_since_is_read_again_and_not_put_back() -> None:
    slack, world = Slack(), World()
    tabs = LastDrawingWins(slack, clock=lambda: 10.0)
    told = slack.put("U0ROBIN", {"version": 0})

    async def overtaken() -> AsyncGenerator[View, None]:
        async for view in world.once():
            if world.reads == 1:
                world.version = 1
                slack.put("U0ROBIN", {"version": 1})
            yield view

    assert await tabs.show(ROBIN, overtaken, seen=told, arrived=11.0)
    assert slack.shown["U0ROBIN"] == {"version": 1}
    assert world.reads == 2


@pytest.mark.parametrize(("arrived", "reads"), [(9.0, 1), (11.0, 2)])
async def test_what_slack_told_before_we_showed_something_is_no_news(arrived: float, reads: int) -> None:
    slack, world = Slack(), World()
    tabs = LastDrawingWins(slack, clock=lambda: 10.0)
    assert await tabs.show(ROBIN, world.once, arrived=0.0)
    world.reads = 0
    assert await tabs.show(ROBIN, world.once, seen="an older one", arrived=arrived)
    assert world.reads == reads


async def test_a_tab_that_slack_does_not_take_is_the_caller_s_to_tell_and_the_next_look_works() -> None:
    slack, world = Slack(), World()
    tabs = LastDrawingWins(slack)
    slack.failing = True
    with pytest.raises(ViewFailedError):
        await tabs.show(ROBIN, world.once, arrived=0.0)
    slack.failing = False
    assert await tabs.show(ROBIN, world.once, arrived=0.0)


async def test_the_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home, "MOST_KEPT", 10)
    tabs, world = LastDrawingWins(Slack()), World()
    for number in range(30):
        await tabs.show(SlackUser(None, "T01", f"U{number}"), world.once, arrived=0.0)
    assert len(tabs._tabs) <= 10


async def test_of_the_notices_the_last_are_shown_for_a_while() -> None:
    now = 0.0
    notices, words = Notices(lambda: now), [message(f"{number}", [section("x")]) for number in range(5)]
    for each in (*words, words[3]):
        notices.add(ROBIN, each)
    assert notices.of(ROBIN) == (words[3], words[4], words[2])
    assert notices.of(STEVE) == ()
    now = NOTICE_SECONDS + 1
    assert notices.of(ROBIN) == ()


looks = st.tuples(st.integers(0, 1), st.booleans())
steps = st.lists(looks | st.sampled_from(["change", "hold", "go on", "wait"]), max_size=12)


class Scene:
    """Processes that look, a world that changes, and a Slack that answers when it pleases."""

    def __init__(self, processes: int) -> None:
        self.slack, self.world = Slack(), World()
        self.processes = [LastDrawingWins(self.slack) for _ in range(processes)]
        self.looks: list[asyncio.Task[bool]] = []

    def look(self, process: int, *, slow: bool) -> asyncio.Task[bool]:
        tabs = self.processes[process % len(self.processes)]
        told, arrived = self.slack.hashes.get("U0ROBIN", ""), time.monotonic()
        draw = self.world.twice if slow else self.world.once
        return asyncio.create_task(tabs.show(ROBIN, draw, seen=told, arrived=arrived))

    async def play(self, steps: list[Any]) -> None:
        for step in steps:
            match step:
                case "change":
                    self.world.version += 1
                case "hold":
                    self.slack.free.clear()
                case "go on":
                    self.slack.free.set()
                case "wait":
                    await asyncio.sleep(0)
                case process, slow:
                    self.looks.append(self.look(process, slow=slow))
        self.slack.free.set()
        await asyncio.gather(*self.looks)


@given(steps)
async def test_of_one_process_no_view_is_older_than_the_one_before_it(steps: list[Any]) -> None:
    scene = Scene(1)
    await scene.play(steps)
    versions = [view["version"] for view in scene.slack.views]
    assert versions == sorted(versions)


@given(steps)
async def test_the_last_look_shows_how_things_are_whatever_other_processes_have_shown(
    steps: list[Any],
) -> None:
    scene = Scene(2)
    await scene.play(steps)
    assert await scene.look(0, slow=True)
    assert scene.slack.shown["U0ROBIN"] == {"version": scene.world.version}
