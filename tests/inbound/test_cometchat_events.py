"""CometChat's webhook as anybody on the internet can reach it, and what is kept of an event."""

import base64
import json
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import create_engine, text
from structlog.testing import capture_logs

from bot.inbound import cometchat_events
from bot.inbound.slack_requests import MAX_BODY
from bot.playground import webhooks
from bot.playground.cometchat import LIST
from bot.playground.run import WEBHOOK_PASSWORD, WEBHOOK_USER, Playground, playground
from bot.playground.samples.build import IRON_MAN
from bot.playground.webhooks import Webhook
from tests.plain_http import plain_http
from tests.process import process
from tests.scraping import counted, scraped, value

ENDED = webhooks.ended("v1.eu.1", [IRON_MAN], 1_763_812_800, 1_763_813_045)
RUNG = webhooks.rung("call_unanswered", "superhero1", "superhero2", 1_763_812_800)
EVENTS = "callinfo_cometchat_events_total"


def basic(
    user: str = WEBHOOK_USER, password: str = WEBHOOK_PASSWORD, scheme: str = "Basic"
) -> dict[str, str]:
    return {"Authorization": f"{scheme} {base64.b64encode(f'{user}:{password}'.encode()).decode()}"}


async def post(
    url: str, body: bytes | str | dict[str, Any], headers: dict[str, str] | None = None
) -> httpx.Response:
    content = json.dumps(body) if isinstance(body, dict) else body
    async with plain_http() as client:
        return await client.post(
            f"{url}/cometchat/events", content=content, headers=basic() if headers is None else headers
        )


@pytest.fixture(autouse=True)
def _nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.observability.metrics.KEPT_SECONDS", 0.0)


@pytest.mark.parametrize("event", [ENDED, RUNG], ids=["a session's", "a ring's"])
async def test_an_event_gets_200_with_an_empty_body_and_is_counted_by_its_trigger(
    ground: Playground, event: dict[str, Any]
) -> None:
    answer = await post(ground.bot_url, event)
    assert (answer.status_code, answer.content) == (200, b"")
    await counted(ground.bot_url, EVENTS, trigger=event["trigger"], outcome="stored")


async def test_of_an_event_nothing_but_ids_digests_and_the_trigger_is_kept_and_nothing_logged(
    tmp_path: Path,
) -> None:
    words = {
        "occupant": {"name": "Very Secret", "uid": "superhero9"},
        "note": "Very Secret",
        "sessionId": "one",
    }
    address = f"sqlite:///{tmp_path}/kept.db"
    with capture_logs() as logs:
        async with playground(database_url=address) as ground:
            logs.clear()
            sent = {"trigger": "call_ended", "data": words, "Very Secret": "Very Secret"}
            assert (await post(ground.bot_url, sent)).status_code == 200
            assert not logs
    engine = create_engine(address)
    with engine.connect() as connection:
        stored = connection.execute(text("SELECT * FROM hints")).mappings().all()
        everything = [
            str(connection.execute(text(f"SELECT * FROM {table}")).all())  # noqa: S608 - the table's own name
            for (table,) in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'"))
        ]
    engine.dispose()
    assert [(row["trigger"], row["session_id"], row["uids"]) for row in stored] in (
        [("call_ended", "one", "superhero9")],
        [],  # it has been followed already
    )
    assert not [each for each in everything if "Secret" in each]


WRONG: list[dict[str, str]] = [
    {},
    basic(password="wrong"),
    basic(user="wrong"),
    basic(password=WEBHOOK_PASSWORD + "x"),
    basic(password=""),
    basic(user="", password=f"{WEBHOOK_USER}:{WEBHOOK_PASSWORD}"),
    basic(scheme="Bearer"),
    {"Authorization": "Basic"},
    {"Authorization": "Basic not base64!"},
    {"Authorization": "Basic " + "A" * 6000},
]


async def test_without_the_right_user_and_password_it_is_401_whatever_is_sent(ground: Playground) -> None:
    for headers in WRONG:
        for body in (json.dumps(ENDED), b"x" * 1_000_000, b"{"):
            answer = await post(ground.bot_url, body, headers)
            assert answer.status_code == 401
            assert answer.headers["WWW-Authenticate"].startswith("Basic ")
    assert value(await scraped(ground.bot_url), EVENTS, outcome="unauthorized") == 3 * len(WRONG)


@pytest.mark.parametrize("scheme", ["Basic", "basic", "BASIC"])
async def test_the_scheme_is_read_without_regard_to_case(ground: Playground, scheme: str) -> None:
    assert (await post(ground.bot_url, ENDED, basic(scheme=scheme))).status_code == 200


async def test_what_is_no_json_object_is_400_and_what_is_too_large_413_in_one_short_line(
    ground: Playground,
) -> None:
    bad = [
        b"",
        b"[]",
        b"null",
        b'"text"',
        b"{",
        b"\xff\xfe",
        b"[" * 50_000,
        b'{"a":' * 200 + b"1" + b"}" * 200,
    ]
    statuses = {}
    with capture_logs() as logs:
        for body in bad:
            statuses[body[:20]] = (await post(ground.bot_url, body)).status_code
        packed = await post(ground.bot_url, b"junk", basic() | {"Content-Encoding": "gzip"})
        large = await post(ground.bot_url, b'{"a":"' + b"x" * MAX_BODY + b'"}')
        fits = await post(ground.bot_url, b'{"a":"' + b"x" * (MAX_BODY - 8) + b'"}')
    assert set(statuses.values()) == {400}
    assert (packed.status_code, large.status_code, fits.status_code) == (400, 413, 200)
    assert {line["event"] for line in logs} == {"event refused"}
    assert len(logs) == 3  # by its reason each once, however often
    scrape = await scraped(ground.bot_url)
    assert value(scrape, EVENTS, outcome="malformed", trigger="other") == len(bad) + 1
    assert value(scrape, EVENTS, outcome="too_large") == 1


async def test_an_event_that_names_nothing_to_look_for_gets_200_too(ground: Playground) -> None:
    for event in (
        webhooks.started("v1.eu.1", 1),
        {},
        {"trigger": "message_sent", "data": {"id": "5"}},
        {"trigger": "call_ended", "data": None},
    ):
        answer = await post(ground.bot_url, event)
        assert (answer.status_code, answer.content) == (200, b"")
    assert value(await scraped(ground.bot_url), EVENTS, outcome="no_hint") == 4


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "HEAD"])
async def test_another_method_than_post_is_405(ground: Playground, method: str) -> None:
    async with plain_http() as client:
        answer = await client.request(method, f"{ground.bot_url}/cometchat/events", headers=basic())
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")


async def test_where_no_webhook_is_configured_nothing_is_there() -> None:
    async with playground(cometchat_webhook_user=None, cometchat_webhook_password=None) as ground:
        assert (await post(ground.bot_url, ENDED)).status_code == 404
        assert (await post(ground.bot_url, b"x" * 1_000_000, {})).status_code == 404


async def test_by_socket_mode_events_come_in_as_well() -> None:
    async with playground(socket=True) as ground:
        assert (await post(ground.bot_url, ENDED)).status_code == 200
        assert (await post(ground.bot_url, b"", {})).status_code == 401


async def test_an_event_is_answered_while_cometchat_and_slack_hang(ground: Playground) -> None:
    ground.cometchat.hang(LIST)
    ground.cometchat.delay = 30
    for method in ("chat.postMessage", "users.info"):
        ground.slack.fail(method, delay=30, status=None, times=100)
    assert ground.cometchat.webhook
    for _ in range(20):
        assert await ground.cometchat.webhook.send(RUNG) == 200  # which gives up after CometChat's 2 s


@pytest.fixture(params=["refuses", "silent"])
def lost(request: pytest.FixtureRequest) -> Iterator[str]:
    """Yield the address of a database that does not answer."""
    if request.param == "refuses":
        yield "postgresql://callinfo:s3cret@127.0.0.1:9/links?sslmode=disable"
        return
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        yield f"postgresql://callinfo:s3cret@127.0.0.1:{silent.getsockname()[1]}/links"


async def test_while_the_database_is_away_it_is_503_in_time_so_that_cometchat_may_send_it_again(
    lost: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cometchat_events.STORE_SECONDS <= webhooks.PATIENCE - 0.4
    monkeypatch.setattr(cometchat_events, "STORE_SECONDS", 0.5)
    async with playground(database_url=lost) as ground:
        assert ground.cometchat.webhook
        assert (
            await ground.cometchat.webhook.send(ENDED) == 503
        )  # 0 where it took longer than CometChat waits
        await counted(ground.bot_url, EVENTS, outcome="not_stored")
        assert (await post(ground.bot_url, b"[]")).status_code == 400
        assert (await post(ground.bot_url, {})).status_code == 200  # there is nothing to store


async def test_a_bug_is_400_and_one_line_without_what_was_sent(
    ground: Playground, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(_: object) -> None:
        raise RuntimeError("a bug: v1.eu.1")

    monkeypatch.setattr("bot.inbound.cometchat_events.read_event", crash)
    with capture_logs() as logs:
        assert [(await post(ground.bot_url, ENDED)).status_code for _ in range(3)] == [400] * 3
    (line,) = logs
    assert line["reason"] == "event not understood: RuntimeError in crash"


async def test_at_shutdown_events_are_taken_to_the_end_and_the_connection_ends() -> None:
    async with process(COMETCHAT_WEBHOOK_USER="hook", COMETCHAT_WEBHOOK_PASSWORD="s3cret") as bot:
        webhook = Webhook(f"{bot.url}/cometchat/events", "hook", "s3cret")
        assert await webhook.send(ENDED) == 200
        bot.child.terminate()
        assert await bot.exited() == 0
        assert await webhook.send(ENDED) == 0
    assert "s3cret" not in "".join(bot.output)
