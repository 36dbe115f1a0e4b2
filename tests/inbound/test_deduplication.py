"""The same request again: answered again, acted on once."""

import asyncio
import json
import time
from contextlib import suppress
from urllib.parse import urlencode

import httpx
import pytest
from slack_sdk.signature import Clock, SignatureVerifier
from structlog.testing import capture_logs

from bot.inbound.deduplication import EMPTY, KEPT_SECONDS, Deduplication, Response
from bot.inbound.slack_requests import RefusedRequestError, parse_headers, verify
from bot.observability.log_throttle import LogThrottle
from bot.playground.run import SIGNING_SECRET, Playground
from bot.playground.slack import Delivery, sign
from tests.listeners.people import ALEX, ROBIN, TONY, audited
from tests.plain_http import plain_http

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
LINK = "link <@U0ROBIN|robin> superhero4"


def command(user: str, text: str) -> str:
    fields = {"command": "/callinfo", "text": text, "team_id": "T0PLAYGROUND", "user_id": user}
    return urlencode(fields | {"response_url": "http://127.0.0.1:9/", "trigger_id": "1"})


def signed(body: str | bytes, *, ago: float = 0) -> dict[str, str]:
    return sign(SIGNING_SECRET, body, time.time() - ago)


async def post(ground: Playground, body: str | bytes, headers: dict[str, str]) -> httpx.Response:
    async with plain_http(timeout=20) as client:
        return await client.post(f"{ground.bot_url}/slack/events", content=body, headers=headers)


async def again(ground: Playground, event: Delivery) -> httpx.Response:
    """Deliver an event again as Slack does where it got no answer: under a new timestamp."""
    return await post(
        ground, event.request, {"Content-Type": "application/json"} | signed(event.request, ago=1)
    )


async def test_a_repeat_gets_the_very_answer_of_the_first_and_nothing_is_done_twice(
    ground: Playground,
) -> None:
    session_id = ground.samples[0].session_id
    with capture_logs() as logs:
        first = await ground.slack.command(TONY, session_id)
        repeats = [await ground.slack.redeliver(first) for _ in range(3)]
    assert "32 min" in first.body
    for repeat in repeats:
        assert (repeat.status, repeat.body, repeat.content_type) == (200, first.body, first.content_type)
    assert len(ground.cometchat.requests) == 1
    assert len([line for line in logs if line["event"] == "audit"]) == 1
    assert (
        len([line for line in logs if line["event"] == "request repeated"]) == 1
    )  # and a count, a minute later


async def test_repeats_while_the_first_is_under_way_wait_for_its_answer(ground: Playground) -> None:
    ground.cometchat.delay = 0.5
    body = command(TONY, ground.samples[0].session_id)
    headers = FORM | signed(body)
    answers = await asyncio.gather(*(post(ground, body, headers) for _ in range(8)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert "32 min" in answers[0].text
    assert len(ground.cometchat.requests) == 1


async def test_a_first_that_hangs_up_is_acted_on_once_and_its_repeat_gets_the_answer(
    ground: Playground,
) -> None:
    ground.cometchat.delay = 0.5
    body = command(TONY, ground.samples[0].session_id)
    headers = FORM | signed(body)
    first = asyncio.create_task(post(ground, body, headers))
    async with asyncio.timeout(30):
        while not ground.cometchat.requests:  # noqa: ASYNC110 - the stand-in tells nobody
            await asyncio.sleep(0.01)
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    assert "32 min" in (await post(ground, body, headers)).text
    assert len(ground.cometchat.requests) == 1


async def test_a_press_is_not_done_twice(ground: Playground) -> None:
    await ground.slack.command(TONY, ground.samples[0].session_id)
    card = ground.slack.seen_by(TONY)[-1]
    pressed = await ground.slack.press(TONY, card.ts, "share_call")
    await ground.slack.redeliver(pressed)
    await ground.slack.wait_for(lambda: [each for each in ground.slack.seen_by(ROBIN) if not each.ephemeral])
    await ground.slack.redeliver(pressed)
    assert [each.body.get("response_type") for each in ground.slack.received].count("in_channel") == 1


async def test_a_signature_is_good_for_its_own_body_alone(ground: Playground) -> None:
    body = command(TONY, "help")
    headers = FORM | signed(body)
    assert (await post(ground, body, headers)).status_code == 200
    assert (await post(ground, command(TONY, "whoami"), headers)).status_code == 401


async def test_the_same_body_signed_anew_is_another_request(ground: Playground) -> None:
    body = command(TONY, ground.samples[0].session_id)
    with capture_logs() as logs:
        for ago in (0, 20, 40):  # further apart than the requests are
            assert "32 min" in (await post(ground, body, FORM | signed(body, ago=ago))).text
    assert len({line["reference"] for line in logs if line["event"] == "audit"}) == 3


async def test_what_was_not_verified_is_not_remembered(ground: Playground) -> None:
    body = command(TONY, "help")
    good = signed(body)
    forged = good | {"X-Slack-Signature": "v0=" + "0" * 64}
    for headers, status in ((forged, 401), (good, 200), (forged, 401), (good, 200)):
        assert (await post(ground, body, FORM | headers)).status_code == status


async def test_a_repeat_of_what_was_not_understood_is_refused_as_it_was(ground: Playground) -> None:
    body = urlencode({"payload": json.dumps({"type": 5, "team": "x", "user": 3})})
    headers = FORM | signed(body)
    with capture_logs() as logs:
        answers = [await post(ground, body, headers) for _ in range(2)]
    assert answers[0].status_code in range(400, 500)
    assert (answers[0].status_code, answers[0].text) == (answers[1].status_code, answers[1].text)
    refusals = [line["reason"] for line in logs if line["event"] == "request refused"]
    assert len([reason for reason in refusals if "payload not understood" in reason]) == 1


async def test_an_event_that_slack_sends_again_is_acted_on_once(ground: Playground) -> None:
    await ground.slack.command(ALEX, LINK)
    with capture_logs() as logs:
        removed = await ground.slack.event("app_uninstalled")
        await audited(logs, "uninstall")
    await ground.slack.command(ALEX, LINK)  # installed and linked again
    assert (await again(ground, removed)).status_code == 200
    assert "superhero4" in str((await ground.slack.command(ROBIN, "whoami")).message)
    with capture_logs() as logs:
        await ground.slack.event("app_uninstalled")  # another event
        await audited(logs, "uninstall")
    assert "superhero4" not in str((await ground.slack.command(ROBIN, "whoami")).message)


async def test_an_event_without_a_listener_is_acked_at_each_delivery_and_looked_at_once(
    ground: Playground,
) -> None:
    """Slack repeats what got no 2xx, and its delayed events may come hours after they happened."""
    with capture_logs() as logs:
        first = await ground.slack.event("reaction_added", event_ts="1763812800.000100")
        late = await again(ground, first)
    assert (first.status, first.body, late.status_code, late.text) == (200, "", 200, "")
    assert [line["event"] for line in logs] == ["request repeated"]


# The bounds of what is remembered


class Doer:
    """Gives each request an answer of its own, of so many bytes, and counts what it did."""

    def __init__(self) -> None:
        self.done = 0

    async def act(self, size: int = 10) -> Response:
        self.done += 1
        return Response(200, f"{self.done}".zfill(size).encode())


async def test_past_the_most_requests_the_oldest_is_forgotten() -> None:
    doer, deduplication = Doer(), Deduplication(LogThrottle(), max_requests=2)
    first, second, third = [await deduplication.respond(each, doer.act) for each in (b"1", b"2", b"3")]
    assert await deduplication.respond(b"2", doer.act) == second
    assert await deduplication.respond(b"3", doer.act) == third
    assert doer.done == 3
    assert await deduplication.respond(b"1", doer.act) != first
    assert doer.done == 4


async def test_past_the_most_bytes_the_oldest_answer_is_forgotten_but_not_that_it_was_given() -> None:
    doer, deduplication = Doer(), Deduplication(LogThrottle(), max_bytes=250)
    answers = [await deduplication.respond(each, lambda: doer.act(100)) for each in (b"1", b"2", b"3")]
    assert await deduplication.respond(b"1", doer.act) == EMPTY
    assert [await deduplication.respond(each, doer.act) for each in (b"2", b"3")] == answers[1:]
    assert doer.done == 3


async def test_a_request_is_remembered_for_as_long_as_its_signature_is_good() -> None:
    now = 1000.0
    doer, deduplication = Doer(), Deduplication(LogThrottle(), now=lambda: now)
    first = await deduplication.respond(b"1", doer.act)
    now += KEPT_SECONDS - 1
    await deduplication.respond(b"2", doer.act)
    assert await deduplication.respond(b"1", doer.act) == first
    now += 2
    await deduplication.respond(b"3", doer.act)
    assert await deduplication.respond(b"1", doer.act) != first


async def test_forgotten_while_it_is_under_way_a_request_still_gets_its_answer() -> None:
    doer, deduplication, go = Doer(), Deduplication(LogThrottle(), max_requests=1), asyncio.Event()

    async def slow() -> Response:
        await go.wait()
        return await doer.act()

    first = asyncio.create_task(deduplication.respond(b"1", slow))
    await asyncio.sleep(0)
    await deduplication.respond(b"2", doer.act)
    go.set()
    assert (await first).status == 200


async def test_what_failed_is_not_done_again() -> None:
    doer, deduplication = Doer(), Deduplication(LogThrottle())

    async def fail() -> Response:
        raise OSError

    with pytest.raises(OSError):  # noqa: PT011 - the very one
        await deduplication.respond(b"1", fail)
    assert await deduplication.respond(b"1", doer.act) == EMPTY


async def test_a_repeat_is_remembered_for_as_long_as_its_signature_is_good() -> None:
    signed_at = 1_700_000_000
    verifier = SignatureVerifier(SIGNING_SECRET, Clock())  # its default one is shared by all verifiers
    headers = parse_headers(FORM | sign(SIGNING_SECRET, "a=1", signed_at))
    good: list[int] = []
    for seconds in range(-1_000, 1_000):
        verifier.clock.now = lambda at=signed_at + seconds: at  # type: ignore[method-assign,misc]
        with suppress(RefusedRequestError):
            verify(headers, b"a=1", verifier)
            good.append(seconds)
    now = good[0]
    deduplication = Deduplication(LogThrottle(), now=lambda: now)
    acted: list[int] = []

    async def act() -> Response:
        acted.append(now)
        return EMPTY

    await deduplication.respond(b"id", act)
    now = good[-1]
    await deduplication.respond(b"id", act)
    assert acted == [good[0]]
