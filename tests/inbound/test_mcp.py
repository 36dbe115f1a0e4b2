"""Slackbot's requests to `/mcp`, as they are on the wire: what a client sends, and what none would."""

import asyncio
import json
import time
from typing import Any

import pytest
from mcp_types.version import KNOWN_PROTOCOL_VERSIONS
from structlog.testing import capture_logs

from bot.inbound.deduplication import EMPTY
from bot.playground.run import SIGNING_SECRET, Playground, playground
from bot.playground.slack import sign
from bot.playground.slack.workspace import TEAM_ID
from tests.listeners.people import TONY
from tests.plain_http import plain_http
from tests.scraping import scraped, value

Json = dict[str, Any]
CLIENT: Json = {"capabilities": {}, "clientInfo": {"name": "Slackbot", "version": "1"}}
SLACK: Json = {"slack": {"user_id": TONY, "team_id": TEAM_ID}}
LIST: Json = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}


def call(tool: str = "recent_calls", arguments: Any = None, meta: Any = SLACK, **fields: Any) -> Json:
    params = {"name": tool, "arguments": {} if arguments is None else arguments, "_meta": meta}
    return {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params, **fields}


async def posted(
    ground: Playground, body: bytes | Json, *, method: str = "POST", signed: bool = True, **headers: str
) -> tuple[int, Any, dict[str, str]]:
    """Return status, JSON and headers of the response."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    signature = sign(SIGNING_SECRET, raw, time.time()) if signed else {}
    async with plain_http() as client:
        response = await client.request(
            method,
            f"{ground.bot_url}/mcp",
            content=raw,
            headers={"Content-Type": "application/json", **signature, **headers},
        )
    found = (
        response.json() if response.headers["content-type"].startswith("application/json") else response.text
    )
    return response.status_code, found, dict(response.headers)


async def test_each_known_version_is_answered_with_itself_and_any_other_with_the_newest(
    ground: Playground,
) -> None:
    for version in (*KNOWN_PROTOCOL_VERSIONS, "2023-01-01", "2099-12-31", "", "newest"):
        delivery = await ground.slack.slackbot.request("initialize", {"protocolVersion": version, **CLIENT})
        result = delivery.parsed()["result"]
        expected = version if version in KNOWN_PROTOCOL_VERSIONS else KNOWN_PROTOCOL_VERSIONS[-1]
        assert result["protocolVersion"] == expected
        assert result["serverInfo"]["name"] == "callinfo"
        assert "tools" in result["capabilities"]


async def test_nothing_has_to_come_first(ground: Playground) -> None:
    answer = await ground.slack.slackbot.call_tool(TONY, "recent_calls", {})
    assert "Incident desk" in answer["result"]["content"][0]["text"]
    assert (await ground.slack.slackbot.request("ping")).parsed()["result"] == {}


async def test_a_notification_is_accepted_without_a_body(ground: Playground) -> None:
    for what in ("initialized", "cancelled", "unheard-of"):
        status, body, _ = await posted(ground, {"jsonrpc": "2.0", "method": f"notifications/{what}"})
        assert (status, body) == (202, "")


async def test_tools_say_what_they_are_for_and_that_they_change_nothing(ground: Playground) -> None:
    tools = (await ground.slack.slackbot.request("tools/list")).parsed()["result"]["tools"]
    assert [tool["name"] for tool in tools] == ["recent_calls", "get_call", "get_transcript"]
    for tool in tools:
        assert tool["annotations"]["readOnlyHint"] is True
        assert tool["_meta"] == {"slack": {"supportsBlockKit": True}}
        assert len(tool["description"]) > 200
        assert tool["inputSchema"]["additionalProperties"] is False
        assert all(each["description"] for each in tool["inputSchema"]["properties"].values())
        assert tool["outputSchema"]["type"] == "object"
    of_calls = tools[0]["inputSchema"]["properties"]
    assert list(of_calls) == ["kind", "outcome", "with", "since", "until", "limit"]
    assert of_calls["kind"]["enum"] == ["audio", "video"]
    assert (of_calls["limit"]["minimum"], of_calls["limit"]["maximum"]) == (1, 20)
    assert [tool["inputSchema"].get("required") for tool in tools] == [None, ["session_id"], ["session_id"]]


INVALID: list[tuple[bytes, int, int, Any]] = [
    (b"", 400, -32700, None),
    (b"{", 400, -32700, None),
    (b'"words"', 400, -32600, None),
    (b"null", 400, -32600, None),
    (b'{"a":' * 200 + b"1" + b"}" * 200, 400, -32700, None),
    (json.dumps([LIST, LIST]).encode(), 400, -32600, None),
    (b"[]", 400, -32600, None),
    (b"{}", 400, -32600, None),
    (json.dumps({**LIST, "jsonrpc": "1.0"}).encode(), 400, -32600, 1),
    (json.dumps({**LIST, "id": None}).encode(), 400, -32600, None),
    (json.dumps({**LIST, "id": True}).encode(), 400, -32600, None),
    (json.dumps({**LIST, "id": 1.5}).encode(), 400, -32600, None),
    (json.dumps({**LIST, "id": {}}).encode(), 400, -32600, None),
    (json.dumps({"jsonrpc": "2.0", "method": "tools/list"}).encode(), 400, -32600, None),
    (json.dumps({**LIST, "method": 7}).encode(), 400, -32600, 1),
    (json.dumps({**LIST, "params": [1]}).encode(), 400, -32600, 1),
    (json.dumps({"jsonrpc": "2.0", "id": 1, "result": {}}).encode(), 400, -32600, 1),
    (json.dumps({**LIST, "method": "resources/list"}).encode(), 200, -32601, 1),
    (json.dumps({**LIST, "method": "tools/List", "id": "seven"}).encode(), 200, -32601, "seven"),
    (json.dumps({**LIST, "method": "notifications/initialized"}).encode(), 200, -32601, 1),
    (json.dumps({**LIST, "method": "initialize"}).encode(), 200, -32602, 1),
    (
        json.dumps({**LIST, "method": "initialize", "params": {"protocolVersion": 1, **CLIENT}}).encode(),
        200,
        -32602,
        1,
    ),
    (json.dumps({**LIST, "method": "tools/call"}).encode(), 200, -32602, 1),
    (json.dumps(call("no_such_tool")).encode(), 200, -32602, 1),
    (json.dumps(call(arguments=[1])).encode(), 200, -32602, 1),
    (json.dumps(call(arguments="words")).encode(), 200, -32602, 1),
]


async def test_what_no_client_sends_gets_the_right_error(ground: Playground) -> None:
    for body, *expected in INVALID:
        status, document, _ = await posted(ground, body)
        assert [status, document["error"]["code"], document["id"]] == expected, body
        assert document["jsonrpc"] == "2.0"
    assert ground.cometchat.requests == []


NAMELESS: list[Any] = [
    None,
    {},
    {"slack": {}},
    {"slack": "U0TONY"},
    {"slack": {"user_id": ""}},
    {"slack": {"user_id": 7, "team_id": TEAM_ID}},
    {"slack": {"team_id": TEAM_ID}},
    {"slack": {"user": {"id": TONY, "team_id": TEAM_ID}}},
    {"user_id": TONY, "team_id": TEAM_ID},
]


async def test_a_call_that_names_nobody_in_the_right_place_is_refused(ground: Playground) -> None:
    for meta in NAMELESS:
        _, document, _ = await posted(ground, call(arguments={"_meta": SLACK}, meta=meta, _meta=SLACK))
        assert document["error"]["code"] == -32602, meta
    assert ground.cometchat.requests == []


async def test_what_slack_has_not_signed_just_now_is_refused(ground: Playground) -> None:
    error = {"code": -32600, "message": "Unauthorized"}
    body, now = json.dumps(LIST).encode(), time.time()
    for headers in (
        {},
        {"X-Slack-Signature": "v0=" + "0" * 64, "X-Slack-Request-Timestamp": str(int(now))},
        {"X-Slack-Signature": "v0=nonsense", "X-Slack-Request-Timestamp": "now"},
        sign(SIGNING_SECRET, body, now - 400),
        sign("another secret", body, now),
        sign(SIGNING_SECRET, b"another body", now),
    ):
        status, document, _ = await posted(ground, LIST, signed=False, **headers)
        assert (status, document) == (401, {"jsonrpc": "2.0", "id": None, "error": error}), headers


async def test_a_body_of_a_megabyte_is_refused_whether_signed_or_not(ground: Playground) -> None:
    body = json.dumps(call(arguments={"with": "x" * 1_000_000})).encode()
    for signed in (True, False):
        status, document, _ = await posted(ground, body, signed=signed)
        assert (status, document["error"]["code"]) == (413 if signed else 401, -32600)


async def test_a_body_that_is_no_json_by_its_type_or_not_utf8_is_refused(ground: Playground) -> None:
    for body, headers in (
        (b"payload=1", {"Content-Type": "text/plain"}),
        (b"\xff\xfe", {}),
        (json.dumps(LIST).encode(), {"Content-Encoding": "gzip"}),
    ):
        status, document, _ = await posted(ground, body, signed=True, **headers)
        assert (status, document["error"]["code"]) == (400, -32600)


async def test_there_are_no_streams_and_no_sessions(ground: Playground) -> None:
    for method in ("GET", "DELETE", "PUT"):
        status, document, headers = await posted(ground, b"", method=method)
        assert (status, headers["allow"], document["error"]["code"]) == (405, "POST", -32600)


async def test_refusals_are_counted_and_logged_without_what_was_sent(ground: Playground) -> None:
    with capture_logs() as logs:
        await posted(ground, LIST, signed=False)
        await posted(ground, b"{secret words")
    assert [(each["event"], each["status"]) for each in logs] == [
        ("request refused", 401),
        ("request refused", 400),
    ]
    assert "secret words" not in json.dumps(logs)
    metrics = await scraped(ground.bot_url)
    for status in ("400", "401"):
        assert value(metrics, "callinfo_refused_requests_total", status=status) == 1


async def test_a_repeat_gets_the_same_answer_and_is_acted_on_once(ground: Playground) -> None:
    raw = json.dumps(call()).encode()
    headers = sign(SIGNING_SECRET, raw, time.time())
    first, *repeats = await asyncio.gather(*(posted(ground, raw, signed=False, **headers) for _ in range(3)))
    later = await posted(ground, raw, signed=False, **headers)
    assert {json.dumps(each[1]) for each in (*repeats, later)} == {json.dumps(first[1])}
    assert len(ground.cometchat.requests) == 1


async def test_a_repeat_whose_answer_is_no_longer_kept_is_told_so(
    ground: Playground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.inbound.deduplication.Deduplication.respond", _dropped)
    status, document, _ = await posted(ground, LIST)
    assert (status, document["error"]["code"]) == (400, -32600)


async def _dropped(*_: Any) -> Any:
    return EMPTY


async def test_a_bug_gets_an_internal_error_with_a_reference(
    ground: Playground, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: Any) -> None:
        raise RuntimeError("secret words")

    monkeypatch.setattr("bot.identity.membership.Membership.resolve", broken)
    with capture_logs() as logs:
        status, document, _ = await posted(ground, call())
    assert (status, document["error"]["code"]) == (200, -32603)
    assert logs[0]["reference"] in document["error"]["message"]
    assert "secret words" not in document["error"]["message"]


async def test_a_bug_before_the_signature_is_verified_is_400_and_one_line(
    ground: Playground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.inbound.mcp.verified_text", None)
    with capture_logs() as logs:
        status, document, _ = await posted(ground, call())
    assert (status, document["error"]["code"]) == (400, -32600)
    assert [each["event"] for each in logs] == ["request refused"]


async def test_while_too_much_is_under_way_slack_is_told_so(
    ground: Playground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.answers.tasks.MOST", 0)
    status, document, _ = await posted(ground, call())
    assert (status, document["error"]["code"]) == (503, -32600)


async def test_by_socket_mode_there_is_no_such_path() -> None:
    async with playground(socket=True) as ground:
        status, _, _ = await posted(ground, LIST)
        assert status == 404
