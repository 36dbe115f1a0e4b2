"""A database that is down, gone, frozen or slow: no wrong answer, an error in time, and recovery by itself."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from structlog.testing import capture_logs

from bot.calls.share_claims import ClaimResult
from bot.identity.links import Link, StoreUnavailableError
from bot.observability.audit import Entry
from bot.storage.database import READ_SECONDS
from bot.storage.link_requests import team_lock
from bot.storage.links import StoredLinks
from bot.storage.store import Store, open_store
from tests.databases import PostgreSQL, migrated
from tests.storage.people import link, user

pytestmark = pytest.mark.own_server

READ_LIMIT = 2.9  # Slack's 3 s, less a little


@pytest.fixture
async def address(postgresql: PostgreSQL) -> str:
    return await postgresql.emptied()


@pytest.fixture
def running(postgresql: PostgreSQL) -> Iterator[PostgreSQL]:
    """A server that runs again after the test, whatever it did."""
    yield postgresql
    postgresql.start()


async def in_time(links: StoredLinks, user_id: str) -> Link | None:
    """Look a user up as a command does; fail where it takes too long."""
    late = asyncio.create_task(asyncio.sleep(READ_LIMIT))  # a busy machine is as late with this
    try:
        return await links.get(user(user_id))
    finally:
        assert not late.done()
        late.cancel()


async def test_a_server_killed_amid_traffic_and_started_again_gives_no_wrong_answer_and_recovers(
    address: str, running: PostgreSQL
) -> None:
    async with open_store(address) as store:
        for number in range(50):
            await store.links.put(link(f"U{number}", f"hero-{number}"))
        answers: Counter[str] = Counter()
        stop = asyncio.Event()

        async def ask(first: int) -> None:
            number = first
            while not stop.is_set():
                number = (number + 7) % 50
                links = StoredLinks(store.database)  # remembers nothing: every look-up is a read
                try:
                    found = await in_time(links, f"U{number}")
                except StoreUnavailableError:
                    answers["unavailable"] += 1
                    await asyncio.sleep(0.01)
                else:
                    assert found == link(f"U{number}", f"hero-{number}"), "an outage is not an absence"
                    answers["right"] += 1

        async def many(which: str, least: int) -> None:
            async with asyncio.timeout(30):
                while answers[which] < least:  # noqa: ASYNC110 - which of eight gets there is all the same
                    await asyncio.sleep(0.05)

        asking = [asyncio.create_task(ask(first)) for first in range(8)]
        await many("right", 100)
        already = answers["unavailable"]  # a busy machine may give a read up
        await asyncio.to_thread(running.kill)
        await many("unavailable", already + 8)
        before = answers["right"]
        await asyncio.to_thread(running.start)
        await many("right", before + 100)
        stop.set()
        await asyncio.gather(*asking)
        assert await store.links.put(link("U0", "hero-new")) == link("U0", "hero-0")


@pytest.mark.usefixtures("patient")
async def test_connections_from_before_a_restart_do_no_harm(address: str, running: PostgreSQL) -> None:
    async with open_store(address) as store:
        await asyncio.gather(*(store.links.get(user(f"U{number}")) for number in range(5)))
        await asyncio.to_thread(running.kill)
        await asyncio.to_thread(running.start)
        await store.links.put(link("U1", "superhero1"))
        assert await store.links.get(user("U1")) == link("U1", "superhero1")


async def test_a_frozen_server_is_given_up_in_time_and_used_again_when_it_wakes(
    address: str, postgresql: PostgreSQL
) -> None:
    assert READ_SECONDS < 2  # the answer's
    async with open_store(address) as store:
        await store.links.put(link("U1", "superhero1"))
        links = StoredLinks(store.database)
        postgresql.freeze()
        try:
            tried = [in_time(links, "U1") for _ in range(12)]  # more than the pool has connections
            outcomes = await asyncio.gather(*tried, return_exceptions=True)
        finally:
            postgresql.thaw()
        assert [type(outcome) for outcome in outcomes] == [StoreUnavailableError] * 12
        async with asyncio.timeout(30):
            while True:
                try:
                    assert await in_time(links, "U1") == link("U1", "superhero1")
                    break
                except StoreUnavailableError:
                    await asyncio.sleep(0.1)


@pytest.mark.usefixtures("patient")
async def test_changes_that_wait_for_their_lock_keep_nobody_from_reading(address: str) -> None:
    async with open_store(address) as store, open_store(address) as importing:
        held, let_go = asyncio.Event(), asyncio.Event()

        async def long_import(_: object) -> None:
            held.set()
            await let_go.wait()

        importing_now = asyncio.create_task(
            importing.database.change(long_import, within=None, lock=team_lock("T1"))
        )
        await held.wait()
        waiting = [asyncio.create_task(store.requests.request(user(f"U{n}"), at=1)) for n in range(8)]
        await asyncio.sleep(0.2)
        assert await store.links.get(user("U1", "T2")) is None
        let_go.set()
        await importing_now
        await asyncio.gather(*waiting)


async def test_a_read_that_waits_for_a_lock_ends_in_time_in_the_server_too(
    address: str, postgresql: PostgreSQL
) -> None:
    async with open_store(address) as store:
        with psycopg.connect(address) as locker:
            locker.execute("LOCK TABLE links IN ACCESS EXCLUSIVE MODE")
            with pytest.raises(StoreUnavailableError):
                await in_time(store.links, "U1")
            async with asyncio.timeout(30):
                waiting = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                while postgresql.execute(waiting):  # noqa: ASYNC110 - the server's doing
                    await asyncio.sleep(0.05)
        assert await store.links.get(user("U1")) is None


async def test_nothing_listening_is_an_error_at_once_and_tells_no_password() -> None:
    with capture_logs() as logs:
        async with open_store("postgres://callinfo:s3cret@127.0.0.1:9/links?sslmode=disable") as store:
            for _ in range(3):
                with pytest.raises(StoreUnavailableError) as refused:
                    await in_time(store.links, "U1")
            with pytest.raises(StoreUnavailableError):
                await store.links.put(link("U1", "superhero1"))
            with pytest.raises(StoreUnavailableError):
                await store.audit.insert((Entry(1, "look_up", "T1", "U1", "found"),))
    assert (
        "s3cret" not in f"{refused.value!r} {refused.value.__cause__!r} {store!r} {store.database.engine!r}"
    )
    assert logs == [{"event": "database unavailable", "reason": "NobodyAnswers", "log_level": "warning"}]


@pytest.mark.usefixtures("patient")
async def test_an_outage_and_its_end_are_told_once_each(address: str, running: PostgreSQL) -> None:
    async with open_store(address) as store:
        with capture_logs() as logs:
            await asyncio.to_thread(running.kill)
            for number in range(3):
                with pytest.raises(StoreUnavailableError):
                    await store.links.get(user(f"U{number}"))
            await asyncio.to_thread(running.start)
            for number in range(3):
                assert await store.links.get(user(f"U{number}")) is None
    assert [line["event"] for line in logs] == ["database unavailable", "database is back"]


async def test_a_sqlite_file_in_a_folder_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailableError):
        async with open_store(f"sqlite:///{tmp_path}/nowhere/links.db"):
            pass


async def test_a_change_whose_caller_is_cancelled_is_made_whole_or_not_at_all(store: Store) -> None:
    task = asyncio.create_task(store.links.put(link("U1", "superhero1")))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await store.links.put(link("U2", "superhero2"))
    page = await store.links.page("T1")
    assert link("U2", "superhero2") in page.links


@pytest.mark.usefixtures("patient")
@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
async def test_a_database_in_another_encoding_gives_text_back_as_it_was_or_says_that_it_can_not_keep_it(
    postgresql: PostgreSQL, encoding: str
) -> None:
    url = postgresql.create(f"ENCODING '{encoding}' LOCALE 'C' TEMPLATE template0")
    await migrated(url)
    async with open_store(url) as store:
        await store.links.put(link("U1", "superhero1"))
        assert await StoredLinks(store.database).get(user("U1")) == link("U1", "superhero1")
        assert await store.share_claims.claim("Zoë") is ClaimResult.FIRST
        assert await store.share_claims.claim("Zoë") is ClaimResult.TAKEN
        if encoding == "LATIN1":
            with pytest.raises(StoreUnavailableError, match="UntranslatableCharacter"):
                await store.share_claims.claim("Łódź")
        assert await store.share_claims.claim("after it") is ClaimResult.FIRST
