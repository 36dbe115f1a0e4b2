"""The official client against the running bot, with Slack's signature and who asks added: by each version that it speaks."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp_types import CallToolResult, RequestParamsMeta, TextContent
from mcp_types.version import HANDSHAKE_PROTOCOL_VERSIONS, MODERN_PROTOCOL_VERSIONS

from bot.playground.run import SIGNING_SECRET, Playground
from bot.playground.slack import sign
from bot.playground.slack.workspace import TEAM_ID
from tests.listeners.people import ROBIN, TONY


async def signed(request: httpx2.Request) -> None:
    """Sign a request as Slack does."""
    request.headers.update(sign(SIGNING_SECRET, request.content, time.time()))


@asynccontextmanager
async def client(ground: Playground, mode: str) -> AsyncIterator[Client]:
    async with httpx2.AsyncClient(event_hooks={"request": [signed]}) as http:
        transport = streamable_http_client(f"{ground.bot_url}/mcp", http_client=http)
        async with Client(transport, mode=mode) as connected:
            yield connected


async def called(
    connected: Client, tool: str, user: str = TONY, **arguments: Any
) -> tuple[str, CallToolResult]:
    meta = cast("RequestParamsMeta", {"slack": {"user_id": user, "team_id": TEAM_ID}})
    result = await connected.call_tool(tool, arguments, meta=meta)
    (content,) = result.content
    assert isinstance(content, TextContent)
    return content.text, result


async def each_tool(connected: Client) -> None:
    """List the tools and call each; the client itself holds the answers against the output schemas."""
    tools = {tool.name for tool in (await connected.list_tools()).tools}
    assert tools == {"recent_calls", "get_call", "get_transcript"}
    text, listed = await called(connected, "recent_calls", limit=2)
    assert "Incident desk" in text
    for call in listed.structured_content["calls"]:
        text, found = await called(connected, "get_call", session_id=call["call_id"])
        assert found.structured_content["session_id"] == call["session_id"]
        assert not found.is_error
    text, said = await called(connected, "get_transcript", session_id=call["session_id"])
    assert not said.is_error
    text, refused = await called(connected, "recent_calls", ROBIN)
    assert refused.is_error
    assert "not connected" in text


@pytest.mark.filterwarnings("ignore:ping is removed")
@pytest.mark.parametrize("version", HANDSHAKE_PROTOCOL_VERSIONS)
async def test_by_each_version_with_a_handshake(
    ground: Playground, version: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mcp.client.session.LATEST_HANDSHAKE_VERSION", version)
    async with client(ground, "legacy") as connected:
        assert connected.protocol_version == version
        assert connected.server_info
        assert connected.server_info.name == "callinfo"
        await connected.send_ping()
        await each_tool(connected)


@pytest.mark.parametrize("version", MODERN_PROTOCOL_VERSIONS)
async def test_by_each_version_without_one(ground: Playground, version: str) -> None:
    async with client(ground, version) as connected:
        assert connected.protocol_version == version
        await each_tool(connected)


async def test_a_client_that_finds_the_version_out_itself(ground: Playground) -> None:
    async with client(ground, "auto") as connected:
        assert connected.protocol_version == HANDSHAKE_PROTOCOL_VERSIONS[-1]
        await each_tool(connected)
