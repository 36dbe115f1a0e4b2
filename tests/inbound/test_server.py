"""HTTP as anybody on the internet can reach it."""

import asyncio
import json
import linecache
import time
from collections.abc import Callable
from typing import NoReturn
from urllib.parse import urlencode

import httpx
import pytest
from structlog.testing import capture_logs

from bot.inbound import http_events
from bot.inbound.metric_labels import LABELS
from bot.inbound.server import Server
from bot.inbound.slack_requests import MAX_BODY
from bot.observability.metrics import Metrics
from bot.playground.run import SIGNING_SECRET, Playground, playground
from bot.playground.slack import sign
from tests.listeners.people import TONY, summary_of
from tests.plain_http import plain_http

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
COMMAND = urlencode(
    {"command": "/callinfo", "text": "help", "team_id": "T1", "user_id": "U1", "response_url": "x"}
)


async def post(ground: Playground, body: bytes | str, headers: dict[str, str]) -> httpx.Response:
    async with plain_http() as client:
        return await client.post(f"{ground.bot_url}/slack/events", content=body, headers=headers)


async def test_health_is_told_without_slack_or_cometchat(ground: Playground) -> None:
    await ground.cometchat.close()
    async with plain_http() as client:
        assert (await client.get(f"{ground.bot_url}/livez")).status_code == 200
        assert (await client.get(f"{ground.bot_url}/readyz")).status_code == 200


async def test_before_all_is_started_the_bot_is_not_ready() -> None:
    server = Server(Metrics(LABELS), None)
    await server.listen("127.0.0.1", 0)
    async with plain_http(base_url=f"http://127.0.0.1:{server.port}") as client:
        before = await client.get("/readyz")
        server.ready()
        after = await client.get("/readyz")
    await server.close()
    assert (before.status_code, before.text, after.status_code) == (503, "starting", 200)


async def test_a_signed_request_is_answered(ground: Playground) -> None:
    answer = await post(ground, COMMAND, FORM | sign(SIGNING_SECRET, COMMAND, time.time()))
    assert answer.status_code == 200
    assert answer.json()["response_type"] == "ephemeral"


@pytest.mark.parametrize(
    "headers",
    [
        lambda _: {},
        lambda now: sign("another secret", COMMAND, now),
        lambda now: sign(SIGNING_SECRET, COMMAND + "x", now),
        lambda now: sign(SIGNING_SECRET, COMMAND, now - 600),
        lambda now: sign(SIGNING_SECRET, COMMAND, now + 600),
        lambda _: {"X-Slack-Signature": "v0=" + "0" * 64},
        lambda _: {"X-Slack-Request-Timestamp": "soon", "X-Slack-Signature": "v0=" + "0" * 64},
        lambda _: {"X-Slack-Request-Timestamp": "9" * 400, "X-Slack-Signature": "v0=" + "0" * 64},
        lambda now: {"X-Slack-Request-Timestamp": str(int(now)), "X-Slack-Signature": "v0=zz"},
    ],
    ids=["none", "secret", "body", "stale", "early", "no time", "no number", "long number", "form"],
)
async def test_a_bad_or_stale_signature_is_401_and_one_short_log_line(
    ground: Playground, headers: Callable[[float], dict[str, str]]
) -> None:
    with capture_logs() as logs:
        answer = await post(ground, COMMAND, FORM | headers(time.time()))
    assert answer.status_code == 401
    (line,) = logs
    assert line["event"] == "request refused"
    assert "callinfo" not in str(line)


@pytest.mark.parametrize(
    ("seconds", "reason"),
    [
        (-600, "signed 10 min ago: this machine’s clock may be off, or the request is a repeat"),
        (600, "signed 10 min ahead: this machine’s clock may be off"),
        (-315, "signed 5 min ago: this machine’s clock may be off, or the request is a repeat"),
        (315, "signed 5 min ahead: this machine’s clock may be off"),
    ],
)
async def test_a_right_signature_at_a_wrong_time_points_at_the_clock(
    ground: Playground, seconds: float, reason: str
) -> None:
    with capture_logs() as logs:
        await post(ground, COMMAND, FORM | sign(SIGNING_SECRET, COMMAND, time.time() + seconds))
        await post(ground, COMMAND, FORM | sign("another secret", COMMAND, time.time() + seconds))
    assert [line["reason"] for line in logs] == [reason, "signature is wrong"]


async def test_a_signature_that_is_not_ascii_is_401(ground: Playground) -> None:
    async with plain_http() as client:
        headers = [(b"X-Slack-Request-Timestamp", b"1763812800"), (b"X-Slack-Signature", "v0=ü".encode())]
        answer = await client.post(f"{ground.bot_url}/slack/events", content=COMMAND, headers=headers)
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"\xff\xfe", "application/x-www-form-urlencoded"),
        (b"payload=%7Bnot+json", "application/x-www-form-urlencoded"),
        (b"payload=[]", "application/x-www-form-urlencoded"),
        (b"payload=" + b"[" * 50_000, "application/x-www-form-urlencoded"),
        (b"", "application/x-www-form-urlencoded"),
        (b"{not json", "application/json"),
        (b"[]", "application/json"),
        (b"&".join(b"a=%d" % n for n in range(300)), "application/x-www-form-urlencoded"),
    ],
)
async def test_a_malformed_body_is_400_signed_and_401_or_400_unsigned(
    ground: Playground, body: bytes, content_type: str
) -> None:
    headers = {"Content-Type": content_type}
    assert (await post(ground, body, headers | sign(SIGNING_SECRET, body, time.time()))).status_code == 400
    assert (await post(ground, body, headers)).status_code in {400, 401}


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
async def test_a_packed_body_is_not_unpacked_but_refused(ground: Playground, encoding: str) -> None:
    headers = FORM | {"Content-Encoding": encoding}
    assert (await post(ground, b"junkjunk", headers)).status_code == 401
    unverified = headers | {"X-Slack-Request-Timestamp": "1", "X-Slack-Signature": "v0=" + "0" * 64}
    assert (await post(ground, b"junkjunk", unverified)).status_code == 400


async def test_a_body_that_does_not_come_is_not_waited_for(
    ground: Playground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.inbound.http_events.READ_SECONDS", 0.2)
    url = httpx.URL(ground.bot_url)
    reader, writer = await asyncio.open_connection(url.host, url.port)
    head = "POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n"
    writer.write((head + "".join(f"{k}: {v}\r\n" for k, v in sign("s", b"x", 1).items()) + "\r\na").encode())
    assert b" 400 " in await reader.readline()
    writer.close()


@pytest.mark.parametrize(
    "payload",
    [
        {"type": "block_actions", "actions": []},
        {"type": "block_actions", "actions": ["x"], "user": 3, "team": "x"},
        {"type": 5, "team": "x", "user": 3},
        {"type": "message_action"},
        {},
    ],
)
async def test_an_odd_payload_though_signed_is_4xx_and_in_the_log(
    ground: Playground, payload: object
) -> None:
    body = urlencode({"payload": json.dumps(payload)})
    with capture_logs() as logs:
        answer = await post(ground, body, FORM | sign(SIGNING_SECRET, body, time.time()))
    assert 400 <= answer.status_code < 500
    assert logs


async def test_a_bug_before_the_signature_is_verified_is_400_and_one_line_however_often(
    ground: Playground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.inbound.http_events.verify", _crash)
    with capture_logs() as logs:
        answers = [
            await post(ground, COMMAND, FORM | sign(SIGNING_SECRET, COMMAND, time.time())) for _ in range(3)
        ]
    assert {answer.status_code for answer in answers} == {400}
    (line,) = logs
    assert (line["event"], line["reason"]) == (
        "request refused",
        "request not understood: RuntimeError in _crash",
    )


async def test_a_bug_that_anybody_can_meet_costs_no_reading_of_source_files(
    ground: Playground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.inbound.http_events.verify", _crash)
    linecache.clearcache()
    await post(ground, COMMAND, FORM | sign(SIGNING_SECRET, COMMAND, time.time()))
    assert http_events.__file__ not in linecache.cache


@pytest.mark.parametrize(
    "where", ["bot.inbound.dispatch.Dispatch._act", "bot.inbound.dispatch.Deduplication.respond"]
)
async def test_a_bug_after_that_is_400_with_the_reference_that_is_beside_its_trace_in_the_log(
    ground: Playground, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    monkeypatch.setattr(where, _crash)
    with capture_logs() as logs:
        answer = await post(ground, COMMAND, FORM | sign(SIGNING_SECRET, COMMAND, time.time()))
    assert answer.status_code == 400
    (line,) = logs
    assert line["event"] == "crashed"
    assert isinstance(line["exc_info"], RuntimeError)
    assert answer.text == f"Bad Request, reference {line['reference']}"


def _crash(*_: object, **__: object) -> NoReturn:
    raise RuntimeError("a bug")


async def test_a_command_without_a_user_is_nobody_s(ground: Playground) -> None:
    body = urlencode({"command": "/callinfo", "text": "standup"})
    answer = await post(ground, body, FORM | sign(SIGNING_SECRET, body, time.time()))
    assert "not connected" in answer.text


async def test_a_body_that_is_too_large_is_refused(ground: Playground) -> None:
    body = b"a=" + b"x" * MAX_BODY
    assert (await post(ground, body, FORM | sign(SIGNING_SECRET, body, time.time()))).status_code == 413


async def test_other_paths_and_methods_are_not_there(ground: Playground) -> None:
    async with plain_http() as client:
        assert (await client.get(f"{ground.bot_url}/slack/events")).status_code == 405
        assert (await client.get(f"{ground.bot_url}/")).status_code == 404


async def test_slack_s_check_of_the_request_url_is_answered(ground: Playground) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "c1"})
    headers = {"Content-Type": "application/json"} | sign(SIGNING_SECRET, body, time.time())
    answer = await post(ground, body, headers)
    assert (answer.status_code, answer.json()) == (200, {"challenge": "c1"})


async def test_oauth_variables_in_the_environment_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_CLIENT_ID", "1.2")
    monkeypatch.setenv("SLACK_CLIENT_SECRET", "s")
    async with playground() as ground:
        delivery = await ground.slack.command("U0TONY", ground.samples[0].session_id)
        assert "32 min" in str(delivery.message)


async def test_slack_out_of_reach_at_the_start_is_no_obstacle_once_it_answers() -> None:
    async with playground(slack_api_url="http://127.0.0.1:9") as ground:
        delivery = await ground.slack.command("U0TONY", ground.samples[0].session_id)
        assert "I can’t check who you are in CometChat right now" in str(delivery.message)
        assert ground.cometchat.requests == []


async def test_a_refused_request_whose_body_never_ends_does_not_keep_its_connection(
    ground: Playground,
) -> None:
    port = int(ground.bot_url.rpartition(":")[2])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"POST /slack/events HTTP/1.1\r\nHost: bot\r\nContent-Length: 100\r\n\r\nhalf")
    async with asyncio.timeout(8):  # aiohttp's own patience would be 10 s
        answer = await reader.read()
    assert answer.startswith(b"HTTP/1.1 401")
    writer.close()


async def test_an_event_that_the_bot_has_no_use_for_is_taken(ground: Playground) -> None:
    with capture_logs() as logs:
        for kind in ("reaction_added", "team_rename", "app_home_closed"):
            assert (await ground.slack.event(kind)).status == 200
    assert "request not answered" not in {line["event"] for line in logs}


async def test_so_is_slack_s_word_that_there_were_too_many(ground: Playground) -> None:
    """https://docs.slack.dev/apis/events-api/#rate-limiting."""
    body = json.dumps({"type": "app_rate_limited", "team_id": "T1", "minute_rate_limited": 1_700_000_000})
    headers = {"Content-Type": "application/json"} | sign(SIGNING_SECRET, body, time.time())
    assert (await post(ground, body, headers)).status_code == 200


async def test_what_nobody_listens_to_is_named_in_the_log(ground: Playground) -> None:
    card = await summary_of(ground, TONY, ground.samples[0].session_id)
    pressed = await ground.slack.press(TONY, card.ts, "call_details")
    renamed = [{**pressed.payload["actions"][0], "action_id": "renamed"}]
    forged = [{**pressed.payload["actions"][0], "action_id": "two\nlines"}]
    with capture_logs() as logs:
        assert (await ground.slack.command(TONY, "", name="/calls")).status == 404
        for actions in (renamed, forged):
            await ground.slack.interact(TONY, {**pressed.payload, "actions": actions})
        searched = {**pressed.payload, "type": "block_suggestion", "action_id": "who", "actions": []}
        await ground.slack.interact(TONY, searched)
    named = [line for line in logs if line["event"] == "request not answered"]
    assert [(line.get("type"), line.get("command"), line.get("action_id")) for line in named] == [
        (None, "/calls", None),
        ("block_actions", None, "renamed"),
        ("block_actions", None, None),
        ("block_suggestion", None, "who"),
    ]
