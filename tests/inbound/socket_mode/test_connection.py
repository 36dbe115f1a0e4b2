"""The connection itself: what Slack may say or not say, and how the bot stays, or gets, connected."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.app import serving
from bot.inbound.socket_mode.connection import AppTokenRefusedError
from bot.playground.run import APP_TOKEN, BOT_TOKEN, Playground
from bot.playground.slack import StandInSlack
from bot.settings import Settings
from tests.listeners.people import TONY, logged
from tests.plain_http import plain_http


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.inbound.socket_mode.wire.MAX_BACKOFF_SECONDS", 0.1)


@pytest.fixture
def patience() -> float:
    """Return how many seconds Slack waits for an ack; parametrize it where none comes."""
    return 15.0


@pytest.fixture
async def slack(patience: float) -> AsyncIterator[StandInSlack]:
    slack = StandInSlack(signing_secret="none", app_token=APP_TOKEN, patience=patience)
    await slack.start()
    yield slack
    await slack.close()


@asynccontextmanager
async def bot(slack: StandInSlack, app_token: str = APP_TOKEN) -> AsyncIterator[str]:
    """Run a bot that knows Slack alone; yield its address."""
    settings = Settings.of(
        slack_bot_token=BOT_TOKEN,
        slack_app_token=app_token,
        slack_api_url=slack.web_api_url,
        cometchat_app_id="app",
        cometchat_region="eu",
        cometchat_api_key="key",
        database_url="sqlite://",
        host="127.0.0.1",
        port=0,
    )
    async with serving(settings) as running:
        yield f"http://127.0.0.1:{running.port}"


async def readyz(url: str) -> tuple[int, str]:
    async with plain_http() as client:
        answer = await client.get(f"{url}/readyz")
        return answer.status_code, answer.text


async def is_answered(slack: StandInSlack) -> bool:
    return (await slack.command(TONY, "help")).ok


def lines(logs: Any, event: str) -> list[Any]:
    return [line for line in logs if line["event"] == event]


@pytest.mark.parametrize("word", ["invalid_auth", "token_revoked", "missing_scope", "access_denied"])
async def test_a_token_that_slack_refuses_ends_the_start(slack: StandInSlack, word: str) -> None:
    slack.fail("apps.connections.open", status=200, body={"ok": False, "error": word})
    with pytest.raises(AppTokenRefusedError, match=word):
        async with bot(slack):
            pass


@pytest.mark.parametrize(("token", "word"), [("xapp-of-another-app", "invalid_auth")])
async def test_a_token_of_another_app_ends_the_start(slack: StandInSlack, token: str, word: str) -> None:
    with pytest.raises(AppTokenRefusedError, match=word):
        async with bot(slack, token):
            pass


@pytest.mark.parametrize(
    "failure",
    [
        {"status": 429, "headers": {"Retry-After": "soon"}},
        {"status": 500},
        {"status": 200, "body": "<html>Back soon</html>"},
        {"status": 200, "body": {"ok": False, "error": "internal_error"}},
        {"status": 200, "body": {"ok": True}},
        {"status": 200, "body": {"ok": True, "url": "ftp://127.0.0.1:9/?ticket=s3cret"}},
        {"status": 200, "body": {"ok": True, "url": "ws://127.0.0.1:9/link/?ticket=s3cret"}},
        {"status": 200, "body": {"ok": True, "url": "ws://[s3cret"}},
    ],
    ids=["429", "500", "no JSON", "trouble", "no address", "scheme", "unreachable", "no URL"],
)
async def test_slack_out_of_reach_at_the_start_is_no_end_and_is_tried_again(
    slack: StandInSlack, failure: dict[str, Any]
) -> None:
    slack.fail("apps.connections.open", **failure, times=100)
    with capture_logs() as logs:
        async with bot(slack) as url:
            assert await readyz(url) == (503, "not connected to Slack")
            assert lines(logs, "not connected")
            slack.recover()
            await logged(logs, "connected")
            assert await readyz(url) == (200, "ready")
            assert await is_answered(slack)
    assert "s3cret" not in str(logs)


async def test_slack_is_left_in_peace_for_as_long_as_it_asks(slack: StandInSlack) -> None:
    slack.fail("apps.connections.open", status=429, headers={"Retry-After": "1"})
    with capture_logs() as logs:
        async with bot(slack):
            await logged(logs, "connected")
    (told,) = lines(logs, "not connected")
    assert (told["reason"], told["again_in"]) == ("apps.connections.open: ratelimited", 1.0)


async def test_the_address_with_its_ticket_is_told_nowhere(
    slack: StandInSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.playground.slack.socket_mode.TICKET_SECONDS", -1.0)
    with capture_logs() as logs:
        async with bot(slack):
            await logged(logs, "not connected")
    assert lines(logs, "not connected")[0]["reason"] == "WebSocket: WSServerHandshakeError"
    assert "ticket" not in str(logs)
    assert "link/" not in str(logs)


async def test_a_moment_without_a_connection_is_ready_and_longer_is_not(
    slack: StandInSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with bot(slack) as url:
        slack.fail("apps.connections.open", status=500, times=100)
        slack.socket_mode.drop()
        with capture_logs() as logs:
            await logged(logs, "not connected")
        assert await readyz(url) == (200, "ready")
        monkeypatch.setattr("bot.inbound.socket_mode.client.GRACE_SECONDS", 0.0)
        assert await readyz(url) == (503, "not connected to Slack")
        slack.recover()
        await connected_again(slack)
        assert await readyz(url) == (200, "ready")


async def connected_again(slack: StandInSlack) -> None:
    async with asyncio.timeout(30):
        while not await is_answered(slack):  # noqa: ASYNC110 - Slack tells nobody
            await asyncio.sleep(0.02)


async def test_a_connection_too_many_is_let_go_and_tried_again_later(
    slack: StandInSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.playground.slack.socket_mode.MOST_CONNECTIONS", 0)
    with capture_logs() as logs:
        async with bot(slack):
            await logged(logs, "not connected")
            assert slack.socket_mode.connections == 0
            monkeypatch.undo()
            await logged(logs, "connected")
    assert lines(logs, "not connected")[0]["reason"] == "no hello, but too_many_websockets"


async def test_a_slack_that_never_says_hello_is_no_connection(
    slack: StandInSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.inbound.socket_mode.client.HELLO_SECONDS", 0.2)
    slack.socket_mode.greets = False
    with capture_logs() as logs:
        async with bot(slack):
            await logged(logs, "not connected")
            slack.socket_mode.greets = True
            await logged(logs, "connected")
    assert lines(logs, "not connected")[0]["reason"] == "no hello"


async def test_socket_mode_that_is_switched_off_is_told_as_an_error_until_it_is_on_again(
    slack: StandInSlack,
) -> None:
    with capture_logs() as logs:
        async with bot(slack):
            slack.socket_mode.disable()
            await logged(logs, "app token refused")
            slack.socket_mode.enabled = True
            await connected_again(slack)
    assert lines(logs, "connection ends")[0]["reason"] == "link_disabled"
    assert lines(logs, "app token refused")[0]["reason"] == "access_denied"


async def test_a_connection_that_slack_forgets_to_end_is_closed(
    slack: StandInSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.inbound.socket_mode.client.RETIRED_SECONDS", 0.3)
    async with bot(slack):
        slack.socket_mode.refresh(warning=60.0)
        await connected_again(slack)
        async with asyncio.timeout(30):
            while slack.socket_mode.connections != 1:  # noqa: ASYNC110 - Slack tells nobody
                await asyncio.sleep(0.01)
        assert await is_answered(slack)


async def test_a_connection_that_falls_silent_is_noticed_by_a_ping_and_replaced(
    slack: StandInSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.inbound.socket_mode.connection.HEARTBEAT_SECONDS", 0.2)
    with capture_logs() as logs:
        async with bot(slack):
            slack.socket_mode.fall_silent()
            await logged(logs, "connection ends")
            await connected_again(slack)


async def test_a_bug_while_connecting_is_told_and_costs_no_connection_for_good(
    slack: StandInSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    with capture_logs() as logs:
        async with bot(slack):
            monkeypatch.setattr("bot.inbound.socket_mode.connection.URL", None)
            slack.socket_mode.drop()
            await logged(logs, "crashed", "connecting")
            monkeypatch.undo()
            await connected_again(slack)


async def test_what_slack_does_not_send_is_refused_and_counted_and_the_connection_stays(
    ground: Playground,
) -> None:
    with capture_logs() as logs:
        for text in ("not json", "[]", '{"envelope_id": "e", "payload": 5}', '{"type": "of_tomorrow"}'):
            await ground.slack.socket_mode.send_raw(text)
        odd = '{"envelope_id": "e", "payload": {"type": "block_actions", "user": 3, "actions": [1]}}'
        await ground.slack.socket_mode.send_raw(odd)
        assert (await ground.slack.command(TONY, "help")).ok
    assert [line["reason"] for line in lines(logs, "request refused")][:2] == [
        "message is no JSON object",
        "payload is no JSON object",
    ]
    assert lines(logs, "request refused")[2]["reason"].startswith("payload not understood")
    async with plain_http() as client:
        metrics = (await client.get(f"{ground.bot_url}/metrics")).text
    assert 'callinfo_refused_requests_total{status="400"} 4.0' in metrics


@pytest.mark.parametrize("patience", [0.5])
async def test_what_nobody_answers_gets_no_ack_so_that_slack_tells_the_person(slack: StandInSlack) -> None:
    with capture_logs() as logs:
        async with bot(slack):
            delivery = await slack.command(TONY, "", name="/of-another-app")
    assert (delivery.status, delivery.error) == (0, "operation_timeout")
    (line,) = lines(logs, "request not answered")
    assert (line["status"], line["command"]) == (404, "/of-another-app")


@pytest.mark.parametrize("patience", [0.5])
async def test_while_too_much_is_under_way_nothing_more_is_taken(
    slack: StandInSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with bot(slack):
        monkeypatch.setattr("bot.answers.tasks.MOST", 0)
        assert (await slack.command(TONY, "help")).error == "operation_timeout"
        monkeypatch.undo()
        await connected_again(slack)


async def test_a_bot_that_never_got_connected_ends_at_once(slack: StandInSlack) -> None:
    slack.fail("apps.connections.open", status=500, times=100)
    async with bot(slack):
        pass
    assert (await slack.command(TONY, "help")).error == "dispatch_failed"
