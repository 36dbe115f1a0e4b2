"""Connections: how many there are, and what becomes of those whose caller has gone."""

import asyncio
import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.calls.share_claims import ClaimResult
from bot.identity.links import StoreUnavailableError
from bot.storage.links import StoredLinks, row_of
from bot.storage.share_claims import StoredShareClaims
from bot.storage.store import Store, open_store
from bot.storage.tables import links
from tests.databases import PostgreSQL
from tests.process import environment
from tests.storage.people import link, user

pytestmark = pytest.mark.own_server

OURS = "FROM pg_stat_activity WHERE application_name = 'callinfo'"

# Takes some hundredths of a second
COUNTING = text(
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000) SELECT max(i) FROM n"
)


@pytest.fixture
async def on_server(postgresql: PostgreSQL) -> AsyncIterator[Store]:
    async with open_store(await postgresql.emptied()) as store:
        yield store


@pytest.fixture(params=["file", "memory", "postgresql"])
async def any_store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    if request.param == "postgresql":
        url = await request.getfixturevalue("postgresql").emptied()
    else:
        url = f"sqlite:///{tmp_path}/links.db" if request.param == "file" else "sqlite://"
    async with open_store(url) as store:
        yield store


async def pid(store: Store) -> int:
    """Return which of the server's processes a read is done by."""

    async def work(connection: AsyncConnection) -> int:
        return int((await connection.execute(text("SELECT pg_backend_pid()"))).scalar_one())

    return await store.database.read(work, within=20)


def inserting(
    user_id: str, then: Callable[[], Awaitable[object]]
) -> Callable[[AsyncConnection], Awaitable[None]]:
    async def work(connection: AsyncConnection) -> None:
        row = row_of(link(user_id, user_id.lower()), confirmed=False)
        await connection.execute(insert(links).values(row))
        await then()

    return work


async def test_a_change_that_is_cut_off_amid_its_work_is_undone_and_keeps_nobody_waiting(
    store: Store,
) -> None:
    await store.links.put(link("U1", "superhero1"))
    cut_off = inserting("U2", lambda: asyncio.sleep(60))
    for _ in range(7):  # more than there are connections
        with pytest.raises(StoreUnavailableError, match="Timeout"):
            await store.database.change(cut_off, within=0.05)
    assert [each.user.user_id for each in (await store.links.page("T1")).links] == ["U1"]
    await store.links.put(link("U2", "superhero2"))
    assert (await store.links.page("T1")).total == 2


async def test_a_statement_that_is_cut_off_keeps_nobody_waiting(any_store: Store) -> None:
    async def slow(connection: AsyncConnection) -> None:
        await connection.execute(COUNTING)

    await any_store.links.put(link("U1", "superhero1"))
    for _ in range(7):
        with pytest.raises(StoreUnavailableError, match="Timeout"):
            await any_store.database.read(slow, within=0.001)
    async with asyncio.timeout(30):
        while True:
            try:
                assert (await any_store.links.page("T1")).total == 1
                break
            except StoreUnavailableError:  # in memory all wait for each other
                await asyncio.sleep(0.05)


async def test_who_breaks_off_a_change_by_an_error_of_their_own_leaves_a_connection_in_order(
    any_store: Store,
) -> None:
    async def fail() -> None:
        raise ZeroDivisionError

    for _ in range(7):
        with pytest.raises(ZeroDivisionError):
            await any_store.database.change(inserting("U2", fail), within=20)
    assert (await any_store.links.page("T1")).total == 0


async def test_no_more_than_four_are_used_at_once_and_none_is_left(
    on_server: Store, postgresql: PostgreSQL
) -> None:
    inside, go = 0, asyncio.Event()

    async def wait(connection: AsyncConnection) -> None:
        nonlocal inside
        await connection.execute(text("SELECT 1"))
        inside += 1
        await go.wait()

    def there() -> int:
        return int(postgresql.execute(f"SELECT count(*) {OURS}")[0][0])

    waiting = [asyncio.create_task(on_server.database.read(wait, within=None)) for _ in range(9)]
    async with asyncio.timeout(30):
        while inside < 4:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.01)
    await asyncio.sleep(0.1)  # for a fifth
    async with asyncio.timeout(30):
        while await asyncio.to_thread(there) > 4:  # noqa: ASYNC110 - those of the test before may still be ending
            await asyncio.sleep(0.01)
    assert (inside, await asyncio.to_thread(there)) == (4, 4)
    go.set()
    await asyncio.gather(*waiting)
    assert inside == 9
    await on_server.database.close()
    async with asyncio.timeout(30):
        while await asyncio.to_thread(there):  # noqa: ASYNC110 - the server's doing
            await asyncio.sleep(0.01)


async def test_a_connection_that_the_server_has_ended_is_seen_by_nobody(
    on_server: Store, postgresql: PostgreSQL
) -> None:
    before = await pid(on_server)
    assert await pid(on_server) == before
    await asyncio.to_thread(postgresql.execute, f"SELECT pg_terminate_backend(pid, 5000) {OURS}")
    after = await pid(on_server)
    assert after != before
    assert await pid(on_server) == after


async def test_no_statement_is_prepared_which_poolers_could_not_keep_apart(on_server: Store) -> None:
    async def work(connection: AsyncConnection) -> int:
        for _ in range(10):
            await connection.execute(text("SELECT 1"))
        return int(
            (await connection.execute(text("SELECT count(*) FROM pg_prepared_statements"))).scalar_one()
        )

    assert await on_server.database.read(work, within=20) == 0


async def test_a_change_given_up_while_another_process_writes_keeps_the_file_from_nobody(
    tmp_path: Path,
) -> None:
    async with open_store(f"sqlite:///{tmp_path}/links.db") as store:
        given_up = StoredLinks(store.database, change_within=0.1)
        with closing(sqlite3.connect(tmp_path / "links.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            for _ in range(3):
                with pytest.raises(StoreUnavailableError):
                    await given_up.put(link("U1", "superhero1"))
            assert await given_up.get(user("U1")) is None, "who reads does not wait for who writes"
            other.execute("ROLLBACK")
        await store.links.put(link("U1", "superhero1"))
        with closing(sqlite3.connect(tmp_path / "links.db", timeout=5, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")


async def test_however_many_changes_are_given_up_while_another_process_writes_few_connections_are_open(
    tmp_path: Path,
) -> None:
    async with open_store(f"sqlite:///{tmp_path}/links.db") as store:
        await store.links.get(user("U1"))
        before = threading.active_count()  # aiosqlite has a thread for each connection
        with closing(sqlite3.connect(tmp_path / "links.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            for _ in range(30):
                with pytest.raises(StoreUnavailableError, match="Timeout"):
                    await StoredShareClaims(store.database, within=0.01).claim("x")
                assert threading.active_count() <= before + 4
            other.execute("ROLLBACK")
        async with asyncio.timeout(30):
            while True:
                try:
                    assert await store.share_claims.claim("x") is ClaimResult.FIRST
                    break
                except StoreUnavailableError:
                    await asyncio.sleep(0.05)


async def test_a_change_waits_for_one_of_another_process(tmp_path: Path) -> None:
    async with open_store(f"sqlite:///{tmp_path}/links.db") as store:
        with closing(sqlite3.connect(tmp_path / "links.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            change = asyncio.create_task(store.links.put(link("U1", "superhero1")))
            await asyncio.sleep(0.5)
            other.execute("ROLLBACK")
        assert await change is None
        assert await store.links.get(user("U1")) == link("U1", "superhero1")


async def test_a_change_that_another_process_keeps_out_for_all_too_long_is_told_as_such(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.storage.dialects._BUSY_SECONDS", 0.1)
    async with open_store(f"sqlite:///{tmp_path}/links.db") as store:
        with closing(sqlite3.connect(tmp_path / "links.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreUnavailableError, match="OperationalError"):
                await StoredShareClaims(store.database, within=None).claim("x")


@pytest.mark.usefixtures("patient")
async def test_a_file_that_another_process_is_making_just_now_is_waited_for(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "links.db", isolation_level=None)) as other:
        other.execute(
            "BEGIN IMMEDIATE"
        )  # from here on SQLite refuses the switch to WAL, and waits for nobody

        async def opened() -> ClaimResult:
            async with open_store(f"sqlite:///{tmp_path}/links.db") as store:
                return await store.share_claims.claim("x")

        opening = asyncio.create_task(opened())
        await asyncio.sleep(0.3)
        other.execute("ROLLBACK")
        assert await opening is ClaimResult.FIRST


async def test_a_file_that_another_process_never_makes_is_unavailable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.storage.dialects._BUSY_SECONDS", 0.1)
    with closing(sqlite3.connect(tmp_path / "links.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailableError, match="OperationalError"):
            async with open_store(f"sqlite:///{tmp_path}/links.db"):
                pass


async def test_a_store_that_is_closed_amid_a_change_ends_in_time_and_undoes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.storage.database.CLOSE_SECONDS", 0.2)
    url = f"sqlite:///{tmp_path}/links.db"
    began = asyncio.Event()

    async def hang() -> None:
        began.set()
        await asyncio.sleep(60)

    async with open_store(url) as store:
        change = asyncio.create_task(store.database.change(inserting("U1", hang), within=None))
        await began.wait()
    with pytest.raises(StoreUnavailableError):
        await change
    async with open_store(url) as store:
        assert (await store.links.page("T1")).total == 0


async def test_a_store_that_is_closed_while_a_change_waits_for_another_process_ends_in_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.storage.database.CLOSE_SECONDS", 0.2)
    before = threading.active_count()
    async with open_store(f"sqlite:///{tmp_path}/links.db") as store:
        with closing(sqlite3.connect(tmp_path / "links.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            change = asyncio.create_task(StoredShareClaims(store.database, within=None).claim("x"))
            await asyncio.sleep(0.05)
            async with asyncio.timeout(8):  # less than SQLite waits
                await store.database.close()
                with pytest.raises(StoreUnavailableError):
                    await change
    async with asyncio.timeout(15):
        while threading.active_count() > before:  # noqa: ASYNC110 - the driver's doing
            await asyncio.sleep(0.01)


async def test_a_bot_whose_file_is_up_to_date_loads_nothing_that_only_migrations_or_another_database_need(
    tmp_path: Path,
) -> None:
    code = (
        "import asyncio, sys\n"
        "import bot.__main__, bot.app\n"
        "from bot.identity import SlackUser\n"
        "from bot.storage.share_claims import StoredShareClaims\n"
        "from bot.storage.store import open_store\n"
        "async def main():\n"
        "    async with open_store(sys.argv[1]) as store:\n"
        "        await store.links.get(SlackUser(None, 'T1', 'U1'))\n"
        "        await store.requests.request(SlackUser(None, 'T1', 'U1'), 1)\n"
        "        await StoredShareClaims(store.database, within=None).claim('x')\n"
        "asyncio.run(main())\n"
        "print({'alembic', 'psycopg', 'redis', 'sentry_sdk'} & set(sys.modules))\n"
    )
    url = f"sqlite:///{tmp_path}/links.db"
    async with open_store(url):
        pass
    ended = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", code, url],
        capture_output=True,
        text=True,
        timeout=30,
        env=environment(),
        check=True,
    )
    assert ended.stdout == "set()\n"


async def test_the_file_of_a_new_sqlite_database_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "callinfo.db"
    async with open_store(f"sqlite:///{path}"):
        modes = {each.name: each.stat().st_mode & 0o777 for each in os.scandir(tmp_path)}
    assert modes == {"callinfo.db": 0o600, "callinfo.db-wal": 0o600, "callinfo.db-shm": 0o600}
