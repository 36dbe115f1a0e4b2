"""A call comes in: played for one person, in compressed time, with its records and its webhook's events."""

import asyncio
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count

from bot.playground import webhooks
from bot.playground.cometchat import StandInCometChat
from bot.playground.samples import APP_ID, JsonObject, call_json, session_id
from bot.playground.samples.build import Person, absent, entities, never_answered, present
from bot.playground.slack.workspace import person

CALLER = Person("natasha", "Natasha")
RINGS, TALKS, RECORDS = 3.0, 6.0, 4.0
"""Seconds for which it rings, for which they talk, and until the recording is ready."""
_RECORDING = f"https://recordings-eu.cometchat.io/{APP_ID}/"


@dataclass(frozen=True)
class Step:
    """What happens `after` seconds: in words for the page, the call as CometChat's API then has it, and its events."""

    after: float
    says: str
    call: JsonObject
    events: tuple[JsonObject, ...]


@dataclass(frozen=True)
class Story:
    """A call that comes in."""

    session_id: str
    caller: str
    steps: tuple[Step, ...]


class IncomingCalls:
    """Plays calls to `people`, who are CometChat's users by Slack user id. `pace` 0.1 plays them ten times as fast."""

    def __init__(self, cometchat: StandInCometChat, people: Mapping[str, Person], pace: float = 1.0) -> None:
        self._cometchat = cometchat
        self._people = people
        self._pace = pace
        self._playing: dict[str, asyncio.Task[None]] = {}
        self._numbers = count(1)

    def begin(self, user_id: str, *, answered: bool) -> Story | None:
        """Begin a call to that person; return what will happen, None while another is under way.

        Raises LookupError where nobody is that person.
        """
        name, callee = person(user_id).name, self._people[user_id]
        if user_id in self._playing:
            return None
        now = int(time.time())
        sid = session_id(f"incoming {next(self._numbers)}", now)
        steps = tuple((_taken if answered else _missed)(sid, callee, name, now, self._pace))
        playing = asyncio.create_task(self._play(sid, steps))
        self._playing[user_id] = playing
        playing.add_done_callback(lambda _: self._playing.pop(user_id, None))
        return Story(sid, CALLER.name, steps)

    async def close(self) -> None:
        """Stop all calls where they are."""
        playing = tuple(self._playing.values())
        for each in playing:
            each.cancel()
        await asyncio.gather(*playing, return_exceptions=True)

    async def _play(self, sid: str, steps: tuple[Step, ...]) -> None:
        begun = time.monotonic()
        for step in steps:
            await asyncio.sleep(begun + step.after - time.monotonic())
            self._cometchat.serve(sid, [step.call])
            for event in step.events:
                await self._cometchat.announce(event)


def _missed(sid: str, callee: Person, name: str, now: int, pace: float) -> Iterator[Step]:
    """Yield how it rings and nobody answers."""

    def call(status: str, state: str | None) -> JsonObject:
        return never_answered(CALLER, callee, at=now, status=status, state=state, sid=sid)

    over = now + round(RINGS * pace)
    ringing = (webhooks.rung("call_initiated", CALLER.uid, callee.uid, now),)
    yield Step(0, f"{CALLER.name} is calling {name} …", call("initiated", None), ringing)
    silent = (webhooks.rung("call_unanswered", CALLER.uid, callee.uid, over),)
    yield Step(RINGS * pace, f"{name} did not answer.", call("unanswered", "unanswered"), silent)


def _taken(sid: str, callee: Person, name: str, now: int, pace: float) -> Iterator[Step]:
    """Yield how it rings, is taken, ends, and has a recording."""
    people = (CALLER, callee)
    start, end = now + round(RINGS * pace), now + round((RINGS + TALKS) * pace)

    def call(status: str, left_at: int | None, **more: object) -> JsonObject:
        return call_json(
            without=() if left_at else ("endedAt",),
            sessionId=sid,
            initiatedAt=now,
            startedAt=start,
            endedAt=end,
            status=status,
            initiator=CALLER.uid,
            receiver=callee.uid,
            participants=[present(each, start, left_at, kind="audio") for each in people],
            data=entities(CALLER, callee),
            **more,
        )

    ringing = call_json(
        without=("startedAt", "endedAt", "mid"),
        sessionId=sid,
        initiatedAt=now,
        status="initiated",
        initiator=CALLER.uid,
        receiver=callee.uid,
        participants=[absent(CALLER, None), absent(callee, None)],
        data=entities(CALLER, callee),
    )
    rung = (webhooks.rung("call_initiated", CALLER.uid, callee.uid, now),)
    yield Step(0, f"{CALLER.name} is calling {name} …", ringing, rung)
    begun = (webhooks.started(sid, start), *(webhooks.joined(sid, each, start) for each in people))
    yield Step(RINGS * pace, f"{name} takes the call.", call("ongoing", None), begun)
    over = (
        *(webhooks.left(sid, each, start, end) for each in people),
        webhooks.ended(sid, people, start, end),
    )
    yield Step((RINGS + TALKS) * pace, "The call has ended.", call("ended", end), over)
    url = f"{_RECORDING}{sid.rpartition('.')[2]}.mp4"
    recording = {"rid": f"rec-{now}", "recording_url": url, "startTime": start, "endTime": end}
    recorded = (webhooks.recorded(sid, start, end - start, url),)
    yield Step(
        (RINGS + TALKS + RECORDS) * pace,
        "Its recording is ready.",
        call("ended", end, hasRecording=True, recordings=[recording]),
        recorded,
    )
