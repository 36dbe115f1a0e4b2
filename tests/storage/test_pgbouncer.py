"""The store through a real PgBouncer in transaction mode, which gives each transaction whichever connection is free."""

import asyncio
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.answers.outbox import Promise
from bot.calls.share_claims import ClaimResult
from bot.cometchat import SessionId
from bot.identity.links import UidTakenError
from bot.identity.requests import RequestResult
from bot.observability.audit import Entry
from bot.playground import webhooks
from bot.playground.samples.build import Person, never_answered
from bot.playground.webhooks import Webhook
from bot.storage.database import open_database
from bot.storage.schema import SchemaStatus, migrate, schema_status
from bot.storage.store import open_store
from tests.databases import PostgreSQL, migrated
from tests.listeners.people import STEVE, TONY
from tests.ports import own_port
from tests.process import process
from tests.storage.people import link, user

PGBOUNCER = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")

pytestmark = [
    pytest.mark.skipif(PGBOUNCER is None, reason="there is no pgbouncer here; .ci/run installs Debian's"),
    pytest.mark.usefixtures("patient"),
]

# Fewer than a pool of the store has: sessions do share connections
SERVER_CONNECTIONS = 2
CONFIGURATION = """
[databases]
* = host={host} port={port} user=postgres

[pgbouncer]
pool_mode = transaction
default_pool_size = {connections}
auth_type = any
listen_addr = 127.0.0.1
listen_port = {listening}
unix_socket_dir =
"""


@pytest.fixture(scope="module")
def pgbouncer(postgresql: PostgreSQL, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Return the port of a PgBouncer in front of the server."""
    server = urlsplit(postgresql.url("postgres"))
    port = own_port()
    host = parse_qs(server.query).get("host", [server.hostname or ""])[0]
    settings = CONFIGURATION.format(
        host=host, port=server.port or 5432, connections=SERVER_CONNECTIONS, listening=port
    )
    configuration = tmp_path_factory.mktemp("pgbouncer") / "pgbouncer.ini"
    configuration.write_text(settings, encoding="utf-8")
    # It refuses to run as root, and the server's folder is closed to others
    as_its_owner = ["-u", Path(host).owner()] if os.geteuid() == 0 else []
    process = subprocess.Popen([str(PGBOUNCER), "-q", *as_its_owner, str(configuration)])  # noqa: S603 - ours alone
    try:
        _wait_for(port, process)
        yield port
    finally:
        process.kill()
        process.wait(10)


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            assert process.poll() is None, "PgBouncer did not start"
            assert time.monotonic() < until, "nothing listens on PgBouncer's port"
            time.sleep(0.05)
        else:
            return


@pytest.fixture
def pooled_url(postgresql: PostgreSQL, pgbouncer: int) -> str:
    """Return the address, by way of PgBouncer, of a database without tables."""
    name = urlsplit(postgresql.create()).path
    return f"postgresql://postgres@127.0.0.1:{pgbouncer}{name}"


async def test_several_release_tasks_migrate_at_once(pooled_url: str) -> None:
    async with open_database(pooled_url) as one, open_database(pooled_url) as other:
        assert await schema_status(one) is SchemaStatus.BEHIND
        await asyncio.gather(migrate(one), migrate(other))
        assert await schema_status(other) is SchemaStatus.CURRENT


async def test_sessions_share_fewer_connections(pooled_url: str) -> None:
    async def backend(connection: AsyncConnection) -> int:
        await connection.execute(text("SELECT pg_sleep(0.05)"))
        return int((await connection.execute(text("SELECT pg_backend_pid()"))).scalar_one())

    async with open_database(pooled_url) as one, open_database(pooled_url) as other:
        reads = [database.read(backend, within=20) for database in (one, other) for _ in range(8)]
        assert len(set(await asyncio.gather(*reads))) <= SERVER_CONNECTIONS


async def test_links_are_read_and_changed(pooled_url: str) -> None:
    await migrated(pooled_url)
    async with open_store(pooled_url) as one, open_store(pooled_url) as other:
        stores = (one, other)
        await asyncio.gather(
            *(stores[number % 2].links.put(link(f"U{number}", f"hero{number}")) for number in range(40))
        )
        assert (await one.links.page("T1", prefix="hero1")).total == 11
        found = await asyncio.gather(
            *(stores[number % 2].links.get(user(f"U{number}")) for number in range(40))
        )
        assert [each.uid for each in found if each] == [f"hero{number}" for number in range(40)]
        with pytest.raises(UidTakenError):
            await other.links.put(link("U99", "hero1"))
        assert await one.links.remove(user("U1"))
        assert len(await other.links.remove_team("T1")) == 39


async def test_of_two_who_take_one_uid_at_once_one_is_refused(pooled_url: str) -> None:
    await migrated(pooled_url)
    async with open_store(pooled_url) as one, open_store(pooled_url) as other:
        for number in range(10):
            uid = f"hero{number}"
            results = await asyncio.gather(
                one.links.put(link(f"UA{number}", uid)),
                other.links.put(link(f"UB{number}", uid)),
                return_exceptions=True,
            )
            assert [isinstance(each, UidTakenError) for each in results].count(True) == 1, results


async def test_requests_shares_and_the_audit_are_kept(pooled_url: str) -> None:
    await migrated(pooled_url)
    entry = Entry(at=1_000, deed="link", team_id="T1", user_id="UADMIN", outcome="linked", uid="hero")
    async with open_store(pooled_url) as store:
        assert await store.requests.request(user("U1"), 1_000) is RequestResult.RECORDED
        assert await store.requests.request(user("U1"), 1_001) is RequestResult.OPEN
        assert await store.share_claims.claim("what") is ClaimResult.FIRST
        await store.share_claims.posted("what")
        assert await store.share_claims.claim("what") is ClaimResult.POSTED
        await store.audit.insert((entry, replace(entry, at=2_000)))
        assert [each.at for each in await store.audit.latest(9)] == [2_000, 1_000]
        assert await store.audit.prune(before=1_500) == 1


async def test_a_promise_is_claimed_by_one_process(pooled_url: str) -> None:
    await migrated(pooled_url)
    promises = [
        Promise(
            f"REF{number}", "command", user("U1"), "https://hooks.slack.com/x", SessionId("s"), None, number
        )
        for number in range(30)
    ]
    async with open_store(pooled_url) as one, open_store(pooled_url) as other:
        await asyncio.gather(*(one.outbox.add(promise, 1_010.5) for promise in promises))
        claimed = await asyncio.gather(
            *(store.outbox.claim(1_011.0, 1_020.25, 5) for store in (one, other) * 6)
        )
        references = [promise.reference for some in claimed for promise in some]
        assert sorted(references) == sorted(promise.reference for promise in promises)
        assert await one.outbox.begin_sending("REF0", 1_020.25)
        await other.outbox.delete("REF0", 1_020.25)
        assert not await one.outbox.begin_sending("REF0", 1_020.25)


async def test_a_bot_answers_and_tells_of_a_call_without_an_error(pooled_url: str) -> None:
    await migrated(pooled_url)
    caller, callee = Person("natasha", "Natasha"), Person("superhero2", "Steve")
    async with process(
        DATABASE_URL=pooled_url,
        CALLINFO_POLL_SECONDS="1",
        COMETCHAT_WEBHOOK_USER="hook",
        COMETCHAT_WEBHOOK_PASSWORD="s3cret",
    ) as bot:
        assert "32 min" in await bot.asked(TONY, bot.samples[0].session_id)
        # A channel has no quiet hours
        await bot.slack.command(STEVE, "subscribe missed here")
        await bot.slack.wait_for(lambda: "I’ll post in" in str(bot.slack.seen_by(STEVE)), 30)
        now = int(time.time())
        missed = never_answered(caller, callee, at=now, status="unanswered", state="unanswered", sid="m")
        bot.cometchat.serve("m", [missed])
        event = webhooks.rung("call_unanswered", caller.uid, callee.uid, now)
        assert await Webhook(f"{bot.url}/cometchat/events", "hook", "s3cret").send(event) == 200
        await bot.slack.wait_for(lambda: "missed a call from Natasha" in str(bot.slack.seen_by(STEVE)), 30)
        bot.child.terminate()
        assert await bot.exited() == 0
    assert not [line for line in bot.lines if line["level"] in {"error", "critical"}]
