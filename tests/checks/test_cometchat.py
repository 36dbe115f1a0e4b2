"""The check that asks CometChat tells a bad key, a wrong app, a wrong region and an unreachable host apart."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.checks.cometchat import base_url_in, check_cometchat
from bot.checks.results import State
from bot.playground.cometchat import StandInCometChat
from bot.playground.run import API_KEY
from bot.playground.scripted import error_body
from bot.settings import Settings
from tests.checks.scene import CUT_SHORT, answering, scene

NOWHERE = "http://127.0.0.1:9/v3.0"
UNKNOWN_APP = error_body("AUTH_ERR_INVALID_APPID", f"The app with the key {API_KEY[:8]} does not exist.")


async def test_the_right_key_is_taken_and_no_person_s_call_is_read() -> None:
    async with scene() as it:
        result = await check_cometchat(it.context)
        asked = it.cometchat.requests
    assert result.state is State.OK
    assert [request.headers["onbehalfof"] for request in asked] == ["callinfo-check"]


@pytest.mark.parametrize(
    ("status", "body", "words", "do"),
    [
        (401, error_body("AUTH_ERR_APIKEY_NOT_FOUND", API_KEY), "rejects the key", "COMETCHAT_API_KEY"),
        (401, error_body("ERR_WHATEVER", "x"), "rejects the key", "COMETCHAT_API_KEY"),
        (401, UNKNOWN_APP, "has no such app", "COMETCHAT_APP_ID"),
        (404, error_body("ERR_API_NOT_FOUND", "x"), "other than CometChat's Calls API", "COMETCHAT_BASE_URL"),
        (429, error_body("ERR_TOO_MANY_REQUESTS", "x"), "Too many requests", "minute"),
        (403, error_body("ERR_PLAN_RESTRICTION", "x"), "plan", "plan"),
        (500, error_body("ERR_EXCEPTION", "x"), "answers with an error, status 500 (127.0.0.1)", "again"),
        (503, b"<html>", "answers with an error, status 503 (127.0.0.1)", "again"),
        (200, b"<html>", "isn't one of CometChat's", "COMETCHAT_BASE_URL"),
    ],
)
async def test_what_cometchat_refuses_is_told_apart_without_its_own_words(
    status: int, body: object, words: str, do: str
) -> None:
    async with scene() as it:
        it.cometchat.answer("callinfo-check", status=status, body=body)
        result = await check_cometchat(it.context)
    assert result.state is State.FAILED
    assert words in result.sentence
    assert do in str(result.do)
    assert API_KEY[:8] not in f"{result.sentence}{result.do}"


@pytest.mark.parametrize("code", ["ERR_CALL_NOT_A_PART", "ERR_CALL_SESSION_NOT_FOUND"])
async def test_a_refusal_of_the_call_is_no_refusal_of_the_key(code: str) -> None:
    async with scene() as it:
        it.cometchat.answer("callinfo-check", status=401, body=error_body(code, "x"))
        assert (await check_cometchat(it.context)).state is State.OK


async def test_a_call_that_somebody_named_so_is_no_trouble() -> None:
    async with scene() as it:
        it.cometchat.answer("callinfo-check", body={"data": [{"sessionId": "callinfo-check"}]})
        assert (await check_cometchat(it.context)).state is State.OK


async def test_a_host_that_can_not_be_reached_is_told_with_its_name() -> None:
    async with scene(cometchat_base_url=NOWHERE) as it:
        result = await check_cometchat(it.context)
    assert result.state is State.FAILED
    assert "Can't reach 127.0.0.1" in result.sentence


async def test_an_answer_that_is_cut_short_is_not_told_as_none() -> None:
    async with answering(CUT_SHORT) as url, scene(cometchat_base_url=url) as it:
        result = await check_cometchat(it.context)
    assert (result.state, result.sentence) == (
        State.FAILED,
        "CometChat's answer is cut short (127.0.0.1).",
    )


@asynccontextmanager
async def unknowing() -> AsyncIterator[StandInCometChat]:
    """Run the CometChat of a region that does not know the app."""
    cometchat = StandInCometChat(api_key="another", app_id="another")
    await cometchat.start()
    cometchat.answer("callinfo-check", status=401, body=UNKNOWN_APP)
    yield cometchat
    await cometchat.close()


@pytest.mark.parametrize("reachable", [True, False])
async def test_an_app_that_lives_in_another_region_is_found_there(*, reachable: bool) -> None:
    async with unknowing() as wrong, scene(cometchat_region="us", cometchat_base_url=None) as it:
        where = {
            "us": wrong.base_url if reachable else NOWHERE,
            "in": wrong.base_url,
            "eu": it.cometchat.base_url,
        }
        result = await check_cometchat(it.context, lambda _, region: where[region])
    assert result.state is State.FAILED
    assert "in the region eu, not us" in result.sentence
    assert result.do == "Set COMETCHAT_REGION to eu."


async def test_an_app_that_no_region_knows_is_a_wrong_app() -> None:
    async with unknowing() as wrong, scene(cometchat_base_url=None) as it:
        result = await check_cometchat(it.context, lambda *_: wrong.base_url)
    assert "has no such app" in result.sentence


def test_the_regions_differ_in_the_host_s_name_alone() -> None:
    settings = Settings.of(
        slack_bot_token="xoxb-1",
        slack_signing_secret="s",
        cometchat_app_id="app1",
        cometchat_region="us",
        cometchat_api_key="k",
    )
    assert base_url_in(settings, "in") == "https://app1.call-in.cometchat.io/v3.0"
