"""What `serve` does at the start with a PostgreSQL of another version's tables, or of none."""

import asyncio
import signal
import subprocess
import sys

import psycopg
import pytest

from bot.storage.database import open_database
from bot.storage.schema import SchemaStatus, schema_status
from tests.databases import PostgreSQL, migrated
from tests.process import environment, process

pytestmark = pytest.mark.long

SETTINGS = {
    "SLACK_BOT_TOKEN": "xoxb-1",
    "SLACK_SIGNING_SECRET": "s",
    "SLACK_API_URL": "http://127.0.0.1:9",
    "COMETCHAT_APP_ID": "app1",
    "COMETCHAT_REGION": "eu",
    "COMETCHAT_API_KEY": "k",
    "HOST": "127.0.0.1",
    "PORT": "0",
}


def served_on(address: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot"],
        capture_output=True,
        text=True,
        timeout=30,
        env=environment(**SETTINGS, DATABASE_URL=address),
        check=False,
    )


def marked(address: str, revision: str) -> None:
    """Let the database say that it is at that revision."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("UPDATE alembic_version SET version_num = %s", [revision])


@pytest.mark.parametrize("revision", ["", "0002"], ids=["without tables", "of an older version"])
async def test_tables_that_are_not_this_version_s_end_the_start_with_the_command_to_run(
    postgresql: PostgreSQL, revision: str
) -> None:
    address = postgresql.create()
    if revision:
        await migrated(address)
        marked(address, revision)
    ended = await asyncio.to_thread(served_on, address)
    assert ended.returncode == 1
    assert "python -m bot migrate" in ended.stderr
    assert "Traceback" not in ended.stderr + ended.stdout
    assert ended.stderr.count("\n") == 1


async def test_one_of_a_newer_version_is_served_with_a_warning(postgresql: PostgreSQL) -> None:
    address = postgresql.create()
    await migrated(address)
    marked(address, "9999")
    async with process(patience=15, DATABASE_URL=address) as bot:
        assert "32 min" in await bot.asked("U0TONY", bot.samples[0].session_id)
        bot.child.send_signal(signal.SIGTERM)
        assert await bot.exited() == 0
    warned = [line for line in bot.lines if line["event"] == "database is newer"]
    assert [line["level"] for line in warned] == ["warning"]


async def test_one_that_is_out_of_reach_does_not_keep_the_bot_from_starting() -> None:
    nobody = "postgres://callinfo:s3cret@127.0.0.1:9/links?sslmode=disable"
    async with process(patience=15, DATABASE_URL=nobody) as bot:
        assert await bot.readyz() == 200
        assert "32 min" in await bot.asked("U0TONY", bot.samples[0].session_id)
    assert "database unavailable" in [line["event"] for line in bot.lines]


async def test_whose_tables_a_database_has_is_told_apart(postgresql: PostgreSQL) -> None:
    address = postgresql.create()
    async with open_database(address) as database:
        found = [await schema_status(database)]
        await migrated(address)
        found.append(await schema_status(database))
        for revision in ("0001", "9999"):
            marked(address, revision)
            found.append(await schema_status(database))
    assert found == [SchemaStatus.BEHIND, SchemaStatus.CURRENT, SchemaStatus.BEHIND, SchemaStatus.AHEAD]
