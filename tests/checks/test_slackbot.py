"""The check of Slackbot: whether it may ask, and whether `/mcp` answers."""

import pytest
from aiohttp import web

from bot.checks.results import State
from bot.checks.slackbot import check_slackbot
from bot.playground.run import playground
from bot.playground.slack.stand_in import DEFAULT_SCOPES
from tests.checks.scene import BAD_GZIP, ODD_ANSWERS, Scene, answering, scene

WITH_IT = (*DEFAULT_SCOPES, "mcp:connect")


def granted(it: Scene, *scopes: str) -> None:
    it.slack._web_api.scopes = scopes


async def test_without_the_scope_it_says_how_to_switch_it_on() -> None:
    async with scene() as it:
        result = await check_slackbot(it.context)
    assert result.state is State.SKIPPED
    assert "python -m bot manifest --slackbot" in str(result)


async def test_with_the_scope_it_says_so_and_what_an_address_would_show() -> None:
    async with scene() as it:
        granted(it, *WITH_IT)
        result = await check_slackbot(it.context)
    assert result.state is State.OK
    assert "--url" in str(result)


async def test_a_running_bot_answers_there() -> None:
    async with playground() as ground, scene(address=ground.bot_url) as it:
        granted(it, *WITH_IT)
        result = await check_slackbot(it.context)
    assert result.state is State.OK
    assert f"{ground.bot_url}/mcp refuses" in str(result)


async def test_a_proxy_that_passes_only_slack_s_other_path_is_told() -> None:
    runner = web.AppRunner(web.Application())
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with scene(address=f"http://127.0.0.1:{runner.addresses[0][1]}") as it:
        granted(it, *WITH_IT)
        result = await check_slackbot(it.context)
    await runner.cleanup()
    assert result.state is State.FAILED
    assert "status 404" in str(result)
    assert "proxy" in str(result)


async def test_nobody_there_is_told() -> None:
    async with scene(address="http://127.0.0.1:9") as it:
        granted(it, *WITH_IT)
        result = await check_slackbot(it.context)
    assert result.state is State.FAILED
    assert "Nothing answers" in str(result)


@pytest.mark.parametrize("raw", [*ODD_ANSWERS, BAD_GZIP])
async def test_an_answer_that_is_of_no_use_is_not_told_as_nothing(raw: bytes) -> None:
    async with answering(raw) as url, scene(address=url) as it:
        granted(it, *WITH_IT)
        result = await check_slackbot(it.context)
    assert (result.state, "isn't callinfo's (Client" in result.sentence) == (State.FAILED, True)


async def test_by_socket_mode_the_scope_leads_nowhere() -> None:
    async with scene(slack_app_token="xapp-1") as it:
        granted(it, *WITH_IT)
        result = await check_slackbot(it.context)
    assert result.state is State.FAILED
    assert "Socket Mode" in str(result)


@pytest.mark.parametrize("status", [200, 500])
async def test_while_slack_does_not_say_it_is_skipped(status: int) -> None:
    async with scene() as it:
        it.slack.fail("auth.test", status=status, body={"ok": False, "error": "invalid_auth"})
        result = await check_slackbot(it.context)
    assert result.state is State.SKIPPED
