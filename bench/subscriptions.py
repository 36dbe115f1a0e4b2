"""Subscriptions under load: a flood of events, calls at a steady pace, people's own look-ups meanwhile, and no events at all.

500 people subscribe to their ended calls, by the command. Of each call CometChat sends three events: that it rings (which names
its users), that it has ended, and that its recording is ready (which name a session alone). Then: how soon each event gets
its 200, whether each call is told once to each of its subscribers, and how long after its end.
"""

from __future__ import annotations

import asyncio
import base64
import itertools
import json
import random
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from http import HTTPStatus
from pathlib import Path

from bench.databases import PostgreSQL, migrated, sqlite
from bench.figures import percentile, short
from bench.goals import Goal
from bench.held_calls import PREFIX, HeldCall, name_of
from bench.load import Ask, Load, closed_loop, open_loop
from bench.people import SLACK_USERS
from bench.programs import Program, Surroundings, serving
from bench.report import goals_table, machine, table
from bench.slack import Command, Slack
from bench.upstream import Upstream, upstream

USER, PASSWORD = "callinfo", "benchwebhookpassword"
_SESSION = re.compile(rb"told-[0-9a-z]+-[0-9]+")
_TO = re.compile(rb"U0SUB[0-9]+")
_MORE = re.compile(rb"and ([0-9]+) earlier")
_TWICE = 2
_TRIGGERS = 3
_LOOK_SECONDS = 0.5
_STEPS = 120


@dataclass(frozen=True, slots=True)
class Plan:
    """How many subscribe, how many events come within `seconds`, and how long the other parts take.

    `drain` is how long is waited at most until the last call of the flood is told, in seconds.
    """

    subscribers: int
    events: int
    seconds: float
    alone: float
    steady: float
    drain: float
    poll: float
    calls_a_minute: float = 50.0
    look_ups: float = 10.0


QUICK = Plan(subscribers=40, events=600, seconds=10, alone=5, steady=15, drain=60, poll=10)
USUAL = Plan(subscribers=500, events=10_000, seconds=60, alone=30, steady=90, drain=420, poll=60)


@dataclass(frozen=True, slots=True)
class Told:
    """A message that told somebody of calls: to whom, of which sessions, when (`time.perf_counter()`).

    Where one tells of many at once, `more` are those that it counts and does not name.
    """

    user: str
    sessions: frozenset[str]
    more: int
    at: float


@dataclass(frozen=True, slots=True)
class Scene:
    """A bot with subscribers, between its stand-ins."""

    plan: Plan
    slack: Slack
    cometchat: Upstream
    port: int

    def told(self) -> list[Told]:
        """Return what people were told so far."""
        found = []
        for post in self.slack.posted:
            user, more = _TO.search(post.body), _MORE.search(post.body)
            sessions = frozenset(each.decode() for each in _SESSION.findall(post.body))
            if sessions and user:
                found.append(Told(user[0].decode(), sessions, int(more[1]) if more else 0, post.at))
        return found


async def measure(plan: Plan) -> str:
    """Measure on both databases, and return the report. Raises StartError."""
    said = (
        f"{plan.subscribers:,} people are subscribed to their ended calls; {plan.events:,} events in {plan.seconds:g} s, three for each "
        f"call, in any order and each twice; before that {plan.calls_a_minute:g} calls a minute for {plan.steady:g} s. {'; '.join(machine().values())}."
    )
    reached: list[Goal] = []
    rows: list[tuple[str, str]] = []
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="callinfo-subscriptions-")))
        slack = await stack.enter_async_context(Slack())
        cometchat = await stack.enter_async_context(upstream())
        around = Surroundings(slack.web_api_url, cometchat.url, folder)
        for kind, create in _kinds(stack, folder):
            events = {"COMETCHAT_WEBHOOK_USER": USER, "COMETCHAT_WEBHOOK_PASSWORD": PASSWORD}
            async with _bot(await migrated(create("events")), around, plan, events) as port:
                scene = Scene(plan, slack, cometchat, port)
                await _subscribe(scene, kind)
                goals, figures = await _with_events(scene, kind)
            async with _bot(await migrated(create("polled")), around, plan, {}) as port:
                scene = Scene(plan, slack, cometchat, port)
                await _subscribe(scene, f"{kind}, without events")
                goals += await _polled(scene)
            reached += [
                Goal(f"{kind}: {each.title}", each.measured, each.bound, each.at_least) for each in goals
            ]
            rows += [(f"{kind}: {title}", short(value)) for title, value in figures]
    return "\n\n".join([said, goals_table(reached), table(["", "measured"], rows)])


def _kinds(stack: AsyncExitStack, folder: Path) -> Iterable[tuple[str, Callable[[str], str]]]:
    """Yield each kind of database, and how one of a name is made; without PostgreSQL where there is no wheel of it."""
    yield "SQLite", lambda name: sqlite(folder, name)
    try:
        server = PostgreSQL(folder / "postgresql")
    except ImportError:
        return
    stack.callback(server.close)
    yield "PostgreSQL", server.create


@asynccontextmanager
async def _bot(
    database: str, around: Surroundings, plan: Plan, settings: dict[str, str]
) -> AsyncIterator[int]:
    """Run a bot; yield its port."""
    people = SLACK_USERS | {_slack_user(number): _uid(number) for number in range(plan.subscribers)}
    settings = settings | {
        "DATABASE_URL": database,
        "CALLINFO_USER_MAP": json.dumps(people),
        "CALLINFO_RATE_LIMIT": "1000/second",
    }
    if "COMETCHAT_WEBHOOK_USER" not in settings:
        settings["CALLINFO_POLL_SECONDS"] = f"{plan.poll:g}"
    program = Program("bot", "bot", (), ("serve",), settings=settings, ready=HTTPStatus.OK)
    async with serving(program, around) as process:
        yield process.port


def _slack_user(number: int) -> str:
    return f"U0SUB{number:04}"


def _uid(number: int) -> str:
    return f"{PREFIX}{number:04}"


async def _subscribe(scene: Scene, kind: str) -> None:
    """Let everybody, who each had a call the day before, subscribe."""
    plan, yesterday = scene.plan, int(time.time()) - 86_400
    before = [
        HeldCall(f"before-{number}", (_uid(number), "guest"), yesterday, yesterday + 60)
        for number in range(plan.subscribers)
    ]
    await scene.cometchat.hold(before)
    print(f"{kind}: {plan.subscribers} people subscribe", file=sys.stderr)
    scene.slack.posted.clear()
    await scene.cometchat.listed()
    users = map(_slack_user, range(plan.subscribers))
    ask = Ask(
        lambda: scene.slack.command("subscribe ended", next(users)), lambda body: b"ll message you" in body
    )
    load = await closed_loop(ask, scene.port, in_flight=4, commands=plan.subscribers)
    if load.lost:
        print(f"{kind}: {load.lost} could not subscribe", file=sys.stderr)


async def _with_events(scene: Scene, kind: str) -> tuple[list[Goal], list[tuple[str, float]]]:
    plan, rng = scene.plan, random.Random(1)  # noqa: S311 - the same each time
    print(f"{kind}: look-ups alone", file=sys.stderr)
    alone = await _look_ups(scene, plan.alone)

    print(f"{kind}: {plan.calls_a_minute:g} calls a minute", file=sys.stderr)
    steady, steady_calls, lags = await _steadily(scene, rng)
    print(f"{kind}: {plan.events:,} events", file=sys.stderr)
    calls = _calls(plan, "flood", plan.events // (_TRIGGERS * _TWICE), rng)
    events = [(call, event) for call in calls for event in _events(call).values()] * _TWICE
    rng.shuffle(events)
    began = time.perf_counter()
    flood, meanwhile, _ = await asyncio.gather(
        _send(scene.port, [event for _, event in events], plan.seconds),
        _look_ups(scene, plan.seconds),
        _happen(scene, [call for call, _ in events]),
    )
    last = await _until_told(scene, calls, plan.drain)
    took = last - began

    alone_again = await _look_ups(scene, plan.alone)
    by_itself = Load([*alone.latencies, *alone_again.latencies], alone.lost + alone_again.lost)

    told = scene.told()
    times = Counter((each.user, session) for each in told for session in each.sessions)
    wanted = {pair for call in (*calls, *steady_calls) for pair in _subscribed(call)}
    unnamed = Counter[str]()
    for each in told:
        unnamed[each.user] += each.more
    never = Counter(user for user, _ in wanted - times.keys()) - unnamed
    goals = [
        Goal("events without 200", float(flood.lost + steady.lost), 0),
        Goal("p99 to an event's 200, ms", flood.milliseconds(0.99), 50),
        Goal("longest to an event's 200, ms", flood.milliseconds(1), 2_000),
        Goal("told more than once", float(sum(count > 1 for count in times.values())), 0),
        Goal("never told", float(never.total()), 0),
        Goal("told who had no part", float(len(times.keys() - wanted)), 0),
        Goal(
            f"p99 from event to message at {plan.calls_a_minute:g} calls a minute, s",
            percentile(lags, 0.99) if lags else plan.drain,
            5,
        ),
        Goal(
            "p99 of look-ups during the events ÷ alone",
            meanwhile.milliseconds(0.99) / by_itself.milliseconds(0.99),
            1.5,
        ),
    ]
    figures = [
        ("p50 to an event's 200, ms", flood.milliseconds(0.5)),
        ("events a second", flood.rate),
        ("messages of the flood, until the last one, s", took),
        ("p50 from event to message, s", percentile(lags, 0.5) if lags else plan.drain),
        ("p50 of look-ups alone, ms", by_itself.milliseconds(0.5)),
        ("p50 of look-ups during the events, ms", meanwhile.milliseconds(0.5)),
        ("p99 of look-ups alone, ms", by_itself.milliseconds(0.99)),
        ("p99 of look-ups during the events, ms", meanwhile.milliseconds(0.99)),
        ("look-ups lost", float(by_itself.lost + meanwhile.lost)),
    ]
    return goals, figures


def _calls(plan: Plan, name: str, count: int, rng: random.Random) -> list[HeldCall]:
    """Return calls that have just ended, every fourth between two subscribers, the others with somebody else."""
    now = int(time.time())
    calls = []
    for number in range(count):
        one, other = rng.sample(range(plan.subscribers), 2)
        uids = (_uid(one), _uid(other) if number % 4 == 0 else f"guest{number}")
        calls.append(HeldCall(f"told-{name}-{number}", uids, now - 120 - number % 60, now, recorded=True))
    return calls


def _subscribed(call: HeldCall) -> list[tuple[str, str]]:
    """Return who is to be told of a call: pairs of Slack user and session."""
    people = [uid for uid in call.uids if uid.startswith(PREFIX)]
    return [(_slack_user(int(uid.removeprefix(PREFIX))), call.session_id) for uid in people]


def _events(call: HeldCall) -> dict[str, bytes]:
    """Return a call's three events, as requests."""
    caller, callee = call.uids
    rung = {"id": "1", "sender": caller, "receiver": callee, "receiverType": "user", "type": "audio"}
    there = [
        {"name": name_of(uid), "joined_at": call.began_at, "left_at": call.ended_at} for uid in call.uids
    ]
    return {
        trigger: _request({"trigger": trigger, "data": data, "appId": "2748663902141719", "region": "us"})
        for trigger, data in {
            "call_initiated": {"call": rung},
            "call_ended": {"sessionId": call.session_id, "all_occupants": there},
            "recording_generated": {"sessionId": call.session_id, "startTime": str(call.began_at)},
        }.items()
    }


def _request(event: dict[str, object]) -> bytes:
    body = json.dumps(event).encode()
    credentials = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
    head = (
        "POST /cometchat/events HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Authorization: Basic {credentials}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _ask(requests: Iterable[bytes]) -> Ask:
    """Return what sends these one after the other; the answer is an empty body."""
    following, nothing = iter(requests), asyncio.get_running_loop().create_future()
    return Ask(lambda: Command(next(following), nothing), lambda body: body == b"")


async def _happen(scene: Scene, calls: Sequence[HeldCall]) -> None:
    """Let each call end right before its first event is sent."""
    began, held = time.perf_counter(), set[str]()
    for number in range(_STEPS):
        await asyncio.sleep(max(0.0, began + scene.plan.seconds * number / _STEPS - time.perf_counter()))
        now, soon = int(time.time()), calls[: len(calls) * (number + 1) // _STEPS]
        ending = {call.session_id: call for call in soon if call.session_id not in held}
        held |= ending.keys()
        await scene.cometchat.hold(
            [
                replace(call, ended_at=now, began_at=call.began_at + now - call.ended_at)
                for call in ending.values()
            ]
        )


async def _send(port: int, events: Sequence[bytes], seconds: float) -> Load:
    """Send the events evenly in that time; return how long each took to its 200."""
    left = iter(range(len(events)))
    return await open_loop(
        _ask(events), port, rate=len(events) / seconds, until=lambda: next(left, None) is None
    )


async def _look_ups(scene: Scene, seconds: float) -> Load:
    """Let people look calls up evenly for that time."""
    ends = time.perf_counter() + seconds
    return await open_loop(
        Ask(scene.slack.command),
        scene.port,
        rate=scene.plan.look_ups,
        until=lambda: time.perf_counter() > ends,
    )


async def _until_told(scene: Scene, calls: Sequence[HeldCall], seconds: float) -> float:
    """Wait until everybody was told of these calls, for that time at most; return when the last message came."""
    wanted = {pair for call in calls for pair in _subscribed(call)}
    sessions = {call.session_id for call in calls}
    ends = time.perf_counter() + seconds
    while time.perf_counter() < ends:
        told = scene.told()
        named = {(each.user, session) for each in told for session in each.sessions}
        if len(wanted - named) <= sum(each.more for each in told):
            break
        await asyncio.sleep(_LOOK_SECONDS)
    return max((each.at for each in scene.told() if each.sessions & sessions), default=ends)


async def _steadily(scene: Scene, rng: random.Random) -> tuple[Load, list[HeldCall], list[float]]:
    """Let calls between two subscribers end at a steady pace.

    Return the events' load, the calls, and seconds from each call's first event to its messages.
    """
    plan = scene.plan
    total, sent, calls = Load(), dict[str, float](), list[HeldCall]()
    began, every = time.perf_counter(), 60 / plan.calls_a_minute
    for number in itertools.count():
        due = began + number * every
        if due > began + plan.steady:
            break
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        call = _calls(plan, f"steady{number}", 1, rng)[0]
        calls.append(call)
        await scene.cometchat.hold([call])
        events = _events(call)
        for trigger in ("call_initiated", "call_ended", "recording_generated"):
            sent.setdefault(call.session_id, time.perf_counter())
            load = await closed_loop(_ask([events[trigger]]), scene.port, in_flight=1, commands=1)
            total.latencies += load.latencies
            total.lost += load.lost
    await _until_told(scene, calls, plan.drain)
    lags = [each.at - sent[one] for each in scene.told() for one in each.sessions if one in sent]
    return total, calls, lags


async def _polled(scene: Scene) -> list[Goal]:
    """Count the requests of one interval, once everybody was looked for after subscribing."""
    plan = scene.plan
    await asyncio.sleep(plan.poll)
    await scene.cometchat.listed()
    await asyncio.sleep(plan.poll)
    listed = {uid: count for uid, count in (await scene.cometchat.listed()).items() if uid.startswith(PREFIX)}
    return [
        Goal(
            f"without events: polled within {plan.poll:g} s",
            float(len(listed)),
            plan.subscribers,
            at_least=True,
        ),
        Goal(
            "without events: requests for one subscriber, at most", float(max(listed.values(), default=0)), 1
        ),
    ]
