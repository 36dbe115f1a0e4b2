"""The check of the database: reachable, migrated, and never changed by being looked at."""

import os
import socket
import sqlite3
from pathlib import Path

import psycopg
import pytest

from bot.checks.database import check_database
from bot.checks.results import Result, State
from tests.checks.scene import scene
from tests.databases import PostgreSQL, migrated


async def result_on(address: str) -> Result:
    async with scene(database_url=address) as it:
        return await check_database(it.context)


async def test_a_database_in_memory_is_told_to_forget() -> None:
    result = await result_on("sqlite://")
    assert (result.state, "lost when the bot stops" in result.sentence) == (State.OK, True)


async def test_a_file_that_is_not_there_yet_is_fine_and_is_not_made(tmp_path: Path) -> None:
    result = await result_on(f"sqlite:///{tmp_path}/links.db")
    assert result.state is State.OK
    assert "first start creates it" in result.sentence
    assert not os.listdir(tmp_path)  # noqa: PTH208 - pathlib's way counts as work that blocks, here of no matter


async def test_a_file_in_a_folder_that_is_not_there_fails(tmp_path: Path) -> None:
    result = await result_on(f"sqlite:///{tmp_path}/nowhere/links.db")
    assert (result.state, "DATABASE_URL" in str(result.do)) == (State.FAILED, True)


async def test_a_folder_is_no_file(tmp_path: Path) -> None:
    assert "is a folder" in (await result_on(f"sqlite:///{tmp_path}")).sentence


async def test_a_file_of_something_else_fails(tmp_path: Path) -> None:
    (tmp_path / "links.db").write_text("no database " * 100, encoding="utf-8")
    result = await result_on(f"sqlite:///{tmp_path}/links.db")
    assert (result.state, "can't be used" in result.sentence) == (State.FAILED, True)


async def test_an_empty_file_is_brought_up_to_date_by_the_start(tmp_path: Path) -> None:
    (tmp_path / "links.db").touch()
    result = await result_on(f"sqlite:///{tmp_path}/links.db")
    assert (result.state, "next start" in result.sentence) == (State.OK, True)


@pytest.mark.parametrize(
    ("revision", "state", "words"),
    [(None, State.OK, "has this version's tables"), ("9999", State.FAILED, "newer version")],
)
async def test_a_file_is_told_by_its_revision(
    tmp_path: Path, revision: str | None, state: State, words: str
) -> None:
    address = f"sqlite:///{tmp_path}/links.db"
    await migrated(address)
    if revision:
        with sqlite3.connect(tmp_path / "links.db") as connection:
            connection.execute("UPDATE alembic_version SET version_num = ?", [revision])
        connection.close()
    result = await result_on(address)
    assert (result.state, words in result.sentence) == (state, True)


async def test_postgresql_without_tables_fails_with_the_command_to_run(postgresql: PostgreSQL) -> None:
    result = await result_on(postgresql.create())
    assert (result.state, result.do) == (State.FAILED, "Run `python -m bot migrate`.")


async def test_postgresql_with_this_version_s_tables_is_well_and_with_a_newer_one_s_too(
    postgresql: PostgreSQL,
) -> None:
    address = postgresql.create()
    await migrated(address)
    current = await result_on(address)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    newer = await result_on(address)
    assert (current.state, newer.state) == (State.OK, State.OK)
    assert "newer version" in newer.sentence


@pytest.mark.parametrize(
    ("address", "words"),
    [
        (
            "postgres://callinfo:s3cret@127.0.0.1:9/links?sslmode=disable",
            "Nothing answers at the host and port",
        ),
        ("postgres://callinfo:s3cret@/links?host=/nowhere-s3cret", "Nothing answers at the host and port"),
        ("postgres://callinfo:s3cret@s3cret.invalid/links", "The host of DATABASE_URL doesn't resolve."),
    ],
)
async def test_postgresql_out_of_reach_fails_in_words_for_what_it_is_without_a_host_or_password(
    address: str, words: str
) -> None:
    result = await result_on(address)
    assert (result.state, words in result.sentence) == (State.FAILED, True), result.sentence
    assert "s3cret" not in f"{result}"
    assert "127.0.0.1" not in f"{result}"


async def test_a_port_where_somebody_listens_and_never_says_a_word_is_as_if_nobody_did() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        result = await result_on(f"postgres://callinfo:s3cret@127.0.0.1:{port}/links?connect_timeout=2")
    assert "Nothing answers at the host and port" in result.sentence


async def test_a_server_without_that_database_and_one_that_lets_nobody_in_are_told_apart(
    postgresql: PostgreSQL,
) -> None:
    missing = await result_on(postgresql.url("s3cret"))
    stranger = await result_on(postgresql.url("postgres").replace("postgres:@", "s3cret:@"))
    assert (missing.state, stranger.state) == (State.FAILED, State.FAILED)
    assert "no database with the name" in missing.sentence
    assert "rejects the user or password" in stranger.sentence
    assert "s3cret" not in f"{missing}{stranger}"
