"""The Procfile's own lines, started as a platform does: honcho, and only the run-time requirements."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bot.playground.cometchat import StandInCometChat  # noqa: E402 - the path comes first
from bot.playground.run import API_KEY, BOT_TOKEN, SIGNING_SECRET  # noqa: E402 - as above
from bot.playground.samples import APP_ID, Sample, samples  # noqa: E402 - as above
from bot.playground.slack import StandInSlack  # noqa: E402 - as above
from tests.databases import PostgreSQL, postgresql, shared_postgresql  # noqa: E402 - as above
from tests.process import between, environment  # noqa: E402 - as above

__all__ = ["postgresql", "shared_postgresql"]

NOW = 1_763_812_800


@dataclass(frozen=True)
class Platform:
    """Both stand-ins, the sample calls, and what the platform puts into the environment."""

    slack: StandInSlack
    samples: tuple[Sample, ...]
    settings: dict[str, str]


@asynccontextmanager
async def platform() -> AsyncIterator[Platform]:
    calls = samples(NOW)
    slack = StandInSlack(signing_secret=SIGNING_SECRET, bot_token=BOT_TOKEN)
    cometchat = StandInCometChat(api_key=API_KEY, app_id=APP_ID, samples=calls)
    await slack.start()
    await cometchat.start()
    path = f"{ROOT}/.venv/procfile/bin:{os.environ['PATH']}"
    try:
        yield Platform(slack, calls, environment(**between(slack, cometchat)) | {"PATH": path})
    finally:
        await slack.close()
        await cometchat.close()


async def started(line: str, settings: dict[str, str], *arguments: str) -> asyncio.subprocess.Process:
    """Start a line of the Procfile."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "honcho",
        "start",
        "--no-prefix",
        *arguments,
        line,
        cwd=ROOT,
        env=settings,
        stdout=asyncio.subprocess.PIPE,
    )


async def released(settings: dict[str, str]) -> tuple[int, str]:
    """Run the release line; return its exit status and all it said."""
    release = await started("release", settings)
    said, _ = await release.communicate()
    return release.returncode or 0, said.decode()


async def test_the_procfile_s_web_process_serves_a_signed_command_and_ends_by_sigterm(
    unused_tcp_port: int,
) -> None:
    async with platform() as on:
        web = await started("web", on.settings, "-p", str(unused_tcp_port))
        assert web.stdout
        async with asyncio.timeout(30):
            while b'"ready"' not in await web.stdout.readline():
                pass
        on.slack.connect(f"http://127.0.0.1:{unused_tcp_port}/slack/events")
        delivery = await on.slack.command("U0TONY", on.samples[0].session_id)
        assert "32 min" in str(delivery.message)
        web.send_signal(signal.SIGTERM)
        rest, _ = await web.communicate()
        assert b'"stopped"' in rest
        assert on.slack.refusals == []


async def test_the_release_line_makes_the_tables_checks_the_set_up_and_may_run_again(
    postgresql: PostgreSQL,
) -> None:
    async with platform() as on:
        settings = on.settings | {"DATABASE_URL": postgresql.create()}
        for _ in range(2):
            status, said = await released(settings)
            assert status == 0, said
            assert "The database is at revision" in said
            assert "No problems found" in said


@pytest.mark.parametrize(
    ("variable", "value", "told"),
    [
        ("COMETCHAT_REGION", "mars", "COMETCHAT_REGION"),
        ("SLACK_BOT_TOKEN", "xoxb-wrong", "invalid_auth"),
        ("COMETCHAT_API_KEY", "", "COMETCHAT_API_KEY is missing"),
    ],
)
async def test_a_set_up_that_is_wrong_fails_the_release_with_what_to_do(
    variable: str, value: str, told: str
) -> None:
    async with platform() as on:
        status, said = await released(on.settings | {variable: value})
    assert status != 0
    assert told in said
    assert "Next: " in said
