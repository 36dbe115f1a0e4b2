"""The checks of `--url`: what the manifest names, and who answers there."""

import pytest
from aiohttp import web

from bot.checks.address import check_address, check_manifest
from bot.checks.results import State
from bot.playground.run import playground
from bot.slack.manifest import with_address
from tests.checks.scene import BAD_GZIP, MANIFEST, ODD_ANSWERS, answering, scene

ADDRESS = "https://my-app.example"


async def test_without_an_address_both_are_skipped() -> None:
    async with scene() as it:
        results = [await check_manifest(it.context), await check_address(it.context)]
    assert [each.state for each in results] == [State.SKIPPED] * 2


@pytest.mark.parametrize(
    ("manifest", "state", "words"),
    [
        (MANIFEST, State.OK, f"--url {ADDRESS}"),
        (with_address(MANIFEST, ADDRESS), State.OK, f"{ADDRESS}/slack/events"),
        (with_address(MANIFEST, "https://old.example"), State.FAILED, "https://old.example/slack/events"),
    ],
)
async def test_the_manifest_has_to_name_the_address_or_none_of_its_own(
    manifest: str, state: State, words: str
) -> None:
    async with scene(address=ADDRESS, manifest=manifest) as it:
        result = await check_manifest(it.context)
    assert (result.state, words in result.sentence) == (state, True)


async def test_a_running_bot_is_known_by_what_it_refuses() -> None:
    async with playground() as ground, scene(address=ground.bot_url) as it:
        assert (await check_address(it.context)).state is State.OK


async def test_another_server_there_is_told_by_its_status() -> None:
    async with scene() as other, scene(address=other.slack.url.rstrip("/")) as it:
        result = await check_address(it.context)
    assert (result.state, "isn't callinfo's (status 40" in result.sentence) == (State.FAILED, True)


async def test_nobody_there_is_told() -> None:
    async with scene(address="http://127.0.0.1:9") as it:
        result = await check_address(it.context)
    assert (result.state, "Nothing answers" in result.sentence) == (State.FAILED, True)


@pytest.mark.parametrize("raw", [*ODD_ANSWERS, BAD_GZIP])
async def test_what_answers_by_no_http_is_not_told_as_nothing(raw: bytes) -> None:
    async with answering(raw) as url, scene(address=url) as it:
        result = await check_address(it.context)
    assert (result.state, "isn't callinfo's (Client" in result.sentence) == (State.FAILED, True)


async def test_a_server_that_refuses_everything_is_no_callinfo() -> None:
    async def refuse(_: web.Request) -> web.Response:
        return web.Response(status=401, text="Unauthorized")

    runner = web.ServerRunner(web.Server(refuse))  # type: ignore[arg-type] # its handler is a coroutine function
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    async with scene(address=f"http://127.0.0.1:{runner.addresses[0][1]}") as it:
        result = await check_address(it.context)
    await runner.cleanup()
    assert (result.state, "isn't callinfo's" in result.sentence) == (State.FAILED, True)


async def test_by_socket_mode_no_address_is_needed() -> None:
    async with scene(address=ADDRESS, slack_app_token="xapp-ours") as it:
        result = await check_address(it.context)
    assert (result.state, "Socket Mode" in result.sentence) == (State.SKIPPED, True)
