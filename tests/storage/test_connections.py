"""Connections: how many there are, which are used again, and what becomes of those whose caller has gone."""

import asyncio
import sqlite3
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.calls.share_claims import Claim
from bot.identity.links import StoreUnavailableError
from bot.storage import on_postgresql, on_sqlite
from bot.storage.address import SQLite
from bot.storage.connection import Connection, spread
from bot.storage.engine import open_engine
from bot.storage.link_rows import INSERT, values
from bot.storage.links import StoredLinks
from bot.storage.shares import StoredShares
from bot.storage.store import Store, open_store
from tests.databases import PostgreSQL
from tests.process import environment
from tests.storage.people import link, user

pytestmark = pytest.mark.own_server

OURS = "FROM pg_stat_activity WHERE application_name = 'callinfo'"

# Takes a tenth of a second, or some
COUNTING = (
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000) SELECT max(i) FROM n"
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

    async def work(connection: Connection) -> int:
        row = await connection.row("SELECT pg_backend_pid() AS pid")
        return int(row["pid"]) if row else 0

    return await store.database.read(work, within=2.0)


def inserting(user_id: str, then: Callable[[], Awaitable[object]]) -> Callable[[Connection], Awaitable[None]]:
    async def work(connection: Connection) -> None:
        await connection.do(INSERT, **values(link(user_id, user_id.lower()), confirmed=False))
        await then()

    return work


async def test_a_change_that_is_cut_off_amid_its_work_is_undone_and_keeps_nobody_waiting(
    any_store: Store,
) -> None:
    await any_store.links.put(link("U1", "superhero1"))
    cut_off = inserting("U2", lambda: asyncio.sleep(60))
    for _ in range(7):  # more than there are connections
        with pytest.raises(StoreUnavailableError, match="Timeout"):
            await any_store.database.change(cut_off, within=0.05)
    assert [each.user.user_id for each in (await any_store.links.page("T1")).links] == ["U1"]
    await any_store.links.put(link("U2", "superhero2"))
    assert (await any_store.links.page("T1")).total == 2


async def test_a_statement_that_is_cut_off_keeps_nobody_waiting(any_store: Store) -> None:
    async def slow(connection: Connection) -> None:
        await connection.rows(COUNTING)

    await any_store.links.put(link("U1", "superhero1"))
    for _ in range(7):
        with pytest.raises(StoreUnavailableError, match="Timeout"):
            await any_store.database.read(slow, within=0.001)
    async with asyncio.timeout(20):
        while True:
            try:
                assert (await any_store.links.page("T1")).total == 1
                break
            except StoreUnavailableError:  # in memory all take turns
                await asyncio.sleep(0.05)


async def test_one_in_memory_whose_undoing_is_cut_off_too_is_ended() -> None:
    pool = open_engine("sqlite://").pool

    async def hold() -> None:
        async with pool.connection() as connection:
            await connection.rows(COUNTING)

    holding = asyncio.create_task(hold())
    await asyncio.sleep(0.02)
    holding.cancel()
    await asyncio.sleep(0.02)
    holding.cancel()
    with pytest.raises(asyncio.CancelledError):
        await holding
    async with pool.connection() as connection:
        assert await connection.row("SELECT 1")
    await pool.close()


async def test_who_breaks_off_a_change_by_an_error_of_their_own_leaves_a_connection_in_order(
    any_store: Store,
) -> None:
    async def fail() -> None:
        raise ZeroDivisionError

    for _ in range(7):
        with pytest.raises(ZeroDivisionError):
            await any_store.database.change(inserting("U2", fail), within=2.0)
    assert (await any_store.links.page("T1")).total == 0


async def test_five_are_used_at_once_and_two_are_kept(on_server: Store, postgresql: PostgreSQL) -> None:
    inside, go = 0, asyncio.Event()

    async def wait(connection: Connection) -> None:
        nonlocal inside
        await connection.row("SELECT 1")
        inside += 1
        await go.wait()

    def there() -> int:
        return int(postgresql.execute(f"SELECT count(*) {OURS}")[0][0])

    waiting = [asyncio.create_task(on_server.database.read(wait, within=None)) for _ in range(9)]
    async with asyncio.timeout(10):
        while inside < 5:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.01)
    await asyncio.sleep(0.1)
    assert (inside, await asyncio.to_thread(there)) == (5, 5)
    go.set()
    await asyncio.gather(*waiting)
    assert inside == 9
    async with asyncio.timeout(10):
        while await asyncio.to_thread(there) > 2:  # noqa: ASYNC110 - the server's doing
            await asyncio.sleep(0.01)
    await on_server.database.close()
    async with asyncio.timeout(10):
        while await asyncio.to_thread(there):  # noqa: ASYNC110 - the server's doing
            await asyncio.sleep(0.01)


async def test_one_that_the_server_has_ended_is_seen_by_nobody(
    on_server: Store, postgresql: PostgreSQL
) -> None:
    before = await pid(on_server)
    assert await pid(on_server) == before
    await asyncio.to_thread(postgresql.execute, f"SELECT pg_terminate_backend(pid, 5000) {OURS}")
    after = await pid(on_server)
    assert after != before
    assert await pid(on_server) == after


async def test_one_that_was_quiet_for_long_is_asked_whether_it_is_there(
    on_server: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await pid(on_server)
    monkeypatch.setattr(on_postgresql, "_ASKED_AFTER_SECONDS", 0.0)
    assert await pid(on_server) == before


async def test_one_that_is_old_is_replaced(on_server: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    before = await pid(on_server)
    monkeypatch.setattr(on_postgresql, "_STALE_SECONDS", 0.0)
    assert await pid(on_server) != before


async def test_one_that_is_being_asked_when_its_caller_goes_is_not_used_again(
    on_server: Store, postgresql: PostgreSQL, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await pid(on_server)
    monkeypatch.setattr(on_postgresql, "_ASKED_AFTER_SECONDS", 0.0)
    postgresql.freeze()
    try:
        with pytest.raises(StoreUnavailableError):
            await StoredLinks(on_server.database, read_within=0.2).get(user("U1"))
    finally:
        postgresql.thaw()
    assert await pid(on_server) != before


async def test_a_file_that_is_opened_only_after_its_caller_has_gone_is_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect: Callable[..., sqlite3.Connection] = sqlite3.connect
    begun, go_on = threading.Event(), threading.Event()
    opened: list[sqlite3.Connection] = []

    def slowly(*of: Any, **options: Any) -> sqlite3.Connection:
        begun.set()
        go_on.wait(10)
        opened.append(connect(*of, **options, check_same_thread=False))
        return opened[0]

    monkeypatch.setattr(sqlite3, "connect", slowly)
    opening = asyncio.create_task(on_sqlite.connect(SQLite(str(tmp_path / "links.db"))))
    await asyncio.to_thread(begun.wait, 10)
    opening.cancel()
    await asyncio.sleep(0)
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await opening
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        opened[0].execute("SELECT 1")


async def test_a_change_given_up_while_another_process_writes_keeps_the_file_from_nobody(
    tmp_path: Path,
) -> None:
    async with open_store(f"sqlite:///{tmp_path}/links.db") as store:
        links = StoredLinks(store.database, change_within=0.1)
        with closing(sqlite3.connect(tmp_path / "links.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            for _ in range(3):
                with pytest.raises(StoreUnavailableError):
                    await links.put(link("U1", "superhero1"))
            assert await links.get(user("U1")) is None, "who reads does not wait for who writes"
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
                    await StoredShares(store.database, within=0.01).claim("x")
                assert threading.active_count() <= before + 5
            other.execute("ROLLBACK")
        assert await store.shares.claim("x") is Claim.FIRST


async def test_a_change_waits_for_one_of_another_process_that_takes_longer_than_sqlite_is_let_wait(
    tmp_path: Path,
) -> None:
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
    monkeypatch.setattr(on_sqlite, "BUSY_SECONDS", 0.0)
    async with open_store(f"sqlite:///{tmp_path}/links.db") as store:
        with closing(sqlite3.connect(tmp_path / "links.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreUnavailableError, match="OperationalError"):
                await StoredShares(store.database, within=None).claim("x")


async def test_a_file_that_another_process_is_making_just_now_is_waited_for(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "links.db", isolation_level=None)) as other:
        other.execute(
            "BEGIN IMMEDIATE"
        )  # from here on SQLite refuses the switch to WAL at once, and waits for nobody

        async def opened() -> Claim:
            async with open_store(f"sqlite:///{tmp_path}/links.db") as store:
                return await store.shares.claim("x")

        opening = asyncio.create_task(opened())
        await asyncio.sleep(0.3)
        other.execute("ROLLBACK")
        assert await opening is Claim.FIRST


async def test_a_store_that_is_closed_amid_a_change_ends_in_time_and_undoes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.storage.database.FAREWELL_SECONDS", 0.2)
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


async def test_a_store_that_is_closed_while_a_change_waits_for_another_process_leaves_no_connection_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.storage.database.FAREWELL_SECONDS", 0.5)
    before = threading.active_count()
    async with open_store(f"sqlite:///{tmp_path}/links.db") as store:
        with closing(sqlite3.connect(tmp_path / "links.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            change = asyncio.create_task(StoredShares(store.database, within=None).claim("x"))
            await asyncio.sleep(0)
            await store.database.close()
            with pytest.raises(StoreUnavailableError):
                await change
            async with asyncio.timeout(10):
                while threading.active_count() > before:  # noqa: ASYNC110 - the driver's doing
                    await asyncio.sleep(0.01)


def test_a_list_is_a_parameter_for_each_of_its_elements() -> None:
    sql, given = spread("a IN :id AND b IN :ids AND c = :c", {"id": ["x"], "ids": ["y", "z"], "c": 1})
    assert sql == "a IN (:id_0) AND b IN (:ids_0, :ids_1) AND c = :c"
    assert given == {"id_0": "x", "ids_0": "y", "ids_1": "z", "c": 1}


async def test_in_an_empty_list_there_is_nothing(any_store: Store) -> None:
    async def work(connection: Connection) -> int:
        return len(await connection.rows("SELECT * FROM links WHERE user_id IN :ids", ids=[]))

    await any_store.links.put(link("U1", "superhero1"))
    assert await any_store.database.read(work, within=2.0) == 0


async def test_a_bot_whose_file_is_new_or_up_to_date_loads_nothing_that_only_migrations_or_another_database_need(
    tmp_path: Path,
) -> None:
    code = (
        "import asyncio, sys\n"
        "import bot.__main__, bot.app\n"
        "from bot.identity import SlackUser\n"
        "from bot.storage.store import open_store\n"
        "async def main():\n"
        "    async with open_store(sys.argv[1]) as store:\n"
        "        await store.links.get(SlackUser(None, 'T1', 'U1'))\n"
        "        await store.requests.request(SlackUser(None, 'T1', 'U1'), 1)\n"
        "        await store.shares.claim('x')\n"
        "asyncio.run(main())\n"
        "print({'sqlalchemy', 'alembic', 'psycopg', 'redis', 'sentry_sdk'} & set(sys.modules))\n"
    )
    for _ in range(2):
        ended = await asyncio.to_thread(
            subprocess.run,
            [sys.executable, "-c", code, f"sqlite:///{tmp_path}/links.db"],
            capture_output=True,
            text=True,
            timeout=30,
            env=environment(),
            check=True,
        )
        assert ended.stdout == "set()\n"
