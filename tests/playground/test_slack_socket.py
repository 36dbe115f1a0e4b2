"""Socket Mode of the stand-in, asked by a client that is not ours."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from bot.playground.slack import StandInSlack
from tests.playground.tiny_bot import SECRET, TONY, scene

TOKEN = "xapp-1-A0-token"
Socket = aiohttp.ClientWebSocketResponse


class App:
    """An app with Socket Mode on, which does nothing by itself."""

    def __init__(self, slack: StandInSlack, http: aiohttp.ClientSession) -> None:
        self.slack = slack
        self.http = http

    async def asked(self, token: str = TOKEN, /, **form: str) -> dict[str, Any]:
        """Return what apps.connections.open answers."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        url = f"{self.slack.web_api_url}apps.connections.open"
        async with self.http.post(url, headers=headers, data=form) as response:
            found: dict[str, Any] = await response.json()
            return found

    async def connected(self, more: str = "") -> tuple[Socket, dict[str, Any]]:
        """Return a new connection and its first message."""
        socket = await self.http.ws_connect((await self.asked())["url"] + more)
        return socket, await socket.receive_json(timeout=5)


@pytest.fixture
def patience() -> float:
    """Return how many seconds Slack waits for an ack; parametrize it where none comes."""
    return 15.0


@pytest.fixture
async def app(patience: float) -> AsyncIterator[App]:
    slack = StandInSlack(signing_secret=SECRET, app_token=TOKEN, patience=patience)
    await slack.start()
    async with aiohttp.ClientSession() as http:
        yield App(slack, http)
    await slack.close()


async def test_hello_tells_the_number_of_connections_and_how_long_this_one_lasts(app: App) -> None:
    (kept, first), (_, second) = await app.connected(), await app.connected("&debug_reconnects=true")
    assert (first["type"], first["num_connections"], second["num_connections"]) == ("hello", 1, 2)
    assert first["connection_info"] == {"app_id": "A0CALLINFO"}
    assert first["debug_info"]["approximate_connection_time"] == 3600
    assert second["debug_info"]["approximate_connection_time"] == 360
    assert not kept.closed


@pytest.mark.parametrize(
    ("token", "form", "word"),
    [
        ("", {}, "not_authed"),
        ("", {"token": TOKEN}, "not_authed"),
        ("xoxb-playground", {}, "not_allowed_token_type"),
        ("xapp-of-another", {}, "invalid_auth"),
    ],
)
async def test_only_the_app_s_token_in_the_header_gets_an_address(
    app: App, token: str, form: dict[str, str], word: str
) -> None:
    assert await app.asked(token, **form) == {"ok": False, "error": word}


async def test_an_app_without_socket_mode_gets_no_address() -> None:
    async with scene() as it:
        assert (await it.call("apps.connections.open", token=TOKEN))["error"] == "invalid_auth"


async def test_a_ticket_lets_in_once(app: App) -> None:
    url = (await app.asked())["url"]
    await app.http.ws_connect(url)
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await app.http.ws_connect(url)


async def test_the_eleventh_connection_is_sent_away(app: App) -> None:
    kept = [await app.connected() for _ in range(10)]
    _, said = await app.connected()
    assert (said["type"], said["reason"]) == ("disconnect", "too_many_websockets")
    assert [hello["num_connections"] for _, hello in kept] == list(range(1, 11))


async def test_a_command_comes_in_an_envelope_and_its_ack_is_the_answer(app: App) -> None:
    socket, _ = await app.connected()
    asking = asyncio.create_task(app.slack.command(TONY, "x"))
    envelope = await socket.receive_json()
    assert (envelope["type"], envelope["accepts_response_payload"]) == ("slash_commands", True)
    assert envelope["payload"]["command"] == "/callinfo"
    await socket.send_json({"envelope_id": envelope["envelope_id"], "payload": {"text": "hello"}})
    assert (await asking).message == {"text": "hello"}
    assert [message.text for message in app.slack.seen_by(TONY)] == ["hello"]


@pytest.mark.parametrize("patience", [0.5])
async def test_who_does_not_ack_in_time_has_failed_and_who_is_not_there_at_once(app: App) -> None:
    assert (await app.slack.command(TONY, "x")).error == "dispatch_failed"
    socket, _ = await app.connected()
    delivery = await app.slack.command(TONY, "x")
    assert (delivery.status, delivery.error) == (0, "operation_timeout")
    late = (await socket.receive_json())["envelope_id"]
    await socket.send_json({"envelope_id": late, "payload": {"text": "too late"}})
    await app.slack.command(TONY, "x")
    assert "too late" not in str(app.slack.seen_by(TONY))


async def test_envelopes_go_to_all_connections_in_turn_and_to_another_when_one_breaks(app: App) -> None:
    sockets = [(await app.connected())[0] for _ in range(2)]
    asking = [asyncio.create_task(app.slack.command(TONY, "x")) for _ in range(2)]
    first, second = [await socket.receive_json() for socket in sockets]
    await sockets[0].close()
    again = await sockets[1].receive_json()
    assert again == first != second
    for each in (again, second):
        await sockets[1].send_json({"envelope_id": each["envelope_id"]})
    assert all([(await each).ok for each in asking])


async def test_an_ack_that_is_none_and_a_payload_for_an_event_are_refused(app: App) -> None:
    socket, _ = await app.connected()
    for text in ("not json", "[]", "{}"):
        await socket.send_str(text)
    telling = asyncio.create_task(app.slack.event("app_uninstalled"))
    envelope = await socket.receive_json()
    assert (envelope["type"], envelope["accepts_response_payload"]) == ("events_api", False)
    await socket.send_json({"envelope_id": envelope["envelope_id"], "payload": {"text": "?"}})
    assert (await telling).body == ""
    refused = [refusal.error for refusal in app.slack.refusals]
    assert refused == ["invalid_ack"] * 3 + ["payload_not_accepted"]


async def test_a_refresh_comes_after_a_warning_and_then_slack_closes(app: App) -> None:
    socket, _ = await app.connected()
    app.slack.socket_mode.refresh(warning=0.05)
    said = [await socket.receive_json() for _ in range(2)]
    assert [each["reason"] for each in said] == ["warning", "refresh_requested"]
    assert (await socket.receive(timeout=5)).type is aiohttp.WSMsgType.CLOSE


async def test_each_connection_is_refreshed_when_its_time_has_come(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.playground.slack.socket_mode.CONNECTION_SECONDS", 0.2)
    monkeypatch.setattr("bot.playground.slack.socket_mode.WARNING_SECONDS", 0.1)
    socket, _ = await app.connected()
    said = [await socket.receive_json(timeout=5) for _ in range(2)]
    assert [each["reason"] for each in said] == ["warning", "refresh_requested"]


async def test_socket_mode_that_is_switched_off_ends_connections_and_gives_no_address(app: App) -> None:
    socket, _ = await app.connected()
    app.slack.socket_mode.disable()
    assert (await socket.receive_json())["reason"] == "link_disabled"
    assert (await app.asked())["error"] == "access_denied"
