import asyncio
import gzip
import json
from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr

from bot.cometchat import (
    BadAnswerError,
    CometChat,
    MisconfiguredError,
    NoAnswerInTimeError,
    NoSuchCallError,
    SessionId,
    TooLargeError,
    Uid,
    UnavailableError,
    UnknownUidError,
    UnsafeRequestError,
)
from bot.cometchat.client import MAX_BODY
from bot.playground.cometchat import LIST, StandInCometChat
from bot.playground.samples import APP_ID, call_json

UID = Uid("superhero1")
STANDUP = SessionId("standup")


@pytest.fixture
async def api() -> AsyncIterator[StandInCometChat]:
    api = StandInCometChat(api_key="key", app_id=APP_ID)
    await api.start()
    yield api
    await api.close()


@pytest.fixture
async def cometchat(api: StandInCometChat) -> AsyncIterator[CometChat]:
    async with CometChat(api.base_url, SecretStr("key"), pause=lambda: 0.01) as client:
        yield client


async def test_a_call_is_fetched_on_behalf_of_the_user(api: StandInCometChat, cometchat: CometChat) -> None:
    api.serve(STANDUP, [call_json(sessionId=STANDUP)])
    answer = await cometchat.get_call(STANDUP, UID)
    assert answer.status == 200
    assert answer.calls[0].session_id == STANDUP
    (request,) = api.requests
    assert request.headers["onbehalfof"] == "superhero1"
    assert request.raw_path == "/v3.0/calls/standup"


async def test_an_odd_id_arrives_as_one_encoded_segment(api: StandInCometChat, cometchat: CometChat) -> None:
    with pytest.raises(NoSuchCallError):
        await cometchat.get_call(SessionId("ä;b&c=d:e@f+g..h~"), UID)
    (request,) = api.requests
    assert request.raw_path == "/v3.0/calls/%C3%A4;b&c=d:e@f%2Bg..h~"


@pytest.mark.parametrize(
    ("session_id", "uid"), [("..", "superhero1"), ("a/b", "superhero1"), ("standup", "")]
)
async def test_an_unsafe_request_is_never_sent(
    api: StandInCometChat, cometchat: CometChat, session_id: str, uid: str
) -> None:
    with pytest.raises(UnsafeRequestError):
        await cometchat.get_call(SessionId(session_id), Uid(uid))
    assert not api.requests


@pytest.mark.parametrize("status", [502, 503, 504])
async def test_a_gateway_s_error_is_worth_one_retry(
    api: StandInCometChat, cometchat: CometChat, status: int
) -> None:
    api.serve(STANDUP, [call_json()])
    api.answer(STANDUP, status=status, body=b"<html>", times=1)
    assert await cometchat.get_call(STANDUP, UID)
    assert len(api.requests) == 2


async def test_there_is_only_one_retry(api: StandInCometChat, cometchat: CometChat) -> None:
    api.answer(STANDUP, status=503, body=b"{}")
    with pytest.raises(UnavailableError):
        await cometchat.get_call(STANDUP, UID)
    assert len(api.requests) == 2


@pytest.mark.parametrize("status", [400, 401, 404, 429, 500])
async def test_other_errors_are_not_repeated(
    api: StandInCometChat, cometchat: CometChat, status: int
) -> None:
    api.answer(STANDUP, status=status, body=b"{}")
    with pytest.raises(Exception):  # noqa: B017, PT011 - which one is wire.py's matter
        await cometchat.get_call(STANDUP, UID)
    assert len(api.requests) == 1


async def test_a_connection_lost_again_and_again_is_made_twice_and_no_more() -> None:
    connections = 0

    async def lose(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        await reader.readline()
        writer.transport.abort()

    server = await asyncio.start_server(lose, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    async with server, CometChat(url, SecretStr("key"), pause=lambda: 0.01) as client:
        with pytest.raises(UnavailableError):
            await client.get_call(STANDUP, UID)
    assert connections == 2


async def test_a_dropped_connection_is_tried_again(api: StandInCometChat, cometchat: CometChat) -> None:
    api.serve(STANDUP, [call_json()])
    api.drop(STANDUP, times=1)
    assert await cometchat.get_call(STANDUP, UID)


async def test_a_refused_connection_is_cometchat_s_trouble_and_tells_no_header() -> None:
    async with CometChat("http://127.0.0.1:9/v3.0", SecretStr("s3cret"), pause=lambda: 0.01) as client:
        with pytest.raises(UnavailableError) as caught:
            await client.get_call(STANDUP, UID)
    assert str(caught.value) == "ClientConnectorError"
    assert caught.value.__cause__ is None


async def test_an_answer_that_does_not_come_in_time_is_given_up(api: StandInCometChat) -> None:
    api.hang(STANDUP)
    async with CometChat(api.base_url, SecretStr("key"), total=0.2) as client:
        with pytest.raises(NoAnswerInTimeError):
            await client.get_call(STANDUP, UID)


async def test_the_retry_never_goes_past_the_total(api: StandInCometChat) -> None:
    api.answer(STANDUP, status=503, body=b"{}", delay=0.15)
    async with CometChat(api.base_url, SecretStr("key"), total=0.2, pause=lambda: 0.01) as client:
        with pytest.raises(NoAnswerInTimeError):
            await client.get_call(STANDUP, UID)


async def test_a_redirect_is_not_followed(api: StandInCometChat, cometchat: CometChat) -> None:
    api.answer(STANDUP, status=302, body=b"", headers={"Location": f"{api.base_url}/calls/other"})
    with pytest.raises(MisconfiguredError):
        await cometchat.get_call(STANDUP, UID)
    assert len(api.requests) == 1


@pytest.mark.parametrize("encoding", ["", "gzip"])
@pytest.mark.parametrize("extra", [0, 1])
async def test_a_body_over_four_mebibytes_is_refused_as_it_comes_or_unpacked(
    api: StandInCometChat, cometchat: CometChat, encoding: str, extra: int
) -> None:
    assert MAX_BODY == 4 * 1024 * 1024
    raw = json.dumps({"data": call_json()}).encode()
    body = raw + b" " * (MAX_BODY - len(raw) + extra)
    headers = {"Content-Encoding": encoding} if encoding else {}
    api.answer(STANDUP, body=gzip.compress(body) if encoding else body, headers=headers)
    if extra:
        with pytest.raises(TooLargeError, match=str(MAX_BODY)):
            await cometchat.get_call(STANDUP, UID)
    else:
        assert await cometchat.get_call(STANDUP, UID)


@pytest.mark.parametrize(
    "packed", [gzip.compress(b'{"data": []}')[:-12], b"not packed at all"], ids=["cut off", "not gzip"]
)
async def test_a_packed_body_that_is_broken_makes_no_sense(
    api: StandInCometChat, cometchat: CometChat, packed: bytes
) -> None:
    api.answer(STANDUP, body=packed, headers={"Content-Encoding": "gzip"})
    with pytest.raises(BadAnswerError):
        await cometchat.get_call(STANDUP, UID)


@pytest.mark.parametrize("name", ["HTTP_PROXY", "ALL_PROXY"])
async def test_a_proxy_of_the_environment_is_not_used(
    api: StandInCometChat, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "http://127.0.0.1:9")
    api.serve(STANDUP, [call_json()])
    async with CometChat(api.base_url, SecretStr("key")) as client:
        assert await client.get_call(STANDUP, UID)


async def test_what_is_not_http_makes_no_sense() -> None:
    async def garbage(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(b"garbage\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(garbage, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, CometChat(f"http://127.0.0.1:{port}", SecretStr("key")) as client:
        with pytest.raises(BadAnswerError):
            await client.get_call(STANDUP, UID)


async def test_many_requests_share_one_client(api: StandInCometChat, cometchat: CometChat) -> None:
    api.serve(STANDUP, [call_json()])
    api.held = asyncio.Event()
    asking = [asyncio.create_task(cometchat.get_call(STANDUP, UID)) for _ in range(150)]
    async with asyncio.timeout(30):
        while api.in_flight <= 100:  # noqa: ASYNC110 - the stand-in tells nobody; aiohttp's own limit lies there
            await asyncio.sleep(0.01)
    api.held.set()
    assert len(await asyncio.gather(*asking)) == 150


async def test_cookies_of_one_user_s_answer_do_not_go_with_another_s_request(
    api: StandInCometChat, cometchat: CometChat
) -> None:
    api.answer(STANDUP, body={"data": [call_json()]}, headers={"Set-Cookie": "who=superhero1; Path=/"})
    await cometchat.get_call(STANDUP, UID)
    await cometchat.get_call(STANDUP, Uid("superhero2"))
    assert "cookie" not in api.requests[1].headers


async def test_a_user_is_known_or_not(api: StandInCometChat, cometchat: CometChat) -> None:
    await cometchat.check_user(UID)
    with pytest.raises(UnknownUidError):
        await cometchat.check_user(Uid("nobody"))
    assert [each.headers["onbehalfof"] for each in api.requests] == ["superhero1", "nobody"]


async def test_a_check_takes_no_longer_than_it_may(
    api: StandInCometChat, cometchat: CometChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.cometchat.client.CHECK_SECONDS", 0.1)
    api.hang(LIST)
    with pytest.raises(NoAnswerInTimeError):
        await cometchat.check_user(UID)
