"""The stand-in CometChat behaves as the API is documented, and does what a test tells it to."""

import asyncio
import time
from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio
from yarl import URL

from bot.playground.cometchat import LIST, StandInCometChat
from bot.playground.samples import APP_ID, JsonObject, call_json, documented_call, participant_json, samples
from bot.playground.scripted import Slow

KEY = "0123456789abcdef0123456789abcdef"
SAMPLES = samples(1763812800)
STANDUP = SAMPLES[0].session_id
ALONE = "only-wolverine"


def id_of(title: str) -> str:
    return next(sample.session_id for sample in SAMPLES if sample.title == title)


@pytest_asyncio.fixture
async def cometchat() -> AsyncIterator[StandInCometChat]:
    stand_in = StandInCometChat(api_key=KEY, app_id=APP_ID, samples=SAMPLES)
    await stand_in.start()
    yield stand_in
    await stand_in.close()


async def ask(
    cometchat: StandInCometChat,
    session_id: str,
    *,
    uid: str | None = "superhero1",
    key: str | None = KEY,
    method: str = "GET",
) -> tuple[int, JsonObject]:
    headers = {"apikey": key, "ONBEHALFOF": uid}
    url = URL(f"{cometchat.base_url}/calls/{session_id}", encoded=True)
    async with (
        aiohttp.ClientSession() as http,
        http.request(
            method, url, headers={name: value for name, value in headers.items() if value is not None}
        ) as response,
    ):
        return response.status, await response.json()


async def code(cometchat: StandInCometChat, session_id: str, **how: str | None) -> tuple[int, str]:
    status, body = await ask(cometchat, session_id, **how)  # type: ignore[arg-type]  # method is never None here
    return status, body["error"]["code"]


async def until_in_flight(cometchat: StandInCometChat, number: int) -> None:
    async with asyncio.timeout(30):
        while cometchat.in_flight != number:  # noqa: ASYNC110 - a counter, which has no event to wait for
            await asyncio.sleep(0.01)


async def test_a_caller_gets_the_call_whatever_the_case_of_headers_and_uid(
    cometchat: StandInCometChat,
) -> None:
    status, body = await ask(cometchat, STANDUP, uid="SuperHero1")
    assert [call.pop("transcriptions")[0]["tid"] for call in body["data"]] == ["standup"]
    assert (status, body) == (200, {"data": SAMPLES[0].data})


async def test_the_documented_example_is_served_to_the_letter(cometchat: StandInCometChat) -> None:
    assert await ask(cometchat, id_of("The documented example")) == (200, {"data": [documented_call()]})


async def test_the_id_may_be_percent_encoded_and_its_case_matters(cometchat: StandInCometChat) -> None:
    assert (await ask(cometchat, "%73tandup"))[0] == 200
    assert await code(cometchat, "Standup") == (404, "ERR_CALL_SESSION_NOT_FOUND")


async def test_a_call_may_be_an_object_and_a_missing_one_an_empty_list(cometchat: StandInCometChat) -> None:
    _, newer = await ask(cometchat, id_of("The newer answer"))
    assert newer["data"]["sessionId"] == id_of("The newer answer")
    assert await ask(cometchat, id_of("No such call, said otherwise")) == (200, {"data": []})


async def test_missing_and_wrong_keys_are_refused_and_the_wrong_one_is_echoed_in_part(
    cometchat: StandInCometChat,
) -> None:
    assert await code(cometchat, STANDUP, key=None) == (401, "AUTH_ERR_EMPTY_APIKEY")
    status, body = await ask(cometchat, STANDUP, key="deadbeefdeadbeef")
    assert (status, body["error"]["code"]) == (401, "AUTH_ERR_APIKEY_NOT_FOUND")
    assert "deadbeef…" in body["error"]["message"]
    assert KEY not in body["error"]["message"]


async def test_an_unknown_user_and_an_unknown_session_are_told_apart(cometchat: StandInCometChat) -> None:
    assert await code(cometchat, STANDUP, uid="nobody") == (404, "ERR_UID_NOT_FOUND")
    assert await code(cometchat, "never-made") == (404, "ERR_CALL_SESSION_NOT_FOUND")
    cometchat.uids.remove("superhero2")
    assert await code(cometchat, STANDUP, uid="superhero2") == (404, "ERR_UID_NOT_FOUND")


async def test_who_was_not_in_the_call_is_refused(cometchat: StandInCometChat) -> None:
    assert await code(cometchat, id_of("Somebody else’s call")) == (401, "ERR_CALL_NOT_A_PART")
    assert await code(cometchat, id_of("Busy"), uid="superhero2") == (401, "ERR_CALL_NOT_A_PART")


async def test_a_lenient_stand_in_answers_those_who_were_not_in_the_call() -> None:
    lenient = StandInCometChat(api_key=KEY, app_id=APP_ID, samples=SAMPLES, lenient=True)
    await lenient.start()
    assert (await ask(lenient, id_of("Somebody else’s call")))[0] == 200
    await lenient.close()


async def test_of_several_calls_one_gets_those_one_was_in(cometchat: StandInCometChat) -> None:
    both = call_json(sessionId=ALONE)
    other = call_json(
        sessionId=ALONE, initiator={"uid": "superhero4"}, participants=[participant_json("superhero4")]
    )
    cometchat.serve(ALONE, [other, both])
    assert await ask(cometchat, ALONE) == (200, {"data": [both]})
    assert (await ask(cometchat, ALONE, uid="superhero2"))[1] == {"data": [other, both]}


async def test_a_called_group_is_not_a_user(cometchat: StandInCometChat) -> None:
    cometchat.serve(ALONE, [call_json(receiver="superhero5", receiverType="group")])
    assert await code(cometchat, ALONE, uid="superhero5") == (401, "ERR_CALL_NOT_A_PART")


@pytest.mark.parametrize("uid", [None, ""])
async def test_without_on_behalf_of_any_call_is_answered_and_that_is_counted(
    cometchat: StandInCometChat, uid: str | None
) -> None:
    await ask(cometchat, STANDUP)
    assert cometchat.without_on_behalf_of == 0
    assert (await ask(cometchat, id_of("Somebody else’s call"), uid=uid))[0] == 200
    assert cometchat.without_on_behalf_of == 1


@pytest.mark.parametrize("path", ["standup/participants", "stand%2Fup", "%2e%2e", "..%5c", ""])
async def test_what_is_not_one_segment_is_no_api(cometchat: StandInCometChat, path: str) -> None:
    assert await code(cometchat, path) == (404, "ERR_API_NOT_FOUND")
    assert cometchat.requests[-1].raw_path == f"/v3.0/calls/{path}"


async def test_other_methods_and_addresses_are_no_api(cometchat: StandInCometChat) -> None:
    assert await code(cometchat, STANDUP, method="DELETE") == (404, "ERR_API_NOT_FOUND")
    url = cometchat.base_url.replace("/v3.0", "/v2.0/calls/standup")
    async with aiohttp.ClientSession() as http, http.get(url) as response:
        assert (await response.json())["error"]["code"] == "ERR_API_NOT_FOUND"


async def test_an_id_that_is_not_utf_8_gets_the_bare_400(cometchat: StandInCometChat) -> None:
    assert await ask(cometchat, "%ff") == (400, {})


async def test_a_request_is_remembered_with_its_raw_path_and_lower_case_headers(
    cometchat: StandInCometChat,
) -> None:
    before = time.monotonic()
    await ask(cometchat, "a%20b%C3%A9?x=%2F")
    (request,) = cometchat.requests
    assert (request.method, request.raw_path) == ("GET", "/v3.0/calls/a%20b%C3%A9?x=%2F")
    assert (request.headers["apikey"], request.headers["onbehalfof"]) == (KEY, "superhero1")
    assert before <= request.at <= time.monotonic()


async def test_scripted_answers_come_in_turn_and_then_the_call(cometchat: StandInCometChat) -> None:
    cometchat.answer("standup", status=500, body={"n": 1}, times=2)
    cometchat.answer("standup", status=503, body=b'{"n": 2}', times=1)
    assert [(await ask(cometchat, "standup"))[0] for _ in range(4)] == [500, 500, 503, 200]


async def test_a_lasting_answer_lasts_until_another_is_scripted(cometchat: StandInCometChat) -> None:
    cometchat.answer("standup", status=500, body={})
    assert [(await ask(cometchat, "standup"))[0] for _ in range(2)] == [500, 500]
    cometchat.answer("standup", status=418, body={}, headers={"Retry-After": "7"}, times=1)
    assert [(await ask(cometchat, "standup"))[0] for _ in range(2)] == [418, 200]


async def test_a_scripted_answer_goes_out_as_it_is(cometchat: StandInCometChat) -> None:
    async with aiohttp.ClientSession() as http:
        address = f"{cometchat.base_url}/calls/"
        async with http.get(address + id_of("Too many requests")) as limited:
            assert (limited.status, limited.headers["Retry-After"]) == (429, "2")
        async with http.get(address + id_of("A web page")) as page:
            assert (page.status, page.content_type) == (200, "text/html")
        async with http.get(address + id_of("A redirect"), allow_redirects=False) as redirect:
            assert (redirect.status, redirect.headers["Location"]) == (302, "/elsewhere")
        async with http.get(address + id_of("Broken JSON")) as broken:
            assert (broken.content_type, (await broken.read())[:9]) == ("application/json", b'{"data": ')


async def test_a_hiccup_happens_once(cometchat: StandInCometChat) -> None:
    async with aiohttp.ClientSession(headers={"apiKey": KEY, "onBehalfOf": "superhero1"}) as http:
        url = f"{cometchat.base_url}/calls/{id_of('A hiccup')}"
        statuses = []
        for _ in range(2):
            async with http.get(url) as response:
                statuses.append(response.status)
    assert statuses == [502, 200]


async def test_answers_wait_as_long_as_they_are_told(cometchat: StandInCometChat) -> None:
    cometchat.delay = 0.05
    cometchat.answer("later", body={}, delay=0.05)
    cometchat.script("standup", Slow(0.05))
    for session_id in ("later", "standup"):
        begun = time.monotonic()
        assert (await ask(cometchat, session_id))[0] == 200
        assert time.monotonic() - begun >= 0.1


async def test_requests_under_way_are_counted(cometchat: StandInCometChat) -> None:
    cometchat.held = asyncio.Event()
    asking = [asyncio.create_task(ask(cometchat, "standup")) for _ in range(5)]
    await until_in_flight(cometchat, 5)
    cometchat.held.set()
    await asyncio.gather(*asking)
    assert (cometchat.in_flight, cometchat.peak_in_flight) == (0, 5)


async def test_a_hanging_request_ends_when_the_client_gives_up(cometchat: StandInCometChat) -> None:
    cometchat.hang("standup", times=1)
    asking = asyncio.create_task(ask(cometchat, "standup"))
    await until_in_flight(cometchat, 1)
    asking.cancel()
    await until_in_flight(cometchat, 0)
    assert (await ask(cometchat, "standup"))[0] == 200


async def test_a_dropped_connection_gives_no_answer(cometchat: StandInCometChat) -> None:
    cometchat.drop("standup", 2)
    for _ in range(2):
        with pytest.raises(aiohttp.ServerDisconnectedError):
            await ask(cometchat, "standup", method="POST")  # aiohttp would repeat a GET by itself
    assert (await ask(cometchat, "standup"))[0] == 200
    assert len(cometchat.requests) == 3


async def test_closing_ends_what_hangs_at_once() -> None:
    stand_in = StandInCometChat(api_key=KEY, app_id=APP_ID, samples=SAMPLES)
    await stand_in.start()
    waiting = asyncio.create_task(ask(stand_in, id_of("No answer")))
    await until_in_flight(stand_in, 1)
    begun = time.monotonic()
    await stand_in.close()
    assert time.monotonic() - begun < 10  # a server waits a minute for what is in flight
    with pytest.raises(aiohttp.ClientConnectionError):
        await waiting


async def test_there_is_no_address_before_the_start() -> None:
    with pytest.raises(RuntimeError, match="not been started"):
        _ = StandInCometChat(api_key=KEY, app_id=APP_ID).base_url


async def listed(cometchat: StandInCometChat, query: str, uid: str) -> tuple[int, JsonObject]:
    headers = {"apikey": KEY, "onbehalfof": uid}
    async with (
        aiohttp.ClientSession() as http,
        http.get(f"{cometchat.base_url}/calls{query}", headers=headers) as response,
    ):
        return response.status, await response.json()


async def test_a_user_lists_their_own_calls(cometchat: StandInCometChat) -> None:
    status, answer = await listed(cometchat, "", "superhero1")
    assert status == 200
    assert 1 < len(answer["data"]) == answer["meta"]["pagination"]["total"]
    _, one = await listed(cometchat, "?uid=superhero1&perPage=1", "superhero1")
    assert len(one["data"]) == 1
    status, unknown = await listed(cometchat, "?perPage=1", "nobody")
    assert (status, unknown["error"]["code"]) == (404, "ERR_UID_NOT_FOUND")


async def test_the_list_can_be_scripted_too(cometchat: StandInCometChat) -> None:
    cometchat.answer(LIST, status=500, body={}, times=1)
    assert [(await listed(cometchat, "", "superhero1"))[0] for _ in range(2)] == [500, 200]
