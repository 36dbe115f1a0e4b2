"""Migrations: from nothing, from each earlier revision with data, up, down, and by several processes at once."""

import asyncio
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.answers.outbox import Promise
from bot.cometchat import SessionId
from bot.identity.links import StoreUnavailableError
from bot.observability.audit import Entry
from bot.storage.audit import StoredAudit
from bot.storage.database import Database, open_database
from bot.storage.link_requests import StoredRequests
from bot.storage.links import StoredLinks
from bot.storage.outbox import StoredOutbox
from bot.storage.schema import HEAD, SchemaStatus, alembic_config, migrate, schema_status
from bot.storage.store import open_store
from bot.storage.tables import metadata
from tests import databases
from tests.process import environment
from tests.storage.people import link, user

pytestmark = pytest.mark.usefixtures("patient")

REVISIONS = [
    script.revision
    for script in reversed(list(ScriptDirectory.from_config(alembic_config()).walk_revisions()))
]

Result = TypeVar("Result")


async def on(database: Database, work: Callable[[Connection], Result]) -> Result:
    """Return what work does in a transaction."""
    return await database.change(lambda connection: connection.run_sync(work), within=None)


async def alembic(database: Database, how: Callable[[Config, str], Any], revision: str) -> None:
    await on(database, lambda connection: how(alembic_config(connection), revision))


async def do(database: Database, sql: str) -> None:
    await on(database, lambda connection: connection.execute(text(sql)))


async def tables(database: Database) -> set[str]:
    found = await on(database, lambda connection: set(inspect(connection).get_table_names()))
    return found - {"alembic_version"}


def differences(connection: Connection) -> Any:
    return compare_metadata(MigrationContext.configure(connection), metadata)


def test_what_the_code_takes_for_the_newest_revision_is_that_of_the_newest_migration() -> None:
    assert REVISIONS[-1] == HEAD


async def test_an_empty_database_gets_all_tables_as_the_code_sees_them(empty_url: str) -> None:
    async with open_database(empty_url) as database:
        assert await schema_status(database) is SchemaStatus.BEHIND
        assert await migrate(database) == HEAD
        assert await schema_status(database) is SchemaStatus.CURRENT
        assert await tables(database) == databases.TABLES
        assert await on(database, differences) == []


async def test_a_file_that_has_something_else_in_it_is_migrated_beside_that(tmp_path: Path) -> None:
    async with open_database(f"sqlite:///{tmp_path}/links.db") as database:
        await do(database, "CREATE TABLE theirs (id INTEGER)")
        await migrate(database)
        assert await tables(database) == databases.TABLES | {"theirs"}


async def test_migrating_again_changes_nothing(url: str) -> None:
    async with open_store(url) as store:
        await store.links.put(link("U1", "superhero1"))
        await migrate(store.database)
        assert await StoredLinks(store.database).get(user("U1")) == link("U1", "superhero1")


ROWS = {
    "0001": "INSERT INTO links (enterprise_id, team_id, user_id, uid, confirmed, made_by, made_at, how)"
    " VALUES ('E1', 'T1', 'U1', 'superhero1', false, 'UADMIN', 1763812800, 'admin')",
    "0002": "INSERT INTO link_requests (enterprise_id, team_id, user_id, requested_at)"
    " VALUES ('', 'T1', 'U9', 1000);"
    "INSERT INTO audit (at, deed, team_id, user_id, outcome, reference, uid, session_id, subject)"
    " VALUES (1, 'look_up', 'T1', 'U1', 'found', 'REF', 'superhero1', 'standup', '')",
    "0003": "INSERT INTO shares (what, claimed_at) VALUES ('x', 1000)",
    "0004": "INSERT INTO owed_answers (reference, owner, owner_until, kind, enterprise_id, team_id, user_id,"
    " response_url, session_id, thread_ts, since, begun) VALUES ('REF', 'one', 1010.5, 'command', '', 'T1', 'U1',"
    " 'https://hooks.slack.com/x', 'standup', '', 1000, true)",
}
"""What an operator has at each revision, besides what they had at the one before."""


@pytest.mark.parametrize("revision", REVISIONS)
async def test_an_operator_s_data_survives_the_way_from_every_revision_to_the_newest_and_back(
    empty_url: str, revision: str
) -> None:
    async with open_database(empty_url) as database:
        for step in REVISIONS[: REVISIONS.index(revision) + 1]:
            await alembic(database, command.upgrade, step)
            for statement in filter(None, ROWS.get(step, "").split(";")):
                await do(database, statement)
        assert (await schema_status(database) is SchemaStatus.CURRENT) is (revision == HEAD)
        await migrate(database)
        await alembic(database, command.downgrade, revision)
        await migrate(database)
        kept = await StoredLinks(database).get(user("U1"))
        assert kept == link("U1", "superhero1")
        if revision >= "0002":
            assert await StoredRequests(database).decline_request(user("U9"), "UADMIN", 2000)
            old = Entry(1, "look_up", "T1", "U1", "found", "REF", "superhero1", "standup")
            assert await StoredAudit(database).latest(9) == (old,)
        if revision >= "0003":
            assert (
                await on(database, lambda connection: connection.scalar(text("SELECT what FROM shares")))
                == "x"
            )
        if revision >= "0004":
            promised = Promise(
                "REF", "command", user("U1"), "https://hooks.slack.com/x", SessionId("standup"), None, 1000
            )
            assert await StoredOutbox(database).claim(1010.5, 1020.0, 9) == ()
            (promise,) = await StoredOutbox(database).claim(1010.6, 1020.0, 9)
            assert (promise.sending, replace(promise, sending=False)) == (True, promised)


async def test_every_step_can_be_undone_and_done_again(empty_url: str) -> None:
    async with open_database(empty_url) as database:
        await migrate(database)
        await StoredLinks(database).put(link("U1", "superhero1", enterprise_id="E1"))
        before_subscriptions = databases.TABLES - databases.SUBSCRIPTION_TABLES
        before_outbox = before_subscriptions - {"outbox"}
        for left in (
            before_subscriptions,
            before_outbox | {"owed_answers"},
            before_outbox | {"owed_answers"},
            before_outbox,
            {"links", "link_requests", "audit"},
            {"links"},
        ):
            await alembic(database, command.downgrade, "-1")
            assert await tables(database) == left
        assert await on(database, lambda sync: sync.scalar(text("SELECT count(*) FROM links"))) == 1
        await alembic(database, command.downgrade, "base")
        assert await tables(database) == set()
        await migrate(database)
        assert await on(database, differences) == []


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
    async with open_database(empty_url) as database:
        await alembic(database, command.upgrade, "0002")
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
    async with open_database(empty_url) as old, open_database(empty_url) as new:
        await alembic(old, command.upgrade, "0002")

        async def in_between(connection: AsyncConnection) -> asyncio.Task[str]:
            await connection.execute(text(ROWS["0001"]))
            migrating = asyncio.create_task(migrate(new))
            await asyncio.sleep(1.0)  # Alembic is loaded meanwhile
            assert not migrating.done()
            return migrating

        await (await old.change(in_between, within=None))
        assert await StoredLinks(new).get(user("U1")) == link("U1", "superhero1")


@pytest.mark.parametrize("is_new", [True, False])
async def test_processes_that_migrate_at_once_do_it_once(empty_url: str, *, is_new: bool) -> None:
    if not is_new:
        async with open_database(empty_url) as database:
            await alembic(database, command.upgrade, "0001")
    code = (
        "import asyncio, sys\n"
        "from bot.storage.database import open_database\n"
        "from bot.storage.schema import migrate\n"
        "sys.stdin.readline()\n"
        "async def main():\n"
        "    async with open_database(sys.argv[1]) as database:\n"
        "        await migrate(database)\n"
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
    async with open_database(empty_url) as database:
        assert await schema_status(database) is SchemaStatus.CURRENT


async def test_a_database_that_was_not_migrated_is_unavailable(empty_url: str) -> None:
    async with open_database(empty_url) as database:
        with pytest.raises(StoreUnavailableError):
            await StoredLinks(database).get(user("U1"))
        await migrate(database)
        assert await StoredLinks(database).get(user("U1")) is None


async def test_a_migration_that_fails_is_told_by_its_kind_and_has_changed_nothing(empty_url: str) -> None:
    async with open_database(empty_url) as database:
        await do(database, "CREATE TABLE audit (id INTEGER)")  # which the second migration makes
        with pytest.raises(StoreUnavailableError, match=r"OperationalError|DuplicateTable"):
            await migrate(database)
        assert await tables(database) == {"audit"}


async def test_a_database_of_a_newer_version_is_told_so(url: str) -> None:
    async with open_database(url) as database:
        await do(database, "UPDATE alembic_version SET version_num = '9999'")
        with pytest.raises(StoreUnavailableError, match="newer version"):
            await migrate(database)
        await do(database, f"UPDATE alembic_version SET version_num = '{HEAD}'")  # noqa: S608 - a constant


@pytest.mark.parametrize("place", ["", "/links.db"])
async def test_sqlite_migrates_itself_when_a_store_is_opened(tmp_path: Path, place: str) -> None:
    async with open_store(f"sqlite:///{tmp_path}{place}" if place else "sqlite://") as store:
        assert await tables(store.database) == databases.TABLES
        await asyncio.gather(*(store.links.put(link(f"U{number}", f"hero-{number}")) for number in range(20)))
        assert (await store.links.page("T1")).total == 20
