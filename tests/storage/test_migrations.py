import asyncio
import sqlite3
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import BigInteger, Connection, MetaData, create_engine, inspect

from bot.identity.links import StoreUnavailableError
from bot.observability.audit import Entry
from bot.storage.address import SQLite
from bot.storage.audit import StoredAudit
from bot.storage.connection import Connection as OurConnection
from bot.storage.connection import Row, Value
from bot.storage.database import Database, Result
from bot.storage.engine import open_engine
from bot.storage.link_requests import StoredRequests
from bot.storage.link_rows import INSERT, values
from bot.storage.links import StoredLinks
from bot.storage.migrating import HEAD, _in_a_thread, is_migrated, migrate
from bot.storage.store import open_store
from bot.storage.tables import TABLES
from bot.storage.upgrading import config, transaction, upgrade
from tests import databases
from tests.process import environment
from tests.storage.people import link, user

REVISIONS = [
    script.revision for script in reversed(list(ScriptDirectory.from_config(config()).walk_revisions()))
]


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    database = Database(open_engine(url))
    try:
        yield database
    finally:
        await database.close()


async def on(database: Database, work: Callable[[Connection], Result]) -> Result:
    """Return what work does on a connection of SQLAlchemy's, in a transaction."""

    def done() -> Result:
        with transaction(database.engine.address) as connection:
            return work(connection)

    return await asyncio.to_thread(done)


async def do(database: Database, sql: str, **row: Value) -> None:
    async def work(connection: OurConnection) -> None:
        await connection.do(sql, **row)

    await database.change(work, within=None)


async def tables(database: Database) -> set[str]:
    found = await on(database, lambda connection: set(inspect(connection).get_table_names()))
    return found - {"alembic_version"}


def described() -> MetaData:
    """Return the tables as `tables.py` has them."""
    metadata = MetaData()
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        for statement in TABLES:
            connection.exec_driver_sql(statement)
        metadata.reflect(connection)
        metadata.remove(metadata.tables["alembic_version"])
    engine.dispose()
    metadata.tables["audit"].c.id.type = BigInteger().with_variant(
        metadata.tables["audit"].c.id.type, "sqlite"
    )
    return metadata


def test_what_the_code_takes_for_the_newest_revision_is_that_of_the_newest_migration() -> None:
    assert REVISIONS[-1] == HEAD


async def test_an_empty_database_gets_all_tables_as_the_code_sees_them(empty_url: str) -> None:
    async with opened(empty_url) as database:
        assert not await is_migrated(database)
        assert await migrate(database) == REVISIONS[-1]
        assert await is_migrated(database)
        assert await tables(database) == databases.TABLES
        differences = await on(
            database, lambda connection: compare_metadata(MigrationContext.configure(connection), described())
        )
        assert differences == []


async def test_a_new_file_and_a_database_in_memory_get_what_the_migrations_make(tmp_path: Path) -> None:
    async with (
        opened(f"sqlite:///{tmp_path}/migrated.db") as migrated,
        opened(f"sqlite:///{tmp_path}/new.db") as new,
        opened("sqlite://") as memory,
    ):
        await on(migrated, lambda connection: command.upgrade(config(connection), "head"))
        for database in (new, memory):
            assert await migrate(database) == HEAD
            assert await is_migrated(database)
            assert await schema_of(database) == await schema_of(migrated)
        assert (await schema_of(new)).keys() == databases.TABLES | {"alembic_version"}


async def test_a_file_that_has_something_else_in_it_is_migrated_beside_that(tmp_path: Path) -> None:
    async with opened(f"sqlite:///{tmp_path}/links.db") as database:
        await do(database, "CREATE TABLE theirs (id INTEGER)")
        await migrate(database)
        assert await tables(database) == databases.TABLES | {"theirs"}


async def schema_of(database: Database) -> dict[str, object]:
    """Return all that SQLite knows of each table's columns and indexes."""

    async def work(connection: OurConnection) -> dict[str, object]:
        found: dict[str, object] = {}
        for table in await connection.rows("SELECT name FROM sqlite_master WHERE type = 'table'"):
            columns = await connection.rows(f"PRAGMA table_xinfo({table['name']})")
            indexes = await connection.rows(
                "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = :table",
                table=table["name"],
            )
            lists = await connection.rows(f"PRAGMA index_list({table['name']})")
            found[table["name"]] = (
                {column["name"]: column_facts(column) for column in columns},
                {index["name"]: (index["sql"] or "").split() for index in indexes},
                {(index["name"], index["unique"], index["origin"], index["partial"]) for index in lists},
            )
        return found

    return await database.read(work, within=None)


def column_facts(column: Row) -> tuple[object, ...]:
    """Return a column's type, default, whether it may be NULL, and its place in the key; not where it stands."""
    return tuple(column[fact] for fact in ("type", "dflt_value", "notnull", "pk", "hidden"))


async def test_migrating_again_changes_nothing(url: str) -> None:
    async with open_store(url) as store:
        await store.links.put(link("U1", "superhero1"))
        await migrate(store.database)
        assert await StoredLinks(store.database).get(user("U1")) == link("U1", "superhero1")


@pytest.mark.parametrize("revision", REVISIONS)
async def test_links_survive_the_way_from_every_revision_to_the_newest(empty_url: str, revision: str) -> None:
    made = link("U1", "superhero1", enterprise_id="E1")
    async with opened(empty_url) as database:
        await on(database, lambda connection: command.upgrade(config(connection), revision))
        await do(database, INSERT, **values(made, confirmed=False))
        if revision != "0001":
            await do(
                database,
                "INSERT INTO link_requests (team_id, user_id, requested_at) VALUES ('T1', 'U9', 1000)"
                if revision != "0002"
                else "INSERT INTO link_requests (enterprise_id, team_id, user_id, requested_at)"
                " VALUES ('', 'T1', 'U9', 1000)",
            )
        assert await is_migrated(database) is (revision == REVISIONS[-1])
        await migrate(database)
        kept = await StoredLinks(database).get(made.user)
        assert kept == made
        assert kept.user.enterprise_id == "E1"
        if revision != "0001":
            assert await StoredRequests(database).decline_request(user("U9"), "UADMIN", 2000)
        await StoredAudit(database).insert((Entry(1, "look_up", "T1", "U1", "found"),))


async def test_every_step_can_be_undone_and_done_again_with_data(empty_url: str) -> None:
    async with opened(empty_url) as database:
        await migrate(database)
        await StoredLinks(database).put(link("U1", "superhero1", enterprise_id="E1"))
        await StoredRequests(database).request(user("U9"), 1_000)
        await StoredAudit(database).insert((Entry(1, "look_up", "T1", "U1", "found", replaced="x"),))
        for left in (
            databases.TABLES,
            {"links", "link_requests", "audit", "shares"},
            {"links", "link_requests", "audit"},
            {"links"},
        ):
            await on(database, lambda connection: command.downgrade(config(connection), "-1"))
            assert await tables(database) == left
        assert (
            await on(database, lambda sync: sync.exec_driver_sql("SELECT count(*) FROM links").scalar()) == 1
        )
        await on(database, lambda connection: command.downgrade(config(connection), "base"))
        assert await tables(database) == set()
        await migrate(database)
        assert await tables(database) == databases.TABLES


async def test_of_links_that_only_the_organisation_kept_apart_the_last_one_holds(empty_url: str) -> None:
    def row(enterprise: str, user_id: str, uid: str, made_at: int, confirmed: str = "false") -> str:
        return f"('{enterprise}', 'T1', '{user_id}', '{uid}', {confirmed}, 'UADMIN', {made_at}, 'admin')"

    rows = [
        row("", "U1", "before", 1),  # U1 was linked again after the workspace had joined an organisation
        row("E1", "U1", "after", 2),
        row("", "U2", "two", 4),  # one UID in what were two lists, of two people: nobody has confirmed that
        row("E1", "U3", "two", 3),
        row("", "U4", "shared", 1),
        row("", "U5", "shared", 2, "true"),
        row("E1", "U6", "one-list", 3),
        row("E1", "U8", "one-list", 4, "true"),
        row("", "U9", "two-lists", 3),
        row("E1", "U10", "two-lists", 4),
        row("E1", "U11", "two-lists", 2, "true"),
        row("E1", "U7", "before", 0),  # a UID that U1 had, and has no more
    ]
    async with opened(empty_url) as database:
        await on(database, lambda connection: command.upgrade(config(connection), "0002"))
        await do(
            database,
            "INSERT INTO links (enterprise_id, team_id, user_id, uid, confirmed, made_by, made_at, how) VALUES "  # noqa: S608 - our own rows
            + ", ".join(rows),
        )
        await migrate(database)
        page = await StoredLinks(database).page("T1")
        assert {link.user.user_id: link.uid for link in page.links} == {
            "U1": "after",
            "U2": "two",
            "U4": "shared",
            "U5": "shared",
            "U6": "one-list",
            "U8": "one-list",
            "U10": "two-lists",
            "U7": "before",
        }


async def test_a_link_that_is_being_made_while_the_release_task_migrates_is_not_lost(empty_url: str) -> None:
    async with opened(empty_url) as old, opened(empty_url) as new:
        await on(old, lambda connection: command.upgrade(config(connection), "0002"))

        async def amid(connection: OurConnection) -> asyncio.Task[str]:
            await connection.do(INSERT, **values(link("U1", "a"), confirmed=False))
            migrating = asyncio.create_task(migrate(new))
            await asyncio.sleep(1.0)  # Alembic is loaded meanwhile
            assert not migrating.done()
            return migrating

        await (await old.change(amid, within=None))
        assert await StoredLinks(new).get(user("U1")) == link("U1", "a")


@pytest.mark.parametrize("is_new", [True, False])
async def test_processes_that_migrate_at_once_do_it_once(empty_url: str, *, is_new: bool) -> None:
    if not is_new:
        async with opened(empty_url) as database:
            await on(database, lambda connection: command.upgrade(config(connection), "0001"))
    code = (
        "import asyncio, sys\n"
        "from bot.storage.database import Database\n"
        "from bot.storage.engine import open_engine\n"
        "from bot.storage.migrating import migrate\n"
        "sys.stdin.readline()\n"
        "async def main():\n"
        "    database = Database(open_engine(sys.argv[1]))\n"
        "    await migrate(database)\n"
        "    await database.close()\n"
        "asyncio.run(main())\n"
    )
    processes = [
        subprocess.Popen(  # noqa: ASYNC220, S603 - our own program; started, and only waited for later
            [sys.executable, "-c", code, empty_url], stdin=subprocess.PIPE, env=environment()
        )
        for _ in range(2)
    ]
    for process in processes:
        assert process.stdin
        process.stdin.write(b"\n")
        process.stdin.flush()
    for process in processes:
        assert await asyncio.to_thread(process.wait, 30) == 0
        assert process.stdin
        process.stdin.close()
    async with opened(empty_url) as database:
        assert await is_migrated(database)


async def test_a_database_that_was_not_migrated_is_unavailable(empty_url: str) -> None:
    async with opened(empty_url) as database:
        with pytest.raises(StoreUnavailableError):
            await StoredLinks(database).get(user("U1"))
        await migrate(database)
        assert await StoredLinks(database).get(user("U1")) is None


async def test_a_migration_that_fails_is_told_by_its_kind_and_has_changed_nothing(empty_url: str) -> None:
    async with opened(empty_url) as database:
        await do(database, "CREATE TABLE audit (id INTEGER)")  # which the second migration makes
        with pytest.raises(StoreUnavailableError, match=r"OperationalError|DuplicateTable"):
            await migrate(database)
        assert await tables(database) == {"audit"}


async def test_a_process_that_is_told_to_end_does_not_wait_for_its_migrations(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.storage.database.FAREWELL_SECONDS", 0.1)
    async with opened(f"sqlite:///{tmp_path}/links.db") as database:
        await on(database, lambda connection: command.upgrade(config(connection), "0001"))
    with closing(sqlite3.connect(tmp_path / "links.db", isolation_level=None)) as other:
        async with opened(f"sqlite:///{tmp_path}/links.db") as database:
            await is_migrated(database)
            other.execute("BEGIN IMMEDIATE")
            beside = asyncio.create_task(
                database.beside(_in_a_thread(lambda: upgrade(database.engine.address)))
            )
            await asyncio.sleep(0.1)
        with pytest.raises(StoreUnavailableError):
            await beside
        other.execute("ROLLBACK")
    async with asyncio.timeout(10):
        while "migrating" in [thread.name for thread in threading.enumerate()]:  # noqa: ASYNC110 - a thread
            await asyncio.sleep(0.01)
    async with opened(f"sqlite:///{tmp_path}/links.db") as database:
        assert await is_migrated(database), "its last change was made all the same"


async def test_a_file_that_migrations_can_not_open_is_told_by_the_driver_s_error(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError):
        upgrade(SQLite(f"{tmp_path}/nowhere/links.db"))


async def test_a_database_of_a_newer_version_is_told_so(url: str) -> None:
    async with opened(url) as database:
        await do(database, "UPDATE alembic_version SET version_num = '9999'")
        with pytest.raises(StoreUnavailableError, match="newer version"):
            await migrate(database)
        await on(database, lambda sync: command.stamp(config(sync), "head", purge=True))


@pytest.mark.parametrize("place", ["", "/links.db"])
async def test_sqlite_migrates_itself_when_a_store_is_opened(tmp_path: Path, place: str) -> None:
    async with open_store(f"sqlite:///{tmp_path}{place}" if place else "sqlite://") as store:
        there = await schema_of(store.database)
        assert there.keys() - {"alembic_version"} == databases.TABLES
        await asyncio.gather(*(store.links.put(link(f"U{number}", f"hero-{number}")) for number in range(20)))
        assert (await store.links.page("T1")).total == 20
